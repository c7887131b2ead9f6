package io.sidecaroperator.core.policy.validation;

import static io.sidecaroperator.core.policy.validation.JsonPaths.text;

import java.util.List;
import java.util.stream.Stream;

/** Rules about one entry of {@code spec.sidecars}, in addition to those of every container. */
public final class SidecarRules {
    public static final Rule ONE_PLACEMENT = Rule.atMostOne("OnePlacement", List.of("position", "before", "after"));

    public static final Rule NO_RESTART_POLICY =
            Rule.absent("RestartPolicy", "restartPolicy", "must not be set: type says it (Native, Container, Init)");

    public static final Rule NO_RESTART_RULES = Rule.absent(
            "RestartPolicy", "restartPolicyRules", "must not be set: type says when the sidecar is restarted");

    /** What a container that ends before the app starts cannot have. One rule per field, so that each is named. */
    public static final List<Rule> INIT_HAS_NO = Stream.of(
                    "lifecycle", "livenessProbe", "readinessProbe", "startupProbe")
            .map(field -> new Rule(
                    "InitRunsOnce",
                    "!has(self.type) || self.type != 'Init' || !has(self." + field + ")",
                    "must not be set when type is Init: the container ends before the app starts",
                    field,
                    self -> !text(self, "type").orElse("").equals("Init") || !self.has(field)))
            .toList();

    static final List<Rule> ALL = Stream.concat(
                    Stream.of(ONE_PLACEMENT, NO_RESTART_POLICY, NO_RESTART_RULES), INIT_HAS_NO.stream())
            .toList();

    private SidecarRules() {}
}
