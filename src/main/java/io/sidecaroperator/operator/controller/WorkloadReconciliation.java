package io.sidecaroperator.operator.controller;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.ManagedFieldsEntry;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.sidecaroperator.core.injection.Engine;
import io.sidecaroperator.core.injection.Injection;
import io.sidecaroperator.core.injection.Input;
import io.sidecaroperator.core.json.Json;
import io.sidecaroperator.core.model.PolicyKey;
import io.sidecaroperator.core.model.Reason;
import io.sidecaroperator.core.model.WorkloadRef;
import io.sidecaroperator.core.rollout.LastWrite;
import io.sidecaroperator.core.status.WorkloadObservation;
import io.sidecaroperator.core.status.WriteResult;
import io.sidecaroperator.core.workload.Restarts;
import io.sidecaroperator.core.workload.RolloutState;
import io.sidecaroperator.core.workload.WorkloadKind;
import io.sidecaroperator.core.workload.WorkloadKinds;
import io.sidecaroperator.operator.progress.ObservationStore;
import io.sidecaroperator.operator.progress.RolloutWatch;
import io.sidecaroperator.operator.progress.UpdateCoordinator;
import io.sidecaroperator.operator.progress.UpdatePermission;
import io.sidecaroperator.operator.watch.InputGatherer;
import io.sidecaroperator.operator.watch.Namespaces;
import io.sidecaroperator.operator.watch.Pods;
import io.sidecaroperator.operator.watch.Policies;
import io.sidecaroperator.operator.watch.Trees;
import io.sidecaroperator.operator.write.ContentionBackoff;
import io.sidecaroperator.operator.write.WorkloadChange;
import io.sidecaroperator.operator.write.WorkloadEvents;
import io.sidecaroperator.operator.write.WriteExpectations;
import io.sidecaroperator.operator.write.Writer;
import java.time.Clock;
import java.time.Duration;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * One reconciliation of one workload: gather the input, ask the engine, write the difference, store the observation.
 */
final class WorkloadReconciliation<R extends HasMetadata> {
    private static final Duration NAMESPACE_DELAY = Duration.ofMillis(200);

    private final WorkloadKind kind;
    private final Sources sources;
    private final ObservationStore observations;
    private final Output<R> output;
    private final RolloutWatch watch;
    private final WriteExpectations<WorkloadRef> expectations;
    private final ContentionBackoff<WorkloadRef> contention;

    WorkloadReconciliation(WorkloadKind kind, Sources sources, ObservationStore observations, Output<R> output) {
        this.kind = kind;
        this.sources = sources;
        this.observations = observations;
        this.output = output;
        this.watch = new RolloutWatch(kind, sources.pods(), sources.clock());
        this.expectations = new WriteExpectations<>(sources.clock());
        this.contention = new ContentionBackoff<>(sources.clock());
    }

    /** What a reconciliation reads, and the engine that it asks. */
    record Sources(
            Engine engine,
            Policies policies,
            UpdateCoordinator updates,
            Namespaces namespaces,
            InputGatherer input,
            Pods pods,
            WorkloadKinds kinds,
            Clock clock) {}

    /** Patches objects of the kind. */
    interface Patcher<R> {
        /** Patches an object as seen; see {@link Writer}. */
        Writer.PatchResult<R> patch(R seen, ArrayNode operations);
    }

    /** Where a reconciliation writes. */
    record Output<R>(Patcher<R> patcher, WorkloadEvents events) {}

    /** The workload as the watch shows it, with the parts of it that a reconciliation needs. */
    private record Live<R extends HasMetadata>(
            R resource, WorkloadRef ref, ObjectNode tree, ObjectNode template, Policies.Snapshot policies) {
        String version() {
            return resource.getMetadata().getResourceVersion();
        }
    }

    /** The result of a write for the observation, the object after it, and when to reconcile again without an event. */
    private record AfterWrite(WriteResult write, ObjectNode tree, Optional<Duration> again) {
        AfterWrite(WriteResult write, ObjectNode tree) {
            this(write, tree, Optional.empty());
        }
    }

    /** Returns the kind of workload that it reconciles. */
    WorkloadKind kind() {
        return kind;
    }

