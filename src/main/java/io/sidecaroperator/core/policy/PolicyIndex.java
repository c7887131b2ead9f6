package io.sidecaroperator.core.policy;

import io.sidecaroperator.core.json.LabelSelector;
import io.sidecaroperator.core.model.PolicyKey;
import io.sidecaroperator.core.policy.CompiledPolicy.Target;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * The policies of a cluster: an immutable snapshot in the order of injection. It is indexed by namespace and by one
 * label that a policy requires of a pod or of its namespace. So a template is compared only with its candidates,
 * however many policies exist.
 */
public final class PolicyIndex {
    /** Cluster policies first, then namespaced ones. Inside a scope, higher priority first, then by name. */
    private static final Comparator<CompiledPolicy> ORDER = Comparator.comparing(
                    (CompiledPolicy policy) -> !policy.key().namespace().isEmpty())
            .thenComparing(CompiledPolicy::priority, Comparator.reverseOrder())
            .thenComparing(CompiledPolicy::key);

    /** An index without policies. */
    public static final PolicyIndex EMPTY = of(List.of());

    private final List<CompiledPolicy> policies;
    private final Map<PolicyKey, CompiledPolicy> byKey = new HashMap<>();
    private final Map<String, Section> byNamespace = new HashMap<>();
    private final Terminating terminating;
    private final Map<PolicyKey, Map<String, CompiledPolicy>> kept;

    /**
     * Policies that are being deleted.
     *
     * @param removed what they added is removed everywhere
     * @param orphaned what they added becomes the user's
     */
    public record Terminating(Set<PolicyKey> removed, Set<PolicyKey> orphaned) {
        /** Without terminating policies. */
        public static final Terminating NONE = new Terminating(Set.of(), Set.of());

        public Terminating {
            removed = Set.copyOf(removed);
            orphaned = Set.copyOf(orphaned);
        }
    }

    private PolicyIndex(
            List<CompiledPolicy> policies, Terminating terminating, Map<PolicyKey, Map<String, CompiledPolicy>> kept) {
        this.policies = policies;
        this.terminating = terminating;
        this.kept = kept;
        Map<String, List<Positioned>> entries = new HashMap<>();
        for (int i = 0; i < policies.size(); i++) {
            CompiledPolicy policy = policies.get(i);
            byKey.put(policy.key(), policy);
            entries.computeIfAbsent(policy.key().namespace(), namespace -> new ArrayList<>())
                    .add(new Positioned(i, policy));
        }
        entries.forEach((namespace, of) -> byNamespace.put(namespace, new Section(of)));
    }

    /** An index of these policies. */
    public static PolicyIndex of(Collection<CompiledPolicy> policies) {
        return of(policies, Terminating.NONE);
    }

    /** An index of these policies, and of others that are being deleted. */
    public static PolicyIndex of(Collection<CompiledPolicy> policies, Terminating terminating) {
        return of(policies, terminating, Map.of());
    }

    /** The same with earlier revisions of the policies, by their hashes. */
    public static PolicyIndex of(
            Collection<CompiledPolicy> policies,
            Terminating terminating,
            Map<PolicyKey, Map<String, CompiledPolicy>> kept) {
        return new PolicyIndex(policies.stream().sorted(ORDER).toList(), terminating, Map.copyOf(kept));
    }

    /** The same index with earlier revisions of its policies, by their hashes. */
    public PolicyIndex withKept(Map<PolicyKey, Map<String, CompiledPolicy>> revisions) {
        return new PolicyIndex(policies, terminating, Map.copyOf(revisions));
    }

    /** The policies that can reach a template with these labels in this namespace, in the order of injection. */
    public List<CompiledPolicy> candidates(
            String namespace, Map<String, String> namespaceLabels, Map<String, String> templateLabels) {
        List<Positioned> found = new ArrayList<>();
        collect("", namespaceLabels, templateLabels, found);
        if (!namespace.isEmpty()) {
            collect(namespace, namespaceLabels, templateLabels, found);
        }
        found.sort(Comparator.comparingInt(Positioned::position));
        return found.stream().map(Positioned::policy).toList();
    }

