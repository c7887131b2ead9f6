package io.sidecaroperator.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.sidecaroperator.support.Checkout;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code explain --html}: what comes to the file, and what does not. */
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
