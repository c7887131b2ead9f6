package io.sidecaroperator.operator.write;

import io.sidecaroperator.core.injection.ChangeKind;
import io.sidecaroperator.core.injection.Decision;
import io.sidecaroperator.core.injection.Pending;
import io.sidecaroperator.core.injection.PolicyOutcome;
import io.sidecaroperator.core.model.Note;
import io.sidecaroperator.core.model.Reason;
import io.sidecaroperator.core.receipt.Edit;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/** The effect of a write for one policy: the reason of an event, and its sentence. */
enum PolicyEffect {
    INJECTED("Injected"),
    UPDATED("Updated"),
    REMOVED("Removed"),
    ROLLED_BACK("RolledBack");

    private final String reason;

    PolicyEffect(String reason) {
        this.reason = reason;
    }

    /**
     * Returns the effect of a template that was written with this outcome; empty when the policy's revision did not
     * change.
     */
    static Optional<PolicyEffect> of(PolicyOutcome outcome) {
        boolean rollback = outcome.pending()
                .filter(pending -> pending.reason() == Reason.RevisionFailed)
                .isPresent();
        return outcome.change().map(change -> rollback ? ROLLED_BACK : of(change));
    }

    private static PolicyEffect of(ChangeKind change) {
        return switch (change) {
            case Inject -> INJECTED;
            case Update, Repair -> UPDATED;
            case Remove -> REMOVED;
        };
    }

    /** Returns the reason of the event, which is also its action. */
    String reason() {
        return reason;
    }

    /** Whether the event is a warning that a person should look at. */
    boolean isWarning() {
        return this == ROLLED_BACK;
    }

    /** Returns the effect as a sentence. */
    String sentence(PolicyOutcome outcome) {
        String policy = "policy " + outcome.policy();
        return switch (this) {
            case ROLLED_BACK ->
                policy + " goes back from revision " + outcome.revision() + " to "
                        + outcome.givenRevision().orElse("nothing") + ": " + Reason.RevisionFailed.meaning();
            case REMOVED -> policy + " is removed: " + whyRemoved(outcome);
            case INJECTED, UPDATED ->
                policy + " at revision " + outcome.givenRevision().orElse("") + containers(outcome) + notes(outcome);
        };
    }

    private static String whyRemoved(PolicyOutcome outcome) {
        return outcome.decision() instanceof Decision.Skip skip
                ? skip.message()
                : outcome.pending().map(Pending::message).orElse("it no longer applies");
    }

    private static String containers(PolicyOutcome outcome) {
        List<String> names = outcome.plan().stream()
                .flatMap(plan -> plan.edits().stream())
                .filter(Edit::isContainer)
                .map(Edit::key)
                .toList();
        return names.isEmpty() ? "" : ": " + String.join(", ", names);
    }

    private static String notes(PolicyOutcome outcome) {
        String notes = outcome.notes().stream().map(Note::message).collect(Collectors.joining("; "));
        return notes.isEmpty() ? "" : " (" + notes + ")";
    }
}
