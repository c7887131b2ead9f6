package io.sidecaroperator.core.status;

import io.sidecaroperator.api.v1alpha1.PolicyPreview;
import io.sidecaroperator.api.v1alpha1.PreviewEntry;
import io.sidecaroperator.core.injection.ChangeKind;
import io.sidecaroperator.core.model.Reason;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/** What a policy in Audit would change, by the observations of its workloads. */
final class Previews {
    private static final Comparator<PreviewEntry> ORDER = Comparator.comparing(PreviewEntry::pods)
            .reversed()
            .thenComparing(PreviewEntry::namespace)
            .thenComparing(PreviewEntry::kind)
            .thenComparing(PreviewEntry::name);

    private Previews() {}

    /** Returns the preview. Empty when the policy is not in Audit, because then the changes are made. */
    static Optional<PolicyPreview> of(
            PolicyView policy, RevisionProgress progress, Collection<WorkloadObservation> workloads) {
        if (!policy.state().audit() || policy.deleting()) {
            return Optional.empty();
        }
        boolean failed = progress.failed().isPresent();
        List<PreviewEntry> changes = workloads.stream()
                .flatMap(workload -> entry(policy, failed, workload).stream())
                .sorted(ORDER)
                .toList();
        return Optional.of(new PolicyPreview(
                changes.size(), changes.stream().mapToInt(PreviewEntry::pods).sum(), changes));
    }

    private static Optional<PreviewEntry> entry(PolicyView policy, boolean failed, WorkloadObservation workload) {
        return Optional.ofNullable(workload.policies().get(policy.key()))
                .flatMap(syncStatus -> change(failed, syncStatus))
                .map(change -> new PreviewEntry(
                        workload.ref().kind(),
                        workload.ref().namespace(),
                        workload.ref().name(),
                        change.name(),
                        workload.pods()));
    }

    private static Optional<ChangeKind> change(boolean failed, SyncStatus syncStatus) {
        return switch (syncStatus.syncState()) {
            case OUTDATED ->
                // No workload gets a failed revision, in Audit or not.
                syncStatus.reason().equals(Optional.of(Reason.Audited)) && !failed
                        ? Optional.of(syncStatus.retained().isPresent() ? ChangeKind.Update : ChangeKind.Inject)
                        : Optional.empty();
            // Audit leaves these parts in place, although the policy would not add them.
            case ORPHANED ->
                syncStatus.reason().equals(Optional.of(Reason.NotSelected))
                        ? Optional.of(ChangeKind.Remove)
                        : Optional.empty();
            case SKIPPED -> syncStatus.kept() ? Optional.of(ChangeKind.Remove) : Optional.empty();
            case INJECTED, REFUSED, LEAVING -> Optional.empty();
        };
    }
}