    /** Reconciles the workload. Returns when to reconcile again without an event; empty when not needed. */
    Optional<Duration> run(R resource) {
        ObjectNode tree = Trees.of(resource);
        WorkloadRef ref = kind.refOf(tree, "");
        if (resource.getMetadata().getDeletionTimestamp() != null) {
            forget(ref);
            return Optional.empty();
        }
        Optional<Namespaces.KnownNamespace> namespace = sources.namespaces().state(ref.namespace());
        if (namespace.isEmpty()) {
            return Optional.of(NAMESPACE_DELAY);
        }
        if (namespace.get().terminating()) {
            forget(ref);
            return Optional.empty();
        }
        Policies.Snapshot policies = sources.policies().current();
        Optional<ObjectNode> template = kind.templateOf(tree);
        if (template.isEmpty() || isLeftToOwner(resource)) {
            // The workload is left alone, whichever policies come later.
            observations.record(
                    WorkloadObservation.untouched(ref),
                    Long.MAX_VALUE,
                    () -> sources.updates().forget(ref));
            return Optional.empty();
        }
        Live<R> live = new Live<>(resource, ref, tree, template.get(), policies);
        if (expectations.isOutdated(ref, live.version())) {
            return Optional.of(WriteExpectations.PATIENCE);
        }
        try {
            return reconcile(live, sources.input().gather(ref, tree, template.get(), namespace.get()));
        } catch (KubernetesClientException e) {
            throw e;
        } catch (RuntimeException e) {
            noteUnseen(live, e);
            throw e;
        }
    }

    /**
     * Stores an observation of the failure. So a workload that cannot be reconciled does not keep its policies from
     * their totals, and does not delay other workloads.
     */
    private void noteUnseen(Live<R> live, RuntimeException e) {
        Map<PolicyKey, String> retained = new HashMap<>();
        Engine.receiptOf(live.template())
                .ifPresent(receipt -> receipt.entries().forEach((key, entry) -> retained.put(key, entry.revision())));
        String why = "the operator could not look at it: " + e;
        WorkloadObservation observation = WorkloadObservation.unseen(
                live.ref(), observations.observation(live.ref()).orElse(null), retained, why);
        observations.record(
                observation, live.policies().version(), () -> sources.updates().forget(live.ref()));
    }

    /** Forgets a workload that is deleted or is being deleted. */
    void forget(WorkloadRef ref) {
        expectations.forget(ref);
        contention.forget(ref);
        watch.forget(ref);
        observations.forget(ref);
        sources.updates().forget(ref);
    }

    /** The wanted injection, and the write that leads to it. */
    private record Wanted(Injection injection, WorkloadChange change) {}

    /**
     * Returns what the engine wants with the present permits. A change that was refused is still wanted, with the
     * permit that it had. Any other change has to wait for its own permit.
     */
    private Wanted wanted(
            Live<R> live, Input input, RolloutWatch.Watched last, UpdateCoordinator.Permission permission) {
        Set<PolicyKey> rollbacks = UpdatePermission.rollbacks(last.workloadRollouts(), live.policies());
        if (!permission.refused().isEmpty()) {
            Set<PolicyKey> both = new HashSet<>(permission.permitted());
            both.addAll(permission.refused());
            Wanted refused = wanted(live, input, last, new UpdatePermission(both, rollbacks));
            if (obstacle(live, refused.change()).isPresent()) {
                return refused;
            }
        }
        return wanted(live, input, last, new UpdatePermission(permission.permitted(), rollbacks));
    }

    private Wanted wanted(Live<R> live, Input input, RolloutWatch.Watched last, UpdatePermission permission) {
        Injection injection = sources.engine()
                .inject(input.on(permission.trigger()), live.policies().finalized());
        boolean inSync = sources.engine().inSync(injection);
        Optional<LastWrite> record = inSync
                ? Optional.empty()
                : permission.record(new UpdatePermission.Before(kind, live.tree(), last), injection, sources.clock());
        return new Wanted(injection, WorkloadChange.of(kind, live.tree(), injection, inSync, record, last.marked()));
    }

    private Optional<Duration> reconcile(Live<R> live, Input input) {
        RolloutWatch.Watched last = watch.poll(live.ref(), live.tree(), live.template(), live.policies());
        UpdateCoordinator.Permission permission = sources.updates().permission(live.ref(), live.policies());
        Wanted wanted = wanted(live, input, last, permission);
        Injection injection = wanted.injection();
        WorkloadChange change = wanted.change();
        AfterWrite written;
        try {
            written = change.operations().isEmpty()
                    ? new AfterWrite(new WriteResult.Done(), live.tree())
                    : write(live, change);
        } catch (KubernetesClientException e) {
            sources.updates().postpone(permission);
            note(live, permission, injection, pending(live, change, String.valueOf(e.getMessage())), last);
            throw e;
        }
        RolloutWatch.Watched now = written.tree() == live.tree() ? last : after(live, written.tree());
        note(live, permission, injection, written, now);
        // A change of policies or of the input enqueues workloads by their observations. The earlier observation of
        // this workload may not have named the policy, so the workload is reconciled again.
        boolean inputMoved = sources.policies().current() != live.policies()
                || !sources.input().areCurrent(input);
        return inputMoved
                ? Optional.of(Duration.ZERO)
                : Stream.of(written.again(), now.again(), permission.again())
                        .flatMap(Optional::stream)
                        .min(Comparator.naturalOrder());
    }

