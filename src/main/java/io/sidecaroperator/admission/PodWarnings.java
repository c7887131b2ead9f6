package io.sidecaroperator.admission;

import io.sidecaroperator.engine.Decision;
import io.sidecaroperator.engine.Edit;
import io.sidecaroperator.engine.Injection;
import io.sidecaroperator.engine.Note;
import io.sidecaroperator.engine.PolicyOutcome;
import io.sidecaroperator.engine.Reason;
import io.sidecaroperator.tree.Json;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/** What the creator of a pod is told: which sidecars it got, and which it did not get and why. */
final class PodWarnings {
    /** What Kubernetes recommends; longer ones are cut by some clients. */
    static final int LONGEST = 120;

    /** More than these nobody reads. */
    static final int MOST = 6;

    /** Skipped although selected, and not by a choice of the pod's owner: worth a line. */
    private static final Set<Reason> SURPRISING = Set.of(Reason.HostNetwork, Reason.RunsToCompletion);

    private PodWarnings() {}

    static List<String> of(Injection injection) {
        List<String> all = new ArrayList<>();
        injection.notes().forEach(note -> warning(note, all));
        injection.outcomes().forEach(outcome -> {
            all.addAll(of(outcome));
            outcome.notes().forEach(note -> warning(note, all));
        });
        if (all.size() <= MOST) {
            return all;
        }
        List<String> few = new ArrayList<>(all.subList(0, MOST - 1));
        few.add("... and " + (all.size() - few.size()) + " more lines about sidecars");
        return few;
    }

    private static void warning(Note note, List<String> lines) {
        if (note.reason().isWarning()) {
            lines.add(cut(note.reason() + ": " + note.message()));
        }
    }

    private static List<String> of(PolicyOutcome outcome) {
        if (outcome.decision() instanceof Decision.Refuse refuse) {
            return notInjected(outcome, refuse.reason(), refuse.message());
        }
        if (outcome.decision() instanceof Decision.Skip skip) {
            return SURPRISING.contains(skip.reason()) ? notInjected(outcome, skip.reason(), skip.message()) : List.of();
        }
        return outcome.plan().isEmpty() ? List.of() : List.of(cut(added(outcome)));
    }

    private static List<String> notInjected(PolicyOutcome outcome, Reason reason, String message) {
        return List.of(cut(policy(outcome) + " is not injected: " + reason), cut(message));
    }

    private static String added(PolicyOutcome outcome) {
        String containers = outcome.plan().orElseThrow().edits().stream()
                .filter(Edit.AddContainer.class::isInstance)
                .map(edit -> Json.textAt(((Edit.AddContainer) edit).container(), "name"))
                .collect(Collectors.joining(", "));
        return policy(outcome) + (containers.isEmpty() ? " is injected" : " adds " + containers);
    }

    private static String policy(PolicyOutcome outcome) {
        return "sidecar policy " + outcome.policy();
    }

    /** One line of printable ASCII that fits: a warning with other characters may be dropped on its way. */
    private static String cut(String text) {
        String line = text.replaceAll("[^\\x20-\\x7e]+", " ");
        return line.length() <= LONGEST ? line : line.substring(0, LONGEST - 3) + "...";
    }
}
