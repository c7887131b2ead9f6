package io.sidecaroperator.operator.watch;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.client.utils.KubernetesSerialization;
import io.sidecaroperator.core.json.Json;
import io.sidecaroperator.core.model.PolicyKey;
import io.sidecaroperator.core.policy.CompiledPolicy;
import io.sidecaroperator.core.policy.PolicyCompiler;
import io.sidecaroperator.operator.controller.Shop;
import io.sidecaroperator.support.Manifests;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RevisionCacheTest {
    private static final String UID = "6f0c3d3e-0000-4000-8000-000000000001";
    private static final String OPERATOR = "sidecar-operator-system";

    private final RevisionCache kept =
            new RevisionCache(policy -> policy.at("/spec/sidecars/0").isObject() ? List.of() : List.of("no sidecar"));
    private final ObjectNode first = policy("fluent/fluent-bit:4.2.0", "logs");
    private final ObjectNode second = policy("fluent/fluent-bit:4.2.1", "others");

    @Test
    void anEarlierRevisionIsForWhomThePolicyIsForToday() {
        second.withObject("/spec").put("priority", 7).putObject("rollout").put("paused", true);
        second.putObject("status").put("provenRevision", revision(first));
        put(stored(first));

        Map<String, CompiledPolicy> compiled = kept.compiled(second, UID, revision(second));

        assertThat(compiled).containsOnlyKeys(revision(first));
        CompiledPolicy earlier = compiled.values().iterator().next();
        assertThat(earlier.sidecars().get(0).container().path("image").asText()).isEqualTo("fluent/fluent-bit:4.2.0");
        assertThat(earlier.target()).isEqualTo(PolicyCompiler.compile(second).target());
        assertThat(earlier.state()).isEqualTo(PolicyCompiler.compile(second).state());
        assertThat(earlier.priority()).isEqualTo(7);
    }

    @Test
    void whatThePolicyIsNowNeedsNoCompiling() {
        put(stored(first));

        assertThat(kept.compiled(first, UID, revision(first))).isEmpty();
        assertThat(kept.has(UID, revision(first))).isTrue();
    }

    @Test
    void numbersAndUnknownFieldsComeBackAsTheSameRevision() {
        String exotic = "{\"name\":\"x\",\"image\":\"i\",\"futureField\":{\"share\":0.10,\"big\":12345678901234567890,"
                + "\"tiny\":1e-7,\"whole\":1.0,\"none\":null,\"empty\":{}}}";
        first.withArray("/spec/sidecars").add(Json.parse(exotic));
        put(stored(first));

        assertThat(kept.compiled(second, UID, revision(second))).containsOnlyKeys(revision(first));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"data\":{\"spec\":{\"sidecars\":[{\"name\":\"evil\",\"image\":\"evil\"}]}}}",
                "{\"data\":{\"spec\":{\"sidecars\":[{\"name\":\"x\",\"type\":\"Nonsense\"}]}}}",
                "{\"data\":{\"spec\":{\"sidecars\":[{}]}}}",
                "{\"data\":{\"spec\":{\"sidecars\":7}}}",
                "{\"data\":{\"spec\":\"text\"}}",
                "{\"data\":{}}",
                "{\"data\":[1,2]}",
                "{\"data\":null,\"revision\":\"text\"}",
                "{}"
            })
    void whatIsNotTheRevisionThatItSaysIsNotUsed(String content) {
        ObjectNode object = stored(first);
        object.remove(List.of("data", "revision"));
        object.setAll((ObjectNode) Json.parse(content));
        put(object);

        assertThat(kept.compiled(second, UID, revision(second))).isEmpty();
    }

    @Test
    void onlyThePolicyWithTheOwnersUidHasIt() {
        put(stored(first));

        assertThat(kept.compiled(second, "another-uid", revision(second))).isEmpty();
        assertThat(kept.has("another-uid", revision(first))).isFalse();
    }

    @Test
    void aDeletionThatIsHeardOfLateDoesNotHideTheObjectThatTookTheName() {
        KeptRevision old = read(stored(first)).orElseThrow();
        ObjectNode again = stored(first);
        again.withObject("/metadata").put("uid", "of-the-new-one");
        put(stored(first));
        put(again);

        kept.remove(old);
        assertThat(kept.has(UID, revision(first))).isTrue();

        kept.remove(read(again).orElseThrow());
        assertThat(kept.has(UID, revision(first))).isFalse();
        assertThat(kept.of(UID)).isEmpty();
    }

    @Test
    void objectsThatNoPolicyOwnsHereAreNobodys() {
        ObjectNode cluster = stored(first);
        cluster.withObject("/metadata/ownerReferences/0").put("kind", "ClusterSidecarPolicy");
        assertThat(read(cluster)).isEmpty();
        cluster.withObject("/metadata").put("namespace", OPERATOR);
        assertThat(read(cluster)).map(KeptRevision::policy).contains(new PolicyKey("", "logs"));

        ObjectNode ofStatefulSet = stored(first);
        ofStatefulSet.withObject("/metadata/ownerReferences/0").put("apiVersion", "apps/v1");
        assertThat(read(ofStatefulSet)).isEmpty();
        ObjectNode orphan = stored(first);
        orphan.withObject("/metadata").remove("ownerReferences");
        assertThat(read(orphan)).isEmpty();
    }

    @Test
    void theNameTellsPolicyAndRevisionAndIsShortEnough() {
        String name = KeptRevision.name("SidecarPolicy", "logs", UID, "0123456789");
        assertThat(name).matches("sidecarpolicy-logs-[0-9a-f]{8}-0123456789");
        assertThat(name)
                .isEqualTo(KeptRevision.name("SidecarPolicy", "logs", UID, "0123456789"))
                .isNotEqualTo(KeptRevision.name("SidecarPolicy", "logs", "another-uid", "0123456789"))
                .isNotEqualTo(KeptRevision.name("ClusterSidecarPolicy", "logs", UID, "0123456789"));

        String longest = "a".repeat(252);
        String shortened = KeptRevision.name("ClusterSidecarPolicy", longest + "b", UID, "0123456789");
        assertThat(shortened).hasSizeLessThanOrEqualTo(253).matches("[a-z0-9]([-a-z0-9.]*[a-z0-9])?");
        assertThat(shortened).isNotEqualTo(KeptRevision.name("ClusterSidecarPolicy", longest + "c", UID, "0123456789"));
        assertThat(KeptRevision.name("SidecarPolicy", "a".repeat(149) + ".b", UID, "0123456789"))
                .matches("[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*");
    }

    private void put(ObjectNode object) {
        kept.put(read(object).orElseThrow());
    }

    /** As the watch reads it. */
    private static Optional<KeptRevision> read(ObjectNode object) {
        GenericKubernetesResource seen =
                new KubernetesSerialization().unmarshal(Json.text(object), GenericKubernetesResource.class);
        return KeptRevision.of(seen, OPERATOR);
    }

    /** What the operator writes for a policy, as the API server would return it. */
    private static ObjectNode stored(ObjectNode policy) {
        SidecarPolicyResource resource = Json.MAPPER.convertValue(policy, SidecarPolicyResource.class);
        ObjectNode object = KeptRevision.manifest(resource, revision(policy), 3, "shop");
        object.withObject("/metadata").put("uid", "of-the-object");
        return object;
    }

    private static String revision(ObjectNode policy) {
        return PolicyCompiler.compile(policy).revision();
    }

    private static ObjectNode policy(String image, String label) {
        ObjectNode policy = Manifests.parse(Shop.policy("logs", image).replace("logs: collected", "logs: " + label))
                .only("SidecarPolicy");
        policy.withObject("/metadata").put("namespace", "shop").put("uid", UID);
        return policy;
    }
}
