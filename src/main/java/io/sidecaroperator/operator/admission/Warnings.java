package io.sidecaroperator.operator.admission;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.sidecaroperator.core.injection.Decision;
import io.sidecaroperator.core.injection.Engine;
import io.sidecaroperator.core.injection.Injection;
import io.sidecaroperator.core.injection.Pending;
import io.sidecaroperator.core.injection.Plan;
import io.sidecaroperator.core.injection.PolicyOutcome;
import io.sidecaroperator.core.json.Json;
import io.sidecaroperator.core.model.Note;
import io.sidecaroperator.core.model.PolicyKey;
import io.sidecaroperator.core.model.Reason;
import io.sidecaroperator.core.receipt.Edit;
import io.sidecaroperator.core.receipt.Place;
import io.sidecaroperator.core.receipt.Receipt;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** The warnings for the author of a pod or workload: which sidecars it gets, and which it does not get and why. */
final class Warnings {
    /** The limit that Kubernetes recommends. Some clients cut longer warnings. */
    static final int LONGEST = 120;

    /** The highest number of lines. People do not read more. */
    static final int MOST = 6;

    /** Reasons to skip a selected workload that its owner did not choose. They are worth a line. */
    private static final Set<Reason> SURPRISING =
            Set.of(Reason.HostNetwork, Reason.RunsToCompletion, Reason.RevisionUnknown);

    private final Injection injection;

    /** In order, without duplicates. */
    private final Set<String> lines = new LinkedHashSet<>();

    private Warnings(Injection injection) {
        this.injection = injection;
    }

    /** Returns the lines for the author of this template. */
    static List<String> of(Injection injection) {
        Warnings warnings = new Warnings(injection);
        warnings.tellNotes(injection.notes());
        injection.outcomes().forEach(warnings::tell);
        warnings.tellWhatIsPutBack();
        return few(new ArrayList<>(warnings.lines));
    }

    private static List<String> few(List<String> all) {
        if (all.size() <= MOST) {
            return all;
        }
        List<String> few = new ArrayList<>(all.subList(0, MOST - 1));
        few.add("... and " + (all.size() - few.size()) + " more lines about sidecars");
        return few;
    }

    private void tell(PolicyOutcome outcome) {
        if (outcome.decision() instanceof Decision.Refuse refuse) {
            notInjected(outcome, refuse.reason(), refuse.message());
        } else if (outcome.decision() instanceof Decision.Skip skip) {
            if (SURPRISING.contains(skip.reason())) {
                notInjected(outcome, skip.reason(), skip.message());
            }
        } else if (outcome.pending().isPresent()) {
            pending(outcome, outcome.pending().get());
        } else if (!outcome.givenRevision().equals(outcome.retainedRevision())) {
            outcome.plan().ifPresent(plan -> add(policy(outcome.policy()) + added(plan)));
        }
        tellNotes(outcome.notes());
    }

    private void pending(PolicyOutcome outcome, Pending pending) {
        if (pending.reason() == Reason.Audited) {
            add(policy(outcome.policy()) + " (mode: Audit) would add"
                    + pending.withheld().map(Warnings::names).orElse(""));
        } else {
            notInjected(outcome, pending.reason(), pending.message());
        }
    }

    private void notInjected(PolicyOutcome outcome, Reason reason, String message) {
        Optional<String> given = outcome.givenRevision();
        String verb = given.equals(outcome.retainedRevision()) ? " stays at" : " comes with";
        add(policy(outcome.policy())
                + given.map(revision -> verb + " revision " + revision).orElse(" is not injected") + ": " + reason);
        add(message);
    }

    private static String added(Plan plan) {
        if (plan.edits().isEmpty() && plan.receipt().toPods()) {
            return " adds its parts to each pod when it is created";
        }
        String names = names(plan);
        return names.isEmpty() ? " is injected" : " adds" + names;
    }

    private static String names(Plan plan) {
        String names =
                plan.edits().stream().filter(Edit::isContainer).map(Edit::key).collect(Collectors.joining(", "));
        return names.isEmpty() ? "" : " " + names;
    }

    /**
     * Containers and volumes of a policy belong to it by name. Tells an author who changed them that they are put back.
     */
    private void tellWhatIsPutBack() {
        injection.input().trigger().stored().ifPresent(stored -> {
            Receipt before = Engine.receiptOf(stored).orElse(Receipt.EMPTY);
            Receipt after = Engine.receiptOf(injection.template()).orElse(Receipt.EMPTY);
            after.entries().forEach((policy, entry) -> {
                Receipt.Entry retained = before.entries().get(policy);
                if (retained != null && retained.revision().equals(entry.revision())) {
                    tellWhatIsPutBack(policy, entry, stored);
                }
            });
        });
    }

    private void tellWhatIsPutBack(PolicyKey policy, Receipt.Entry entry, ObjectNode before) {
        JsonNode now = injection.input().template();
        String changed = Place.WHOLE.stream()
                .flatMap(place -> entry.names(place).keySet().stream()
                        .filter(name -> !part(now, place, name).equals(part(before, place, name))))
                .collect(Collectors.joining(", "));
        if (!changed.isEmpty()) {
            add(policy(policy) + " puts back " + changed);
        }
    }

    private static Optional<ObjectNode> part(JsonNode template, Place place, String name) {
        return Json.named(template.path("spec"), place.key(), name);
    }

    /**
     * Reports requests that were not fulfilled, and values that now belong to the author. The other notes are for
     * {@code explain}.
     */
    private void tellNotes(List<Note> notes) {
        notes.stream()
                .filter(note -> note.reason().isWarning() || note.reason() == Reason.ValueWonBack)
                .forEach(note -> add(note.reason() + ": " + note.message()));
    }

    private static String policy(PolicyKey key) {
        return "sidecar policy " + key;
    }

    /** Adds one line of printable ASCII that fits: a warning with other characters may be dropped on its way. */
    private void add(String text) {
        String line = text.replaceAll("[^\\x20-\\x7e]+", " ");
        lines.add(line.length() <= LONGEST ? line : line.substring(0, LONGEST - 3) + "...");
    }
}
