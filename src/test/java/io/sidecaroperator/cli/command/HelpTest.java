package io.sidecaroperator.cli.command;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.InputStream;
import java.io.OutputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;

class HelpTest {
    @Test
    void withoutACommandTheHelpIsShown() {
        CommandRun bare = CommandRun.of("");
        assertThat(bare.exitCode()).isZero();
        assertThat(bare.out())
                .contains("Usage: sidecar")
                .contains("inject")
                .contains("uninject")
                .contains("diff")
                .contains("version");
        assertThat(CommandRun.of("", "--help").out()).isEqualTo(bare.out());
    }

    static Stream<String> commands() {
        Console nowhere =
                new Console(Map.of(), Terminal.NONE, InputStream.nullInputStream(), OutputStream.nullOutputStream());
        return SidecarCommand.commandLine(nowhere).getSubcommands().values().stream()
                .map(CommandLine::getCommandSpec)
                .filter(command ->
                        !command.usageMessage().hidden() && !command.name().equals("version"))
                .map(CommandSpec::name);
    }

    @ParameterizedTest
    @MethodSource("commands")
    void everyCommandShowsExamplesAndExitCodes(String command) {
        CommandRun help = CommandRun.of("", command, "--help");
        assertThat(help.exitCode()).isZero();
        assertThat(help.out())
                .contains("Examples:")
                .contains("sidecar " + command + " ")
                .contains("Exit codes:");
        assertThat(help.out().lines()).allMatch(line -> line.length() <= 100, "fits a terminal");
    }

    @Test
    void theVersionIsTold() {
        assertThat(CommandRun.of("", "version").out())
                .startsWith("sidecar-operator ")
                .contains("Kubernetes up to 1.");
        assertThat(CommandRun.of("", "--version").out())
                .isEqualTo(CommandRun.of("", "version").out());
    }

    @ParameterizedTest
    @ValueSource(strings = {"injekt", "--polcy", "-x"})
    void aMistypedWordIsAMistakeOfUsage(String word) {
        CommandRun run = word.startsWith("-") ? CommandRun.of("", "inject", word) : CommandRun.of("", word);
        assertThat(run.exitCode()).isEqualTo(2);
        assertThat(run.err()).contains(word).endsWith("--help' tells how it is used\n");
        assertThat(run.out()).isEmpty();
    }

    @Test
    void aMistypedWordIsAnsweredWithTheRightOne() {
        assertThat(CommandRun.of("", "injekt").err()).contains("Did you mean: sidecar inject");
        assertThat(CommandRun.of("", "inject", "--polcy", "x").err()).contains("Possible solutions: --policy");
    }

    /** A user who misspells --dry-run must not cause the real action. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "uninstall --yes -n shop --dryrun",
                "validate -f policy.yaml --dryrun",
                "diff --cluster -n shop --dryrun",
                "inject -f web.yaml -p policy.yaml --dryrun",
                "explain -p policy.yaml --dryrun"
            })
    void aMisspeltOptionIsNoValueOfTheOneBefore(String command) {
        CommandRun run = CommandRun.of("", command.split(" "));

        assertThat(run.exitCode()).isEqualTo(ExitCode.BAD_INPUT);
        assertThat(run.err()).contains("Unknown option: '--dryrun'");
    }

    @Test
    void aMistakeOfOursIsOneLineAndItsTraceOnlyOnDemand() {
        StringWriter err = new StringWriter();
        IllegalStateException bug = new IllegalStateException("a hole in the floor");
        assertThat(Failures.report(bug, new PrintWriter(err), "sidecar", "")).isEqualTo(70);
        assertThat(err.toString()).isEqualTo("""
                sidecar: this is a mistake of the program, not yours; please report it: \
                java.lang.IllegalStateException: a hole in the floor
                sidecar: with SIDECAR_DEBUG=1 it prints where it happened
                """);
        StringWriter debug = new StringWriter();
        assertThat(Failures.report(bug, new PrintWriter(debug), "sidecar", "1")).isEqualTo(70);
        assertThat(debug.toString()).contains("at " + HelpTest.class.getName());
    }
}
