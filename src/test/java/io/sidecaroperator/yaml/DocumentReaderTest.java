package io.sidecaroperator.yaml;

import static io.sidecaroperator.yaml.Documents.one;
import static io.sidecaroperator.yaml.Documents.read;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.sidecaroperator.core.json.Json;
import io.sidecaroperator.support.RandomRuns;
import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Every expectation here is what kubectl 1.36 (sigs.k8s.io/yaml 1.6) does; {@link KubectlReadsTheSameIT} asks it. */
class DocumentReaderTest {

    @ParameterizedTest
    @CsvSource(
            delimiterString = "=>",
            value = {
                "yes => true",
                "Yes => true",
                "yEs => 'yEs'",
                "y => true",
                "Y => true",
                "on => true",
                "n => false",
                "NO => false",
                "off => false",
                "true => true",
                "FALSE => false",
                "tRue => 'tRue'",
                "~ => null",
                "null => null",
                "NULL => null",
                "nULL => 'nULL'",
                "nil => 'nil'",
                "0123 => 83",
                "0o17 => 15",
                "089 => 89",
                "0x1F => 31",
                "0b101 => 5",
                "-0b101 => -5",
                "0b-1 => -1",
                "-0b+1 => '-0b+1'",
                "1_000 => 1000",
                "1_ => 1",
                "_1 => '_1'",
                "+5 => 5",
                "0x => '0x'",
                "08_ => 8",
                "1.10 => 1.10",
                "1. => 1",
                ".5 => 0.5",
                "-.5 => -0.5",
                "1e3 => 1E+3",
                "1_0.5 => 10.5",
                ".1_2 => 0.12",
                ". => '.'",
                ".e5 => '.e5'",
                "1e400 => '1e400'",
                "1e-99999999999 => 0",
                "1,000 => '1,000'",
                "18446744073709551615 => 18446744073709551615",
                "123456789012345678901234567890 => 123456789012345678901234567890",
                "2001-01-01 => '2001-01-01'",
                "2001-12-14T21:59:43.10-05:00 => '2001-12-14T21:59:43.10-05:00'",
                "1:30 => '1:30'",
                "190:20:30 => '190:20:30'",
                "= => '='",
                "100m => '100m'",
                "1Gi => '1Gi'",
                "!!str 1 => '1'",
                "!!str => ''",
                "!!int \"0x10\" => 16",
                "!!bool yes => true",
                "!!float 1 => 1",
                "!!binary aGk= => 'hi'",
                "!mine 7 => '7'",
                "\"yes\" => 'yes'",
                "! \"7\" => '7'"
            },
            quoteCharacter = '\u0001')
    void aScalarMeansWhatKubectlSays(String scalar, String json) {
        assertThat(one("a: " + scalar).get("a")).isEqualTo(Json.parse(json.replace('\'', '"')));
    }

    @ParameterizedTest
    @CsvSource(
            delimiterString = "=>",
            value = {
                "true => true",
                "yes => true",
                "y => true",
                "0x10 => 16",
                "0123 => 83",
                "1.10 => 1.1",
                "1e3 => 1000",
                "1e6 => 1e+06",
                "1234567.0 => 1.234567e+06",
                "0.00001 => 1e-05",
                "0.0001 => 0.0001",
                "089 => 89",
                "2001-01-01 => 2001-01-01",
                "\"yes\" => yes",
                ".inf => .inf",
                "-.INF => -.inf",
                "1e99 => .inf",
                "&k 1.10 => 1.1",
                "&k on => true"
            },
            quoteCharacter = '\u0001')
    void aKeyBecomesTheTextThatKubectlMakes(String key, String text) {
        assertThat(one(key + ": x").fieldNames().next()).isEqualTo(text);
    }

    @ParameterizedTest
    @CsvSource(
            delimiterString = "=>",
            value = {
                "{<<: {a: 1, b: 2}, a: 3} => {'a':3,'b':2}",
                "{a: 3, <<: {a: 1, b: 2}} => {'a':1,'b':2}",
                "{<<: [{a: 1}, {a: 2, b: 2}]} => {'a':1,'b':2}",
                "{<<: {a: 1}, <<: {b: 2}} => {'a':1,'b':2}",
                "{\"<<\": {a: 1}} => {'<<':{'a':1}}",
                "{x: &x {a: {b: 1}}, w: *x, z: {<<: *x, c: 2}} => {'x':{'a':{'b':1}},'w':{'a':{'b':1}},'z':{'a':{'b':1},'c':2}}",
                "{x: &x 1, w: [*x, *x]} => {'x':1,'w':[1,1]}"
            },
            quoteCharacter = '\u0001')
    void mergesAndAliasesAreThereInFull(String yaml, String json) {
        // Not at the start of a text: there a brace would first be tried as JSON.
        assertThat(one("v: " + yaml).get("v")).isEqualTo(Json.parse(json.replace('\'', '"')));
    }

