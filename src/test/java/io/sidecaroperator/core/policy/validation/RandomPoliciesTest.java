package io.sidecaroperator.core.policy.validation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatNoException;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.DecimalNode;
import com.fasterxml.jackson.databind.node.DoubleNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.sidecaroperator.core.json.Json;
import io.sidecaroperator.support.Crds;
import io.sidecaroperator.support.RandomRuns;
import java.math.BigDecimal;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** The validator returns findings for every JSON value. */
class RandomPoliciesTest {
    private static final int ROUNDS = 12_000;
    private static final List<String> TEXTS = List.of(
            "", "a", "A b", "-", "..", "/a/../b", "1", "100m", "-1", "50%", "\n", "\u0000\uD800é", "Init", "In");
    private static final List<JsonNode> NUMBERS = List.of(
            DecimalNode.valueOf(new BigDecimal("1e999999999")),
            DecimalNode.valueOf(new BigDecimal("-1e-999999999")),
            DecimalNode.valueOf(new BigDecimal("1.0")),
            DoubleNode.valueOf(Double.NaN),
            DoubleNode.valueOf(Double.NEGATIVE_INFINITY),
            JsonNodeFactory.instance.numberNode(0),
            JsonNodeFactory.instance.numberNode(Long.MAX_VALUE),
            JsonNodeFactory.instance.numberNode(80));

    private final PolicyValidator validator = new PolicyValidator(Crds.all());
    private final ObjectNode schema = Crds.schema(Crds.read(Crds.CLUSTER_POLICY_FILE));

    /** Continues until every rule has been broken, because some are seldom broken. */
    @Test
    void neverThrows() {
        Set<String> unbroken = RuleBook.all().stream().map(Rule::code).collect(Collectors.toSet());
        for (int round = 0; round < RandomRuns.of(ROUNDS) || (!unbroken.isEmpty() && round < ROUNDS); round++) {
            long seed = RandomRuns.firstSeed() + round;
            ObjectNode policy = policy(new Random(seed));
            assertThatNoException()
                    .as("seed %s", seed)
                    .isThrownBy(() -> validator.validate(policy).forEach(finding -> unbroken.remove(finding.code())));
        }
        assertThat(unbroken).as("rules that no random policy breaks").isEmpty();
    }

    @Test
    void standsADeepTreeAndALongText() {
        ObjectNode policy = head("SidecarPolicy");
        JsonNode deep = Json.object();
        for (int i = 0; i < 100_000; i++) {
            deep = Json.object().set("a", deep);
        }
        ObjectNode sidecar = policy.putObject("spec").putArray("sidecars").addObject();
        sidecar.put("name", "a-".repeat(1_000_000)).set("deep", deep);

        assertThat(validator.validate(policy)).extracting(Finding::path).contains("spec.sidecars[0].name");
    }

    private ObjectNode policy(Random random) {
        ObjectNode policy = head(random.nextBoolean() ? "SidecarPolicy" : "ClusterSidecarPolicy");
        policy.set("spec", like(schema.at("/properties/spec"), random));
        return policy;
    }

    private static ObjectNode head(String kind) {
        ObjectNode policy = Json.object().put("apiVersion", "sidecar-operator.io/v1alpha1");
        policy.put("kind", kind).putObject("metadata").put("name", "random");
        return policy;
    }

    /** A value that usually, but not always, has the shape that the schema requires. */
    private static JsonNode like(JsonNode schema, Random random) {
        if (random.nextInt(25) == 0) {
            return anything(random);
        }
        if (schema.has("enum") && random.nextInt(4) > 0) {
            return schema.get("enum").get(random.nextInt(schema.get("enum").size()));
        }
        return switch (schema.path("type").asText("")) {
            case "object" -> object(schema, random);
            case "array" -> list(schema, random);
            case "boolean" -> JsonNodeFactory.instance.booleanNode(random.nextBoolean());
            case "integer" -> number(random);
            case "string" -> text(random);
            default -> random.nextBoolean() ? number(random) : text(random);
        };
    }

    private static ObjectNode object(JsonNode schema, Random random) {
        ObjectNode object = Json.object();
        int rarity = schema.path("properties").size() > 15 ? 4 : 2;
        schema.path("properties").properties().forEach(entry -> {
            if (random.nextInt(rarity) == 0) {
                object.set(entry.getKey(), like(entry.getValue(), random));
            }
        });
        JsonNode values = schema.path("additionalProperties");
        for (int i = random.nextInt(3); i > 0 && values.isObject(); i--) {
            object.set(key(random), like(values, random));
        }
        if (random.nextInt(10) == 0) {
            object.set(key(random), anything(random));
        }
        return object;
    }

    private static ArrayNode list(JsonNode schema, Random random) {
        ArrayNode list = Json.array();
        for (int i = random.nextInt(4); i > 0; i--) {
            boolean again = !list.isEmpty() && random.nextInt(4) == 0;
            list.add(again ? list.get(0).deepCopy() : like(schema.path("items"), random));
        }
        return list;
    }

    private static JsonNode anything(Random random) {
        return switch (random.nextInt(6)) {
            case 0 -> JsonNodeFactory.instance.nullNode();
            case 1 -> Json.object().set(key(random), text(random));
            case 2 -> Json.array().add(text(random)).addNull().add(Json.array());
            case 3 -> number(random);
            case 4 -> JsonNodeFactory.instance.booleanNode(true);
            default -> text(random);
        };
    }

    private static String key(Random random) {
        List<String> keys = List.of("cpu", "cpu", "cpu", "x y", "sidecar-operator.io/receipt", "name", "");
        return keys.get(random.nextInt(keys.size()));
    }

    private static JsonNode text(Random random) {
        return JsonNodeFactory.instance.textNode(TEXTS.get(random.nextInt(TEXTS.size())));
    }

    private static JsonNode number(Random random) {
        return NUMBERS.get(random.nextInt(NUMBERS.size()));
    }
}
