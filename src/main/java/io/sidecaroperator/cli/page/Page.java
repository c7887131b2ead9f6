package io.sidecaroperator.cli.page;

import io.sidecaroperator.core.explain.PolicyExplanation;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Base64;
import java.util.List;
import java.util.Locale;

/** Writes a {@link PageModel} as one self-contained HTML document: without script, font, picture and network. */
public final class Page {
    private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern(
                    "d MMMM yyyy, HH:mm 'UTC'", Locale.ENGLISH)
            .withZone(ZoneOffset.UTC);
    /** Up to this number, workloads are shown unfolded. */
    private static final int UNFOLDED = 2;

    private final Html html = new Html();
    private final PageModel model;
    private final List<WorkloadSection> sections;

    private Page(PageModel model) {
        this.model = model;
        this.sections = model.sections();
    }

    /** Returns the whole document. */
    public static String of(PageModel model) {
        Page page = new Page(model);
        page.document();
        return page.html.toString();
    }

    private void document() {
        html.raw("<!doctype html>\n")
                .open("html", "lang", "en")
                .raw("\n")
                .open("head")
                .raw("\n");
        html.single("meta", "charset", "utf-8");
        html.single(
                "meta",
                "http-equiv",
                "Content-Security-Policy",
                "content",
                "default-src 'none'; style-src 'sha256-" + hash(Stylesheet.TEXT)
                        + "'; base-uri 'none'; form-action 'none'");
        html.single("meta", "name", "viewport", "content", "width=device-width, initial-scale=1");
        html.single("meta", "name", "color-scheme", "content", "light dark");
        html.single("meta", "name", "referrer", "content", "no-referrer");
        html.element("title", model.subject() + " \u2013 sidecar explain").raw("\n");
        html.open("style").raw(Stylesheet.TEXT).end();
        html.end();
        html.open("body").raw("\n");
        html.raw(Stylesheet.PATTERN).raw("\n");
        header();
        html.open("main").raw("\n");
        if (sections.size() == 1) {
            section(sections.get(0), "w1", 2);
            rollout();
        } else {
            index();
            rollout();
            for (int i = 0; i < sections.size(); i++) {
                folded(sections.get(i), "w" + (i + 1));
            }
        }
        sentences("assumed", "What was assumed", model.assumptions());
        html.end();
        html.open("footer")
                .element("p", "Written by sidecar explain. This page loads nothing and runs no script.")
                .end();
        html.end();
        html.end();
    }

    private void rollout() {
        new RolloutSection(html, sections).write(PolicyRollout.of(sections));
    }

    private void header() {
        html.open("header");
        html.element("p", "sidecar explain", "class", "eyebrow").raw("\n");
        html.open("h1").element("span", model.subject(), "class", "id").end();
        if (sections.size() == 1) {
            WorkloadSection only = sections.get(0);
            html.element("p", Summary.of(only), "class", "answer").raw("\n");
            String consequence = Summary.consequence(only);
            if (!consequence.isEmpty()) {
                html.element("p", consequence, "class", "lead").raw("\n");
            }
        } else {
            html.element("p", Summary.of(sections), "class", "answer").raw("\n");
        }
        html.open("dl", "class", "facts");
        if (sections.size() == 1) {
            WorkloadSection only = sections.get(0);
            fact("Read from", only.explanation().where());
            only.pods().ifPresent(pods -> fact("Pods replaced", String.valueOf(pods)));
        } else {
            fact("Workloads", String.valueOf(sections.size()));
        }
        fact("Kubernetes", model.server());
        model.at().ifPresent(at -> fact("Looked at", TIME.format(at)));
        html.end();
        html.end();
    }

    private void fact(String name, String value) {
        html.open("div").element("dt", name).element("dd", value, "class", "id").end();
    }

    private void index() {
        html.open("section", "aria-labelledby", "index");
        html.element("h2", "Workloads", "id", "index").raw("\n");
        boolean pods = sections.stream().anyMatch(section -> section.pods().isPresent());
        html.open("table").open("thead").open("tr");
        html.element("th", "Workload", "scope", "col").element("th", "Policies", "scope", "col");
        if (pods) {
            html.element("th", "Pods replaced", "scope", "col", "class", "number");
        }
        html.close().end();
        html.open("tbody").raw("\n");
        for (int i = 0; i < sections.size(); i++) {
            row(sections.get(i), "w" + (i + 1), pods);
        }
        html.close().close().end();
    }

    private void row(WorkloadSection section, String id, boolean pods) {
        html.open("tr").open("th", "scope", "row");
        html.element("a", section.subject(), "href", "#" + id + "-top", "class", "id")
                .close();
        html.open("td").open("ul", "class", "tags");
        for (PolicyExplanation policy : section.policies()) {
            html.open("li")
                    .element("span", policy.outcome().policy().toString(), "class", "id")
                    .text(" ");
            PolicySection.tag(
                    html,
                    policy.verdict(),
                    Summary.word(policy.verdict())
                            + policy.reason().map(reason -> ": " + reason).orElse(""));
            html.close();
        }
        if (section.policies().isEmpty()) {
            html.element("li", "none", "class", "dim");
        }
        html.close().close();
        if (pods) {
            html.element("td", section.pods().map(String::valueOf).orElse("?"), "class", "number");
        }
        html.end();
    }

    /**
     * Writes a workload, folded if there are many. A link of the index leads into the folded part: browsers then unfold
     * it.
     */
    private void folded(WorkloadSection section, String id) {
        if (sections.size() <= UNFOLDED) {
            html.open("details", "class", "chapter", "open", "");
        } else {
            html.open("details", "class", "chapter");
        }
        html.open("summary")
                .open("h2")
                .element("span", section.subject(), "class", "id")
                .close()
                .end();
        html.element("p", Summary.of(section), "class", "lead", "id", id + "-top")
                .raw("\n");
        html.element("p", "Read from " + section.explanation().where() + ".", "class", "meta")
                .raw("\n");
        section(section, id, 3);
        html.end();
    }

    private void section(WorkloadSection section, String id, int level) {
        new PodSection(html, level).write(section, id);
        new PolicySection(html, level).write(section, id);
    }

    private void sentences(String id, String title, List<String> sentences) {
        if (!sentences.isEmpty()) {
            html.open("section", "aria-labelledby", id);
            html.element("h2", title, "id", id).raw("\n");
            html.open("ul");
            sentences.forEach(sentence -> html.element("li", sentence));
            html.close().end();
        }
    }

    /**
     * Returns the hash by which a browser accepts the style. Any other style that gets into the page is not applied.
     */
    private static String hash(String text) {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
            return Base64.getEncoder().encodeToString(digest);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }
}