    @Test
    void anAliasIsACopy() {
        ObjectNode root = (ObjectNode) one("a: &x {m: 1}\nb: *x");
        ((ObjectNode) root.get("a")).put("m", 2);
        assertThat(root.at("/b/m").intValue()).isEqualTo(1);
    }

    @Test
    void documentsAreCutAtMarkersAndEmptyOnesAreLeftOut() {
        List<Document> documents = read(
                "\uFEFF# a comment\n---\n# Source: chart\na: 1\n--- # next\n\n---\n~\n---\nb: |\n  x\n  ---\n...\n---\n- 2\n--- {c: 3}\n");
        assertThat(documents)
                .extracting(document -> Json.text(document.content()))
                .containsExactly("{\"a\":1}", "{\"b\":\"x\\n---\\n\"}", "[2]", "{\"c\":3}");
        assertThat(documents).extracting(Document::number).containsExactly(1, 2, 3, 4);
        assertThat(documents).extracting(Document::line).containsExactly(4, 10, 15, 16);
        assertThat(documents.get(1).where()).isEqualTo("test.yaml, document 2 (line 10)");
    }

    @Test
    void jsonIsReadAsJson() {
        assertThat(read("{\"a\": 1.0, \"<<\": {\"b\": \"\\ud83d\\ude00\"}}\n{\"c\":\t2}\n---\n{\"d\": 3}"))
                .extracting(document -> Json.text(document.content()))
                .containsExactly("{\"a\":1.0,\"<<\":{\"b\":\"😀\"}}", "{\"c\":2}", "{\"d\":3}");
        assertThat(one("{a: yes, b: [1, 2]} # flow style")).isEqualTo(Json.parse("{\"a\":true,\"b\":[1,2]}"));
    }

    @Test
    void directivesBelongToTheDocumentBelow() {
        assertThat(read("%YAML 1.1\n---\na: 1\n...\n%YAML 1.1\n---\nb: 1\n")).hasSize(2);
    }

