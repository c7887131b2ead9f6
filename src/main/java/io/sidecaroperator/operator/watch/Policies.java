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

/** The policies of the cluster as the watch shows them, in one immutable snapshot that every door reads. */
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
     * @param all the book of every sound policy: what admission answers by
     * @param finalized the book of those whose finalizer is in place: what workloads are changed by
     */
    public record Snapshot(long version, Map<PolicyKey, KnownPolicy> policies, PolicyIndex all, PolicyIndex finalized) {
        /** What of a policy matters to the rollouts of its workloads; empty when there is no such policy. */
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

    /** The newest snapshot. */
    public Snapshot current() {
        return current;
    }

    /** Done when every policy of the cluster has been read once. */
    public CompletableFuture<Void> loaded() {
        return loaded;
    }

    /** Takes over all policies of a scope at once. */
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

    /** Takes over a policy and what follows from it, so that nobody counts its workloads in between. */
    public void whileChanging(PolicyKey key, Runnable change) {
        changing.add(key);
        try {
            change.run();
        } finally {
            changing.remove(key);
        }
    }

    /** Whether the snapshot is about this very state of the policy, and the workloads that it concerns are known. */
    public boolean isSettled(KnownPolicy policy, CustomResource<JsonNode, JsonNode> resource) {
        Long generation = resource.getMetadata().getGeneration();
        return policy.uid().equals(resource.getMetadata().getUid())
                && policy.generation() == (generation == null ? 0 : generation)
                && policy.finalized() == resource.hasFinalizer(KnownPolicy.FINALIZER)
                && policy.deleting() == resource.isMarkedForDeletion()
                && !changing.contains(policy.key());
    }

    /** Takes over one policy; whether anything of it matters to workloads that did not before. */
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

    /** Takes over how far the policy has come; only a revision that fails, or is good again, means a change. */
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

    /** Reads a policy's earlier revisions again; {@code latest} is how the watch shows the policy now. */
    public synchronized void reread(PolicyKey key, Supplier<Optional<CustomResource<JsonNode, JsonNode>>> latest) {
        KnownPolicy before = current().policies().get(key);
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
                    Map<PolicyKey, KnownPolicy> policies =
                            new HashMap<>(current().policies());
                    policies.put(key, after);
                    replace(policies);
                });
    }

    /** Forgets a policy that is gone; whether it was known. */
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
