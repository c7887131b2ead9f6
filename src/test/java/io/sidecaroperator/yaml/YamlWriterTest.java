package io.sidecaroperator.yaml;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.sidecaroperator.core.json.Json;
import io.sidecaroperator.support.RandomRuns;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.schema.CoreSchema;

/**
 * What is written reads back the same, by the project's reader (YAML 1.1 as kubectl reads it) and by a plain YAML 1.2
 * reader.
 */
class YamlWriterTest {

    @Test
    void theFormIsThatOfKubectl() {
        ObjectNode tree = (ObjectNode) Json.parse("""
                {"apiVersion":"v1","metadata":{"name":"x","labels":{},"annotations":{"on":"yes","script":"a\\n  b\\n"}},
                "spec":{"containers":[{"name":"app","args":["--port=80","-c","0123"],"env":[]},{}],"n":[[1,[2]],["a\\n"]],
                "cpu":"100m","image":"nginx:1.25","when":"2001-01-01","big":1E+3,"none":null,"empty":"","tail":" x",
                "json":"{\\"it's\\":\\"\\\\\\"}","leading":"\\n x\\n\\n"}}""");
        assertThat(YamlWriter.write(tree)).isEqualTo("""
                apiVersion: v1
                metadata:
                  name: x
                  labels: {}
                  annotations:
                    "on": "yes"
                    script: |
                      a
                        b
                spec:
                  containers:
                  - name: app
                    args:
                    - --port=80
                    - -c
                    - "0123"
                    env: []
                  - {}
                  "n":
                  - - 1
                    - - 2
                  - - |
                      a
                  cpu: 100m
                  image: nginx:1.25
                  when: "2001-01-01"
                  big: 1.0E+3
                  none: null
                  empty: ""
                  tail: " x"
                  json: '{"it''s":"\\"}'
                  leading: |2+

                     x

                """);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "y",
                "N",
                "yes",
                "On",
                "OFF",
                "true",
                "~",
                "null",
                "",
                " ",
                "0123",
                "0o17",
                "0x1F",
                "0b1",
                "1_000",
                "1e3",
                "1.10",
                ".5",
                "+1",
                "-1",
                ".inf",
                ".NaN",
                "-.INF",
                "2001-01-01",
                "2001-12-14 21:59:43.10 -5",
                "1:30",
                "190:20:30.15",
                "=",
                "<<",
                "a: b",
                "a:",
                "# x",
                "a #b",
                "- a",
                "-",
                "---",
                "...",
                "--- a",
                "? a",
                "*a",
                "&a",
                "!a",
                "|",
                ">",
                "'a'",
                "\"a\"",
                "%a",
                "@a",
                "`a",
                "[a]",
                "{a}",
                "a\tb",
                "a\u0007b",
                "a\u0085b",
                "a\u2028b",
                "\ufeffa",
                "a\u00a0b",
                "\ud83d\ude00",
                "a\nb",
                "\n",
                "\n\n",
                "a\n\n",
                " a\nb",
                "\ta\nb",
                "a\n\tb",
                "a \n b ",
                "a\n \n",
                "\n\na",
                "a\r\nb",
                "a\n---\nb",
                "a\n# b",
                "12345e67",
                "0755",
                "123abc",
                "1 2"
            })
    void aTextStaysThatText(String text) {
        ObjectNode tree = Json.object();
        tree.putObject("a").put("v", text).put(text, 1);
        tree.putArray("l").add(text).add(Json.array().add(text));
        assertReadsBack(tree);
    }

    @Test
    void halfACharacterIsReplacedAsKubernetesDoes() {
        assertThat(YamlWriter.write(Json.object().put("a", "x\ud800"))).isEqualTo("a: \"x\\uFFFD\"\n");
    }

    @Test
    void randomDocumentsReadBack() {
        Documents documents = new Documents(RandomRuns.firstSeed() + 3);
        for (int i = 0; i < RandomRuns.of(5_000); i++) {
            assertReadsBack(documents.object(0));
        }
    }

    @Test
    void writingTwiceGivesTheSameText() {
        Documents documents = new Documents(RandomRuns.firstSeed() + 4);
        for (int i = 0; i < RandomRuns.of(2_000); i++) {
            String text = YamlWriter.write(documents.object(0));
            assertThat(YamlWriter.write(Documents.read(text).get(0).content())).isEqualTo(text);
        }
    }

    private static void assertReadsBack(ObjectNode tree) {
        String text = YamlWriter.write(tree);
        List<Document> ours = Documents.read(text);
        assertThat(Numbers.byValue(ours.get(0).content())).as(text).isEqualTo(Numbers.byValue(tree));
        assertThat(keys(ours.get(0).content())).isEqualTo(keys(tree));

        LoadSettings plain = LoadSettings.builder().setSchema(new CoreSchema()).build();
        JsonNode theirs = Json.MAPPER.valueToTree(new Load(plain).loadFromReader(new WholeCharacters(text)));
        assertThat(Numbers.byValue(theirs)).as(text).isEqualTo(Numbers.byValue(tree));
    }

    private static List<String> keys(JsonNode node) {
        List<String> keys = new ArrayList<>();
        node.fieldNames().forEachRemaining(keys::add);
        node.forEach(child -> keys.addAll(keys(child)));
        return keys;
    }
}
