package io.sidecaroperator.cli.command;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.sidecaroperator.core.injection.RandomWorld;
import io.sidecaroperator.core.json.Json;
import io.sidecaroperator.support.RandomRuns;
import io.sidecaroperator.yaml.DocumentReader;
import io.sidecaroperator.yaml.YamlWriter;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code --in-place}: changes are made in place, and the rest of the files stays the same. */
class InPlaceTest {
    private static final String DEPLOYMENT = """
            apiVersion: apps/v1
            kind: Deployment
            metadata: {name: web}
            spec:
              template:
                metadata: {labels: {logs: collected}}
                spec: {containers: [{name: app, image: nginx}]}
            """;

    @TempDir
    private Path directory;

    private String policy = "";

    @BeforeEach
    void policy() throws IOException {
        policy = file("policies/logs.yaml", """
                apiVersion: sidecar-operator.io/v1alpha1
                kind: SidecarPolicy
                metadata: {name: logs}
                spec:
                  selector: {matchLabels: {logs: collected}}
                  sidecars: [{name: log-collector, image: "logs:1"}]
                """);
    }

    @Test
    void whatDoesNotChangeStaysToTheByte() throws IOException {
        String before = """
                \uFEFF# licence
                ---
                # settings,   not touched
                apiVersion:   v1
                kind: ConfigMap
                data: { "on":    'yes' }


                --- # the workload
                # Source: chart/templates/web.yaml
                %s# below
                ...
                # aside
                ---
                kind: X # no end of line
                apiVersion: v1""".formatted(DEPLOYMENT);
        String file = file("web.yaml", before);

        inject("-f", file).ok();

        String after = Files.readString(Path.of(file));
        int start = before.indexOf("apiVersion: apps/v1");
        int end = before.indexOf("# below");
        assertThat(after).startsWith(before.substring(0, start)).endsWith(before.substring(end));
        assertThat(after.substring(start, after.indexOf("# below"))).contains("log-collector");

        inject("-f", file).ok();
        assertThat(Files.readString(Path.of(file))).isEqualTo(after);

        CommandRun.of("", "uninject", "--in-place", "-f", file).ok();
        assertThat(Files.readString(Path.of(file))).startsWith(before.substring(0, start));
        assertThat(texts(Files.readString(Path.of(file)))).isEqualTo(texts(before));
    }

    @Test
    void aFileInWhichNothingChangesIsNotWritten() throws IOException {
        Path file = Path.of(file("web.yaml", DEPLOYMENT.replace("collected", "none")));
        Object key = Files.readAttributes(file, "unix:ino").get("ino");
        inject("-f", file.toString()).ok();
        assertThat(Files.readAttributes(file, "unix:ino")).containsEntry("ino", key);
    }

    @Test
    void linesEndAsTheyDid() throws IOException {
        String file = file(
                "web.yaml", ("# top\n---\n" + DEPLOYMENT + "---\nkind: X\napiVersion: v1\n").replace("\n", "\r\n"));
        inject("-f", file).ok();
        String after = Files.readString(Path.of(file));
        assertThat(after).contains("log-collector").startsWith("# top\r\n---\r\n");
        assertThat(after.replace("\r\n", "")).doesNotContain("\n").doesNotContain("\r");
    }

    @Test
    void aDocumentOnTheLineOfItsMarkerIsReplaced() throws IOException {
        String file =
                file("web.yaml", "--- " + Json.text(read(DEPLOYMENT).get(0)) + "\n---\n{kind: X, apiVersion: v1}\n");
        inject("-f", file).ok();
        assertThat(Files.readString(Path.of(file)))
                .startsWith("---\napiVersion: apps/v1\n")
                .endsWith("\n---\n{kind: X, apiVersion: v1}\n");
    }

    @Test
    void jsonStaysJsonAndKeepsItsIndentation() throws IOException {
        String deployment = read(DEPLOYMENT).get(0).toPrettyString().replace("\" :", "\":");
        String before = "\n{\"kind\":\"X\",  \"apiVersion\":\"v1\"} " + deployment + "\n"
                + Json.text(read(DEPLOYMENT).get(0)) + "\n";
        String file = file("web.json", before);

        inject("-f", file).ok();

        String after = Files.readString(Path.of(file));
        assertThat(after).startsWith("\n{\"kind\":\"X\",  \"apiVersion\":\"v1\"} {\n  \"apiVersion\": \"apps/v1\",\n");
        assertThat(after.lines().skip(2).filter(line -> line.startsWith("{"))).hasSize(1);
        assertThat(after).endsWith("}\n");
        CommandRun.of("", "uninject", "--in-place", "-f", file).ok();
        assertThat(texts(Files.readString(Path.of(file)))).isEqualTo(texts(before));
    }

    @Test
    void linksAndPermissionsStay() throws IOException {
        Path file = Path.of(file("real/web.yaml", DEPLOYMENT));
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r----x"));
        Path link = Files.createSymbolicLink(directory.resolve("link.yaml"), file);

        inject("-f", link.toString()).ok();

        assertThat(link).isSymbolicLink();
        assertThat(Files.readString(file)).contains("log-collector");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                .isEqualTo("rw-r----x");
        try (Stream<Path> left = Files.list(file.getParent())) {
            assertThat(left).containsExactly(file);
        }
    }

