package io.sidecaroperator.cli.command;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.sidecaroperator.core.json.Json;
import io.sidecaroperator.yaml.DocumentReader;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** inject and uninject as KRM functions: a ResourceList in, a ResourceList out. */
class FunctionTest {
    private static final String POLICY = """
            {apiVersion: sidecar-operator.io/v1alpha1, kind: ClusterSidecarPolicy, metadata: {name: logs, annotations: \
            {config.kubernetes.io/function: "exec: {path: x}"}}, \
            spec: {selector: {}, sidecars: [{name: logs, image: "logs:1"}]}}""";
    private static final String DEPLOYMENT = """
            {apiVersion: apps/v1, kind: Deployment, metadata: {name: web, namespace: shop, annotations: \
            {internal.config.kubernetes.io/path: shop/web.yaml, internal.config.kubernetes.io/index: "1", \
            config.kubernetes.io/id: "7"}}, spec: {template: {spec: {containers: [{name: app}]}}}}""";
    private static final String TAKEN = DEPLOYMENT.replace("name: app", "name: logs");
    private static final String CONFIG_MAP = "{apiVersion: v1, kind: ConfigMap, metadata: {name: c}}";

    @ParameterizedTest
    @ValueSource(strings = {"v1", "v1beta1", "v1alpha1"})
    void itemsAreChangedInTheirPlacesAndTheRestIsKept(String version) {
        String call = call(POLICY, CONFIG_MAP, DEPLOYMENT).replace(".io/v1\n", ".io/" + version + "\n");
        CommandRun run = CommandRun.inject(call);

        ObjectNode out = read(run.ok());
        ObjectNode in = read(call);
        assertThat(run.err()).isEmpty();
        assertThat(out.get("apiVersion")).isEqualTo(in.get("apiVersion"));
        assertThat(out.get("functionConfig")).isEqualTo(in.get("functionConfig"));
        assertThat(out.path("items")).hasSize(2);
        assertThat(out.at("/items/0")).isEqualTo(in.at("/items/0"));
        assertThat(out.at("/items/1/metadata")).isEqualTo(in.at("/items/1/metadata"));
        assertThat(out.at("/items/1/spec/template/spec/initContainers/0/name").asText())
                .isEqualTo("logs");
        assertThat(out.path("results")).isEqualTo(read("""
                results:
                - message: "Deployment shop/web: policy logs injected"
                  severity: info
                  resourceRef: {apiVersion: apps/v1, kind: Deployment, name: web, namespace: shop}
                  file: {path: shop/web.yaml, index: 1}
                """).path("results"));

        ObjectNode back = read(CommandRun.uninject(run.out()).ok());
        assertThat(Json.text(back.get("items"))).isEqualTo(Json.text(in.get("items")));
        assertThat(Json.parse(CommandRun.inject(call, "-o", "json").ok())).isEqualTo(out);
    }

    @Test
    void policiesMayBeItemsToo() {
        String annotated = POLICY.replace("exec: {path: x}", "y");
        ObjectNode out =
                read(CommandRun.inject(call(POLICY, annotated, DEPLOYMENT)).ok());
        assertThat(out.at("/items/0/metadata/annotations")).hasSize(1);
        assertThat(read(CommandRun.inject(call(null, POLICY, DEPLOYMENT)).ok())
                        .at("/items/1/spec/template/spec/initContainers"))
                .hasSize(1);
    }

    @Test
    void aConfigMapSaysTheRest() {
        String config = "{apiVersion: v1, kind: ConfigMap, metadata: {name: f}, data: {namespace: team,"
                + " kubernetesVersion: 1.28, strict: true, policies: '" + POLICY + "'}}";
        String anywhere = DEPLOYMENT.replace("namespace: shop, ", "");
        CommandRun run = CommandRun.inject(call(config, anywhere));
        ObjectNode out = read(run.ok());
        assertThat(out.at("/items/0/spec/template/spec/containers")).hasSize(2);
        assertThat(out.at("/results/0/message").asText()).startsWith("Deployment team/web: policy logs injected");

        CommandRun refused = CommandRun.inject(call(config, TAKEN));
        assertThat(refused.exitCode()).isEqualTo(3);
        assertThat(refused.err()).startsWith("Deployment shop/web: policy logs refused (ContainerNameTaken)");
        assertThat(read(refused.out()).at("/results/0/severity").asText()).isEqualTo("error");
        assertThat(read(CommandRun.inject(call(POLICY, TAKEN)).ok())
                        .at("/results/0/severity")
                        .asText())
                .isEqualTo("warning");
    }

