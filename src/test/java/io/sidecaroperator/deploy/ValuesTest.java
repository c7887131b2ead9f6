package io.sidecaroperator.deploy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.sidecaroperator.core.json.Json;
import io.sidecaroperator.support.Checkout;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** values.yaml, its schema and the README's table agree, and the error for a wrong value names it. */
class ValuesTest {
    private static final Pattern ROW = Pattern.compile("(?m)^\\| `([A-Za-z.]+)` \\| `(.*?)` \\| .+ \\|$");

    private final ObjectNode values = HelmChart.file("values.yaml");
    private final JsonNode schema = Json.parse(Checkout.read(HelmChart.FOLDER + "/values.schema.json"));

    @Test
    void readmeListsEveryValueWithItsDefaultInTheOrderOfTheFile() {
        Map<String, String> rows = new LinkedHashMap<>();
        Matcher matcher = ROW.matcher(Checkout.read(HelmChart.FOLDER + "/README.md"));
        while (matcher.find()) {
            rows.put(matcher.group(1), matcher.group(2));
        }

        Map<String, String> expected = new LinkedHashMap<>();
        described().forEach(path -> expected.put(path, Json.text(at(path))));
        assertThat(List.copyOf(rows.entrySet())).isEqualTo(List.copyOf(expected.entrySet()));
    }

    @Test
    void schemaDescribesEveryValueAndNoOther() {
        assertThat(described())
                .allSatisfy(
                        path -> assertThat(inSchema(path).path("description").asText())
                                .as(path)
                                .isNotBlank());

        List<String> known = new ArrayList<>(fieldNames(schema.path("properties")));
        known.remove("global");
        assertThat(known).containsExactlyElementsOf(fieldNames(values));
        for (String group : List.of(
                "image", "serviceAccount", "rbac", "rollback", "policyValidation", "uninstall", "webhook", "ports")) {
            assertThat(fieldNames(inSchema(group).path("properties")))
                    .as(group)
                    .containsExactlyElementsOf(fieldNames(values.path(group)));
        }
    }

    @Test
    void schemaIsClosedWhereverItNamesProperties() {
        List<JsonNode> open = new ArrayList<>();
        collectOpen(schema, open);
        assertThat(open).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
                    imagee: {}                              | additional properties 'imagee' not allowed
                    image: {name: x}                        | '/image': additional properties 'name' not allowed
                    image: {repository: ''}                 | '/image/repository': '' does not match pattern
                    image: {repository: 'x:1.0'}            | '/image/repository': 'x:1.0' does not match pattern
                    image: {tag: 1.0}                       | '/image/tag': got number, want string
                    image: {digest: abc}                    | '/image/digest': 'abc' does not match pattern
                    image: {pullPolicy: Sometimes}          | '/image/pullPolicy': value must be one of 'Always', 'IfNotPresent', 'Never'
                    imagePullSecrets: [registry]            | '/imagePullSecrets/0': got string, want object
                    fullnameOverride: Sidecars              | '/fullnameOverride': 'Sidecars' does not match pattern
                    namespaces: shop                        | '/namespaces': got string, want array
                    namespaces: [shop, shop]                | '/namespaces': items at 0 and 1 are equal
                    namespaces: [Shop]                      | '/namespaces/0': 'Shop' does not match pattern
                    replicas: 2                             | '/replicas': maximum: got 2, want 1
                    uninstall: {enabled: 'no'}              | '/uninstall/enabled': got string, want boolean
                    webhook: {workloads: 'no'}              | '/webhook/workloads': got string, want boolean
                    serviceAccount: {create: 'no'}          | '/serviceAccount/create': got string, want boolean
                    rbac: {enabled: true}                   | '/rbac': additional properties 'enabled' not allowed
                    ports: {webhook: 443}                   | '/ports/webhook': minimum: got 443, want 1,024
                    ports: {http: '8080'}                   | '/ports/http': got string, want integer
                    resources: {limit: {}}                  | '/resources': additional properties 'limit' not allowed
                    extraEnv: [{name: A, value: 1}]         | '/extraEnv/0/value': got number, want string
                    extraEnv: [{value: x}]                  | '/extraEnv/0': missing property 'name'
                    terminationGracePeriodSeconds: 0        | '/terminationGracePeriodSeconds': minimum: got 0, want 5
                    podLabels: {a: true}                    | '/podLabels/a': got boolean, want string
                    nodeSelector: {gpu: 1}                  | '/nodeSelector/gpu': got number, want string
                    tolerations: [key]                      | '/tolerations/0': got string, want object
                    """)
    void wrongValueIsRefused(String values, String message) {
        assertThatThrownBy(() -> HelmChart.render(values)).hasMessageContaining(message);
    }

    /**
     * The variables that the chart sets in the container. Each is rejected in extraEnv, so that no name occurs twice.
     */
    @Test
    void variablesOfTheChartCannotBeSetTwice() {
        List<String> own = Json.objects(OperatorPodTest.container(HelmChart.render("namespaces: [shop]")), "env")
                .map(variable -> variable.path("name").asText())
                .toList();

        assertThat(own)
                .hasSize(5)
                .allSatisfy(
                        name -> assertThatThrownBy(() -> HelmChart.render("extraEnv: [{name: " + name + ", value: x}]"))
                                .hasMessageContaining("extraEnv may not set " + name));
    }

    @Test
    void portsOfThePodMustDiffer() {
        assertThatThrownBy(() -> HelmChart.render("ports: {webhook: 9000, http: 9000}"))
                .hasMessageContaining("ports.webhook and ports.http are both 9000: give each its own");
    }

    @Test
    void chartCanBeADependency() {
        assertThat(HelmChart.render("global: {region: north}").kinds()).contains("Deployment");
    }

    /**
     * Returns the values that have a row and a description: groups are expanded, but what Kubernetes defines is one
     * value.
     */
    private List<String> described() {
        List<String> paths = new ArrayList<>();
        for (String name : fieldNames(values)) {
            if (List.of(
                            "image",
                            "serviceAccount",
                            "rbac",
                            "rollback",
                            "policyValidation",
                            "uninstall",
                            "webhook",
                            "ports")
                    .contains(name)) {
                fieldNames(values.path(name)).forEach(inner -> paths.add(name + "." + inner));
            } else {
                paths.add(name);
            }
        }
        return paths;
    }

    private JsonNode at(String path) {
        return values.at("/" + path.replace('.', '/'));
    }

    private JsonNode inSchema(String path) {
        return schema.at("/properties/" + path.replace(".", "/properties/"));
    }

    private static void collectOpen(JsonNode node, List<JsonNode> open) {
        if (node.path("properties").isObject()
                && !node.path("additionalProperties").isBoolean()) {
            open.add(node);
        }
        node.forEach(child -> collectOpen(child, open));
    }

    private static List<String> fieldNames(JsonNode object) {
        List<String> names = new ArrayList<>();
        object.fieldNames().forEachRemaining(names::add);
        return names;
    }
}
