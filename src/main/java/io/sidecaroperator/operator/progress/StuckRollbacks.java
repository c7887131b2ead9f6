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
 * Deletes the one pod for which a StatefulSet that updates in order waits in vain, after a rollback or when another change
 * came before the failure was known; each such pod once.
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

    /** The uids of the pods whose deletion was asked for, and of those for which it was refused. */
    private record Tries(Set<String> asked, Set<String> refused) {
        Tries() {
            this(new HashSet<>(), new HashSet<>());
        }
    }

    /**
     * A pod that somebody else has to delete.
     *
     * @param policies whose hopeless revision it may carry
     */
    public record ByHand(String pod, Set<PolicyKey> policies) {}

    /** Whether the workload may wait for a pod that will never do. */
    public boolean mayBe(ObjectNode workload) {
        return StuckPods.areWaitedFor(kind, workload) && RolloutState.of(kind, workload) == RolloutState.PROGRESSING;
    }

    /** The failed revisions that were taken back from a workload that may wait for pods at them, by policy. */
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
     * The revisions at which no pod will come to run, by policy: those that have failed, and those that another write has
     * replaced and whose sidecars are seen to fail, or are not ready after all this time.
     *
     * @param late whether the time of the last write is over
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

    /** Frees the workload of the pod that holds it up; empty when there is none, or it is being deleted. */
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
                LOG.info("pod {} of {} has to be deleted by hand: {}", pod.name(), ref, rejected.message());
            } else {
                LOG.info("deleted pod {}, for which {} waited in vain", pod.name(), ref);
            }
        } catch (KubernetesClientException e) {
            LOG.info("pod {} of {} is not deleted yet: {}", pod.name(), ref, e.getMessage());
        }
    }

    /** Forgets a workload that is gone, or has nothing left of a rollback. */
    public void forget(WorkloadRef ref) {
        tries.remove(ref);
    }
}
