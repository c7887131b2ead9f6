package io.sidecaroperator.cli.command;

import java.util.Objects;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.AutoComplete;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Prints the script that lets a shell complete commands and options. */
@Command(
        name = "completion",
        description = {
            "Prints the script that lets a shell complete commands and options.",
            "",
            "For 'kubectl sidecar', put kubectl_complete-sidecar of the release on the PATH instead: kubectl's own"
                    + " completion asks it.",
            ""
        },
        mixinStandardHelpOptions = true,
        sortOptions = false,
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {"0:Done.", "2:The shell is unknown."},
        footer = {
            "",
            "Examples:",
            "  For the shell that runs now:",
            "    source <(${COMMAND-FULL-NAME} bash)",
            "",
            "  For every bash from now on:",
            "    ${COMMAND-FULL-NAME} bash > ~/.local/share/bash-completion/completions/sidecar"
        })
final class CompletionCommand implements Callable<Integer> {
    private final Console console;

    @Spec
    private @Nullable CommandSpec spec;

    @Parameters(paramLabel = "bash|zsh", description = "The shell.")
    private Shell shell = Shell.bash;

    /** The shells of the script; zsh uses that of bash. */
    enum Shell {
        bash,
        zsh
    }

    CompletionCommand(Console console) {
        this.console = console;
    }

    @Override
    public Integer call() {
        String start = shell == Shell.zsh ? "autoload -U +X compinit && compinit\n" : "";
        console.print(start
                + AutoComplete.bash(
                        "sidecar", Objects.requireNonNull(spec).root().commandLine()));
        return ExitCode.DONE;
    }
}
