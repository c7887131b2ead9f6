package io.sidecaroperator.core.rollout;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.sidecaroperator.core.json.Json;
import io.sidecaroperator.core.model.PolicyKey;
import io.sidecaroperator.core.rollout.LastWrite.Change;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class LastWriteTest {
    private static final Instant AT = Instant.parse("2026-01-01T00:00:00Z");
    private static final PolicyKey LOGS = new PolicyKey("shop", "logs");
    private static final PolicyKey MESH = new PolicyKey("", "mesh");
    private static final Change FIRST = new Change(Optional.empty(), Optional.of("a"), false);
    private static final Change BACK = new Change(Optional.of("b"), Optional.of("a"), true);
    private static final Change REMOVAL = new Change(Optional.of("a"), Optional.empty(), false);

    static Stream<LastWrite> records() {
        return Stream.of(
                record(false, Optional.empty(), Map.of(LOGS, FIRST)),
                record(true, Optional.empty(), Map.of(LOGS, BACK, MESH, REMOVAL)),
                record(true, Optional.of(AT.plusSeconds(7)), Map.of(MESH, FIRST)),
                record(true, Optional.empty(), Map.of()));
    }

    @ParameterizedTest
    @MethodSource("records")
    void whatIsWrittenIsRead(LastWrite record) {
        ObjectNode workload = (ObjectNode) Json.parse("{\"metadata\":{\"name\":\"web\"},\"spec\":{}}");

        assertThat(LastWrite.of(record.on(workload))).contains(record);
        assertThat(LastWrite.of(workload))
                .as("the workload itself is not changed")
                .isEmpty();
    }

    @Test
    void itIsShortAndSaysOnlyWhatIsNotTheRule() {
        ObjectNode workload = record(true, Optional.of(AT), new TreeMap<>(Map.of(LOGS, BACK, MESH, REMOVAL)))
                .on(Json.object());

        assertThat(workload.at("/metadata/annotations")
                        .get(LastWrite.ANNOTATION)
                        .textValue())
                .isEqualTo(
                        "{\"uid\":\"u\",\"at\":\"2026-01-01T00:00:00Z\",\"template\":\"hash\",\"completeBefore\":true,"
                                + "\"completeAt\":\"2026-01-01T00:00:00Z\",\"policies\":{\"mesh\":{\"from\":\"a\"},"
                                + "\"shop/logs\":{\"from\":\"b\",\"to\":\"a\",\"rollback\":true}}}");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "no json",
                "7",
                "null",
                "[]",
                "{}",
                "{\"uid\":\"u\",\"at\":\"2026-01-01T00:00:00Z\",\"template\":\"t\"}",
                "{\"uid\":\"u\",\"at\":\"2026-01-01T00:00:00Z\",\"template\":\"t\",\"policies\":[]}",
                "{\"uid\":\"u\",\"at\":\"2026-01-01T00:00:00Z\",\"policies\":{}}",
                "{\"uid\":\"u\",\"template\":\"t\",\"policies\":{}}",
                "{\"at\":\"2026-01-01T00:00:00Z\",\"template\":\"t\",\"policies\":{}}",
                "{\"uid\":7,\"at\":\"2026-01-01T00:00:00Z\",\"template\":\"t\",\"policies\":{}}",
                "{\"uid\":\"u\",\"at\":\"+1000000000-12-31T23:59:59Z\",\"template\":\"t\",\"policies\":{}}",
                "{\"uid\":\"u\",\"at\":\"-0001-12-31T23:59:59Z\",\"template\":\"t\",\"policies\":{}}",
                "{\"uid\":\"u\",\"at\":\"2026-01-01T00:00:00Z\",\"completeAt\":\"+1000000000-12-31T23:59:59Z\",\"template\":\"t\","
                        + "\"policies\":{}}",
                "{\"uid\":\"u\",\"at\":\"yesterday\",\"template\":\"t\",\"policies\":{}}",
                "{\"uid\":\"u\",\"at\":\"2026-01-01T00:00:00Z\",\"completeAt\":\"soon\",\"template\":\"t\",\"policies\":{}}"
            })
    void aTextThatIsNoRecordIsNone(String text) {
        ObjectNode workload = Json.object();
        workload.withObject("/metadata/annotations").put(LastWrite.ANNOTATION, text);

        assertThat(LastWrite.of(workload)).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"{}", "{\"metadata\":7}", "{\"metadata\":{\"annotations\":null}}", "[]"})
    void whatHasNoAnnotationHasNoRecord(String workload) {
        assertThat(LastWrite.of(Json.parse(workload))).isEmpty();
    }

    @Test
    void aRecordOfAnotherObjectSaysSoItself() {
        ObjectNode copied = record(true, Optional.empty(), Map.of(LOGS, FIRST)).on(Json.object());
        copied.withObject("/metadata").put("uid", "another");

        assertThat(LastWrite.of(copied).orElseThrow().uid()).isEqualTo("u");
    }

    @Test
    void withoutItsRecordAWorkloadIsWhatItWas() {
        LastWrite record = record(true, Optional.empty(), Map.of(LOGS, FIRST));
        for (String text : new String[] {
            "{\"metadata\":{\"name\":\"web\"}}", "{\"metadata\":{\"annotations\":{\"owner\":\"me\"},\"name\":\"web\"}}"
        }) {
            ObjectNode workload = (ObjectNode) Json.parse(text);
            ObjectNode written = record.on(workload);

            assertThat(LastWrite.off(written)).isEqualTo(workload);
            assertThat(LastWrite.of(written)).as("the copy loses it").contains(record);
            assertThat(LastWrite.off(workload)).isEqualTo(workload);
        }
    }

    @Test
    void aMarkChangesNothingElse() {
        LastWrite record = record(true, Optional.empty(), Map.of(LOGS, FIRST));

        assertThat(record.completeAt(AT.plusSeconds(5)))
                .isEqualTo(record(true, Optional.of(AT.plusSeconds(5)), Map.of(LOGS, FIRST)));
    }

    @Test
    void theHashIsOfTheTemplateAndNotOfItsSpelling() {
        ObjectNode template = (ObjectNode) Json.parse("{\"spec\":{\"a\":1,\"b\":2}}");
        ObjectNode turned = (ObjectNode) Json.parse("{\"spec\":{\"b\":2,\"a\":1}}");
        ObjectNode other = (ObjectNode) Json.parse("{\"spec\":{\"a\":1,\"b\":3}}");

        assertThat(LastWrite.hashOf(template)).hasSize(16).isEqualTo(LastWrite.hashOf(turned));
        assertThat(LastWrite.hashOf(template)).isNotEqualTo(LastWrite.hashOf(other));
    }

    private static LastWrite record(
            boolean completeBefore, Optional<Instant> completeAt, Map<PolicyKey, Change> changes) {
        return new LastWrite("u", AT, "hash", completeBefore, completeAt, new TreeMap<>(changes));
    }
}