    @Test
    void windowsLineEndingsAreLineEndings() {
        assertThat(one("a: |\r\n  x\r\n  y\r\nb: 1\r\n")).isEqualTo(Json.parse("{\"a\":\"x\\ny\\n\",\"b\":1}"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiterString = "=>",
            value = {
                "a: b: c => line 3: mapping values are not allowed here",
                "a: [1, 2 => line 4: while parsing a flow sequence",
                "a: 1\\n\\tb: 2 => line 4: while scanning for the next token, found character '\\\\t(TAB)'",
                "a: 1\\na: 2 => line 4: the key \"a\" is here twice",
                "1: a\\n\"1\": b => line 4: the key \"1\" is here twice",
                "a: .inf => line 3: .inf is not a number in JSON; quote it",
                "~: 1 => line 3: a key is empty or null",
                "? [a]\\n: b => line 3: a list or mapping cannot be a key",
                "a: *x => line 3: there is no anchor &x above this alias",
                "a: &x [*x] => line 3: the anchor &x contains itself",
                "a: {<<: 1} => line 3: << takes a mapping",
                "x: &x [{b: 1}]\\na: {<<: *x} => line 4: << takes a mapping",
                "a: !!int x => line 3: \"x\" is no !!int",
                "a: !!binary x => line 3: a !!binary value is not base64",
                "{\"a\": 1,\\n\"b\" 2} => line 4: Unexpected character ('2'",
                "{\"a\": 1,\\n\"b\" => line 5: Unexpected end-of-input within/between Object entries",
                "{\"a\": 1 => line 4: Unexpected end-of-input: expected close marker for Object (start marker at line: 2, column: 1)",
                "{\"a\": 1, \"a\": 2} => line 3: Duplicate field 'a'",
                "{a: 1, a: 2} => line 3: the key \"a\" is here twice"
            },
            quoteCharacter = '\u0001')
    void anErrorNamesFileDocumentAndLine(String text, String message) {
        assertThatThrownBy(() -> read("x: 1\n---\n" + text.replace("\\n", "\n").replace("\\t", "\t")))
                .isInstanceOf(InvalidYamlException.class)
                .hasMessageStartingWith("test.yaml, document 2, " + message.replace("\\\\t", "\\t"));
    }

    @Test
    void whatIsNotTextIsRefused() {
        InputStream latin1 = new ByteArrayInputStream("a: 1\nb: é".getBytes(StandardCharsets.ISO_8859_1));
        assertThatThrownBy(() -> new DocumentReader("x.yaml", latin1).hasNext())
                .isInstanceOf(InvalidYamlException.class)
                .hasMessageContaining("x.yaml")
                .hasMessageContaining("not UTF-8");
        assertThatThrownBy(() -> read("a: \u0000"))
                .isInstanceOf(InvalidYamlException.class)
                .hasMessageStartingWith("test.yaml, document 1, line 1: ");
    }

    @Test
    void aliasesCannotBlowUpATree() {
        StringBuilder bomb = new StringBuilder("a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n");
        for (int i = 1; i < 10; i++) {
            bomb.append(
                    "a%d: &a%d [%s]\n".formatted(i, i, "*a%d,".formatted(i - 1).repeat(10)));
        }
        assertThatThrownBy(() -> read(bomb.toString()))
                .isInstanceOf(InvalidYamlException.class)
                .hasMessageContaining("aliases of this document stand for more than");
    }

    @ParameterizedTest
    @ValueSource(strings = {"[", "{\"a\":", "- ", "{a: "})
    void depthIsBounded(String opening) {
        assertThatThrownBy(() -> read("v: " + (opening.equals("- ") ? "\n" : "") + opening.repeat(100_000)))
                .isInstanceOf(InvalidYamlException.class);
        assertThatThrownBy(() -> read(opening.repeat(100_000))).isInstanceOf(InvalidYamlException.class);
    }

    @Test
    void documentsOfManyMegabytesAreReadOneByOne() {
        byte[] large = ("a: \"" + "x".repeat(5_000_000) + "\"\n---\n").getBytes(StandardCharsets.UTF_8);
        InputStream endless = new InputStream() {
            @Override
            public int read() {
                throw new AssertionError("read further than the first documents need");
            }

            @Override
            public int read(byte[] target, int offset, int length) {
                throw new AssertionError("read further than the first documents need");
            }
        };
        byte[] next = "b: 1\n---\n".repeat(10_000).getBytes(StandardCharsets.UTF_8);
        DocumentReader reader = new DocumentReader(
                "big.yaml",
                new SequenceInputStream(
                        new ByteArrayInputStream(large),
                        new SequenceInputStream(new ByteArrayInputStream(next), endless)));
        assertThat(reader.next().content().get("a").textValue()).hasSize(5_000_000);
        assertThat(reader.next().content().get("b").intValue()).isEqualTo(1);
    }

    /** The parser's own reader fails when a buffer ends between the two halves of such a character. */
    @Test
    void charactersOutsideTheBasicPlaneAreReadWhereverTheyStand() {
        for (int padding : List.of(0, 1, 1_020, 1_021, 1_022, 1_023, (1 << 20) - 5, (1 << 20) - 4, (1 << 20) - 3)) {
            String text = "x".repeat(padding) + "😀😀" + "y".repeat(3_000);
            assertThat(one("a: " + text + "\nb: 😀\n"))
                    .isEqualTo(Json.object().put("a", text).put("b", "😀"));
        }
    }

    /** Whatever a file contains, reading ends with documents or with the project's own exception. */
    @Test
    void junkIsRefusedInOnlyOneWay() {
        Documents documents = new Documents(RandomRuns.firstSeed() + 11);
        Random random = new Random(RandomRuns.firstSeed() + 12);
        int refused = 0;
        int accepted = 0;
        for (int i = 0; i < RandomRuns.of(20_000); i++) {
            StringBuilder text = new StringBuilder(YamlWriter.write(documents.object(2)));
            for (int changes = random.nextInt(4); changes >= 0; changes--) {
                int at = random.nextInt(text.length());
                if (random.nextBoolean()) {
                    text.deleteCharAt(at).append(' ');
                } else {
                    text.insert(at, "\t:-{}[]&*!|>'\"%@`,?# \n".charAt(random.nextInt(22)));
                }
            }
            try {
                read(text.toString());
                accepted++;
            } catch (InvalidYamlException e) {
                assertThat(e).hasMessageStartingWith("test.yaml, document 1, line ");
                refused++;
            }
        }
        assertThat(refused).isGreaterThan(RandomRuns.atLeast(1_000));
        assertThat(accepted).isGreaterThan(RandomRuns.atLeast(1_000));
    }
}
