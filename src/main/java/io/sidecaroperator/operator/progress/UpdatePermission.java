package io.sidecaroperator.operator.progress;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.sidecaroperator.core.injection.Injection;
import io.sidecaroperator.core.injection.PolicyOutcome;
import io.sidecaroperator.core.injection.Trigger;
import io.sidecaroperator.core.json.Json;
import io.sidecaroperator.core.model.PolicyKey;
import io.sidecaroperator.core.rollout.LastWrite;
import io.sidecaroperator.core.rollout.LastWrite.Change;
import io.sidecaroperator.core.rollout.WorkloadRollout;
import io.sidecaroperator.core.rollout.WorkloadState.Move;
import io.sidecaroperator.core.workload.RolloutState;
import io.sidecaroperator.core.workload.WorkloadKind;
import io.sidecaroperator.operator.watch.KnownPolicy;
import io.sidecaroperator.operator.watch.Policies;
import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What one reconciliation may change in a workload. It also makes the last-write annotation for that change.
 *
 * @param permitted the policies for which the workload may change
 * @param rollbacks the policies whose failed revision it has to lose; that needs no permit
 */
public record UpdatePermission(Set<PolicyKey> permitted, Set<PolicyKey> rollbacks) {

    /**
     * Returns the policies whose failed revision a workload has to lose. If several policies are the cause, or may be,
     * the workload loses all their revisions in one write, as soon as all of them are known to have failed.
     */
    public static Set<PolicyKey> rollbacks(
            Map<PolicyKey, WorkloadRollout> workloadRollouts, Policies.Snapshot policies) {
        Set<PolicyKey> keys = new HashSet<>();
        for (Map.Entry<PolicyKey, WorkloadRollout> entry : workloadRollouts.entrySet()) {
            KnownPolicy policy = policies.policies().get(entry.getKey());
            WorkloadRollout workloadRollout = entry.getValue();
            if (policy == null
                    || !Move.ROLL_BACK.leadsFrom(workloadRollout.state())
                    || !policy.mayTakeBack(workloadRollout)) {
                continue;
            }
            if (policy.hasFailed()) {
                keys.add(entry.getKey());
            } else if (workloadRollout.phase() == WorkloadRollout.Phase.FAILED
                    && !policy.terms().approved()) {
                return Set.of();
            }
        }
        return keys;
    }

    public Trigger trigger() {
        return new Trigger.Resync(Trigger.PermittedPolicies.of(permitted), rollbacks);
    }

    /** The workload before the write, and the state of the last write. */
    public record Before(WorkloadKind kind, ObjectNode workload, RolloutWatch.Watched last) {
        private boolean isHealthy() {
            return last.isOpen()
                    ? last.record().filter(LastWrite::completeBefore).isPresent()
                    : RolloutState.of(kind, workload) == RolloutState.COMPLETE;
        }
    }

    /**
     * Returns the last-write annotation for a write of this injection. It lists the policies whose revision the write
     * changes, and those of an earlier write whose pods are still being replaced. Empty when there is no rollout to
     * watch: for a repair, or for a workload whose pods only its owner replaces.
     */
    public Optional<LastWrite> record(Before before, Injection injection, Clock clock) {
        SortedMap<PolicyKey, Change> changes = new TreeMap<>();
        before.last().workloadRollouts().forEach((key, workloadRollout) -> {
            if (workloadRollout.isUp()) {
                changes.put(key, workloadRollout.change());
            }
        });
        injection.outcomes().stream()
                .filter(outcome -> outcome.change().isPresent())
                .forEach(outcome -> changes.put(outcome.policy(), change(outcome, changes.get(outcome.policy()))));
        String uid = Json.textAt(before.workload().path("metadata"), "uid");
        if (changes.isEmpty()
                || uid == null
                || RolloutState.of(before.kind(), before.workload()) == RolloutState.DEFERRED) {
            return Optional.empty();
        }
        Instant now = clock.instant().truncatedTo(ChronoUnit.SECONDS);
        return Optional.of(new LastWrite(
                uid, now, LastWrite.hashOf(injection.stripped()), before.isHealthy(), Optional.empty(), changes));
    }

    private Change change(PolicyOutcome outcome, @Nullable Change unfinished) {
        Optional<String> to = outcome.givenRevision();
        if (rollbacks.contains(outcome.policy())) {
            return new Change(to, to, true);
        }
        return new Change(unfinished == null ? outcome.retainedRevision() : unfinished.from(), to, false);
    }
}
