package io.sidecaroperator.core.policy.validation;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.sidecaroperator.core.json.Json;
import io.sidecaroperator.support.Checkout;
import io.sidecaroperator.support.Crds;
import io.sidecaroperator.support.PolicyFile;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** docs/policy.md names every field, and its examples are valid. */
class PolicyDocTest {
    private static final String DOC = Checkout.read("docs/policy.md");
    private static final Pattern EXAMPLE = Pattern.compile("(?s)```yaml\n(.*?)```");

    static Stream<String> examples() {
        return EXAMPLE.matcher(DOC).results().map((MatchResult match) -> match.group(1));
    }

    @ParameterizedTest
    @MethodSource("examples")
    void exampleIsSound(String yaml) {
        ObjectNode example = PolicyFile.yaml(yaml).findFirst().orElseThrow();

        assertThat(new PolicyValidator(Crds.all()).validate(example.has("kind") ? example : completed(example)))
                .isEmpty();
    }

    /** An example may show some fields of a spec only. */
    private static ObjectNode completed(ObjectNode fields) {
        ObjectNode policy = Json.object().put("apiVersion", "sidecar-operator.io/v1alpha1");
        policy.put("kind", "SidecarPolicy").putObject("metadata").put("name", "example");
        ObjectNode spec = policy.putObject("spec");
        spec.putObject("selector");
        spec.putObject("podMetadata").putObject("labels").put("example", "true");
        spec.setAll(fields);
        return policy;
    }

    @Test
    void everyFieldIsDescribed() {
        Set<String> fields = new TreeSet<>();
        collect(Crds.schema(Crds.read(Crds.CLUSTER_POLICY_FILE)), fields);

        assertThat(fields)
                .hasSizeGreaterThan(50)
                .allSatisfy(field -> assertThat(DOC)
                        .as("docs/policy.md names the field")
                        .containsPattern("`([a-zA-Z]+(\\[])?\\.)*" + field + "(: \\w+)?`"));
    }

    /** Our own fields are those with a description; core/v1's are documented elsewhere. */
    private static void collect(JsonNode schema, Set<String> fields) {
        schema.path("properties").properties().forEach(entry -> {
            if (entry.getValue().has("description")) {
                fields.add(entry.getKey());
            }
            collect(entry.getValue(), fields);
        });
        if (schema.has("items")) {
            collect(schema.get("items"), fields);
        }
    }
}
