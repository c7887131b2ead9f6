package io.sidecaroperator.controller;

import com.fasterxml.jackson.databind.JsonNode;
import io.fabric8.kubernetes.api.model.ObjectMeta;
import io.fabric8.kubernetes.client.CustomResource;
import io.sidecaroperator.api.v1alpha1.PolicyFinalizer;
import io.sidecaroperator.engine.CompiledPolicy;
import io.sidecaroperator.engine.Departure;
import io.sidecaroperator.engine.Footprint;
import io.sidecaroperator.engine.PolicyBook;
import io.sidecaroperator.engine.PolicyKey;
import io.sidecaroperator.engine.PolicyState;
import io.sidecaroperator.rollout.Flight;
import io.sidecaroperator.rollout.Flights;
import io.sidecaroperator.rollout.RolloutRules;
import io.sidecaroperator.status.PolicyView;
import io.sidecaroperator.tree.Json;
import java.util.Collection;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/** The policies of the cluster as the watch shows them, in one immutable snapshot that every door reads. */
final class Policies {
    /** The finalizer by which a policy waits until what it added is gone. */
    static final String FINALIZER = PolicyFinalizer.NAME;

    /** The annotation on a policy that lets a revision go on whatever fails; its value is the revision. */
    static final String APPROVE = "sidecar-operator.io/approve";

    private final PolicyReader reader;
    private volatile Snapshot current = Snapshot.of(0, Map.of());
    private final Set<Scope> unread = EnumSet.allOf(Scope.class);
    private final CompletableFuture<Void> loaded = new CompletableFuture<>();
    private final Set<PolicyKey> settling = ConcurrentHashMap.newKeySet();

    Policies(PolicyReader reader) {
        this.reader = reader;
    }

    /** Where policies live. */
    enum Scope {
        NAMESPACES,
        CLUSTER
    }

    /**
     * One policy as it was last seen.
     *
     * @param rules how its workloads are changed
     * @param approved the revision that somebody has told to go on whatever fails
     * @param held whether our finalizer is on it: only then is a workload changed for it, since only then is it certain
     *     that what was added can be taken away again
     * @param kept its earlier revisions by their hashes, for whom it is for now
     */
    record Policy(
            PolicyKey key,
            String uid,
            long generation,
            boolean deleting,
            boolean held,
            Departure departure,
            RolloutRules rules,
            Optional<String> approved,
            Optional<CompiledPolicy> compiled,
            Map<String, CompiledPolicy> kept,
            List<String> problems) {

        /**
         * What status says about the policy itself.
         *
         * @param notKept why its revision cannot be kept for later, if so
         */
        PolicyView view(Optional<String> notKept) {
            return new PolicyView(
                    key,
                    generation,
                    compiled.map(CompiledPolicy::revision),
                    problems,
                    deleting,
                    compiled.map(CompiledPolicy::state).orElse(PolicyState.FRESH),
                    rules,
                    approved,
                    compiled.map(Footprint::of).orElse(Footprint.NONE),
                    notKept);
        }

        /** What matters of the policy to the rollouts of its workloads. */
        Flights.Terms terms() {
            Optional<String> revision = deleting ? Optional.empty() : compiled.map(CompiledPolicy::revision);
            return new Flights.Terms(revision, rules, revision.isPresent() && revision.equals(approved));
        }

        /** Whether it takes back what the flight gave, if that has failed: the revision that it injects now. */
        boolean mayTakeBack(Flight flight) {
            return !deleting
                    && rules.onFailure() == RolloutRules.OnFailure.ROLLBACK
                    && flight.change().to().equals(compiled.map(CompiledPolicy::revision));
        }

        /** Whether the revision that it injects now is known to have failed. */
        boolean hasFailed() {
            return !deleting && compiled.filter(CompiledPolicy::hasFailed).isPresent();
        }

        private Policy withProgress(Optional<String> proven, Optional<String> failed) {
            Map<String, CompiledPolicy> earlier = new HashMap<>(kept);
            earlier.replaceAll((revision, policy) -> policy.withProgress(proven, failed));
            return with(compiled.map(policy -> policy.withProgress(proven, failed)), earlier);
        }

        private Policy with(Optional<CompiledPolicy> newer, Map<String, CompiledPolicy> earlier) {
            return new Policy(
                    key,
                    uid,
                    generation,
                    deleting,
                    held,
                    departure,
                    rules,
                    approved,
                    newer,
                    Map.copyOf(earlier),
                    problems);
        }

        private boolean sameAs(Policy other) {
            return uid.equals(other.uid)
                    && generation == other.generation
                    && deleting == other.deleting
                    && approved.equals(other.approved)
                    && held == other.held;
        }
    }

    /**
     * All policies at one moment.
     *
     * @param all the book of every sound policy: what admission answers by
     * @param held the book of those whose finalizer is in place: what workloads are changed by
     */
    record Snapshot(long version, Map<PolicyKey, Policy> policies, PolicyBook all, PolicyBook held) {
        /** What of a policy matters to the rollouts of its workloads; empty when there is no such policy. */
        Optional<Flights.Terms> terms(PolicyKey key) {
            return Optional.ofNullable(policies.get(key)).map(Policy::terms);
        }

        private static Snapshot of(long version, Map<PolicyKey, Policy> policies) {
            PolicyBook.Leaving leaving =
                    new PolicyBook.Leaving(deleting(policies, Departure.REMOVE), deleting(policies, Departure.ORPHAN));
            return new Snapshot(
                    version,
                    Map.copyOf(policies),
                    book(policies.values(), false, leaving),
                    book(policies.values(), true, leaving));
        }

