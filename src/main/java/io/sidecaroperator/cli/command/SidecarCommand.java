package io.sidecaroperator.cli.command;

import io.sidecaroperator.core.model.KubernetesVersion;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.IVersionProvider;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** The root of the command line, with the help of the program. */
@Command(
        name = "sidecar",
        description = {
            "Injects sidecars into Kubernetes workloads by SidecarPolicy: in manifests, here and now, with the engine that"
                    + " the operator runs in the cluster."
        },
        mixinStandardHelpOptions = true,
        versionProvider = SidecarCommand.Version.class,
        synopsisSubcommandLabel = "COMMAND",
        commandListHeading = "%nCommands:%n",
        footer = {
            "",
            "Examples:",
            "  What would the policy do to this Deployment?",
            "    ${COMMAND-FULL-NAME} inject -f web.yaml --policy logs.yaml",
            "",
            "  Why does this Deployment have a sidecar, or none?",
            "    ${COMMAND-FULL-NAME} explain --cluster deployment/web",
            "",
            "  What would it do to the workloads of a cluster, and how many pods would restart?",
            "    ${COMMAND-FULL-NAME} diff --cluster -f logs.yaml",
            "",
            "  See it all happen in a real cluster on this machine:",
            "    ${COMMAND-FULL-NAME} demo",
            "",
            "'${COMMAND-FULL-NAME} COMMAND --help' tells more about a command."
        })
public final class SidecarCommand implements Runnable {
    private static final int HELP_WIDTH = 100;

    @Spec
    private @Nullable CommandSpec spec;

    @Override
    public void run() {
        if (spec != null) {
            spec.commandLine().usage(spec.commandLine().getOut());
        }
    }

    /** What {@code --version} and the command {@code version} print. */
    public static final class Version implements IVersionProvider {
        @Override
        public String[] getVersion() {
            String version = SidecarCommand.class.getPackage().getImplementationVersion();
            return new String[] {
                "sidecar-operator " + (version == null ? "(not from a jar)" : version),
                "Kubernetes up to " + KubernetesVersion.NEWEST
            };
        }
    }

    /**
     * Returns the command line with the commands of this package, and with {@code more} commands, which need more than
     * files.
     */
    public static CommandLine commandLine(Console console, Object... more) {
        CommandLine commandLine = new CommandLine(new SidecarCommand());
        commandLine.addSubcommand(new InjectCommand(console));
        commandLine.addSubcommand(new UninjectCommand(console));
        commandLine.addSubcommand(new DiffCommand(console));
        commandLine.addSubcommand(new ExplainCommand(console));
        commandLine.addSubcommand(new PoliciesCommand(console));
        commandLine.addSubcommand(new ValidateCommand(console));
        commandLine.addSubcommand(new StatusCommand(console));
        commandLine.addSubcommand(new UninstallCommand(console));
        for (Object command : more) {
            commandLine.addSubcommand(command);
        }
        commandLine
                .addSubcommand(new CompletionCommand(console))
                .addSubcommand(new CompleteCommand(console).commandLine())
                .addSubcommand(new VersionCommand());
        commandLine
                .getSubcommands()
                .values()
                .forEach(command -> command.getCommandSpec().versionProvider(new Version()));
        // Otherwise "-n shop --dryrun" would be two namespaces and no dry run.
        commandLine.setUnmatchedOptionsAllowedAsOptionParameters(false);
        return commandLine.setUsageHelpWidth(HELP_WIDTH).setParameterExceptionHandler(Failures::usage);
    }
}
