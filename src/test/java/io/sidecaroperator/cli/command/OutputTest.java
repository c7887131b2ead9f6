package io.sidecaroperator.cli.command;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.sidecaroperator.core.json.Json;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The formats of a result, and what is kept in memory. */
class OutputTest {
    private static final String POLICY = """
            apiVersion: sidecar-operator.io/v1alpha1
            kind: ClusterSidecarPolicy
            metadata: {name: logs}
            spec: {selector: {}, sidecars: [{name: logs, image: "logs:1"}]}
            """;
    private static final String POD = """
            apiVersion: v1
            kind: Pod
            metadata: {name: one}
            spec: {containers: [{name: app}]}
            """;
    private static final String LIST = """
            apiVersion: apps/v1
            kind: DeploymentList
            items:
            - metadata: {name: web}
              spec: {template: {spec: {containers: [{name: app}]}}}
            """;

    @Test
    void oneDocumentIsOneObject() {
        String out = CommandRun.of(POD, "uninject", "-o", "json").ok();
        assertThat(out)
                .startsWith("{\n    \"apiVersion\": \"v1\",\n    \"kind\": \"Pod\",\n")
                .endsWith("\n}\n");
        assertThat(out).contains("\"containers\": [\n            {\n");
    }

    @Test
    void severalAreAListOfTheirObjects() {
        String out = CommandRun.inject(String.join("---\n", POD, LIST, POLICY), "-o", "json")
                .ok();
        JsonNode list = Json.parse(out);
        assertThat(list.path("kind").asText()).isEqualTo("List");
        assertThat(list.path("apiVersion").asText()).isEqualTo("v1");
        assertThat(list.path("items"))
                .extracting(item -> item.path("apiVersion").asText() + " "
                        + item.path("kind").asText())
                .containsExactly("v1 Pod", "apps/v1 Deployment", "sidecar-operator.io/v1alpha1 ClusterSidecarPolicy");
        assertThat(out).contains("    \"items\": [\n        {\n            \"apiVersion\": \"v1\",\n");
        assertThat(Json.parse(CommandRun.of(out, "uninject", "-o", "json").ok()).at("/items/1/spec/template/spec"))
                .isEqualTo(Json.parse("{\"containers\": [{\"name\": \"app\"}]}"));
    }

    @Test
    void whoHasSeenEnoughIsNotToldOfIt() {
        StringWriter err = new StringWriter();
        OutputStream closed = new OutputStream() {
            @Override
            public void write(int one) throws IOException {
                throw new IOException("Broken pipe");
            }
        };
        InputStream in = new ByteArrayInputStream(POD.getBytes(StandardCharsets.UTF_8));

        int exitCode = SidecarCommand.commandLine(new Console(Map.of("HOME", "/nowhere"), Terminal.NONE, in, closed))
                .setErr(new PrintWriter(err))
                .setExecutionExceptionHandler(Failures.handler(""))
                .execute("uninject", "-q");

        assertThat(exitCode).isEqualTo(ExitCode.NOBODY_READS);
        assertThat(err.toString()).doesNotContain("pipe").doesNotContain("written");
    }

    @Test
    void namesAreThoseOfWhatChanges() {
        String input =
                String.join("---\n", POD, LIST, POLICY, "{apiVersion: v1, kind: ConfigMap, metadata: {name: c}}");
        assertThat(CommandRun.inject(input, "-o", "name").ok()).isEqualTo("pod/one\ndeployment.apps/web\n");
        assertThat(CommandRun.of(input, "uninject", "-o", "name").ok()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"yaml", "json", "name"})
    void aMistakeInTheLastDocumentLeavesNothingPrinted(String format) {
        for (String command : new String[] {"inject", "uninject"}) {
            CommandRun run = CommandRun.of(
                    String.join("---\n", POD.repeat(1), POLICY, "kind: X\n---\n" + "a: b: c\n"), command, "-o", format);
            assertThat(run.exitCode()).isEqualTo(2);
            assertThat(run.out()).isEmpty();
        }
    }

    @Test
    void moreThanFitsInMemoryComesOutTheSame() {
        String script = "data: {script: \"" + "0123456789".repeat(200_000) + "\"}\n";
        StringBuilder input = new StringBuilder(POLICY);
        for (int i = 0; i < 8; i++) {
            input.append("---\n").append("apiVersion: v1\nkind: ConfigMap\n").append(script);
            input.append("---\n").append(POD.replace("one", "pod-" + i));
        }
        CommandRun run = CommandRun.inject(input.toString());
        assertThat(run.err().lines()).hasSize(8).allMatch(line -> line.endsWith("policy logs injected"));
        assertThat(run.out()).hasSizeGreaterThan(16_000_000);
        assertThat(CommandRun.of(run.ok(), "uninject", "-q").ok())
                .isEqualTo(CommandRun.of(input.toString(), "uninject", "-q").ok());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "kind: \"Name\\x73pace\"",
                "kind: \"Name\\\n  space\"",
                "kind: !!binary TmFtZXNwYWNl",
                "\"kind\": Namespace",
                "? kind\n: Namespace",
                "# all\n\nkind: &k Namespace",
                "%TAG !e! tag:yaml.org,2002:\n---\nkind: !e!binary TmFtZXNwYWNl",
            })
    void aNamespaceCountsHoweverItIsWrittenAndWhereverItStands(String kind) {
        String namespace =
                kind + "\napiVersion: v1\nmetadata: {name: default, labels: {sidecar-operator.io/inject: \"false\"}}\n";
        CommandRun run = CommandRun.inject(
                String.join("---\n", POD, POLICY, "null\n", "apiVersion: v1\nkind: X\n") + "...\n" + namespace);
        assertThat(run.exitCode()).as(run.err()).isZero();
        assertThat(run.err()).startsWith("Pod default/one: policy logs skipped (OptedOut)");
    }

    @Test
    void documentsAreCountedTheSameWhetherTheyAreLookedAtOrNot() {
        String bad = POLICY.replace("image", "imaeg");
        String input = String.join(
                "---\n",
                POD,
                "null\n",
                "# nothing\n",
                "{\"apiVersion\": \"v1\", \"kind\": \"A\"}\n{\"apiVersion\": \"v1\", \"kind\": \"B\"}\n",
                "kind: C\napiVersion: v1\n",
                bad);
        assertThat(CommandRun.inject(input).err())
                .startsWith("sidecar: standard input, document 5 (line 16): ClusterSidecarPolicy logs: ");
    }

    @Test
    void progressIsForTerminalsAndGoneAtTheEnd() {
        String input = "---\n".concat(POD).repeat(450);
        assertThat(CommandRun.of(input, "uninject", "-q").err()).isEmpty();
        CommandRun run = CommandRun.of(new Terminal(false, false, true), input, "uninject", "-q");
        assertThat(run.ok()).isEqualTo(CommandRun.of(input, "uninject", "-q").ok());
        assertThat(run.err()).isEqualTo("\r200 documents\r400 documents\r             \r");
    }

    @Test
    void whoTypesIsToldThatItIsWaitedFor() {
        CommandRun run = CommandRun.of(new Terminal(true, true, true), POD, "uninject", "-q");
        assertThat(run.err()).isEqualTo("reading documents from standard input; Ctrl-D ends them\n");
    }
}
