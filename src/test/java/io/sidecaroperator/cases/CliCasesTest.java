package io.sidecaroperator.cases;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.DynamicContainer.dynamicContainer;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.sidecaroperator.cases.CaseInput.Moment;
import io.sidecaroperator.cli.command.CommandRun;
import io.sidecaroperator.core.injection.Input;
import io.sidecaroperator.core.json.Json;
import io.sidecaroperator.yaml.YamlWriter;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicContainer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** Every golden case through the command line: the same bytes as everywhere. */
class CliCasesTest {
    private static final int LEAST_PERCENT = 85;

    @TestFactory
    Stream<DynamicContainer> cases() {
        return expressible().stream()
                .map(folder -> dynamicContainer(
                        folder.name(),
                        Stream.of(
                                dynamicTest("inject prints out.yaml", () -> injects(folder)),
                                dynamicTest("uninject takes it out again", () -> uninjects(folder)),
                                dynamicTest("explain says what explain.txt says", () -> explains(folder)))));
    }

    @Test
    void nearlyEveryCaseCanBeToldToTheCommandLine() {
        assertThat(expressible().size() * 100)
                .isGreaterThanOrEqualTo(CaseFolder.all().size() * LEAST_PERCENT);
    }

    /** A manifest is about to be applied, so parts of a policy that no longer exists are not kept. */
    private static List<CaseFolder> expressible() {
        return CaseFolder.all().stream()
                .filter(folder -> folder.given().isFor(Moment.Offline))
                .filter(folder -> !folder.given().protectedNamespace()
                        || Input.SYSTEM_NAMESPACES.contains(folder.input().ref().namespace()))
                .toList();
    }

    private static void injects(CaseFolder folder) {
        String namespace = namespace(folder);

        String out = CommandRun.of(
                        folder.text(CaseFolder.IN) + "\n---\n" + namespace,
                        "inject",
                        "--policy",
                        folder.directory().resolve(CaseFolder.POLICIES).toString(),
                        "--kubernetes-version",
                        folder.server().toString())
                .ok();

        assertThat(out).isEqualTo(folder.text(CaseFolder.OUT) + "---\n" + namespace);
    }

    /**
     * The command line says more about a policy that does not select the workload, and does not know a terminating
     * policy.
     */
    private static void explains(CaseFolder folder) {
        String said = CommandRun.of(
                        folder.text(CaseFolder.IN) + "\n---\n" + namespace(folder),
                        "explain",
                        "--policy",
                        folder.directory().resolve(CaseFolder.POLICIES).toString(),
                        "--kubernetes-version",
                        folder.server().toString())
                .ok();

        assertThat(said.lines().map(CliCasesTest::withoutRemoval))
                .containsSubsequence(folder.text(CaseFolder.EXPLAIN)
                        .lines()
                        .filter(line ->
                                !line.equals("no policy reaches it") && !line.contains(": skipped (NotSelected): "))
                        .toList());
    }

    private static String withoutRemoval(String line) {
        return line.replace("; what it has added is taken out", "");
    }

    private static void uninjects(CaseFolder folder) {
        String expected = folder.given().retains()
                ? folder.text(CaseFolder.STRIPPED)
                : YamlWriter.write(folder.manifest(CaseFolder.IN));

        assertThat(CommandRun.of(folder.text(CaseFolder.OUT), "uninject").ok()).isEqualTo(expected);
    }

    /** The command line knows a namespace from its documents. */
    private static String namespace(CaseFolder folder) {
        String name = folder.input().ref().namespace();
        ObjectNode namespace = Json.object().put("apiVersion", "v1").put("kind", "Namespace");
        ObjectNode metadata = namespace.putObject("metadata");
        metadata.put("name", name);
        ObjectNode labels = metadata.putObject("labels");
        folder.given().namespaceLabels().forEach(labels::put);
        StringBuilder documents = new StringBuilder(YamlWriter.write(namespace));
        for (ObjectNode spec : folder.given().limitRanges()) {
            ObjectNode range = Json.object().put("apiVersion", "v1").put("kind", "LimitRange");
            range.putObject("metadata").put("name", "limits").put("namespace", name);
            range.set("spec", spec);
            documents.append("---\n").append(YamlWriter.write(range));
        }
        return documents.toString();
    }
}