    @Test
    void whenAnythingFailsNothingIsWritten() throws IOException {
        String good = file("apps/a.yaml", DEPLOYMENT);
        file("apps/b.yaml", "a: b: c\n");
        CommandRun run = inject("-f", directory.resolve("apps").toString());
        assertThat(run.exitCode()).isEqualTo(2);
        assertThat(run.err()).contains("b.yaml, document 1, line 1");
        unchanged(good);

        String taken = file("apps/b.yaml", DEPLOYMENT.replace("name: app,", "name: log-collector,"));
        CommandRun strict = inject("--strict", "-f", directory.resolve("apps").toString());
        assertThat(strict.exitCode()).isEqualTo(3);
        assertThat(strict.err()).contains("refused (ContainerNameTaken)");
        unchanged(good);

        inject("-f", directory.resolve("apps").toString()).ok();
        assertThat(Files.readString(Path.of(good))).contains("log-collector");
        assertThat(Files.readString(Path.of(taken))).doesNotContain("receipt");
    }

    @Test
    void policiesAmongTheDocumentsStay() throws IOException {
        String text = Files.readString(Path.of(policy)) + "---\n" + DEPLOYMENT;
        String file = file("all.yaml", text);
        CommandRun.inject("", "--in-place", "-f", file).ok();
        assertThat(Files.readString(Path.of(file)))
                .startsWith(Files.readString(Path.of(policy)) + "---\napiVersion: apps/v1\n")
                .contains("receipt");
    }

    @Test
    void nothingIsPrintedButTheNamesWhenAskedFor() throws IOException {
        String file = file("web.yaml", DEPLOYMENT);
        assertThat(inject("-f", file).ok()).isEmpty();
        Files.writeString(Path.of(file), DEPLOYMENT);
        assertThat(inject("-f", file, "-o", "name").ok()).isEqualTo("deployment.apps/web\n");
    }

    @Test
    void whatCannotBeRewrittenIsSaid() throws IOException {
        String file = file("web.yaml", DEPLOYMENT);
        refused(inject(), "--in-place changes files: name them with --filename");
        refused(inject("-f", "-"), "standard input: is no regular file");
        refused(inject("-f", file, directory + "/./web.yaml"), "is also named as " + file);
        refused(inject("-f", file, "-o", "json"), "--in-place writes files as they are: it goes with -o name only");
        unchanged(file);
    }

    @Test
    void whateverIsInTheDocumentsTheyComeBack() throws IOException {
        for (long seed = RandomRuns.firstSeed(); seed < RandomRuns.firstSeed() + RandomRuns.of(60); seed++) {
            RandomWorld world = new RandomWorld(seed, RandomWorld.Shape.WILD);
            StringBuilder text = new StringBuilder("# top\n");
            for (int i = 0; i < 3; i++) {
                var deployment = Json.object().put("apiVersion", "apps/v1").put("kind", "Deployment");
                deployment.putObject("metadata").put("name", "web").put("namespace", "shop");
                deployment.putObject("spec").set("template", world.template());
                deployment.put("text", "ends\n" + "\n".repeat(i));
                text.append(YamlWriter.write(deployment)).append("\n# between\n---\n\n");
            }
            StringBuilder policies = new StringBuilder();
            world.policies().forEach(policy -> policies.append("---\n").append(YamlWriter.write(policy)));
            String file = file("web.yaml", text.toString());
            CommandRun run =
                    CommandRun.inject("", "--in-place", "-f", file, "-p", file("random.yaml", policies.toString()));
            if (run.exitCode() == ExitCode.BAD_INPUT) {
                continue;
            }
            String plain = CommandRun.inject(
                            text.toString(),
                            "-p",
                            directory.resolve("random.yaml").toString())
                    .ok();
            assertThat(texts(Files.readString(Path.of(file))))
                    .as("seed %s", seed)
                    .isEqualTo(texts(plain));
            CommandRun.of("", "uninject", "--in-place", "-f", file).ok();
            assertThat(texts(Files.readString(Path.of(file))))
                    .as("seed %s", seed)
                    .isEqualTo(texts(text.toString()));
        }
    }

    private void unchanged(String file) throws IOException {
        assertThat(Files.readString(Path.of(file))).isEqualTo(DEPLOYMENT);
        try (Stream<Path> files = Files.list(Path.of(file).getParent())) {
            assertThat(files).noneMatch(one -> one.toString().endsWith(".tmp"));
        }
    }

    private static void refused(CommandRun run, String message) {
        assertThat(run.exitCode()).as(run.err()).isEqualTo(2);
        assertThat(run.out()).isEmpty();
        assertThat(run.err()).contains(message);
    }

    private CommandRun inject(String... more) {
        List<String> arguments = new ArrayList<>(List.of("--in-place", "--policy", policy));
        arguments.addAll(List.of(more));
        return CommandRun.inject(DEPLOYMENT, arguments.toArray(String[]::new));
    }

    private String file(String name, String text) throws IOException {
        Path file = directory.resolve(name);
        Files.createDirectories(file.getParent());
        return Files.writeString(file, text).toString();
    }

    private static List<JsonNode> read(String text) {
        List<JsonNode> documents = new ArrayList<>();
        new DocumentReader("text", new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8)))
                .forEachRemaining(document -> documents.add(document.content()));
        return documents;
    }

    private static List<String> texts(String text) {
        return read(text).stream().map(JsonNode::toString).toList();
    }
}
