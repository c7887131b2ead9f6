package io.sidecaroperator.cli.page;

import io.sidecaroperator.core.model.WorkloadRef;
import io.sidecaroperator.core.policy.PolicyState;
import io.sidecaroperator.core.rollout.Batches.Batch;
import io.sidecaroperator.core.rollout.RolloutRules;
import java.time.Duration;
import java.util.List;

/** How a change goes through the workloads of each policy, batch by batch. */
final class RolloutSection {
    private static final int SHOWN = 12;
    private static final int NAMED = 4;

    private final Html html;
    private final boolean alone;
    private final boolean oneNamespace;

    /**
     * @param sections the workloads. With only one, the page does not know the policy's other workloads
     */
    RolloutSection(Html html, List<WorkloadSection> sections) {
        this.html = html;
        this.alone = sections.size() == 1;
        this.oneNamespace = sections.stream()
                        .map(section -> section.explanation().ref().namespace())
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
        String pending = pending(rollout.state());
        if (!pending.isEmpty()) {
            html.element("p", pending, "class", "why").raw("\n");
        }
        if (!alone && rollout.changing() > 0 && !rollout.state().onNextRollout()) {
            batches(rollout.batches());
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
                        : " change in " + Summary.plural(rollout.batches().size(), "wave"));
    }

    /** Returns the name, with the namespace when there is more than one. */
    private String shortName(WorkloadRef ref) {
        return oneNamespace ? ref.kind() + " " + ref.name() : ref.toString();
    }

    private static String seconds(Duration duration) {
        return duration.toSeconds() % 60 == 0 && !duration.isZero()
                ? Summary.plural(duration.toMinutes(), "minute")
                : Summary.plural(duration.toSeconds(), "second");
    }

    private static String pending(PolicyState state) {
        if (state.audit()) {
            return "The policy has mode: Audit, so none of this happens yet.";
        } else if (state.paused()) {
            return "The rollout is paused, so none of this happens yet.";
        }
        return state.onNextRollout()
                ? "Each workload changes with its owner's own next rollout, whenever that is."
                : "";
    }

    private void batches(List<Batch> batches) {
        html.open("ol", "class", "waves");
        int most = batches.stream()
                .mapToInt(batch -> batch.workloads().size())
                .max()
                .orElse(1);
        for (int i = 0; i < Math.min(batches.size(), SHOWN); i++) {
            batch(batches.get(i), i, most);
        }
        html.end();
        if (batches.size() > SHOWN) {
            List<Batch> rest = batches.subList(SHOWN, batches.size());
            int workloads =
                    rest.stream().mapToInt(batch -> batch.workloads().size()).sum();
            html.element(
                            "p",
                            "Then " + Summary.plural(workloads, "workload") + " more in "
                                    + Summary.plural(rest.size(), "wave") + ".",
                            "class",
                            "dim")
                    .raw("\n");
        }
        if (batches.stream().anyMatch(batch -> batch.workloads().size() > NAMED) || batches.size() > SHOWN) {
            html.open("details");
            html.element("summary", "Every wave with its workloads");
            html.open("ol");
            batches.forEach(batch -> html.open("li")
                    .element(
                            "span",
                            String.join(
                                    ", ",
                                    batch.workloads().stream()
                                            .map(WorkloadRef::toString)
                                            .toList()),
                            "class",
                            "id")
                    .end());
            html.end();
            html.end();
        }
    }

    private void batch(Batch batch, int index, int most) {
        int size = batch.workloads().size();
        html.open("li", "class", batch.deferred() ? "wave deferred" : "wave");
        html.open("p", "class", "when")
                .text(batch.deferred() ? "Last" : "Wave " + (index + 1))
                .end();
        html.open("p")
                .element("b", String.valueOf(size))
                .text(size == 1 ? " workload" : " workloads")
                .end();
        html.element(
                        "p",
                        (batch.deferred() ? "\u25a1" : "\u25cf").repeat(size),
                        "class",
                        most > 40 ? "dots small" : "dots",
                        "aria-hidden",
                        "true")
                .raw("\n");
        if (size <= NAMED) {
            batch.workloads()
                    .forEach(ref ->
                            html.open("p", "class", "id").text(shortName(ref)).end());
        }
        if (batch.deferred()) {
            html.element(
                    "p",
                    "Paused, scaled to zero, or run later: they prove nothing, so they come last.",
                    "class",
                    "dim");
        }
        html.end();
    }
}
