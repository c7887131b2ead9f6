package io.sidecaroperator.cli.page;

import io.sidecaroperator.cli.page.Pod.Container;
import io.sidecaroperator.cli.page.Pod.Line;
import io.sidecaroperator.cli.page.Pod.Volume;
import java.util.List;

/** The pod before and after: as two drawings, and in words for readers who cannot see them. */
final class PodSection {
    private final Html html;
    private final boolean main;
    private final String heading;

    /**
     * @param level the level of the section's heading
     */
    PodSection(Html html, int level) {
        this.html = html;
        this.main = level == 2;
        this.heading = "h" + level;
    }

    void write(WorkloadSection section, String id) {
        Attributions attributions = Attributions.of(section.policies());
        Pod before = PodReader.before(section.injection(), attributions);
        Pod after = PodReader.after(section.injection(), attributions);
        boolean same = before.equals(after);
        html.open("section", main ? "aria-labelledby" : "class", main ? id + "-pod" : "part");
        html.element(heading, same ? "The pod" : "The pod, before and after", "id", id + "-pod")
                .raw("\n");
        int lanes = Math.max(before.mounted().size(), after.mounted().size());
        html.open("div", "class", same ? "pair one" : "pair");
        figure(section, before, id + "-b", same ? "Unchanged" : "Before", lanes);
        if (!same) {
            figure(section, after, id + "-a", "After", lanes);
        }
        html.end();
        if (!same) {
            legend(after);
        }
        html.open("details", "class", "words");
        html.element("summary", "The same in words");
        words(same ? before : after);
        html.end();
        html.end();
    }

    private void figure(WorkloadSection section, Pod pod, String id, String when, int lanes) {
        html.open("figure");
        html.open("figcaption").element("b", when).text(caption(when)).close();
        html.open(
                "div",
                "class",
                "scroll",
                "tabindex",
                "0",
                "role",
                "group",
                "aria-label",
                when + ": drawing, may be scrolled");
        Drawing.draw(html, pod, id, when + ": the pod of " + section.subject(), lanes);
        html.close();
        html.end();
    }

    private static String caption(String when) {
        return switch (when) {
            case "Before" -> " \u2013 as the workload's owner wrote it";
            case "After" -> " \u2013 with what the policies add";
            default -> " \u2013 no policy adds anything";
        };
    }

    private void legend(Pod after) {
        boolean numbered = after.isNumbered();
        html.open("p", "class", "legend")
                .text("Hatched at its left, or with a + before it: added")
                .text(numbered ? ", by the policy with the number in the small box. " : ". ")
                .text(
                        "Everything else is the workload's own and stays as it is. A line leads from each mount path to its"
                                + " volume.")
                .end();
    }

    private void words(Pod pod) {
        html.open("ul");
        pod.lines().forEach(this::line);
        html.end();
        containers("Init containers, one after the other", pod.initContainers());
        containers("Containers, side by side", pod.containers());
        if (!pod.volumes().isEmpty()) {
            html.element("p", "Volumes", "class", "group");
            html.open("ul");
            for (Volume volume : pod.volumes()) {
                item(volume.name(), volume.source(), volume.attribution());
                html.end();
            }
            html.end();
        }
    }

    private void containers(String title, List<Container> containers) {
        if (containers.isEmpty()) {
            return;
        }
        html.element("p", title, "class", "group");
        html.open("ol");
        for (Container container : containers) {
            item(container.name(), container.role(), container.attribution());
            html.open("ul");
            container.lines().forEach(this::line);
            html.close();
            html.end();
        }
        html.end();
    }

    private void item(String name, String what, Attribution attribution) {
        html.open("li").element("code", name).text(": " + what + ", ");
        html.element(attribution.added() ? "strong" : "span", attribution.words());
    }

    private void line(Line line) {
        html.open("li").text(line.words());
        if (line.attribution().added()) {
            html.text(", ").element("strong", line.attribution().words());
        }
        html.end();
    }
}
