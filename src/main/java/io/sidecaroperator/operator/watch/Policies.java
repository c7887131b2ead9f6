package io.sidecaroperator.operator.watch;

import com.fasterxml.jackson.databind.JsonNode;
import io.fabric8.kubernetes.client.CustomResource;
import io.sidecaroperator.core.json.Json;
import io.sidecaroperator.core.model.PolicyKey;
import io.sidecaroperator.core.policy.CompiledPolicy;
import io.sidecaroperator.core.policy.DeletionPolicy;
import io.sidecaroperator.core.policy.PolicyIndex;
import io.sidecaroperator.core.policy.PolicyState;
import io.sidecaroperator.core.rollout.RolloutHealth;
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

/** The policies of the cluster as the watch shows them, in one immutable snapshot that every adapter reads. */
public final class Policies {
    private final PolicyReader reader;
    private volatile Snapshot current = Snapshot.of(0, Map.of());
    private final Set<Scope> unread = EnumSet.allOf(Scope.class);
    private final CompletableFuture<Void> loaded = new CompletableFuture<>();
    private final Set<PolicyKey> changing = ConcurrentHashMap.newKeySet();

    public Policies(PolicyReader reader) {
        this.reader = reader;
    }

    /** Where policies live. */
    public enum Scope {
        NAMESPACES,
        CLUSTER
    }

    /**
     * All policies at one moment.
     *
     * @param all the index of every valid policy, which admission uses
     * @param finalized the index of the policies that have the finalizer, for which workloads are changed
     */
    public record Snapshot(long version, Map<PolicyKey, KnownPolicy> policies, PolicyIndex all, PolicyIndex finalized) {
        /**
         * Returns what the rollouts of its workloads need to know about a policy; empty when there is no such policy.
         */
        public Optional<RolloutHealth.Terms> terms(PolicyKey key) {
            return Optional.ofNullable(policies.get(key)).map(KnownPolicy::terms);
        }

        private static Snapshot of(long version, Map<PolicyKey, KnownPolicy> policies) {
            PolicyIndex.Terminating terminating = new PolicyIndex.Terminating(
                    deleting(policies, DeletionPolicy.DELETE), deleting(policies, DeletionPolicy.ORPHAN));
            return new Snapshot(
                    version,
                    Map.copyOf(policies),
                    index(policies.values(), false, terminating),
                    index(policies.values(), true, terminating));
        }

        private static Set<PolicyKey> deleting(Map<PolicyKey, KnownPolicy> policies, DeletionPolicy deletionPolicy) {
            return policies.values().stream()
                    .filter(policy -> policy.deleting() && policy.deletionPolicy() == deletionPolicy)
                    .map(KnownPolicy::key)
                    .collect(Collectors.toSet());
        }

        private static PolicyIndex index(
                Collection<KnownPolicy> policies, boolean onlyFinalized, PolicyIndex.Terminating terminating) {
            List<KnownPolicy> listed = policies.stream()
                    .filter(policy -> !policy.deleting() && (policy.finalized() || !onlyFinalized))
                    .toList();
            Map<PolicyKey, Map<String, CompiledPolicy>> kept = new HashMap<>();
            listed.stream()
                    .filter(policy -> !policy.kept().isEmpty())
                    .forEach(policy -> kept.put(policy.key(), policy.kept()));
            return PolicyIndex.of(
                    listed.stream()
                            .flatMap(policy -> policy.compiled().stream())
                            .toList(),
                    terminating,
                    kept);
        }
    }

    /** Returns the newest snapshot. */
    public Snapshot current() {
        return current;
    }

    /** Completes when every policy of the cluster has been read once. */
    public CompletableFuture<Void> loaded() {
        return loaded;
    }

    /** Stores all policies of a scope at once. */
    public synchronized void load(
            Scope scope, Supplier<? extends Collection<? extends CustomResource<JsonNode, JsonNode>>> resources) {
        Map<PolicyKey, KnownPolicy> policies = new HashMap<>(current().policies());
        for (CustomResource<JsonNode, JsonNode> resource : resources.get()) {
            KnownPolicy policy = reader.read(resource);
            policies.put(policy.key(), policy);
        }
        replace(policies);
        unread.remove(scope);
        if (unread.isEmpty()) {
            loaded.complete(null);
        }
    }

