package io.sidecaroperator.core.policy.validation;

import static io.sidecaroperator.core.policy.validation.JsonPaths.distinct;
import static io.sidecaroperator.core.policy.validation.JsonPaths.ifText;
import static io.sidecaroperator.core.policy.validation.JsonPaths.items;
import static io.sidecaroperator.core.policy.validation.JsonPaths.keys;
import static io.sidecaroperator.core.policy.validation.JsonPaths.text;
import static io.sidecaroperator.core.policy.validation.JsonPaths.texts;

import com.fasterxml.jackson.databind.JsonNode;
import io.sidecaroperator.core.json.Quantity;
import java.math.BigDecimal;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Rules about the parts of a container: those of core/v1 that its schema does not express. */
public final class ContainerRules {
    private static final Set<String> STANDARD_RESOURCES = Set.of("cpu", "memory", "ephemeral-storage");

    public static final Rule NO_PARENT_STEPS = Rule.of(
            "ParentStep",
            "!('/' + self + '/').contains('/../')",
            "must not contain ..",
            ifText(path -> !("/" + path + "/").contains("/../")));

    public static final Rule ONE_SUB_PATH = Rule.atMostOne("OneSubPath", List.of("subPath", "subPathExpr"));

    public static final Rule ONE_ENV_VALUE = Rule.of(
            "OneEnvValue",
            "!has(self.valueFrom) || !has(self.value) || self.value == ''",
            "value and valueFrom must not both be set",
            self -> !self.has("valueFrom") || text(self, "value").orElse("").isEmpty());

    public static final Rule ENV_VALUE_FROM = Rule.exactlyOne(
            "EnvValueFrom", List.of("configMapKeyRef", "fieldRef", "fileKeyRef", "resourceFieldRef", "secretKeyRef"));

    public static final Rule ENV_FROM = Rule.exactlyOne("EnvFrom", List.of("configMapRef", "secretRef"));

    public static final Rule UNIQUE_PORTS = Rule.of(
            "UniquePorts",
            "self.all(p, self.exists_one(q, q.containerPort == p.containerPort"
                    + " && (has(q.protocol) ? q.protocol : 'TCP') == (has(p.protocol) ? p.protocol : 'TCP')))",
            "containerPort and protocol must not come twice",
            self -> distinct(items(self)
                    .map(ContainerRules::port)
                    .flatMap(Optional::stream)
                    .toList()));

    public static final Rule UNIQUE_PORT_NAMES = Rule.of(
            "UniquePortNames",
            "self.all(p, !has(p.name) || self.exists_one(q, has(q.name) && q.name == p.name))",
            "name must not come twice",
            self -> distinct(texts(items(self), "name")));

    public static final Rule PROBE_HANDLER =
            Rule.exactlyOne("ProbeHandler", List.of("exec", "grpc", "httpGet", "tcpSocket"));

    public static final Rule HOOK_HANDLER =
            Rule.exactlyOne("HookHandler", List.of("exec", "httpGet", "sleep", "tcpSocket"));

    public static final Rule SUCCESS_THRESHOLD = new Rule(
            "SuccessThreshold",
            "!has(self.successThreshold) || self.successThreshold <= 1",
            "must be 1 in a liveness or startup probe",
            "successThreshold",
            self -> Scalars.decimal(self.path("successThreshold"))
                    .filter(value -> value.compareTo(BigDecimal.ONE) > 0)
                    .isEmpty());

    public static final Rule READINESS_GRACE_PERIOD = Rule.absent(
            "ReadinessGracePeriod", "terminationGracePeriodSeconds", "must not be set in a readiness probe");

    public static final Rule RESOURCE_NAMES = Rule.of(
            "ResourceName",
            "self.all(k, k in ['cpu', 'memory', 'ephemeral-storage'] || k.startsWith('hugepages-')"
                    + " || k.contains('/'))",
            "names must be cpu, memory, ephemeral-storage, hugepages-SIZE or DOMAIN/NAME",
            self -> keys(self)
                    .allMatch(key ->
                            STANDARD_RESOURCES.contains(key) || key.startsWith("hugepages-") || key.contains("/")));

    /**
     * Is not in the CRDs: before Kubernetes 1.34 the API server takes the text of a quantity for one of any length, and
     * refuses a CRD that compares two of them. The chart's ValidatingAdmissionPolicy has the expression.
     */
    public static final Rule REQUESTS_WITHIN_LIMITS = new Rule(
            "RequestsWithinLimits",
            "!has(self.requests) || !has(self.limits) || self.requests.all(k, !(k in self.limits)"
                    + " || !isQuantity(string(self.requests[k])) || !isQuantity(string(self.limits[k]))"
                    + " || quantity(string(self.requests[k])).compareTo(quantity(string(self.limits[k]))) <= 0)",
            "a request must not be greater than its limit",
            "requests",
            self -> keys(self.path("requests"))
                    .allMatch(name -> notGreater(
                            self.path("requests").path(name),
                            self.path("limits").path(name))));

    public static final Rule PRIVILEGE_ESCALATION = new Rule(
            "PrivilegeEscalation",
            "!(has(self.privileged) && self.privileged && has(self.allowPrivilegeEscalation)"
                    + " && !self.allowPrivilegeEscalation)",
            "must not be false when privileged is true",
            "allowPrivilegeEscalation",
            self -> !is(true, self.path("privileged")) || !is(false, self.path("allowPrivilegeEscalation")));

    static final List<Rule> ALL = List.of(
            NO_PARENT_STEPS,
            ONE_SUB_PATH,
            ONE_ENV_VALUE,
            ENV_VALUE_FROM,
            ENV_FROM,
            UNIQUE_PORTS,
            UNIQUE_PORT_NAMES,
            PROBE_HANDLER,
            HOOK_HANDLER,
            SUCCESS_THRESHOLD,
            READINESS_GRACE_PERIOD,
            RESOURCE_NAMES,
            REQUESTS_WITHIN_LIMITS,
            PRIVILEGE_ESCALATION);

    private ContainerRules() {}

    /** Number and protocol of an entry of {@code ports}, when it has a number. */
    static Optional<String> port(JsonNode entry) {
        return Scalars.decimal(entry.path("containerPort"))
                .map(number -> number.stripTrailingZeros() + "/"
                        + text(entry, "protocol").orElse("TCP"));
    }

    /** Whether requests and limits are equal for all resources that Kubernetes never overcommits. */
    public static boolean wholeWhereItMustBe(JsonNode resources) {
        return keys(resources.path("requests"))
                .filter(name -> !STANDARD_RESOURCES.contains(name))
                .allMatch(name -> Quantity.value(resources.path("requests").path(name))
                        .flatMap(request -> Quantity.value(
                                        resources.path("limits").path(name))
                                .filter(limit -> limit.compareTo(request) == 0))
                        .isPresent());
    }

    private static boolean notGreater(JsonNode request, JsonNode limit) {
        Optional<BigDecimal> low = Quantity.value(request);
        Optional<BigDecimal> high = Quantity.value(limit);
        return low.isEmpty() || high.isEmpty() || low.get().compareTo(high.get()) <= 0;
    }

    private static boolean is(boolean value, JsonNode node) {
        return node.isBoolean() && node.booleanValue() == value;
    }
}
