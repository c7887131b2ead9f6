package io.sidecaroperator.core.receipt;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.IntNode;
import io.sidecaroperator.core.model.PolicyKey;
import io.sidecaroperator.core.receipt.Receipt.Added;
import io.sidecaroperator.core.receipt.Receipt.Entry;
import io.sidecaroperator.core.receipt.Receipt.Was;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ReceiptCodecTest {
    private static final String FULL = "{\"cluster-wide\":{\"revision\":\"r1\",\"engine\":11},"
            + "\"shop/logs\":{\"revision\":\"r2\",\"engine\":10,"
            + "\"containers\":{\"tail\":\"c1\"},\"initContainers\":{\"init\":\"c2\"},\"volumes\":{\"app-logs\":\"v1\"},"
            + "\"apps\":{\"web\":{\"mounts\":{\"/var/log\":\"m1\"},\"env\":{\"LOG_DIR\":\"e1\"},"
            + "\"envFrom\":[\"f1\"],\"defaults\":{\"resources\":\"d1\"},"
            + "\"was\":{\"env\":\"empty\",\"volumeMounts\":\"null\"}},\"worker\":{}},"
            + "\"labels\":{\"a\":\"l1\"},\"annotations\":{\"b\":\"a1\"},\"imagePullSecrets\":[\"registry\"],"
            + "\"terminationGracePeriodSeconds\":{\"value\":60,\"was\":30},"
            + "\"was\":{\"volumes\":\"empty\"}}}";

    @Test
    void readsEveryField() {
        Receipt receipt = ReceiptCodec.read(FULL).orElseThrow();

        assertThat(receipt.entries().keySet())
                .containsExactly(new PolicyKey("", "cluster-wide"), new PolicyKey("shop", "logs"));
        Entry entry = Objects.requireNonNull(receipt.entries().get(new PolicyKey("shop", "logs")));
        assertThat(entry.revision()).isEqualTo("r2");
        assertThat(entry.engine()).isEqualTo(10);
        assertThat(entry.names(Place.CONTAINERS)).isEqualTo(Map.of("tail", "c1"));
        assertThat(entry.names(Place.INIT_CONTAINERS)).isEqualTo(Map.of("init", "c2"));
        assertThat(entry.names(Place.VOLUMES)).isEqualTo(Map.of("app-logs", "v1"));
        assertThat(entry.apps().get("web"))
                .isEqualTo(new Added(
                        Map.of(
                                Place.MOUNTS, List.of(new AddedPart("/var/log", "m1")),
                                Place.ENV, List.of(new AddedPart("LOG_DIR", "e1")),
                                Place.ENV_FROM, List.of(new AddedPart("", "f1")),
                                Place.DEFAULTS, List.of(new AddedPart("resources", "d1"))),
                        Map.of("env", Was.EMPTY, "volumeMounts", Was.NULL)));
        assertThat(entry.apps()).containsEntry("worker", Added.NOTHING);
        assertThat(entry.names(Place.LABELS)).isEqualTo(Map.of("a", "l1"));
        assertThat(entry.names(Place.ANNOTATIONS)).isEqualTo(Map.of("b", "a1"));
        assertThat(entry.names(Place.PULL_SECRETS).keySet()).containsExactly("registry");
        assertThat(entry.gracePeriod()).contains(new Receipt.Raised(60, IntNode.valueOf(30)));
        assertThat(entry.pod().was()).isEqualTo(Map.of("volumes", Was.EMPTY));
        assertThat(receipt.containerNames()).containsExactlyInAnyOrder("tail", "init");
    }

    @Test
    void writesWhatItHasRead() {
        assertThat(ReceiptCodec.write(ReceiptCodec.read(FULL).orElseThrow())).isEqualTo(FULL);
        assertThat(ReceiptCodec.write(Receipt.EMPTY)).isEqualTo("{}");
        assertThat(ReceiptCodec.read("{}")).contains(Receipt.EMPTY);
    }

    @ParameterizedTest
    @ValueSource(strings = {"{\"value\":60}", "{\"value\":60,\"was\":null}", "{\"value\":31,\"was\":30}"})
    void keepsWhatTheGracePeriodWas(String raised) {
        String text = "{\"logs\":{\"revision\":\"r\",\"engine\":10,\"terminationGracePeriodSeconds\":" + raised + "}}";

        assertThat(ReceiptCodec.read(text).map(ReceiptCodec::write)).contains(text);
    }

    @Test
    void passesOverFieldsThatItDoesNotKnow() {
        Map<PolicyKey, Entry> entries = new LinkedHashMap<>();
        entries.put(
                new PolicyKey("shop", "logs"), new Entry("r", 10, false, Added.NOTHING, Map.of(), Optional.empty()));

        assertThat(ReceiptCodec.read("{\"shop/logs\":{\"revision\":\"r\",\"engine\":10,\"later\":[1]}}")
                        .map(ReceiptCodec::write))
                .contains(ReceiptCodec.write(new Receipt(entries)));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "null",
                "7",
                "[]",
                "\"{}\"",
                "{",
                "{} {}",
                "{\"a\":{}}",
                "{\"a\":1}",
                "{\"a\":{\"revision\":\"r\",\"engine\":\"10\"}}",
                "{\"a\":{\"revision\":\"r\",\"engine\":1.5}}",
                "{\"a\":{\"engine\":10},\"a\":{\"engine\":10}}",
                "{\"a\":{\"engine\":10,\"containers\":[]}}",
                "{\"a\":{\"engine\":10,\"containers\":{\"x\":1}}}",
                "{\"a\":{\"engine\":10,\"imagePullSecrets\":{}}}",
                "{\"a\":{\"engine\":10,\"was\":{\"volumes\":\"gone\"}}}",
                "{\"a\":{\"engine\":10,\"terminationGracePeriodSeconds\":60}}",
                "{\"a\":{\"engine\":10,\"terminationGracePeriodSeconds\":{\"value\":\"60\"}}}",
                "{\"a\":{\"engine\":10,\"terminationGracePeriodSeconds\":{\"value\":30}}}",
                "{\"a\":{\"engine\":10,\"terminationGracePeriodSeconds\":{\"value\":60,\"was\":45}}}",
                "{\"a\":{\"engine\":10,\"terminationGracePeriodSeconds\":{\"value\":60,\"was\":30.0}}}",
                "{\"a\":{\"engine\":10,\"apps\":{\"web\":{\"env\":[\"X\"]}}}}"
            })
    void isAllOrNothing(String text) {
        assertThat(ReceiptCodec.read(text)).isEmpty();
    }
}
