package io.sidecaroperator.api.v1alpha1;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.sidecaroperator.core.policy.validation.ContainerRules;
import io.sidecaroperator.core.policy.validation.Rule;
import io.sidecaroperator.core.policy.validation.RuleBook;
import io.sidecaroperator.core.policy.validation.VolumeRules;
import io.sidecaroperator.support.Crds;
import io.sidecaroperator.support.Crds.Demand;
import io.sidecaroperator.support.PolicyFile;
import io.sidecaroperator.support.PolicyFile.Expectation;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The requirements of the CRDs; an invalid policy shows each of them. */
class CrdDemandsTest {
    private static final ObjectNode POLICY = Crds.schema(Crds.read(Crds.POLICY_FILE));
    private static final ObjectNode CLUSTER_POLICY = Crds.schema(Crds.read(Crds.CLUSTER_POLICY_FILE));

    @Test
    void everyRulePatternAndEnumIsShownByAnInvalidPolicy() {
        List<Expectation> claims = PolicyFile.invalid().stream()
                .flatMap(file -> file.expectations().stream())
                .toList();
        Set<Demand> demands = new HashSet<>(Crds.demands(POLICY));
        demands.addAll(Crds.demands(CLUSTER_POLICY));

        assertThat(demands).hasSizeGreaterThan(150);
        assertThat(demands.stream().filter(demand -> claims.stream().noneMatch(claim -> shows(claim, demand))))
                .as("add a file to src/test/resources/invalid-policies for each of these")
                .isEmpty();
    }

    private static boolean shows(Expectation claim, Demand demand) {
        String path = Stream.of(demand.path().split("(?<=[\\]}])|(?=[\\[{])", -1))
                .map(part -> switch (part) {
                    case "[]" -> "\\[\\d+\\]";
                    case "{}" -> "(\\.[^.\\[]+|\\[[^\\]]+\\])";
                    default -> Pattern.quote(part);
                })
                .reduce("", String::concat);
        return Pattern.matches(path, claim.path()) && claim.message().endsWith(demand.message());
    }

    @Test
    void everyInvalidPolicySaysWhatIsWrongWithIt() {
        assertThat(PolicyFile.invalid())
                .hasSizeGreaterThan(100)
                .allSatisfy(file -> assertThat(file.expectations()).isNotEmpty());
    }

    @Test
    void aClusterPolicyHasTheSpecOfAPolicyAndANamespaceSelector() {
        ObjectNode spec = CLUSTER_POLICY.at("/properties/spec").deepCopy();
        ((ObjectNode) spec.get("properties")).remove("namespaceSelector");

        assertThat(spec).isEqualTo(POLICY.at("/properties/spec"));
        assertThat(CLUSTER_POLICY.at("/properties/status")).isEqualTo(POLICY.at("/properties/status"));
    }

    @Test
    void everyRuleStandsInACrd() {
        List<String> used = Stream.of(POLICY, CLUSTER_POLICY)
                .flatMap(schema -> schema.findValues("x-kubernetes-validations").stream())
                .flatMap(JsonNode::valueStream)
                .map(rule -> rule.path("rule").asText())
                .toList();

        assertThat(RuleBook.all())
                .filteredOn(rule -> rule != ContainerRules.REQUESTS_WITHIN_LIMITS)
                .extracting(Rule::cel)
                .isSubsetOf(used);
        assertThat(used).doesNotContain(ContainerRules.REQUESTS_WITHIN_LIMITS.cel());
    }

    @Test
    void theRulesKnowEveryVolumeSourceOfTheSchema() {
        List<String> properties = new ArrayList<>();
        POLICY.at("/properties/spec/properties/volumes/items/properties")
                .fieldNames()
                .forEachRemaining(properties::add);
        properties.remove("name");

        assertThat(VolumeRules.SOURCES).containsExactlyInAnyOrderElementsOf(properties);
    }

    @Test
    void everyTextWithAPatternHasAGreatestLength() {
        List<JsonNode> patterned = POLICY.findParents("pattern");

        assertThat(patterned)
                .isNotEmpty()
                .filteredOn(schema -> schema.get("pattern").isTextual())
                .allSatisfy(schema -> assertThat(schema.has("maxLength")).isTrue());
    }

    @Test
    void theSpecIsNeverDefaulted() {
        assertThat(POLICY.findValues("default")).isEmpty();
        assertThat(CLUSTER_POLICY.findValues("default")).isEmpty();
    }

    @Test
    void everyFieldOfOurOwnHasADescription() {
        assertThat(undescribed(POLICY.at("/properties/spec/properties"), "spec"))
                .isEmpty();
        assertThat(undescribed(POLICY.at("/properties/status/properties"), "status"))
                .isEmpty();
        for (String list : List.of("sidecars", "sharedVolumes")) {
            JsonNode entry = POLICY.at("/properties/spec/properties/" + list + "/items/properties");
            assertThat(entry).isNotEmpty();
            for (String own : List.of("type", "placement", "mountPath", "envVar", "sidecarReadOnly")) {
                assertThat(!entry.has(own) || entry.get(own).has("description"))
                        .as(own)
                        .isTrue();
            }
        }
    }

    /** Own objects are closed. Those of core/v1 are open, and their documentation is elsewhere. */
    private static List<String> undescribed(JsonNode properties, String path) {
        List<String> found = new ArrayList<>();
        properties.properties().forEach(entry -> {
            String name = path + "." + entry.getKey();
            JsonNode schema = entry.getValue();
            boolean selector = name.endsWith("elector") || name.endsWith(".first");
            if (!schema.has("description")) {
                found.add(name);
            }
            if (!schema.has("x-kubernetes-preserve-unknown-fields") && !selector) {
                found.addAll(undescribed(schema.path("properties"), name));
                JsonNode items = schema.path("items");
                if (!items.has("x-kubernetes-preserve-unknown-fields")) {
                    found.addAll(undescribed(items.path("properties"), name + "[]"));
                }
            }
        });
        return found;
    }
}
