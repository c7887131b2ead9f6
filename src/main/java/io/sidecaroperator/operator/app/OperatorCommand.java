package io.sidecaroperator.operator.app;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code sidecar operator}: runs the operator until it receives a signal to stop. */
@Command(
        name = "operator",
        description =
                "Runs the operator: reconciles workloads and answers the API server about new pods and workloads.",
        mixinStandardHelpOptions = true,
        footer = {
            "",
            "Each option is also an environment variable; the option wins. Two more name the installation:",
            "POD_NAMESPACE, the operator's own namespace, which no policy touches (default: the ServiceAccount's,",
            "else sidecar-operator-system), and SIDECAR_OPERATOR_SERVICE, the name of its Service, of its",
            "MutatingWebhookConfiguration and of its Lease (default: sidecar-operator).",
            "",
            "When it is ready it logs: Ready: webhook https://HOST:PORT, http PORT",
            "It waits for an API server that does not answer and for CustomResourceDefinitions that are not installed.",
            "",
            "Exit codes: 0 told to end, 1 it could not start or go on, 2 a setting that cannot be used.",
            "",
            "Examples:",
            "  In a pod, by its ServiceAccount, as the chart runs it:",
            "    ${COMMAND-FULL-NAME}",
            "",
            "  Beside a control plane on this machine:",
            "    ${COMMAND-FULL-NAME} --kubeconfig operator.kubeconfig --webhook-host 127.0.0.1 --webhook-port 0"
        })
public final class OperatorCommand implements Callable<Integer> {
    private static final int ENDED = 0;
    private static final int FAILED = 1;

    @Spec
    private @Nullable CommandSpec spec;

    @Option(
            names = "--kubeconfig",
            paramLabel = "FILE",
            description = "The cluster and the user to act as. Default: the pod's ServiceAccount. "
                    + "Environment: SIDECAR_OPERATOR_KUBECONFIG")
    private @Nullable String kubeconfig;

    @Option(
            names = "--namespace",
            paramLabel = "NAMESPACE",
            description = "Obey policies of this namespace only; may be repeated. Default: all. "
                    + "Environment: SIDECAR_OPERATOR_NAMESPACES, separated by commas")
    private List<String> namespaces = new ArrayList<>();

    @Option(
            names = "--webhook-host",
            paramLabel = "HOST",
            description = "The host by which the API server calls the webhook; with a loopback address, everything "
                    + "listens on loopback only. Default: by the Service. Environment: SIDECAR_OPERATOR_WEBHOOK_HOST")
    private @Nullable String webhookHost;

    @Option(
            names = "--webhook-port",
            paramLabel = "PORT",
            description = "Where the webhook listens; 0 for any free port. Default: 9443. "
                    + "Environment: SIDECAR_OPERATOR_WEBHOOK_PORT")
    private @Nullable String webhookPort;

    @Option(
            names = "--workload-webhook",
            paramLabel = "true|false",
            description =
                    "Whether the API server asks about created and changed workloads too, so that a user's change "
                            + "and the injection are one rollout; with false, the operator follows by a rollout of its own. "
                            + "Default: true. Environment: SIDECAR_OPERATOR_WORKLOAD_WEBHOOK")
    private @Nullable String workloadWebhook;

    @Option(
            names = "--http-port",
            paramLabel = "PORT",
            description = "Where /livez, /readyz and /metrics are; 0 for any free port. Default: 8080. "
                    + "Environment: SIDECAR_OPERATOR_HTTP_PORT")
    private @Nullable String httpPort;

    @Option(
            names = "--workload-kind",
            paramLabel = "GROUP/VERSION/KIND=PATH",
            description = "A kind of workload besides those of Kubernetes, and where its pod template is, as in "
                    + "argoproj.io/v1alpha1/Rollout=/spec/template; may be repeated. The operator needs list, watch and "
                    + "patch on it. Environment: SIDECAR_OPERATOR_WORKLOAD_KINDS, separated by commas")
    private List<String> workloadKinds = new ArrayList<>();

    @Option(
            names = "--leader-election",
            paramLabel = "true|false",
            description =
                    "Whether it changes the cluster only while it holds the lease that is named after its Service, "
                            + "so that of several replicas one does; all of them answer the API server. With false it must be "
                            + "alone. Default: true. Environment: SIDECAR_OPERATOR_LEADER_ELECTION")
    private @Nullable String leaderElection;

    @Override
    public Integer call() {
        OperatorProcess process = process();
        Ending ending = new Ending(process);
        ending.listen();
        try {
            process.start();
            return process.await().map(this::failed).orElse(ENDED);
        } catch (StartFailure e) {
            return failed(e.line());
        } catch (InterruptedException e) {
            return ENDED;
        } finally {
            process.stop();
            ending.forget();
        }
    }

    private OperatorProcess process() {
        Map<String, String> environment = System.getenv();
        try {
            Settings settings = Settings.of(
                    new Settings.Given(
                            kubeconfig,
                            namespaces,
                            webhookHost,
                            webhookPort,
                            workloadWebhook,
                            httpPort,
                            workloadKinds,
                            leaderElection),
                    environment,
                    ClusterAccess.podNamespace(ClusterAccess.SERVICE_ACCOUNT));
            return new OperatorProcess(
                    settings, ClusterAccess.config(settings, environment, ClusterAccess.SERVICE_ACCOUNT));
        } catch (SettingsException e) {
            throw new ParameterException(command().commandLine(), e.getMessage());
        }
    }

    private int failed(String line) {
        command().commandLine().getErr().println(command().root().name() + ": " + line);
        return FAILED;
    }

    private CommandSpec command() {
        return Objects.requireNonNull(spec);
    }

    /**
     * Stops the process in order on a signal (SIGTERM, Ctrl-C). Exits with code 0, which means that there was no
     * problem.
     */
    private static final class Ending {
        private final Thread hook;

        Ending(OperatorProcess process) {
            this.hook = new Thread(
                    () -> {
                        process.stop();
                        // A signal alone would make the exit code 143.
                        Runtime.getRuntime().halt(ENDED);
                    },
                    "ending");
        }

        void listen() {
            Runtime.getRuntime().addShutdownHook(hook);
        }

        void forget() {
            try {
                Runtime.getRuntime().removeShutdownHook(hook);
            } catch (IllegalStateException e) {
                // The process is already ending. This is not logged: otherwise every command would load a logger at its
                // start.
                return;
            }
        }
    }
}
