package io.sidecaroperator.core.policy.validation;

import static io.sidecaroperator.core.policy.validation.JsonPaths.keys;
import static io.sidecaroperator.core.policy.validation.JsonPaths.text;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;

/** Rules about labels, annotations and selectors of them. */
public final class LabelRules {
    /** The longest valid key: 253 for the prefix, 63 for the name, and the slash. */
    public static final int MAX_KEY = 317;

    private static final Pattern KEY_PATTERN = Pattern.compile(TextPattern.LABEL_KEY.regex());
    private static final Set<String> TAKEN = Set.of("pod-template-hash", "controller-revision-hash");

    public static final Rule KEYS = Rule.of(
            "Key",
            "self.all(k, k.size() <= " + MAX_KEY + " && k.matches('" + TextPattern.LABEL_KEY.regex() + "'))",
            "keys must be a name of at most 63 letters, digits, -, _ and . with a letter or digit at both ends,"
                    + " or such a name after a DNS name and a slash",
            self -> keys(self).allMatch(LabelRules::isKey));

    public static final Rule RESERVED_KEYS = Rule.of(
            "ReservedKey",
            "self.all(k, !k.startsWith('sidecar-operator.io/') && k != 'pod-template-hash'"
                    + " && k != 'controller-revision-hash')",
            "sidecar-operator.io/*, pod-template-hash and controller-revision-hash are not for policies to set",
            self -> keys(self).noneMatch(key -> key.startsWith("sidecar-operator.io/") || TAKEN.contains(key)));

    public static final Rule VALUES_NEEDED = new Rule(
            "SelectorValues",
            "!(self.operator in ['In', 'NotIn']) || (has(self.values) && self.values.size() > 0)",
            "must not be empty when operator is In or NotIn",
            "values",
            self -> !hasOperator(self, Set.of("In", "NotIn"))
                    || !self.path("values").isEmpty());

    public static final Rule VALUES_FORBIDDEN = new Rule(
            "SelectorValues",
            "!(self.operator in ['Exists', 'DoesNotExist']) || !has(self.values) || self.values.size() == 0",
            "must be empty when operator is Exists or DoesNotExist",
            "values",
            self -> !hasOperator(self, Set.of("Exists", "DoesNotExist"))
                    || self.path("values").isEmpty());

    static final List<Rule> ALL = List.of(KEYS, RESERVED_KEYS, VALUES_NEEDED, VALUES_FORBIDDEN);

    private LabelRules() {}

    private static boolean isKey(String key) {
        return key.length() <= MAX_KEY && KEY_PATTERN.matcher(key).matches();
    }

    private static boolean hasOperator(JsonNode requirement, Set<String> operators) {
        return text(requirement, "operator").filter(operators::contains).isPresent();
    }
}
