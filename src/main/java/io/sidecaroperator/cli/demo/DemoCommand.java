package io.sidecaroperator.cli.demo;

import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code sidecar demo}: shows the operator at work in a real cluster on this machine. */
@Command(
        name = "demo",
        description = {
            "Shows the operator at work in a real Kubernetes control plane on this machine.",
            "",
            "It starts a cluster of its own, the operator with no more than its ServiceAccount's rights, and applies"
                    + " examples/log-collector as you would: the app, then the policy, then a bare Pod, and takes the"
                    + " policy away again. Every step is checked. Nothing is left behind, and no other cluster is"
                    + " touched. The first run builds Kubernetes, which takes minutes and needs Go.",
            ""
        },
        mixinStandardHelpOptions = true,
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {"0:Everything was as it should be.", "1:Something was not; it says what."},
        footer = {
            "",
            "Examples:",
            "  ${COMMAND-FULL-NAME}",
            "",
            "  Try it yourself afterwards, with your own kubectl in another terminal:",
            "    ${COMMAND-FULL-NAME} --keep",
            "",
            "  With containers that run:",
            "    ${COMMAND-FULL-NAME} --node"
        })
public final class DemoCommand implements Callable<Integer> {
    private static final int FAILED = 1;

    @Spec
    private @Nullable CommandSpec spec;

    @Option(names = "--keep", description = "Leave cluster and operator running until Ctrl-C.")
    private boolean keep;

    @Option(
            names = "--node",
            description = "Run real containers, on a node of this machine (Linux, as root), with"
                    + " examples/logs-opentelemetry.")
    private boolean node;

    @Override
    public Integer call() {
        CommandSpec command = Objects.requireNonNull(spec);
        PrintWriter out = command.commandLine().getOut();
        PrintWriter err = command.commandLine().getErr();
        String home = System.getProperty("sidecar.home");
        if (home == null || !Files.isRegularFile(Path.of(home, "tools", "cluster"))) {
            err.println(command.root().name() + ": the demo runs from a checkout: ./sidecar demo");
            return FAILED;
        }
        try (Stage stage = new Stage(Path.of(home), node)) {
            try {
                new Walkthrough(stage, new Screen(out, Walkthrough.STEPS)).tell(keep);
                return 0;
            } catch (DemoFailure e) {
                if (stage.isEnding()) {
                    return FAILED;
                }
                out.flush();
                err.println();
                err.println(command.root().name() + " demo failed: " + e.getMessage());
                return FAILED;
            }
        }
    }
}
