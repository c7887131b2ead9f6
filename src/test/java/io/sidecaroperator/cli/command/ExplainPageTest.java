package io.sidecaroperator.cli.command;

import static org.assertj.core.api.Assertions.assertThat;

import io.sidecaroperator.support.Checkout;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code explain --html}: when the file is written, and when it is not. */
class ExplainPageTest {
    private static final Path EXAMPLE = Checkout.ROOT.resolve("examples/logs-fluent-bit");

    @TempDir
    @SuppressWarnings("NullAway.Init")
    private Path directory;

    @Test
    void writesThePageAndTellsWhere() throws IOException {
        Path page = directory.resolve("out.html");
        Files.writeString(page, "what was there before");

        CommandRun run = explain(page);

        assertThat(run.exitCode()).isEqualTo(ExitCode.DONE);
        assertThat(run.out()).contains("Deployment example-logs-fluent-bit/checkout");
        assertThat(run.err()).contains("the page is in " + page);
        assertThat(page)
                .content()
                .startsWith("<!doctype html>")
                .contains("Policy example-logs-fluent-bit/logs is injected.")
                .doesNotContain("what was there before");
        assertThat(files()).containsExactly("out.html");
    }

    @Test
    void leavesNeighboursAloneFollowsALinkAndKeepsPermissions() throws IOException {
        Path real = Files.createDirectory(directory.resolve("pages")).resolve("real.html");
        Files.writeString(real, "what was there before");
        Files.setPosixFilePermissions(real, PosixFilePermissions.fromString("rw-r-----"));
        Path link = Files.createSymbolicLink(directory.resolve("out.html"), real);
        Path neighbour = directory.resolve("out.html.part");
        Files.writeString(neighbour, "somebody's");

        assertThat(explain(link).exitCode()).isEqualTo(ExitCode.DONE);

        assertThat(link).isSymbolicLink();
        assertThat(real).content().startsWith("<!doctype html>");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(real)))
                .isEqualTo("rw-r-----");
        assertThat(neighbour).hasContent("somebody's");
        assertThat(files()).containsExactlyInAnyOrder("out.html", "out.html.part", "pages");
    }

    @Test
    void aFileIsWhatFollowsTheOptionWhateverItLooksLike() throws IOException {
        Path page = Files.createDirectory(directory.resolve("pod")).resolve("out.html");

        assertThat(explain(page).exitCode()).isEqualTo(ExitCode.DONE);

        assertThat(page).content().startsWith("<!doctype html>");
        assertThat(CommandRun.of("", "explain", "-f", "deployment/typo.yaml").err())
                .contains("deployment/typo.yaml: there is no such file");
    }

    @Test
    void refusesADirectoryAndADirectoryThatIsNotThere() throws IOException {
        assertThat(explain(directory).err()).contains("--html " + directory + ": is a directory; name a file in it");
        CommandRun nowhere = explain(directory.resolve("no/out.html"));

        assertThat(nowhere.exitCode()).isEqualTo(ExitCode.BAD_INPUT);
        assertThat(nowhere.out()).isEmpty();
        assertThat(nowhere.err()).contains("there is no directory " + directory.resolve("no"));
        assertThat(files()).isEmpty();
    }

    @Test
    void aQuestionWithoutAnAnswerLeavesTheFileAlone() throws IOException {
        Path page = directory.resolve("out.html");
        Files.writeString(page, "what was there before");

        CommandRun run =
                CommandRun.of("", "explain", "-f", EXAMPLE.toString(), "deployment/nobody", "--html", page.toString());

        assertThat(run.exitCode()).isEqualTo(ExitCode.BAD_INPUT);
        assertThat(page).hasContent("what was there before");
        assertThat(files()).containsExactly("out.html");
    }

    private static CommandRun explain(Path page) {
        return CommandRun.of("", "explain", "-f", EXAMPLE.toString(), "--html", page.toString());
    }

    private Stream<String> files() throws IOException {
        try (Stream<Path> files = Files.list(directory)) {
            return files.map(file -> String.valueOf(file.getFileName())).toList().stream();
        }
    }
}
