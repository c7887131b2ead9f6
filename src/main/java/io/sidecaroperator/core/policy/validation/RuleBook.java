package io.sidecaroperator.core.policy.validation;

import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/** All rules, found by their text in the CRD. */
public final class RuleBook {
    private static final Map<RuleKey, Rule> RULES = indexOf(Stream.of(
                    LabelRules.ALL,
                    ContainerRules.ALL,
                    SidecarRules.ALL,
                    VolumeRules.ALL,
                    SpecRules.ALL,
                    PodRules.ALL,
                    PaceRules.ALL)
            .flatMap(Collection::stream)
            .toList());

    private RuleBook() {}

    /** Every rule of every CRD. */
    public static Collection<Rule> all() {
        return RULES.values();
    }

    /** The rule with this expression and message, or empty when the CRD is not of this release. */
    static Optional<Rule> find(String cel, String message) {
        return Optional.ofNullable(RULES.get(new RuleKey(cel, message)));
    }

    private static Map<RuleKey, Rule> indexOf(List<Rule> rules) {
        Map<RuleKey, Rule> map = new LinkedHashMap<>();
        rules.forEach(rule -> map.put(new RuleKey(rule.cel(), rule.message()), rule));
        return Collections.unmodifiableMap(map);
    }

    private record RuleKey(String cel, String message) {}
}
