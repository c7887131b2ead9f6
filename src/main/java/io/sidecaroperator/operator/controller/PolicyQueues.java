package io.sidecaroperator.operator.controller;

import com.fasterxml.jackson.databind.JsonNode;
import io.fabric8.kubernetes.client.CustomResource;
import io.sidecaroperator.core.model.PolicyKey;
import io.sidecaroperator.operator.watch.Policies;
import java.util.Collection;
import java.util.List;
import java.util.Optional;

/**
 * The queues of both kinds of policies: those of namespaces and those of the cluster. Callers need not distinguish
 * them.
 */
final class PolicyQueues {
    private final List<PolicyReconciler<?>> reconcilers;

    PolicyQueues(List<PolicyReconciler<?>> reconcilers) {
        this.reconcilers = List.copyOf(reconcilers);
    }

    /** Enqueues these policies. */
    void requeue(Collection<PolicyKey> policies) {
        policies.forEach(key -> of(key).queue().requeue(key.namespace(), key.name()));
    }

    /** Returns the policy as the watch shows it now. */
    Optional<CustomResource<JsonNode, JsonNode>> latest(PolicyKey key) {
        return of(key).queue().latest(key).map(policy -> policy);
    }

    private PolicyReconciler<?> of(PolicyKey key) {
        Policies.Scope scope = key.namespace().isEmpty() ? Policies.Scope.CLUSTER : Policies.Scope.NAMESPACES;
        return reconcilers.stream()
                .filter(reconciler -> reconciler.scope() == scope)
                .findFirst()
                .orElseThrow();
    }
}