        private static Set<PolicyKey> deleting(Map<PolicyKey, Policy> policies, Departure departure) {
            return policies.values().stream()
                    .filter(policy -> policy.deleting() && policy.departure() == departure)
                    .map(Policy::key)
                    .collect(Collectors.toSet());
        }

        private static PolicyBook book(Collection<Policy> policies, boolean onlyHeld, PolicyBook.Leaving leaving) {
            List<Policy> listed = policies.stream()
                    .filter(policy -> !policy.deleting() && (policy.held() || !onlyHeld))
                    .toList();
            Map<PolicyKey, Map<String, CompiledPolicy>> kept = new HashMap<>();
            listed.stream()
                    .filter(policy -> !policy.kept().isEmpty())
                    .forEach(policy -> kept.put(policy.key(), policy.kept()));
            return PolicyBook.of(
                    listed.stream()
                            .flatMap(policy -> policy.compiled().stream())
                            .toList(),
                    leaving,
                    kept);
        }
    }

    /** The newest snapshot. */
    Snapshot current() {
        return current;
    }

    /** Done when every policy of the cluster has been read once. */
    CompletableFuture<Void> loaded() {
        return loaded;
    }

    /** Takes over all policies of a scope at once. */
    synchronized void load(
            Scope scope, Supplier<? extends Collection<? extends CustomResource<JsonNode, JsonNode>>> resources) {
        Map<PolicyKey, Policy> policies = new HashMap<>(current().policies());
        for (CustomResource<JsonNode, JsonNode> resource : resources.get()) {
            Policy policy = reader.read(resource);
            policies.put(policy.key(), policy);
        }
        replace(policies);
        unread.remove(scope);
        if (unread.isEmpty()) {
            loaded.complete(null);
        }
    }

    /** Takes over a policy and what follows from it, so that nobody counts its workloads in between. */
    void whileSettling(PolicyKey key, Runnable change) {
        settling.add(key);
        try {
            change.run();
        } finally {
            settling.remove(key);
        }
    }

    /** Whether the snapshot is about this very state of the policy, and the workloads that it concerns are known. */
    boolean isSettled(Policy policy, CustomResource<JsonNode, JsonNode> resource) {
        Long generation = resource.getMetadata().getGeneration();
        return policy.uid().equals(resource.getMetadata().getUid())
                && policy.generation() == (generation == null ? 0 : generation)
                && policy.held() == resource.hasFinalizer(FINALIZER)
                && policy.deleting() == resource.isMarkedForDeletion()
                && !settling.contains(policy.key());
    }

    /** Takes over one policy; whether anything of it matters to workloads that did not before. */
    synchronized boolean put(CustomResource<JsonNode, JsonNode> resource) {
        PolicyKey key = keyOf(resource.getMetadata());
        Policy before = current().policies().get(key);
        Policy shallow = PolicyReader.shallow(
                resource, before == null ? Optional.empty() : before.compiled(), Map.of(), List.of());
        if (before != null && before.sameAs(shallow)) {
            return progress(before, resource);
        }
        Map<PolicyKey, Policy> policies = new HashMap<>(current().policies());
        policies.put(key, reader.read(resource));
        replace(policies);
        return true;
    }

    /** Takes over how far the policy has come; only a revision that fails, or is good again, means a change. */
    private boolean progress(Policy policy, CustomResource<JsonNode, JsonNode> resource) {
        JsonNode status = resource.getStatus() == null ? Json.object() : resource.getStatus();
        Optional<String> proven = Optional.ofNullable(Json.textAt(status, "provenRevision"));
        Optional<String> failed = Optional.ofNullable(Json.textAt(status, "failedRevision"));
        PolicyState state = policy.compiled().map(CompiledPolicy::state).orElse(PolicyState.FRESH);
        if (policy.compiled().isEmpty() || state.equals(state.withProgress(proven, failed))) {
            return false;
        }
        Map<PolicyKey, Policy> policies = new HashMap<>(current().policies());
        policies.put(policy.key(), policy.withProgress(proven, failed));
        replace(policies);
        return !state.failed().equals(failed);
    }

    /** Reads a policy's earlier revisions again; {@code latest} is how the watch shows the policy now. */
    synchronized void reread(PolicyKey key, Supplier<Optional<CustomResource<JsonNode, JsonNode>>> latest) {
        Policy before = current().policies().get(key);
        if (before == null || before.compiled().isEmpty()) {
            return;
        }
        // How far the policy has come is told by its own event.
        PolicyState state = before.compiled().get().state();
        latest.get()
                .map(reader::read)
                .filter(after -> after.sameAs(before)
                        && !after.kept().keySet().equals(before.kept().keySet()))
                .map(after -> before.with(before.compiled(), after.kept()).withProgress(state.proven(), state.failed()))
                .ifPresent(after -> {
                    Map<PolicyKey, Policy> policies = new HashMap<>(current().policies());
                    policies.put(key, after);
                    replace(policies);
                });
    }

    /** Forgets a policy that is gone; whether it was known. */
    synchronized boolean remove(PolicyKey key) {
        Map<PolicyKey, Policy> policies = new HashMap<>(current().policies());
        if (policies.remove(key) == null) {
            return false;
        }
        replace(policies);
        return true;
    }

    static PolicyKey keyOf(ObjectMeta metadata) {
        return new PolicyKey(metadata.getNamespace() == null ? "" : metadata.getNamespace(), metadata.getName());
    }

    private void replace(Map<PolicyKey, Policy> policies) {
        current = Snapshot.of(current.version() + 1, policies);
    }
}