    /** The policy of this name, if it is in the index and not being deleted. */
    public Optional<CompiledPolicy> find(PolicyKey key) {
        return Optional.ofNullable(byKey.get(key));
    }

    /** A revision of a policy: its present one, or one that was kept. */
    public Optional<CompiledPolicy> find(PolicyKey key, String revision) {
        return find(key)
                .filter(policy -> policy.revision().equals(revision))
                .or(() -> Optional.ofNullable(kept.getOrDefault(key, Map.of()).get(revision)));
    }

    /** All known revisions of a policy, the present one first. */
    public List<CompiledPolicy> revisions(PolicyKey key) {
        List<CompiledPolicy> all = new ArrayList<>();
        find(key).ifPresent(all::add);
        all.addAll(kept.getOrDefault(key, Map.of()).values());
        return all;
    }

    /** Whether the policy of this name is being deleted and its parts are to be removed. */
    public boolean isDeleting(PolicyKey key) {
        return terminating.removed().contains(key);
    }

    /** Policies that are being deleted and leave what they added to the user. */
    public Set<PolicyKey> orphaned() {
        return terminating.orphaned();
    }

    /** All policies, in the order of injection. */
    public List<CompiledPolicy> policies() {
        return policies;
    }

    private void collect(
            String section, Map<String, String> namespaceLabels, Map<String, String> labels, List<Positioned> found) {
        Section policiesOf = byNamespace.get(section);
        if (policiesOf != null) {
            policiesOf.collect(namespaceLabels, labels, found);
        }
    }

    private record Positioned(int position, CompiledPolicy policy) {}

    /** A label of a pod template, or of a namespace. */
    private record Label(boolean ofNamespace, String key, String value) {}

    /**
     * The policies of one namespace, or all cluster policies. Each is listed under the label that it requires and that
     * the fewest others require. Policies that require no label are in the rest.
     */
    private static final class Section {
        private final Map<Label, List<Positioned>> byLabel = new HashMap<>();
        private final List<Positioned> others = new ArrayList<>();

        Section(List<Positioned> entries) {
            Map<Label, Integer> uses = new HashMap<>();
            entries.forEach(entry -> requirements(entry.policy().target())
                    .flatMap(List::stream)
                    .forEach(label -> uses.merge(label, 1, Integer::sum)));
            for (Positioned entry : entries) {
                requirements(entry.policy().target())
                        .min(Comparator.comparingInt(
                                labels -> labels.stream().mapToInt(uses::get).sum()))
                        .ifPresentOrElse(
                                labels -> labels.forEach(
                                        label -> byLabel.computeIfAbsent(label, absent -> new ArrayList<>())
                                                .add(entry)),
                                () -> others.add(entry));
            }
        }

        void collect(Map<String, String> namespaceLabels, Map<String, String> labels, List<Positioned> found) {
            found.addAll(others);
            if (!byLabel.isEmpty()) {
                collect(true, namespaceLabels, found);
                collect(false, labels, found);
            }
        }

        private void collect(boolean ofNamespace, Map<String, String> labels, List<Positioned> found) {
            labels.forEach(
                    (key, value) -> found.addAll(byLabel.getOrDefault(new Label(ofNamespace, key, value), List.of())));
        }

        /** Sets of labels. The policy selects a pod only if the pod or its namespace has one label of each set. */
        private static Stream<List<Label>> requirements(Target target) {
            return Stream.concat(
                    requirements(false, target.selector()), requirements(true, target.namespaceSelector()));
        }

        private static Stream<List<Label>> requirements(boolean ofNamespace, LabelSelector selector) {
            return Stream.concat(
                    selector.matchLabels().entrySet().stream()
                            .map(label -> List.of(new Label(ofNamespace, label.getKey(), label.getValue()))),
                    selector.matchExpressions().stream()
                            .filter(item -> item.operator().equals("In"))
                            .map(item -> item.values().stream()
                                    .distinct()
                                    .map(value -> new Label(ofNamespace, item.key(), value))
                                    .toList()));
        }
    }
}
