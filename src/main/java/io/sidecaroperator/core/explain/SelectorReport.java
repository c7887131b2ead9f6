package io.sidecaroperator.core.explain;

import io.sidecaroperator.core.injection.Engine;
import io.sidecaroperator.core.injection.Input;
import io.sidecaroperator.core.json.LabelSelector;
import io.sidecaroperator.core.json.NamePattern;
import io.sidecaroperator.core.json.PodTemplate;
import io.sidecaroperator.core.policy.CompiledPolicy;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * How a policy's selector matches one workload, term by term, so that a person who waits for a sidecar sees which label
 * is missing. The policy selects the workload when every term is met.
 *
 * @param parts in the order in which a person looks: where, which kind, which name, which labels
 */
public record SelectorReport(List<Term> parts) {
    private static final String NAMESPACE = "namespace";
    private static final String OF_NAMESPACE = "the namespace";
    private static final String OF_TEMPLATE = "the pod template";

    public SelectorReport {
        parts = List.copyOf(parts);
    }

    /**
     * One term of the selector.
     *
     * @param field the field of the policy, without {@code spec}
     * @param wanted what the policy wants, as in {@code logs=collected}
     * @param found what is there, as in {@code the pod template has no label logs}
     */
    public record Term(String field, String wanted, String found, boolean met) {
        /** The mismatch, for a person. */
        @Override
        public String toString() {
            return field + (field.equals(NAMESPACE) ? " is " : " wants ") + wanted + ", but " + found;
        }
    }

    /** Compares the policy's selector with the workload of this input. Labels are those of the user's own template. */
    public static SelectorReport of(CompiledPolicy policy, Input input) {
        List<Term> parts = new ArrayList<>();
        String namespace = input.ref().namespace();
        CompiledPolicy.Target target = policy.target();
        if (policy.key().namespace().isEmpty()) {
            if (input.namespace().isProtected()) {
                parts.add(new Term(
                        NAMESPACE, "none of the cluster's own", "the workload is in namespace " + namespace, false));
            }
            labels(
                    "namespaceSelector",
                    target.namespaceSelector(),
                    input.namespace().labels(),
                    OF_NAMESPACE,
                    parts);
        } else {
            String own = policy.key().namespace();
            parts.add(new Term(NAMESPACE, own, "the workload is in namespace " + namespace, own.equals(namespace)));
        }
        String kind = input.ref().kind();
        if (!target.kinds().isEmpty()) {
            String kinds = String.join(" or ", new TreeSet<>(target.kinds()));
            parts.add(new Term(
                    "workloads.kinds", kinds, "it is a " + kind, target.kinds().contains(kind)));
        }
        String name = input.ref().name();
        if (!target.names().isEmpty()) {
            parts.add(new Term(
                    "workloads.names",
                    target.names().stream().map(NamePattern::pattern).collect(Collectors.joining(" or ")),
                    name.isEmpty() ? "it has no name yet" : "it is called " + name,
                    target.names().stream().anyMatch(pattern -> pattern.matches(name))));
        }
        Map<String, String> labels =
                new PodTemplate(Engine.strip(input.template()).template()).labels();
        labels("selector", target.selector(), labels, OF_TEMPLATE, parts);
        return new SelectorReport(parts);
    }

    /** Whether the policy selects the workload. */
    public boolean isHit() {
        return parts.stream().allMatch(Term::met);
    }

    /** The terms that keep the policy away. */
    public List<Term> missed() {
        return parts.stream().filter(part -> !part.met()).toList();
    }

    private static void labels(
            String field, LabelSelector selector, Map<String, String> labels, String whose, List<Term> parts) {
        new TreeMap<>(selector.matchLabels())
                .forEach((key, value) -> parts.add(
                        new Term(field, key + "=" + value, found(key, labels, whose), value.equals(labels.get(key)))));
        selector.matchExpressions()
                .forEach(item -> parts.add(
                        new Term(field, wanted(item), found(item.key(), labels, whose), item.matches(labels))));
    }

    private static String wanted(LabelSelector.Requirement item) {
        String values = String.join(", ", item.values());
        return switch (item.operator()) {
            case "In" -> item.key() + " in (" + values + ")";
            case "NotIn" -> item.key() + " not in (" + values + ")";
            case "Exists" -> "a label " + item.key();
            case "DoesNotExist" -> "no label " + item.key();
            default -> item.key() + " " + item.operator();
        };
    }

    private static String found(String key, Map<String, String> labels, String whose) {
        return Optional.ofNullable(labels.get(key))
                .map(value -> whose + " has " + key + "=" + value)
                .orElse(whose + " has no label " + key);
    }
}
