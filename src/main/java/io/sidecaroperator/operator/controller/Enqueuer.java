package io.sidecaroperator.operator.controller;

import com.fasterxml.jackson.databind.JsonNode;
import io.fabric8.kubernetes.client.CustomResource;
import io.sidecaroperator.core.model.PolicyKey;
import io.sidecaroperator.core.model.Reason;
import io.sidecaroperator.core.model.WorkloadRef;
import io.sidecaroperator.core.policy.CompiledPolicy;
import io.sidecaroperator.core.status.WorkloadObservation;
import io.sidecaroperator.operator.progress.ObservationStore;
import io.sidecaroperator.operator.watch.Namespaces;
import io.sidecaroperator.operator.watch.Policies;
import io.sidecaroperator.operator.watch.RevisionStore;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * Maps an event to the workloads and policies that it concerns, and enqueues only those. The queues belong to
 * reconcilers that enqueue others themselves. So an enqueuer is created before the reconcilers and bound to them
 * afterwards.
 */
final class Enqueuer {
    private final Policies policies;
    private final Namespaces namespaces;
    private final ObservationStore observations;
    private volatile WorkloadQueues workloads = new WorkloadQueues(List.of());
    private volatile PolicyQueues queues = new PolicyQueues(List.of());

    Enqueuer(Policies policies, Namespaces namespaces, ObservationStore observations) {
        this.policies = policies;
        this.namespaces = namespaces;
        this.observations = observations;
    }

    /** Sets the queues. Called once, before anything starts. */
    void bind(WorkloadQueues newWorkloads, PolicyQueues newQueues) {
        this.workloads = newWorkloads;
        this.queues = newQueues;
    }

    /** Enqueues these workloads. */
    void enqueue(Collection<WorkloadRef> refs) {
        workloads.requeue(refs);
    }

    /** Enqueues these policies. */
    void enqueuePolicies(Collection<PolicyKey> keys) {
        queues.requeue(keys);
    }

    /** Returns the policy as the watch shows it now. */
    Optional<CustomResource<JsonNode, JsonNode>> latest(PolicyKey key) {
        return queues.latest(key);
    }

    /** Enqueues the workloads that the policy selects now or concerned before. */
    void ofPolicy(PolicyKey key) {
        Policies.Snapshot snapshot = policies.current();
        Set<WorkloadRef> concerned = new HashSet<>();
        observations.of(key).stream()
                .filter(observation -> !observation.isDoneWith(key))
                .map(WorkloadObservation::ref)
                .forEach(concerned::add);
        snapshot.finalized().find(key).stream()
                .flatMap(this::selectedBy)
                .map(WorkloadObservation::ref)
                .forEach(concerned::add);
        observations.await(key, concerned, snapshot.version());
        enqueue(concerned);
    }

    /**
     * Enqueues what a change of a stored revision concerns. A new revision concerns the workloads that retain it and
     * could not be given it. A deleted revision concerns the policy: if it is the present one, it is written again.
     */
    void ofRevision(RevisionStore.RevisionChange change) {
        policies.reread(change.policy(), () -> queues.latest(change.policy()));
        if (change.gone()) {
            queues.requeue(List.of(change.policy()));
            return;
        }
        boolean earlier = policies.current()
                .finalized()
                .find(change.policy())
                .filter(policy -> !policy.revision().equals(change.revision()))
                .isPresent();
        if (earlier) {
            requeue(observations.of(change.policy()).stream()
                    .filter(observation -> observation.revision(change.policy()).equals(Optional.of(change.revision())))
                    .toList());
        }
    }

    /**
     * Enqueues the policies that count a changed workload. When all workloads of a namespace are observed, enqueues all
     * its policies.
     */
    void ofObservations(ObservationStore.Changes changes) {
        Set<PolicyKey> keys = new HashSet<>(changes.policies());
        changes.namespace().ifPresent(namespace -> keys.addAll(policiesOf(namespace)));
        if (changes.namespace().isPresent() && !observations.isStarting()) {
            keys.addAll(policiesOf(""));
        }
        queues.requeue(keys);
    }

    /** Enqueues all workloads of a namespace: its labels may matter to each of them. */
    void ofNamespace(String namespace) {
        requeue(observations.in(namespace));
        if (isTerminating(namespace)) {
            queues.requeue(policiesOf(namespace));
        }
    }

    /** Enqueues only the workloads that a LimitRange has refused. Limits do not matter to the others. */
    void ofLimits(String namespace) {
        requeue(observations.in(namespace).stream()
                .filter(observation -> observation.policies().values().stream()
                        .anyMatch(syncState -> syncState.reason().equals(Optional.of(Reason.LimitRange))))
                .toList());
    }

    private Stream<WorkloadObservation> selectedBy(CompiledPolicy policy) {
        String own = policy.key().namespace();
        Stream<String> reached = own.isEmpty()
                ? observations.namespaces().stream()
                        .filter(namespace -> !namespaces.isProtected(namespace))
                        .filter(namespace -> namespaces
                                .state(namespace)
                                .filter(state -> policy.reaches(namespace, state.labels()))
                                .isPresent())
                : Stream.of(own);
        return reached.flatMap(namespace -> observations.in(namespace).stream())
                .filter(observation -> policy.target().selector().matches(observation.labels()));
    }

    private void requeue(Collection<WorkloadObservation> pages) {
        enqueue(pages.stream().map(WorkloadObservation::ref).toList());
    }

    private boolean isTerminating(String namespace) {
        return namespaces
                .state(namespace)
                .filter(Namespaces.KnownNamespace::terminating)
                .isPresent();
    }

    private List<PolicyKey> policiesOf(String namespace) {
        return policies.current().policies().keySet().stream()
                .filter(key -> key.namespace().equals(namespace))
                .toList();
    }
}
