package io.sidecaroperator.operator.controller;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.fabric8.kubernetes.client.CustomResource;
import io.sidecaroperator.api.v1alpha1.SidecarPolicyStatus;
import io.sidecaroperator.core.json.Json;
import io.sidecaroperator.core.json.Patch;
import io.sidecaroperator.core.model.PolicyKey;
import io.sidecaroperator.core.model.WorkloadRef;
import io.sidecaroperator.core.policy.DeletionPolicy;
import io.sidecaroperator.core.status.PolicyStatuses;
import io.sidecaroperator.core.status.RevisionsInUse;
import io.sidecaroperator.core.status.StatusJson;
import io.sidecaroperator.core.status.WorkloadObservation;
import io.sidecaroperator.operator.progress.ObservationStore;
import io.sidecaroperator.operator.progress.UpdateCoordinator;
import io.sidecaroperator.operator.watch.KnownPolicy;
import io.sidecaroperator.operator.watch.Namespaces;
import io.sidecaroperator.operator.watch.Policies;
import io.sidecaroperator.operator.watch.RevisionStore;
import io.sidecaroperator.operator.write.PolicyEvents;
import io.sidecaroperator.operator.write.WriteExpectations;
import io.sidecaroperator.operator.write.Writer;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One reconciliation of one policy: its finalizer, its revisions, its status and its permits. */
final class PolicyReconciliation {
    private static final Logger LOG = LoggerFactory.getLogger(PolicyReconciliation.class);
    private static final Duration SETTLING = Duration.ofMillis(100);
    private static final Duration STATUS_INTERVAL = Duration.ofSeconds(1);
    private static final int HISTORY = 10;

    private final Policies policies;
    private final Namespaces namespaces;
    private final ObservationStore observations;
    private final Clock clock;
    private final UpdateCoordinator updates;
    private final Consumer<Collection<WorkloadRef>> workloads;
    private final Output output;
    private final WriteExpectations<PolicyKey> expectations;
    private final Map<PolicyKey, Instant> lastStatus = new ConcurrentHashMap<>();

    /**
     * @param workloads enqueues the workloads that have got a permit
     */
    PolicyReconciliation(
            Sources sources, UpdateCoordinator updates, Consumer<Collection<WorkloadRef>> workloads, Output output) {
        this.policies = sources.policies();
        this.namespaces = sources.namespaces();
        this.observations = sources.observations();
        this.clock = sources.clock();
        this.updates = updates;
        this.workloads = workloads;
        this.output = output;
        this.expectations = new WriteExpectations<>(clock);
    }

    /** What a reconciliation reads. */
    record Sources(Policies policies, Namespaces namespaces, ObservationStore observations, Clock clock) {}

    /** Where a reconciliation writes. */
    record Output(Writer writer, RevisionStore revisions, PolicyEvents events) {}

    /**
     * Reconciles a policy as the watch shows it. Returns when to reconcile again without an event; empty when not
     * needed.
     */
    <P extends CustomResource<JsonNode, JsonNode>> Optional<Duration> run(P resource) {
        PolicyKey key = KnownPolicy.keyOf(resource.getMetadata());
        KnownPolicy policy = policies.current().policies().get(key);
        if (policy == null) {
            return Optional.empty();
        }
        if (!policies.isSettled(policy, resource)) {
            return Optional.of(SETTLING);
        }
        if (expectations.isOutdated(key, resource.getMetadata().getResourceVersion())) {
            return Optional.of(WriteExpectations.PATIENCE);
        }
        if (!policy.deleting() && !resource.hasFinalizer(KnownPolicy.FINALIZER)) {
            return write(resource, finalizers(resource, true), false);
        }
        if (policy.deleting() && (!resource.hasFinalizer(KnownPolicy.FINALIZER) || isGoneEverywhere(policy))) {
            return write(resource, finalizers(resource, false), false);
        }
        boolean kept = isKept(resource, policy);
        // Until every workload is observed, the totals would be wrong, and the planner gives no permit. The observation
        // store then enqueues the policy again.
        Optional<Duration> again = observations.knows(key) ? proceed(resource, policy, kept) : Optional.empty();
        Optional<Duration> retry = kept ? Optional.empty() : Optional.of(RevisionStore.PATIENCE_AFTER_REFUSAL);
        return Stream.of(again, retry).flatMap(Optional::stream).min(Comparator.naturalOrder());
    }

    /** Whether the policy's present revision is stored, so that a workload can be given it again later. */
    private boolean isKept(CustomResource<JsonNode, JsonNode> resource, KnownPolicy policy) {
        return policy.deleting()
                || policy.compiled().isEmpty()
                || output.revisions().ensure(policy, resource);
    }

