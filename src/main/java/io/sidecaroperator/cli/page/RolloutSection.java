package io.sidecaroperator.cli.page;

import io.sidecaroperator.core.model.WorkloadRef;
import io.sidecaroperator.core.policy.PolicyState;
import io.sidecaroperator.core.rollout.Batches.Wave;
import io.sidecaroperator.core.rollout.RolloutRules;
import java.time.Duration;
import java.util.List;

/** How a change goes through the workloads of each policy, wave by wave. */
final class RolloutSection {
    private static final int SHOWN = 12;
    private static final int NAMED = 4;

    private final Html html;
    private final boolean alone;
    private final boolean oneNamespace;

    /** @param chapters the workloads; of one alone nothing is known about the policy's others */
    RolloutSection(Html html, List<WorkloadSection> chapters) {
        this.html = html;
        this.alone = chapters.size() == 1;
        this.oneNamespace = chapters.stream()
                        .map(chapter -> chapter.explanation().ref().namespace())
                        .distinct()
                        .count()
                == 1;
    }

    void write(List<PolicyRollout> rollouts) {
        if (rollouts.isEmpty()) {
            return;
        }
        html.open("section", "aria-labelledby", "rollout");
        html.element("h2", "Rollout", "id", "rollout").raw("\n");
        if (!alone) {
            html.element(
                            "p",
                            "What the operator's gate does if every workload becomes healthy again: it starts with one and"
                                    + " widens with each success. A workload that two policies change waits for both."
                                    + " At the first failure nobody else gets the change.")
                    .raw("\n");
        }
        for (int i = 0; i < rollouts.size(); i++) {
            rollout(rollouts.get(i));
        }
        html.end();
    }

    private void rollout(PolicyRollout rollout) {
        html.open("article", "class", "rollout");
        html.open("h3")
                .element("span", rollout.policy().toString(), "class", "id")
                .end();
        if (!rollout.state().onNextRollout()) {
            html.element("p", pace(rollout)).raw("\n");
        }
        String held = held(rollout.state());
        if (!held.isEmpty()) {
            html.element("p", held, "class", "why").raw("\n");
        }
        if (!alone && rollout.changing() > 0 && !rollout.state().onNextRollout()) {
            waves(rollout.waves());
        }
        html.end();
    }

    private String pace(PolicyRollout rollout) {
        RolloutRules rules = rollout.rules();
        int changing = rollout.changing();
        if (changing == 0) {
            return (alone ? "It has" : rollout.done() + (rollout.done() == 1 ? " has" : " have"))
                    + " the change already.";
        }
        String limit = rules.maxConcurrent().amount() + (rules.maxConcurrent().percent() ? "%" : "");
        String most = "at most " + limit + " of the policy's workloads";
        String who =
                alone ? "It comes in its turn, " + most + " at a time" : many(rollout) + ", " + most + " at a time";
        return who + ". Healthy is a workload whose pods are all ready"
                + (rules.minReady().isZero() ? "" : " for " + seconds(rules.minReady())) + "; after "
                + seconds(rules.progressDeadline()) + " without that it has failed, and "
                + (rules.onFailure() == RolloutRules.OnFailure.ROLLBACK
                        ? "goes back to the proven revision."
                        : "everything stays as it is.");
    }

    private static String many(PolicyRollout rollout) {
        String done =
                rollout.done() == 0 ? "" : rollout.done() + (rollout.done() == 1 ? " has" : " have") + " it already; ";
        return done
                + Summary.plural(rollout.changing(), "workload")
                + (rollout.changing() == 1
                        ? " changes"
                        : " change in " + Summary.plural(rollout.waves().size(), "wave"));
    }

    /** The namespace is said where there is more than one. */
    private String shortName(WorkloadRef ref) {
        return oneNamespace ? ref.kind() + " " + ref.name() : ref.toString();
    }

    private static String seconds(Duration duration) {
        return duration.toSeconds() % 60 == 0 && !duration.isZero()
                ? Summary.plural(duration.toMinutes(), "minute")
                : Summary.plural(duration.toSeconds(), "second");
    }

    private static String held(PolicyState state) {
        if (state.audit()) {
            return "The policy has mode: Audit, so none of this happens yet.";
        } else if (state.paused()) {
            return "The rollout is paused, so none of this happens yet.";
        }
        return state.onNextRollout()
                ? "Each workload changes with its owner's own next rollout, whenever that is."
                : "";
    }

    private void waves(List<Wave> waves) {
        html.open("ol", "class", "waves");
        int most =
                waves.stream().mapToInt(wave -> wave.workloads().size()).max().orElse(1);
        for (int i = 0; i < Math.min(waves.size(), SHOWN); i++) {
            wave(waves.get(i), i, most);
        }
        html.end();
        if (waves.size() > SHOWN) {
            List<Wave> rest = waves.subList(SHOWN, waves.size());
            int workloads =
                    rest.stream().mapToInt(wave -> wave.workloads().size()).sum();
            html.element(
                            "p",
                            "Then " + Summary.plural(workloads, "workload") + " more in "
                                    + Summary.plural(rest.size(), "wave") + ".",
                            "class",
                            "dim")
                    .raw("\n");
        }
        if (waves.stream().anyMatch(wave -> wave.workloads().size() > NAMED) || waves.size() > SHOWN) {
            html.open("details");
            html.element("summary", "Every wave with its workloads");
            html.open("ol");
            waves.forEach(wave -> html.open("li")
                    .element(
                            "span",
                            String.join(
                                    ", ",
                                    wave.workloads().stream()
                                            .map(WorkloadRef::toString)
                                            .toList()),
                            "class",
                            "id")
                    .end());
            html.end();
            html.end();
        }
    }

    private void wave(Wave wave, int index, int most) {
        int size = wave.workloads().size();
        html.open("li", "class", wave.deferred() ? "wave deferred" : "wave");
        html.open("p", "class", "when")
                .text(wave.deferred() ? "Last" : "Wave " + (index + 1))
                .end();
        html.open("p")
                .element("b", String.valueOf(size))
                .text(size == 1 ? " workload" : " workloads")
                .end();
        html.element(
                        "p",
                        (wave.deferred() ? "\u25a1" : "\u25cf").repeat(size),
                        "class",
                        most > 40 ? "dots small" : "dots",
                        "aria-hidden",
                        "true")
                .raw("\n");
        if (size <= NAMED) {
            wave.workloads()
                    .forEach(ref ->
                            html.open("p", "class", "id").text(shortName(ref)).end());
        }
        if (wave.deferred()) {
            html.element(
                    "p",
                    "Paused, scaled to zero, or run later: they prove nothing, so they come last.",
                    "class",
                    "dim");
        }
        html.end();
    }
}