    private RolloutWatch.Watched after(Live<R> live, ObjectNode written) {
        ObjectNode template = kind.templateOf(written).orElse(live.template());
        return watch.poll(live.ref(), written, template, live.policies());
    }

    /**
     * Returns why the write is not tried: the API server has refused it before, or another writer keeps reverting it.
     */
    private Optional<AfterWrite> obstacle(Live<R> live, WorkloadChange change) {
        Optional<String> refusal = expectations.refusal(live.ref(), change.identity());
        if (refusal.isPresent()) {
            return Optional.of(
                    new AfterWrite(new WriteResult.Rejected(Reason.RejectedByServer, refusal.get()), live.tree()));
        }
        Optional<Duration> pause = change.parts().flatMap(parts -> contention.pause(live.ref(), parts));
        return pause.map(time ->
                new AfterWrite(new WriteResult.Rejected(Reason.KeepsBeingRemoved, contend(live)), live.tree(), pause));
    }

    private AfterWrite write(Live<R> live, WorkloadChange change) {
        Optional<AfterWrite> obstacle = obstacle(live, change);
        if (obstacle.isPresent()) {
            return obstacle.get();
        }
        Writer.PatchResult<R> outcome = output.patcher().patch(live.resource(), change.operations());
        if (outcome instanceof Writer.PatchResult.Patched<R> done) {
            expectations.outdate(live.ref(), live.version());
            change.parts().ifPresent(parts -> contention.wrote(live.ref(), parts));
            return new AfterWrite(new WriteResult.Done(), Trees.of(done.resource()));
        }
        if (outcome instanceof Writer.PatchResult.Refused<R> rejected) {
            expectations.refuse(live.ref(), change.identity(), rejected.message());
            return new AfterWrite(new WriteResult.Rejected(Reason.RejectedByServer, rejected.message()), live.tree());
        }
        // Changed or deleted since: the watch delivers the change, which starts the next reconciliation.
        expectations.outdate(live.ref(), live.version());
        return pending(live, change, "the workload changed at the same time");
    }

    private AfterWrite pending(Live<R> live, WorkloadChange change, String why) {
        return new AfterWrite(new WriteResult.Postponed(why, change.parts().isPresent()), live.tree());
    }

    private void note(
            Live<?> live,
            UpdateCoordinator.Permission permission,
            Injection injection,
            AfterWrite written,
            RolloutWatch.Watched rollout) {
        WorkloadObservation seen = WorkloadObservation.of(
                        injection, written.write(), RolloutState.of(kind, written.tree()), rollout.workloadRollouts())
                .withPods(Restarts.of(kind, written.tree()));
        WorkloadObservation observation = rollout.byHand()
                .map(stuck -> seen.waitingForPod(stuck.pod(), stuck.policies()))
                .orElse(seen);
        boolean first = observations.isStarting(live.ref());
        boolean refused = written.write() instanceof WriteResult.Rejected;
        WorkloadObservation before = observations.record(
                observation,
                live.policies().version(),
                () -> refused
                        ? sources.updates().park(permission)
                        : sources.updates().complete(permission));
        boolean wrote = written.tree() != live.tree();
        output.events()
                .tell(
                        new WorkloadEvents.Subject(live.resource(), live.ref(), first),
                        wrote ? Optional.of(injection) : Optional.empty(),
                        before,
                        observation);
    }

    /** An editor that only removes fields leaves no trace in managedFields, so the name is a hint. */
    private static String contend(Live<?> live) {
        String hint = live.resource().getMetadata().getManagedFields().stream()
                .filter(entry ->
                        entry.getSubresource() == null || entry.getSubresource().isEmpty())
                .filter(entry -> !Writer.FIELD_MANAGER.equals(entry.getManager()) && entry.getTime() != null)
                .max(Comparator.comparing(ManagedFieldsEntry::getTime))
                .map(entry -> ", the last other field manager is " + entry.getManager())
                .orElse("");
        return "what the policy adds was taken out again " + ContentionBackoff.ROUNDS + " times" + hint
                + "; the operator waits before it tries again";
    }

    private boolean isLeftToOwner(HasMetadata resource) {
        return resource.getMetadata().getOwnerReferences().stream()
                .filter(owner -> Boolean.TRUE.equals(owner.getController()))
                .map(owner ->
                        Json.object().put("apiVersion", owner.getApiVersion()).put("kind", owner.getKind()))
                .anyMatch(owner -> sources.kinds().isLeftTo(owner, kind));
    }
}
