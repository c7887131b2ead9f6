package io.sidecaroperator.yaml;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.sidecaroperator.core.json.Json;
import io.sidecaroperator.support.RandomRuns;
import io.sidecaroperator.support.TestCluster;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The real kubectl decides what a manifest means, both of those that the project reads and of those that it writes. */
class KubectlReadsTheSameIT {
    private static final String CONFIG_MAP = "apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: m%d\ndata:\n";
    private static final List<String> SCALARS = List.of(
            ("y Y yes Yes YES yEs n N no No NO on On ON off Off OFF true True TRUE tRue false FALSE ~ null Null NULL nULL"
                            + " nil 0 -0 +0 00 0123 0o17 0O17 -0777 089 08 0_7 0x1F 0X1f 0xFFFFFFFFFFFFFFFF"
                            + " 0x1FFFFFFFFFFFFFFFF 0b101 0B101 -0b101 +0b1 0b-1 0b+1 -0b+1 0b2 0o8 0x 0b 0o 0x_1F 1_000 1__0"
                            + " 1_ _1 +_1 -_ + 1e3 1E3 1e+3 1e 1e+ 1.0 1.10 1. .5 +.5 -.5 . .. .5e3 .e5 ._1 .1_2 .1e1_0 .1_e1"
                            + " 1_0.5 1_e5 1e400 -1e400 1e-400 1e99999999999 1e-99999999999 18446744073709551615"
                            + " 18446744073709551616 +18446744073709551615 9223372036854775807 -9223372036854775808"
                            + " -9223372036854775809 123456789012345678901234567890 2001-01-01 2001-13-01 2001-02-30"
                            + " 2001-12-14T21:59:43.10-05:00 2001-12-14t21:59:43Z 1:30 190:20:30.15 1,000 10.0.0.1 100m 1Gi"
                            + " = << a#b a:b +1 ++1 +-1 1.5.2")
                    .split(" "));
    private static final List<String> TAGGED = List.of(
            "!!str 1",
            "!!str yes",
            "!!str",
            "!!int \"0x10\"",
            "!!bool yes",
            "!!null \"\"",
            "!!float 1.5",
            "!!timestamp 2001-01-01",
            "!!binary aGk=",
            "!mine 7",
            "! \"7\"",
            "\"yes\"",
            "'0123'",
            "\"a\\x41\\u00e9\\U0001F600\\e\\_\"",
            "!!float \"1\"");
    private static final List<String> KEYS = List.of(
            "y",
            "off",
            "true",
            "0x10",
            "0123",
            "1_000",
            "-5",
            "1.10",
            "1e3",
            "1e6",
            "1234567.0",
            "16777217.0",
            "0.00001",
            "0.0001",
            "100000.5",
            "089",
            "-0.5",
            "2001-01-01",
            "\"yes\"",
            "1e99",
            "a b",
            "1:30",
            ".inf",
            ".NaN",
            "-.INF");
    private static final List<String> STRUCTURES = List.of(
            "  a: {<<: {x: 1, z: 2}, x: 3}\n  b: {x: 3, <<: {x: 1, z: 2}}\n  c: {<<: [{x: 1}, {x: 2, z: 2}]}\n",
            "  a: &a {x: {z: 1}}\n  b: *a\n  c: {<<: *a, w: 2}\n  d: &d 1.10\n  e: [*d, *d]\n",
            "  a: |\n    x\n      z\n\n  b: |-\n    x\n  c: |+\n    x\n\n  d: >\n    x\n    z\n\n    w\n  e: |2\n      x\n",
            "  a: x\n    z\n  b: \"x\n    z\\\n    w\"\n  c: 'x''z\n\n    w'\n  ? d\n  : 1\n  e:\n  - 1\n  - - 2\n    - {x: }\n",
            "  a: [1, 2,]\n  b: {x: 1, z}\n  \"c\": {\"x\":1,\"z\":[]}\n  d: # comment\n    x # not\n  e: x#z\n  f: ''\n  g:\n");

    private final TestCluster cluster = TestCluster.get();

    @Test
    void whatWeReadIsWhatKubectlReads() {
        List<String> manifests = new ArrayList<>();
        StringBuilder values = new StringBuilder();
        List<String> scalars = new ArrayList<>(SCALARS);
        scalars.addAll(TAGGED);
        for (int i = 0; i < scalars.size(); i++) {
            values.append("  v%d: %s%n".formatted(i, scalars.get(i)));
        }
        manifests.add(values.toString());
        KEYS.forEach(key -> manifests.add("  " + key + ": x\n"));
        manifests.addAll(STRUCTURES);
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < manifests.size(); i++) {
            text.append("---\n").append(CONFIG_MAP.formatted(i)).append(manifests.get(i));
        }

        List<JsonNode> theirs = kubectl(text.toString());
        List<JsonNode> ours = Documents.read(text.toString()).stream()
                .map(document -> document.content().get("data"))
                .toList();

        assertThat(ours).hasSameSizeAs(manifests);
        for (int i = 0; i < ours.size(); i++) {
            assertThat(Numbers.byValue(ours.get(i))).as(manifests.get(i)).isEqualTo(Numbers.byValue(theirs.get(i)));
        }
    }

    @Test
    void whatWeWriteIsWhatKubectlReads() {
        Documents random = new Documents(RandomRuns.firstSeed() + 17);
        List<ObjectNode> trees = new ArrayList<>();
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < RandomRuns.of(1_000); i++) {
            ObjectNode data = i % 2 == 0 ? random.strings(5) : random.object(0);
            trees.add(data);
            ObjectNode manifest = Json.object();
            manifest.put("apiVersion", "v1").put("kind", "ConfigMap");
            manifest.putObject("metadata").put("name", "m" + i);
            manifest.set("data", data);
            text.append("---\n").append(YamlWriter.write(manifest));
        }

        List<JsonNode> theirs = kubectl(text.toString());

        for (int i = 0; i < trees.size(); i++) {
            assertThat(Numbers.byValue(theirs.get(i)))
                    .as(YamlWriter.write(trees.get(i)))
                    .isEqualTo(Numbers.byValue(trees.get(i)));
        }
    }

    /** Returns the {@code data} of each document as kubectl sees it. */
    private List<JsonNode> kubectl(String manifests) {
        String json = cluster.kubectl(
                        manifests, "create", "--dry-run=client", "--validate=false", "-o", "json", "-f", "-")
                .ok()
                .out();
        return Documents.read(json).stream()
                .map(document -> document.content().get("data"))
                .toList();
    }
}
