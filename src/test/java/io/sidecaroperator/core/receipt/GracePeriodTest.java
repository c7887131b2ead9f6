package io.sidecaroperator.core.receipt;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.sidecaroperator.core.injection.Engine;
import io.sidecaroperator.core.injection.Injection;
import io.sidecaroperator.core.injection.Input;
import io.sidecaroperator.core.injection.Trigger;
import io.sidecaroperator.core.json.Json;
import io.sidecaroperator.core.model.KubernetesVersion;
import io.sidecaroperator.core.model.Note;
import io.sidecaroperator.core.model.Reason;
import io.sidecaroperator.core.model.WorkloadRef;
import io.sidecaroperator.core.policy.CompiledPolicy;
import io.sidecaroperator.core.policy.PolicyCompiler;
import io.sidecaroperator.core.policy.PolicyIndex;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Several policies, one number: in every order of coming and going, the user's own value comes back. */
class GracePeriodTest {
    private static final List<String> ORIGINALS = List.of(
            "",
            ",\"terminationGracePeriodSeconds\":30",
            ",\"terminationGracePeriodSeconds\":null",
            ",\"terminationGracePeriodSeconds\":30.0",
            ",\"terminationGracePeriodSeconds\":45");
    private static final List<List<Integer>> HISTORIES = List.of(
            List.of(60), List.of(60, 90), List.of(90, 60), List.of(60, 60), List.of(20, 60), List.of(40, 90, 60));

    static Stream<Arguments> originalsAndHistories() {
        return ORIGINALS.stream()
                .flatMap(original -> HISTORIES.stream().map(seconds -> Arguments.of(original, seconds)));
    }

    @ParameterizedTest
    @MethodSource("originalsAndHistories")
    void comesBackInEveryCombination(String original, List<Integer> seconds) {
        ObjectNode user = template(original);
        List<CompiledPolicy> all = new ArrayList<>();
        for (int i = 0; i < seconds.size(); i++) {
            all.add(policy("policy-" + (char) ('a' + i), seconds.get(i)));
        }
        for (int before = 0; before < 1 << all.size(); before++) {
            ObjectNode first = inject(user, subset(all, before));
            for (int after = 0; after < 1 << all.size(); after++) {
                ObjectNode second = inject(first, subset(all, after));

                assertThat(Json.text(second)).isEqualTo(Json.text(inject(user, subset(all, after))));
                assertThat(Json.text(Engine.strip(second).template())).isEqualTo(Json.text(user));
            }
        }
    }

    @Test
    void theHighestCountsInEitherOrder() {
        assertThat(period(inject(template(""), List.of(policy("a", 60), policy("b", 90)))))
                .isEqualTo(90);
        assertThat(period(inject(template(""), List.of(policy("a", 90), policy("b", 60)))))
                .isEqualTo(90);
    }

    @Test
    void whatTheServerWritesIsInSync() {
        CompiledPolicy policy = policy("a", 20);
        ObjectNode stored = inject(template(""), List.of(policy)).deepCopy();
        ((ObjectNode) stored.path("spec")).put("terminationGracePeriodSeconds", 30);

        assertThat(Engine.CURRENT.inSync(Engine.CURRENT.inject(input(stored), PolicyIndex.of(List.of(policy)))))
                .isTrue();
    }

    @Test
    void aValueThatWasPutBackToTheDefaultIsRaisedAgain() {
        List<CompiledPolicy> policies = List.of(policy("a", 60));
        ObjectNode lost = inject(template(""), policies).deepCopy();
        ((ObjectNode) lost.path("spec")).remove("terminationGracePeriodSeconds");
        Injection injection = Engine.CURRENT.inject(input(lost), PolicyIndex.of(policies));

        assertThat(Engine.CURRENT.inSync(injection)).isFalse();
        assertThat(period(injection.template())).isEqualTo(60);
        assertThat(injection.notes()).isEmpty();
    }

    @Test
    void aValueThatSomebodyChangedIsTheirs() {
        List<CompiledPolicy> policies = List.of(policy("a", 60), policy("b", 90));
        ObjectNode changed = inject(template(""), policies).deepCopy();
        ((ObjectNode) changed.path("spec")).put("terminationGracePeriodSeconds", 60);
        Injection injection = Engine.CURRENT.inject(input(changed), PolicyIndex.of(policies));

        assertThat(period(injection.template())).isEqualTo(60);
        assertThat(period(Engine.strip(injection.template()).template())).isEqualTo(60);
        assertThat(injection.notes()).extracting(Note::reason).containsExactly(Reason.ValueWonBack);
        assertThat(injection.notes().get(0).message()).contains("policy shop/b");
    }

    private static List<CompiledPolicy> subset(List<CompiledPolicy> all, int bits) {
        List<CompiledPolicy> some = new ArrayList<>();
        for (int i = 0; i < all.size(); i++) {
            if ((bits >> i & 1) == 1) {
                some.add(all.get(i));
            }
        }
        return some;
    }

    private static int period(ObjectNode template) {
        return template.at("/spec/terminationGracePeriodSeconds").asInt();
    }

    private static ObjectNode inject(ObjectNode template, List<CompiledPolicy> policies) {
        return Engine.CURRENT.inject(input(template), PolicyIndex.of(policies)).template();
    }

    private static Input input(ObjectNode template) {
        return Input.ofTemplate(
                new WorkloadRef("apps", "Deployment", "shop", "web"),
                Input.InNamespace.PLAIN,
                template,
                KubernetesVersion.NEWEST,
                new Trigger.Offline());
    }

    private static ObjectNode template(String field) {
        return (ObjectNode) Json.parse(
                "{\"spec\":{\"containers\":[{\"name\":\"app\"}]" + field + ",\"restartPolicy\":\"Always\"}}");
    }

    private static CompiledPolicy policy(String name, int seconds) {
        return PolicyCompiler.compile((ObjectNode) Json.parse("{\"kind\":\"SidecarPolicy\",\"metadata\":{\"name\":\""
                + name + "\",\"namespace\":\"shop\"},\"spec\":{\"selector\":{},\"terminationGracePeriodSeconds\":"
                + seconds + "}}"));
    }
}
