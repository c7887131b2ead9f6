package io.sidecaroperator.engine;

import io.sidecaroperator.engine.CompiledPolicy.Target;
import io.sidecaroperator.tree.LabelSelector;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The policies of a cluster: an immutable snapshot in the order of injection, indexed by namespace and by one label that
 * a policy requires, so that a template meets only its candidates however many policies there are.
 */
public final class PolicyBook {
    /** Cluster policies first, then namespaced ones; inside a scope higher priority first, then by name. */
    private static final Comparator<CompiledPolicy> ORDER = Comparator.comparing(
                    (CompiledPolicy policy) -> !policy.key().namespace().isEmpty())
            .thenComparing(CompiledPolicy::priority, Comparator.reverseOrder())
            .thenComparing(CompiledPolicy::key);

    /** No policies at all. */
    public static final PolicyBook EMPTY = of(List.of());

    private final List<CompiledPolicy> policies;
    private final Map<PolicyKey, CompiledPolicy> byKey = new HashMap<>();
    private final Map<String, Section> byNamespace = new HashMap<>();
    private final Set<PolicyKey> deleting;

    private PolicyBook(List<CompiledPolicy> policies, Set<PolicyKey> deleting) {
        this.policies = policies;
        this.deleting = deleting;
        for (int i = 0; i < policies.size(); i++) {
            CompiledPolicy policy = policies.get(i);
            byKey.put(policy.key(), policy);
            byNamespace
                    .computeIfAbsent(policy.key().namespace(), namespace -> new Section())
                    .add(new Entry(i, policy));
        }
    }

    /** A book of these policies. */
    public static PolicyBook of(Collection<CompiledPolicy> policies) {
        return of(policies, Set.of());
    }

    /** A book of these policies, and of others that are being deleted: what those added is taken away everywhere. */
    public static PolicyBook of(Collection<CompiledPolicy> policies, Set<PolicyKey> deleting) {
        return new PolicyBook(policies.stream().sorted(ORDER).toList(), Set.copyOf(deleting));
    }

    /** The policies that can reach a template with these labels in this namespace, in the order of injection. */
    public List<CompiledPolicy> candidates(String namespace, Map<String, String> templateLabels) {
        List<Entry> found = new ArrayList<>();
        collect("", templateLabels, found);
        if (!namespace.isEmpty()) {
            collect(namespace, templateLabels, found);
        }
        found.sort(Comparator.comparingInt(Entry::position));
        return found.stream().map(Entry::policy).toList();
    }

    /** The policy of this name, if it is in the book and not being deleted. */
    public Optional<CompiledPolicy> find(PolicyKey key) {
        return Optional.ofNullable(byKey.get(key));
    }

    /** Whether the policy of this name is known to be on its way out. */
    public boolean isDeleting(PolicyKey key) {
        return deleting.contains(key);
    }

    /** All policies, in the order of injection. */
    public List<CompiledPolicy> policies() {
        return policies;
    }

    private void collect(String namespace, Map<String, String> labels, List<Entry> found) {
        Section section = byNamespace.get(namespace);
        if (section != null) {
            section.collect(labels, found);
        }
    }

    private record Entry(int position, CompiledPolicy policy) {}

    private record Label(String key, String value) {}

    /** The policies of one namespace: those that require a label, under it, and the rest. */
    private static final class Section {
        private final Map<Label, List<Entry>> byLabel = new HashMap<>();
        private final List<Entry> others = new ArrayList<>();

        void add(Entry entry) {
            requiredLabel(entry.policy().target())
                    .map(label -> byLabel.computeIfAbsent(label, absent -> new ArrayList<>()))
                    .orElse(others)
                    .add(entry);
        }

        void collect(Map<String, String> labels, List<Entry> found) {
            found.addAll(others);
            if (!byLabel.isEmpty()) {
                labels.forEach((key, value) -> found.addAll(byLabel.getOrDefault(new Label(key, value), List.of())));
            }
        }

        private static Optional<Label> requiredLabel(Target target) {
            LabelSelector selector = target.selector();
            return selector.matchLabels().entrySet().stream()
                    .map(label -> new Label(label.getKey(), label.getValue()))
                    .findFirst()
                    .or(() -> selector.matchExpressions().stream()
                            .filter(item -> item.operator().equals("In")
                                    && item.values().size() == 1)
                            .map(item -> new Label(item.key(), item.values().get(0)))
                            .findFirst());
        }
    }
}
