package io.sidecaroperator.operator.progress;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.sidecaroperator.core.model.PolicyKey;
import io.sidecaroperator.core.model.WorkloadRef;
import io.sidecaroperator.core.policy.CompiledPolicy;
import io.sidecaroperator.core.rollout.LastWrite;
import io.sidecaroperator.core.rollout.PodFailures;
import io.sidecaroperator.core.rollout.StuckPods;
import io.sidecaroperator.core.rollout.StuckPods.StuckPod;
import io.sidecaroperator.core.workload.RolloutState;
import io.sidecaroperator.core.workload.WorkloadKind;
import io.sidecaroperator.operator.watch.KnownPolicy;
import io.sidecaroperator.operator.watch.Pods;
import io.sidecaroperator.operator.watch.Policies;
import io.sidecaroperator.operator.write.Writer;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Deletes the one pod for which a StatefulSet with ordered updates waits in vain: after a rollback, or when another
 * change came before the failure was known. Deletes each such pod once.
 */
public final class StuckRollbacks {
    private static final Logger LOG = LoggerFactory.getLogger(StuckRollbacks.class);

    private final WorkloadKind kind;
    private final Pods pods;
    private final Map<WorkloadRef, Tries> tries = new ConcurrentHashMap<>();

    StuckRollbacks(WorkloadKind kind, Pods pods) {
        this.kind = kind;
        this.pods = pods;
    }

    /** The uids of the pods whose deletion was requested, and of those for which it was refused. */
    private record Tries(Set<String> asked, Set<String> refused) {
        Tries() {
            this(new HashSet<>(), new HashSet<>());
        }
    }

    /**
     * A pod that a person has to delete.
     *
     * @param policies the policies whose hopeless revision the pod may have
     */
    public record ByHand(String pod, Set<PolicyKey> policies) {}

    /** Whether the workload may be waiting for a pod that will never become ready. */
    public boolean mayBe(ObjectNode workload) {
        return StuckPods.areWaitedFor(kind, workload) && RolloutState.of(kind, workload) == RolloutState.PROGRESSING;
    }

    /** Returns by policy the failed revisions that a rollback removed from the workload. Pods may still have them. */
    public Map<PolicyKey, String> failed(LastWrite record, Policies.Snapshot policies) {
        Map<PolicyKey, String> failed = new HashMap<>();
        record.changes().forEach((key, change) -> {
            if (change.rollback()) {
                Optional.ofNullable(policies.policies().get(key))
                        .filter(KnownPolicy::hasFailed)
                        .flatMap(KnownPolicy::compiled)
                        .map(CompiledPolicy::revision)
                        .ifPresent(revision -> failed.put(key, revision));
            }
        });
        return failed;
    }

    /**
     * Returns by policy the revisions with which a pod will not come to run. These are the failed revisions. They are
     * also the revisions that another write has replaced, if their sidecars fail or are not ready when the deadline has
     * passed.
     *
     * @param late whether the deadline of the last write has passed
     */
    public static Map<PolicyKey, Set<String>> hopeless(
            LastWrite record, ObjectNode workload, List<JsonNode> own, Map<PolicyKey, String> failed, boolean late) {
        Map<PolicyKey, Set<String>> hopeless = new HashMap<>();
        StuckPods.overtaken(record, workload, own)
                .forEach((key, revisions) -> revisions.stream()
                        .filter(revision -> PodFailures.of(own, key, revision).isPresent()
                                || late
                                        && PodFailures.notReady(own, key, revision)
                                                .isPresent())
                        .forEach(revision -> hopeless.computeIfAbsent(key, absent -> new HashSet<>())
                                .add(revision)));
        failed.forEach((key, revision) ->
                hopeless.computeIfAbsent(key, absent -> new HashSet<>()).add(revision));
        return hopeless;
    }

    /**
     * Deletes the pod for which the workload waits in vain. Returns the pod if its deletion was refused, so that a
     * person has to delete it. Otherwise empty.
     */
    public Optional<ByHand> free(WorkloadRef ref, List<JsonNode> own, Map<PolicyKey, Set<String>> hopeless) {
        Optional<StuckPod> stuck = StuckPods.isAnyGoing(own) ? Optional.empty() : StuckPods.of(own, hopeless);
        if (stuck.isEmpty()) {
            return Optional.empty();
        }
        StuckPod pod = stuck.get();
        Tries tried = tries.computeIfAbsent(ref, absent -> new Tries());
        if (!tried.asked.contains(pod.uid())) {
            delete(ref, pod, tried);
        }
        return tried.refused.contains(pod.uid())
                ? Optional.of(new ByHand(pod.name(), Set.copyOf(hopeless.keySet())))
                : Optional.empty();
    }

    private void delete(WorkloadRef ref, StuckPod pod, Tries tried) {
        try {
            Writer.PatchResult<ObjectNode> outcome = pods.delete(ref.namespace(), pod);
            tried.asked.add(pod.uid());
            if (outcome instanceof Writer.PatchResult.Refused<ObjectNode> rejected) {
                tried.refused.add(pod.uid());
                LOG.info("pod {} of {} must be deleted by hand: {}", pod.name(), ref, rejected.message());
            } else {
                LOG.info("deleted pod {}, for which {} waited in vain", pod.name(), ref);
            }
        } catch (KubernetesClientException e) {
            LOG.info("pod {} of {} could not be deleted yet: {}", pod.name(), ref, e.getMessage());
        }
    }

    /** Forgets a workload that is gone, or whose rollback is over. */
    public void forget(WorkloadRef ref) {
        tries.remove(ref);
    }
}
