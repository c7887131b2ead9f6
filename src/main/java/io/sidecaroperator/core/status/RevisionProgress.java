package io.sidecaroperator.core.status;

import io.sidecaroperator.api.v1alpha1.SidecarPolicyStatus;
import io.sidecaroperator.core.model.PolicyKey;
import io.sidecaroperator.core.rollout.FailureCause;
import io.sidecaroperator.core.rollout.LastWrite.Change;
import io.sidecaroperator.core.rollout.WorkloadRollout;
import java.util.Collection;
import java.util.Comparator;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The progress of a policy's revision: whether it has failed, and which one is known to work.
 *
 * @param proven the newest revision that a workload was healthy with, or that all have; never one that failed
 * @param failed the revision that failed, as long as the policy injects it and it is not approved
 * @param cause where and why it failed, when that is known at this moment
 */
record RevisionProgress(Optional<String> proven, Optional<String> failed, Optional<String> cause) {

    static RevisionProgress of(
            @Nullable SidecarPolicyStatus before,
            PolicyView policy,
            Collection<WorkloadObservation> workloads,
            WorkloadTotals totals) {
        Optional<String> proven = Optional.ofNullable(before).map(SidecarPolicyStatus::provenRevision);
        Optional<String> failed = Optional.ofNullable(before).map(SidecarPolicyStatus::failedRevision);
        if (policy.deleting() || policy.revision().isEmpty()) {
            return new RevisionProgress(proven, failed, Optional.empty());
        }
        Optional<Failure> failure = failure(policy, workloads);
        boolean approved = policy.revision().equals(policy.approved());
        boolean fails = !approved && (failed.equals(policy.revision()) || failure.isPresent());
        if (fails) {
            Optional<String> good = proven.equals(policy.revision())
                    ? failure.flatMap(found -> found.change().from()).or(() -> predecessor(policy, workloads))
                    : proven;
            return new RevisionProgress(good, policy.revision(), failure.map(found -> found.sentence(policy)));
        }
        boolean retainedByAll = totals.settled() && totals.outdated() == 0 && totals.injected() > 0;
        boolean provenNow = !policy.state().audit() && (totals.healthy() > 0 || retainedByAll);
        return new RevisionProgress(provenNow ? policy.revision() : proven, Optional.empty(), Optional.empty());
    }

    /** A workload whose rollout failed. */
    private record Failure(WorkloadObservation workload, Change change, FailureCause cause) {
        String sentence(PolicyView policy) {
            return "revision " + policy.revision().orElse("") + " failed on " + workload.ref() + ": " + cause;
        }
    }

    private static Optional<Failure> failure(PolicyView policy, Collection<WorkloadObservation> workloads) {
        return workloads.stream()
                .flatMap(workload -> failure(policy, workload))
                .min(Comparator.comparing(
                                (Failure failure) -> failure.cause().container().isEmpty())
                        .thenComparing(failure -> failure.workload().ref().toString()));
    }

    private static Stream<Failure> failure(PolicyView policy, WorkloadObservation workload) {
        Optional<WorkloadRollout> workloadRollout = workload.workloadRollout(policy.key())
                .filter(found -> found.change().to().equals(policy.revision()));
        return workloadRollout
                .flatMap(WorkloadRollout::cause)
                .map(cause -> new Failure(workload, workloadRollout.get().change(), cause))
                .stream();
    }

    /** The revision that most workloads still have: the one that worked before. */
    private static Optional<String> predecessor(PolicyView policy, Collection<WorkloadObservation> workloads) {
        PolicyKey key = policy.key();
        Map<String, Long> retained = workloads.stream()
                .flatMap(workload ->
                        Optional.ofNullable(workload.policies().get(key)).flatMap(SyncStatus::retained).stream())
                .filter(revision -> !policy.revision().equals(Optional.of(revision)))
                .collect(Collectors.groupingBy(revision -> revision, Collectors.counting()));
        return retained.entrySet().stream()
                .max(Map.Entry.<String, Long>comparingByValue().thenComparing(Map.Entry.comparingByKey()))
                .map(Map.Entry::getKey);
    }
}
