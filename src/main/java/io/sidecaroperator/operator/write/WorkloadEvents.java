package io.sidecaroperator.operator.write;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.sidecaroperator.api.v1alpha1.SidecarPolicyStatus;
import io.sidecaroperator.api.v1alpha1.WorkloadExceptionEntry;
import io.sidecaroperator.core.injection.Injection;
import io.sidecaroperator.core.injection.PolicyOutcome;
import io.sidecaroperator.core.model.PolicyKey;
import io.sidecaroperator.core.model.Reason;
import io.sidecaroperator.core.model.WorkloadRef;
import io.sidecaroperator.core.status.SyncStatus;
import io.sidecaroperator.core.status.WorkloadObservation;
import io.sidecaroperator.operator.write.EventRecorder.Notice;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Posts events about what was done to a workload, and why something was not done: once for each change, not for each
 * reconciliation.
 */
public final class WorkloadEvents {
    private final EventRecorder recorder;
    private final Function<PolicyKey, Optional<SidecarPolicyStatus>> stored;

    /**
     * @param stored the current status of a policy, when it is about the policy's current generation
     */
    public WorkloadEvents(EventRecorder recorder, Function<PolicyKey, Optional<SidecarPolicyStatus>> stored) {
        this.recorder = recorder;
        this.stored = stored;
    }

    /**
     * The workload that the events are about.
     *
     * @param first whether this process reconciles it for the first time since it started
     */
    public record Subject(HasMetadata resource, WorkloadRef ref, boolean first) {}

    /** Posts what a reconciliation has changed: in the workload, and in its sync states under its policies. */
    public void tell(
            Subject subject,
            Optional<Injection> written,
            @Nullable WorkloadObservation before,
            WorkloadObservation after) {
        List<Notice> notices = new ArrayList<>();
        written.ifPresent(injection -> notices.addAll(
                changes(injection, subject.resource().getMetadata().getResourceVersion())));
        after.policies().forEach((key, syncStatus) -> {
            SyncStatus was = before == null ? null : before.policies().get(key);
            if (isNews(syncStatus, was) && !(subject.first() && isReported(subject.ref(), key, syncStatus))) {
                notices.add(Obstacle.of(syncStatus).notice(key, syncStatus));
            }
        });
        boolean stillTheSame = subject.first() && written.isEmpty();
        after.ignored().stream()
                .filter(line ->
                        before == null ? !stillTheSame : !before.ignored().contains(line))
                .map(line -> new Notice(true, Reason.OverrideIgnored.name(), "Ignored", line, line))
                .forEach(notices::add);
        notices.forEach(notice -> recorder.post(subject.resource(), notice));
    }

    /** Returns what a write has done, one notice for each policy. */
    private static List<Notice> changes(Injection injection, String version) {
        List<Notice> notices = new ArrayList<>();
        for (PolicyOutcome outcome : injection.outcomes()) {
            // One event for each revision, even if it has to be written several times.
            String identity = outcome.policy() + " " + outcome.revision() + " "
                    + outcome.givenRevision().orElse("");
            PolicyEffect.of(outcome)
                    .ifPresent(effect -> notices.add(new Notice(
                            effect.isWarning(), effect.reason(), effect.reason(), effect.sentence(outcome), identity)));
        }
        injection.outcomes().stream()
                .filter(Orphans::isLeftToUser)
                .filter(outcome -> !injection.input().orphaned().contains(outcome.policy()))
                .map(outcome -> leftToUser(outcome, version))
                .forEach(notices::add);
        if (notices.isEmpty()) {
            String policies = injection.outcomes().stream()
                    .filter(outcome -> outcome.plan().isPresent())
                    .map(outcome -> outcome.policy().toString())
                    .collect(Collectors.joining(", "));
            String note = "put back what had been removed or changed of " + policies;
            notices.add(new Notice(false, "Repaired", "Repaired", note, version));
        }
        return notices;
    }

    private static Notice leftToUser(PolicyOutcome outcome, String version) {
        String reason = Reason.LeftToUser.name();
        String note = "policy " + outcome.policy() + ": " + Reason.LeftToUser.meaning();
        return new Notice(false, reason, "Orphaned", note, version + " " + outcome.policy());
    }

    private static boolean isNews(SyncStatus syncStatus, @Nullable SyncStatus was) {
        boolean obstacle = syncStatus.isException();
        boolean same = was != null
                && was.syncState() == syncStatus.syncState()
                && was.reason().equals(syncStatus.reason());
        return obstacle && !same;
    }

    /**
     * Whether an earlier operator process has already reported this: the policy's status lists it, or had no room left.
     */
    private boolean isReported(WorkloadRef ref, PolicyKey key, SyncStatus syncStatus) {
        return stored.apply(key)
                .map(SidecarPolicyStatus::exceptions)
                .filter(listed -> listed.size() >= SidecarPolicyStatus.MAX_EXCEPTIONS
                        || listed.stream().anyMatch(entry -> isAbout(entry, ref, syncStatus)))
                .isPresent();
    }

    private static boolean isAbout(WorkloadExceptionEntry entry, WorkloadRef ref, SyncStatus syncStatus) {
        return entry.kind().equals(ref.kind())
                && entry.namespace().equals(ref.namespace())
                && entry.name().equals(ref.name())
                && syncStatus.reason().map(Reason::name).equals(Optional.of(entry.reason()));
    }
}