    /**
     * Runs a change of a policy with what follows from it. Meanwhile {@link #isSettled} is false, so that the policy's
     * workloads are not counted in between.
     */
    public void whileChanging(PolicyKey key, Runnable change) {
        changing.add(key);
        try {
            change.run();
        } finally {
            changing.remove(key);
        }
    }

    /** Whether the snapshot has this version of the policy, and the workloads that it concerns are known. */
    public boolean isSettled(KnownPolicy policy, CustomResource<JsonNode, JsonNode> resource) {
        Long generation = resource.getMetadata().getGeneration();
        return policy.uid().equals(resource.getMetadata().getUid())
                && policy.generation() == (generation == null ? 0 : generation)
                && policy.finalized() == resource.hasFinalizer(KnownPolicy.FINALIZER)
                && policy.deleting() == resource.isMarkedForDeletion()
                && !changing.contains(policy.key());
    }

    /** Stores one policy. Returns whether the change may matter to workloads. */
    public synchronized boolean put(CustomResource<JsonNode, JsonNode> resource) {
        PolicyKey key = KnownPolicy.keyOf(resource.getMetadata());
        KnownPolicy before = current().policies().get(key);
        KnownPolicy shallow = PolicyReader.shallow(
                resource, before == null ? Optional.empty() : before.compiled(), Map.of(), List.of());
        if (before != null && before.sameAs(shallow)) {
            return progress(before, resource);
        }
        Map<PolicyKey, KnownPolicy> policies = new HashMap<>(current().policies());
        policies.put(key, reader.read(resource));
        replace(policies);
        return true;
    }

    /**
     * Stores how far the policy has come. Returns whether its failed revision changed, because only that matters to
     * workloads.
     */
    private boolean progress(KnownPolicy policy, CustomResource<JsonNode, JsonNode> resource) {
        JsonNode status = resource.getStatus() == null ? Json.object() : resource.getStatus();
        Optional<String> proven = Optional.ofNullable(Json.textAt(status, "provenRevision"));
        Optional<String> failed = Optional.ofNullable(Json.textAt(status, "failedRevision"));
        PolicyState state = policy.compiled().map(CompiledPolicy::state).orElse(PolicyState.FRESH);
        if (policy.compiled().isEmpty() || state.equals(state.withProgress(proven, failed))) {
            return false;
        }
        Map<PolicyKey, KnownPolicy> policies = new HashMap<>(current().policies());
        policies.put(policy.key(), policy.withProgress(proven, failed));
        replace(policies);
        return !state.failed().equals(failed);
    }

    /** Reads a policy's earlier revisions again. {@code latest} returns the policy as the watch shows it now. */
    public synchronized void reread(PolicyKey key, Supplier<Optional<CustomResource<JsonNode, JsonNode>>> latest) {
        KnownPolicy before = current().policies().get(key);
        if (before == null || before.compiled().isEmpty()) {
            return;
        }
        // The policy's own event updates its progress, so it is kept here.
        PolicyState state = before.compiled().get().state();
        latest.get()
                .map(reader::read)
                .filter(after -> after.sameAs(before)
                        && !after.kept().keySet().equals(before.kept().keySet()))
                .map(after -> before.with(before.compiled(), after.kept()).withProgress(state.proven(), state.failed()))
                .ifPresent(after -> {
                    Map<PolicyKey, KnownPolicy> policies =
                            new HashMap<>(current().policies());
                    policies.put(key, after);
                    replace(policies);
                });
    }

    /** Forgets a policy that is gone. Returns whether it was known. */
    public synchronized boolean remove(PolicyKey key) {
        Map<PolicyKey, KnownPolicy> policies = new HashMap<>(current().policies());
        if (policies.remove(key) == null) {
            return false;
        }
        replace(policies);
        return true;
    }

    private void replace(Map<PolicyKey, KnownPolicy> policies) {
        current = Snapshot.of(current.version() + 1, policies);
    }
}
