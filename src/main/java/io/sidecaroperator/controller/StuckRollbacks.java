package io.sidecaroperator.controller;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.sidecaroperator.engine.CompiledPolicy;
import io.sidecaroperator.engine.PolicyKey;
import io.sidecaroperator.engine.WorkloadRef;
import io.sidecaroperator.rollout.RolloutRecord;
import io.sidecaroperator.rollout.StuckPods;
import io.sidecaroperator.rollout.StuckPods.StuckPod;
import io.sidecaroperator.workload.Rollout;
import io.sidecaroperator.workload.WorkloadKind;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Deletes the one pod for which a StatefulSet that updates in order waits after a rollback, each such pod once. */
final class StuckRollbacks {
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
     * @param policies whose failed revision it carries
     */
    record ByHand(String pod, Set<PolicyKey> policies) {}

    /** The failed revisions that were taken back from the workload, by policy; empty unless pods at them may hold it up. */
    Map<PolicyKey, String> failed(RolloutRecord record, ObjectNode workload, Policies.Snapshot policies) {
        Map<PolicyKey, String> failed = new HashMap<>();
        if (StuckPods.areWaitedFor(kind, workload) && Rollout.of(kind, workload) == Rollout.PROGRESSING) {
            record.changes().forEach((key, change) -> {
                if (change.rollback()) {
                    Optional.ofNullable(policies.policies().get(key))
                            .filter(Policies.Policy::hasFailed)
                            .flatMap(Policies.Policy::compiled)
                            .map(CompiledPolicy::revision)
                            .ifPresent(revision -> failed.put(key, revision));
                }
            });
        }
        return failed;
    }

    /** Frees the workload of the pod that holds it up; empty when there is none, or it is being deleted. */
    Optional<ByHand> free(WorkloadRef ref, ObjectNode workload, List<JsonNode> found, Map<PolicyKey, String> failed) {
        List<JsonNode> own = StuckPods.controlledBy(workload, found);
        Optional<StuckPod> stuck = StuckPods.isAnyGoing(own) ? Optional.empty() : StuckPods.of(own, failed);
        if (stuck.isEmpty()) {
            return Optional.empty();
        }
        StuckPod pod = stuck.get();
        Tries tried = tries.computeIfAbsent(ref, absent -> new Tries());
        if (!tried.asked.contains(pod.uid())) {
            delete(ref, pod, tried);
        }
        return tried.refused.contains(pod.uid())
                ? Optional.of(new ByHand(pod.name(), Set.copyOf(failed.keySet())))
                : Optional.empty();
    }

    private void delete(WorkloadRef ref, StuckPod pod, Tries tried) {
        try {
            Writer.Outcome<ObjectNode> outcome = pods.delete(ref.namespace(), pod);
            tried.asked.add(pod.uid());
            if (outcome instanceof Writer.Outcome.Rejected<ObjectNode> rejected) {
                tried.refused.add(pod.uid());
                LOG.info("pod {} of {} has to be deleted by hand: {}", pod.name(), ref, rejected.message());
            } else {
                LOG.info("deleted pod {}, for which the rollback of {} waited", pod.name(), ref);
            }
        } catch (KubernetesClientException e) {
            LOG.info("pod {} of {} is not deleted yet: {}", pod.name(), ref, e.getMessage());
        }
    }

    /** Forgets a workload that is gone, or has nothing left of a rollback. */
    void forget(WorkloadRef ref) {
        tries.remove(ref);
    }
}
