package io.sidecaroperator.cli.command;

import static org.assertj.core.api.Assertions.assertThat;

import io.sidecaroperator.support.Program;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class CompletionTest {
    @Test
    void kubectlIsToldWhichCommandsThereAre() {
        assertThat(complete("in")).containsExactly("inject", ":4");
        assertThat(complete("")).contains("inject", "uninject", "diff", "completion", "version", ":4");
        assertThat(complete("")).doesNotContain("__complete");
    }

    @Test
    void kubectlIsToldTheOptionsOfACommand() {
        assertThat(complete("inject", "--str")).containsExactly("--strict", ":4");
        assertThat(complete("inject", "--strict", "--kub")).containsExactly("--kubernetes-version", ":4");
        assertThat(complete("diff", "-o", "su")).containsExactly("summary", ":4");
    }

    @Test
    void whereAFileIsMeantTheShellNamesFiles() {
        assertThat(complete("inject", "-f", "")).containsExactly(":0");
    }

    @Test
    void bashCompletesByTheScript() {
        String script = CommandRun.of("", "completion", "bash").ok();
        assertThat(bash(script, "sidecar", "un")).contains("uninject");
        assertThat(bash(script, "sidecar", "inject", "--str")).containsExactly("--strict");
    }

    @Test
    void zshTakesTheSameScript() {
        assertThat(CommandRun.of("", "completion", "zsh").ok())
                .startsWith("autoload -U +X compinit && compinit\n")
                .endsWith(CommandRun.of("", "completion", "bash").ok());
    }

    @Test
    void anotherShellIsNamedAsUnknown() {
        CommandRun run = CommandRun.of("", "completion", "fish");
        assertThat(run.exitCode()).isEqualTo(ExitCode.BAD_INPUT);
        assertThat(run.err()).contains("'fish'").contains("bash").contains("zsh");
    }

    private static List<String> complete(String... words) {
        String[] arguments = new String[words.length + 1];
        arguments[0] = "__complete";
        System.arraycopy(words, 0, arguments, 1, words.length);
        return CommandRun.of("", arguments).ok().lines().toList();
    }

    /** Returns how a real bash with the script completes the last of these words. */
    private static List<String> bash(String script, String... words) {
        String line = String.join(" ", words);
        String program = script
                + "\nCOMP_WORDS=(%s) COMP_CWORD=%d COMP_LINE='%s' COMP_POINT=%d\n"
                        .formatted(line, words.length - 1, line, line.length())
                + "_complete_sidecar\nprintf '%s\\n' \"${COMPREPLY[@]}\"\n";
        return Program.run(List.of("bash", "-s"), Map.of(), program, Duration.ofMinutes(1))
                .ok()
                .out()
                .lines()
                .map(String::strip)
                .toList();
    }
}
