package io.sidecaroperator.cli.command;

import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** Prints which build this is. */
@Command(
        name = "version",
        description = "Prints the version of this program and the newest Kubernetes version that it knows.",
        mixinStandardHelpOptions = true,
        footer = {"", "Examples:", "  ${COMMAND-FULL-NAME}"})
final class VersionCommand implements Runnable {
    @Spec
    private @Nullable CommandSpec spec;

    @Override
    public void run() {
        if (spec != null) {
            spec.commandLine().printVersionHelp(spec.commandLine().getOut());
        }
    }
}
