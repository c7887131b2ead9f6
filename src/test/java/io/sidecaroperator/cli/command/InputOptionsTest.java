package io.sidecaroperator.cli.command;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What users may pass to -f and --policy, and the messages for what is not possible. */
class InputOptionsTest {
    @TempDir
    private Path directory;

    @Test
    void aDirectoryIsItsManifestsInTheOrderOfTheirNames() throws IOException {
        object("b.yml");
        object("a.yaml");
        object("c.json");
        object("d.txt");
        object("kustomization.yaml");
        object("yaml");
        object("deep/a.yaml");

        assertThat(names("-f", directory.toString())).containsExactly("a.yaml", "b.yml", "c.json");
    }

    @Test
    void recursiveLooksDeeper() throws IOException {
        object("b.yaml");
        object("a/z.yaml");
        object("c/d/x.yaml");
        object("away.yaml.d/readme.md");
        Files.createSymbolicLink(directory.resolve("round"), directory);
        Files.createSymbolicLink(directory.resolve("link.yaml"), directory.resolve("b.yaml"));

        assertThat(names("-R", "-f", directory.toString())).containsExactly("z.yaml", "b.yaml", "x.yaml", "b.yaml");
    }

    @Test
    void filesAndDirectoriesAndStandardInputComeInTheOrderGiven() throws IOException {
        object("dir/b.yaml");
        String file = object("a.yaml");
        CommandRun run = CommandRun.inject(
                "{kind: X, apiVersion: v1, metadata: {name: piped}}",
                "-f",
                directory.resolve("dir").toString(),
                "-f",
                "-",
                "-f",
                file);
        assertThat(run.ok().lines().filter(line -> line.startsWith("  name: ")))
                .containsExactly("  name: b.yaml", "  name: piped", "  name: a.yaml");
    }

    @Test
    void whatIsNotThereIsSaid() throws IOException {
        Files.createDirectories(directory.resolve("empty/deep"));
        String empty = directory.resolve("empty").toString();
        String file = object("a.yaml");

        bad("-f", "/no/such.yaml").isEqualTo("sidecar: /no/such.yaml: there is no such file\n");
        bad("-f", empty)
                .isEqualTo("sidecar: " + empty + ": this directory holds no file that ends in .yaml, .yml or .json;"
                        + " --recursive looks into the directories in it\n");
        bad("-R", "-f", empty)
                .isEqualTo("sidecar: " + empty + ": this directory holds no file that ends in .yaml, .yml or .json\n");
        bad("-f", file, "--policy", empty).contains(": this directory holds no file that ends in");
        bad("-f", file, "--policy", "/no/such.yaml").contains("/no/such.yaml: there is no such file");
        bad("-f", "-", "-f", "-").isEqualTo("sidecar: -: standard input can be read only once\n");
        bad("-f", "-", "--policy", "-").isEqualTo("sidecar: -: standard input can be read only once\n");
        bad("--policy", "-").isEqualTo("sidecar: -: standard input can be read only once\n");
        bad("-f", "https://example.com/web.yaml").contains("is an address, and nothing is fetched");
    }

    @Test
    void policiesMayBeInADirectory() throws IOException {
        Files.createDirectories(directory.resolve("policies"));
        for (String name : new String[] {"one", "two"}) {
            Files.writeString(directory.resolve("policies/" + name + ".yaml"), """
                    apiVersion: sidecar-operator.io/v1alpha1
                    kind: SidecarPolicy
                    metadata: {name: %s}
                    spec: {selector: {}, sidecars: [{name: %s, image: "x:1"}]}
                    """.formatted(name, name));
        }
        CommandRun run = CommandRun.inject(
                "{apiVersion: v1, kind: Pod, metadata: {name: p}, spec: {containers: [{name: app}]}}",
                "--policy",
                directory.resolve("policies").toString());
        assertThat(run.exitCode()).as(run.err()).isZero();
        assertThat(run.err()).isEqualTo("""
                Pod default/p: policy default/one injected
                Pod default/p: policy default/two injected
                """);
    }

    private org.assertj.core.api.AbstractStringAssert<?> bad(String... arguments) {
        CommandRun run = CommandRun.inject("{apiVersion: v1, kind: X}", arguments);
        assertThat(run.exitCode()).isEqualTo(2);
        assertThat(run.out()).isEmpty();
        return assertThat(run.err());
    }

    private java.util.stream.Stream<String> names(String... arguments) {
        return CommandRun.inject("", arguments)
                .ok()
                .lines()
                .filter(line -> line.startsWith("  name: "))
                .map(line -> line.substring("  name: ".length()));
    }

    /** A file that contains an object of its own name. */
    private String object(String name) throws IOException {
        Path file = directory.resolve(name);
        Files.createDirectories(file.getParent());
        Files.writeString(
                file,
                "{\"apiVersion\": \"v1\", \"kind\": \"X\", \"metadata\": {\"name\": \"" + file.getFileName()
                        + "\"}}\n");
        return file.toString();
    }
}