    @Test
    void withStrictThePolicyOfTheConfigurationHasToReachSomething() {
        String elsewhere = POLICY.replace("selector: {}", "selector: {matchLabels: {a: b}}");
        CommandRun run = CommandRun.inject(call(elsewhere, DEPLOYMENT), "--strict");
        assertThat(run.exitCode()).isEqualTo(3);
        assertThat(read(run.out()).path("results")).last().satisfies(result -> {
            assertThat(result.path("severity").asText()).isEqualTo("error");
            assertThat(result.path("message").asText()).contains("reaches no workload of the input");
        });
        assertThat(read(CommandRun.inject(call(elsewhere, DEPLOYMENT)).ok()).path("results"))
                .last()
                .satisfies(
                        result -> assertThat(result.path("severity").asText()).isEqualTo("warning"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiterString = "=>",
            value = {
                "{apiVersion: v1, kind: ConfigMap, data: {polices: x}} => functionConfig: data.polices means nothing; expected policies, kubernetesVersion, namespace or strict",
                "{apiVersion: v1, kind: ConfigMap, data: {strict: sometimes}} => functionConfig: data.strict is \"sometimes\"; expected true or false",
                "{apiVersion: v1, kind: ConfigMap, data: {policies: [x]}} => functionConfig: data.policies is not a text",
                "{apiVersion: v1, kind: ConfigMap, data: {kubernetesVersion: new}} => kubernetesVersion: \"new\" is no version; expected one like 1.36",
                "{apiVersion: v1, kind: ConfigMap, data: {policies: 'a: b: c'}} => functionConfig, data.policies, document 1, line 1: mapping values are not allowed here",
                "{apiVersion: v1, kind: Secret} => functionConfig: is a Secret; expected a SidecarPolicy, a ClusterSidecarPolicy or a ConfigMap",
                "{apiVersion: sidecar-operator.io/v1, kind: SidecarPolicy, metadata: {name: x}} => functionConfig: SidecarPolicy x: apiVersion is sidecar-operator.io/v1, expected sidecar-operator.io/v1alpha1",
            })
    void whatFailsIsAResultAndAnExitCodeAndTheItemsAreAsTheyWere(String config, String message) {
        String call = call(config, DEPLOYMENT, CONFIG_MAP);
        CommandRun run = CommandRun.inject(call);
        assertThat(run.exitCode()).isEqualTo(2);
        assertThat(run.err()).isEqualTo("sidecar: " + message + "\n");
        ObjectNode out = read(run.out());
        assertThat(out.get("items")).isEqualTo(read(call).get("items"));
        assertThat(out.at("/results/0/severity").asText()).isEqualTo("error");
        assertThat(out.at("/results/0/message").asText()).isEqualTo(message);
    }

    @Test
    void aBadPolicyAmongTheItemsIsNamed() {
        String bad = POLICY.replace("image", "imaeg");
        ObjectNode out = read(CommandRun.inject(call(null, DEPLOYMENT, bad)).out());
        assertThat(out.path("results")).isNotEmpty().allSatisfy(result -> {
            assertThat(result.path("message").asText()).startsWith("items[1]: ClusterSidecarPolicy logs: ");
            assertThat(result.at("/resourceRef/name").asText()).isEqualTo("logs");
        });
    }

    @Test
    void nothingIsAskedOfAListOfNothing() {
        assertThat(CommandRun.inject("apiVersion: config.kubernetes.io/v1\nkind: ResourceList\n")
                        .ok())
                .startsWith("apiVersion: config.kubernetes.io/v1\nkind: ResourceList\n");
    }

    @Test
    void onlyTheOneDocumentOfStandardInputIsACall() {
        String two = call(POLICY, DEPLOYMENT) + "---\n" + CONFIG_MAP + "\n";
        assertThat(CommandRun.inject(two, "-q").out()).doesNotContain("results:");
    }

    private static String call(@org.jspecify.annotations.Nullable String config, String... items) {
        StringBuilder text = new StringBuilder("apiVersion: config.kubernetes.io/v1\nkind: ResourceList\n");
        if (config != null) {
            text.append("functionConfig: ").append(config).append('\n');
        }
        text.append("items:\n");
        for (String item : items) {
            text.append("- ").append(item).append('\n');
        }
        return text.toString();
    }

    private static ObjectNode read(String text) {
        JsonNode content = new DocumentReader("out", new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8)))
                .next()
                .content();
        return (ObjectNode) content;
    }
}