    private <P extends CustomResource<JsonNode, JsonNode>> Optional<Duration> proceed(
            P resource, KnownPolicy policy, boolean kept) {
        List<WorkloadObservation> pages = observations.of(policy.key());
        Optional<Duration> statusDue = status(resource, policy, pages);
        Optional<Duration> pruneDue = prune(resource, policy, pages);
        if (!kept) {
            return statusDue;
        }
        UpdateCoordinator.Offer offer = updates.offer(policy);
        workloads.accept(offer.workloads());
        return Stream.of(statusDue, pruneDue, offer.again())
                .flatMap(Optional::stream)
                .min(Comparator.naturalOrder());
    }

    /** Deletes earlier revisions that are not in use. Returns when to continue if there are more to delete. */
    private Optional<Duration> prune(
            CustomResource<JsonNode, JsonNode> resource, KnownPolicy policy, List<WorkloadObservation> pages) {
        if (policy.deleting() || policy.compiled().isEmpty()) {
            return Optional.empty();
        }
        int limit = resource.getSpec().path("revisionHistoryLimit").asInt(HISTORY);
        Set<String> needed = RevisionsInUse.of(policy.compiled().get(), pages);
        return output.revisions().prune(policy, limit, needed) ? Optional.of(STATUS_INTERVAL) : Optional.empty();
    }

    /** Forgets a policy that is gone. */
    void forget(PolicyKey key) {
        expectations.forget(key);
        lastStatus.remove(key);
        output.revisions().forget(key);
        updates.forget(key);
    }

    /** Returns the stored status of the policy if it is about the policy's current generation. */
    static Optional<SidecarPolicyStatus> currentStatus(CustomResource<JsonNode, JsonNode> resource) {
        return Optional.ofNullable(StatusJson.read(resource.getStatus()))
                .filter(status -> Objects.equals(
                        status.observedGeneration(), resource.getMetadata().getGeneration()));
    }

    private boolean isGoneEverywhere(KnownPolicy policy) {
        PolicyKey key = policy.key();
        boolean terminating = namespaces
                .state(key.namespace())
                .map(Namespaces.KnownNamespace::terminating)
                .orElse(false);
        return terminating
                || policy.deletionPolicy() == DeletionPolicy.DEFERRED
                || (observations.knows(key)
                        && observations.of(key).stream().noneMatch(observation -> observation.retains(key)));
    }

    private <P extends CustomResource<JsonNode, JsonNode>> Optional<Duration> status(
            P resource, KnownPolicy policy, List<WorkloadObservation> pages) {
        SidecarPolicyStatus before = StatusJson.read(resource.getStatus());
        Optional<SidecarPolicyStatus> next =
                PolicyStatuses.next(before, policy.view(output.revisions().refusal(policy)), pages, clock);
        if (next.isEmpty()) {
            return Optional.empty();
        }
        Instant due = lastStatus.getOrDefault(policy.key(), Instant.EPOCH).plus(STATUS_INTERVAL);
        Duration wait = Duration.between(clock.instant(), due);
        if (!wait.isNegative() && !wait.isZero()) {
            return Optional.of(wait);
        }
        ObjectNode old = Json.object();
        if (resource.getStatus() != null) {
            old.set("status", resource.getStatus());
        }
        ObjectNode wanted = Json.object();
        wanted.set("status", StatusJson.write(next.get()));
        try {
            Optional<Duration> again = write(resource, Patch.diff(old, wanted), true);
            output.events().tell(resource, before, next.get());
            return again;
        } finally {
            // Count from the answer on: then two writes are a second apart for the API server too, even if the first
            // one took long.
            lastStatus.put(policy.key(), clock.instant());
        }
    }

    private <P extends CustomResource<JsonNode, JsonNode>> Optional<Duration> write(
            P resource, ArrayNode patch, boolean toStatus) {
        if (patch.isEmpty()) {
            return Optional.empty();
        }
        PolicyKey key = KnownPolicy.keyOf(resource.getMetadata());
        Writer.PatchResult<P> outcome = toStatus
                ? output.writer().patchStatus(resource, patch)
                : output.writer().patch(resource, patch);
        if (outcome instanceof Writer.PatchResult.Refused<P> rejected) {
            LOG.warn("the API server rejected a change of {} {}: {}", resource.getKind(), key, rejected.message());
            return Optional.empty();
        }
        expectations.outdate(key, resource.getMetadata().getResourceVersion());
        return Optional.empty();
    }

    private static ArrayNode finalizers(CustomResource<JsonNode, JsonNode> resource, boolean ours) {
        List<String> present = resource.getMetadata().getFinalizers();
        ObjectNode before = Json.object();
        if (!present.isEmpty()) {
            present.forEach(before.putObject("metadata").putArray("finalizers")::add);
        } else {
            before.putObject("metadata");
        }
        ObjectNode after = Json.object();
        ArrayNode wanted = after.putObject("metadata").putArray("finalizers");
        present.stream().filter(name -> !name.equals(KnownPolicy.FINALIZER)).forEach(wanted::add);
        if (ours) {
            wanted.add(KnownPolicy.FINALIZER);
        }
        return Patch.diff(before, after);
    }
}
