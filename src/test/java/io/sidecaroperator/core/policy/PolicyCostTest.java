package io.sidecaroperator.core.policy;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.sidecaroperator.core.json.Json;
import io.sidecaroperator.core.podsecurity.PodSecurityLevel;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PolicyCostTest {
    @ParameterizedTest(name = "{0}")
    @CsvSource(
            delimiter = '|',
            value = {
                "nothing said: the defaults        | {name: a}                                                                 | cpu=100m memory=128Mi",
                "two beside the app add up         | {name: a}, {name: b, type: Container}                                     | cpu=200m memory=256Mi",
                "a limit alone is the request      | {name: a, resources: {limits: {cpu: 2, memory: 1Gi}}}                     | cpu=2 memory=1Gi",
                "one at a time before the app      | {name: a, type: Init, resources: {requests: {cpu: 1, memory: 1Gi}}}, {name: b, type: Init} | cpu=1 memory=1Gi",
                "the greater of before and beside  | {name: a, type: Init, resources: {requests: {cpu: 1, memory: 1Mi}}}, {name: b} | cpu=1 memory=128Mi",
                "other resources                   | {name: a, resources: {requests: {ephemeral-storage: 1536Mi}}}              | cpu=100m ephemeral-storage=1536Mi memory=128Mi"
            })
    void requestsAreWhatOnePodCostsMore(String context, String sidecars, String expected) {
        assertThat(PolicyCost.of(policy(sidecars, "")).addedRequests().entrySet().stream()
                        .map(Object::toString)
                        .sorted())
                .as(context)
                .containsExactly(expected.split(" ", -1));
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource(
            delimiter = '|',
            value = {
                "says nothing about itself | {name: a}                                              |                         | BASELINE",
                "has all rights            | {name: a, securityContext: {privileged: true}}         |                         | PRIVILEGED",
                "reads the node's files    | {name: a}                                              | {name: v, hostPath: {path: /}} | PRIVILEGED",
                "confines itself           | {name: a, securityContext: {runAsNonRoot: true, allowPrivilegeEscalation: false, capabilities: {drop: [ALL]}, seccompProfile: {type: RuntimeDefault}}} | | RESTRICTED"
            })
    void theLevelIsWhatTheSidecarsReachByThemselves(
            String context, String sidecars, String volumes, PodSecurityLevel expected) {
        assertThat(PolicyCost.of(policy(sidecars, volumes == null ? "" : volumes))
                        .level())
                .as(context)
                .isEqualTo(expected);
    }

    private static CompiledPolicy policy(String sidecars, String volumes) {
        String json =
                "{apiVersion: sidecar-operator.io/v1alpha1, kind: SidecarPolicy, metadata: {name: p, namespace: n},"
                        + " spec: {selector: {}, volumes: [" + volumes + "], sidecars: [" + sidecars + "]}}";
        String quoted = json.replaceAll("([A-Za-z0-9./-]+)", "\"$1\"")
                .replace("\"true\"", "true")
                .replace("\"false\"", "false");
        return PolicyCompiler.compile((ObjectNode) Json.parse(quoted));
    }
}
