package io.sidecaroperator.cli;

import io.sidecaroperator.workload.WorkloadKinds;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
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

/** Shows which workloads of a cluster policies would change, before anyone agrees. */
@Command(
        name = "diff",
        description = {
            "Shows which workloads of a cluster would change by its policies and how many pods would restart, and"
                    + " changes nothing.",
            "",
            "The policies are those of the cluster, and those of --filename as if they were applied. What a policy"
                    + " holds back (mode: Audit, rollout.paused, strategy: OnNextRollout) is shown as if it were let"
                    + " go, and HELD-BY says what has to be let go. The cluster is only read: with the rights of your"
                    + " kubeconfig, and no operator has to run.",
            ""
        },
        mixinStandardHelpOptions = true,
        sortOptions = false,
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {
            "0:Nothing would change.",
            "1:Something would change; it is printed.",
            "2:The options, a file or the cluster cannot be used, or nothing was found to change but something could"
                    + " not be read.",
            "70:A mistake of this program. Please report it."
        },
        footer = {
            "",
            "Examples:",
            "  What would happen if this policy were applied?",
            "    ${COMMAND-FULL-NAME} --cluster -f logs.yaml",
            "",
            "  What do the policies in Audit wait for, in one namespace?",
            "    ${COMMAND-FULL-NAME} --cluster -n shop -o summary"
        })
public final class DiffCommand implements Callable<Integer> {
    @Spec
    private @Nullable CommandSpec spec;

    @Option(names = "--cluster", description = "Compare with a cluster. This release needs it.")
    private boolean cluster;

    @Option(
            names = {"-f", "--filename"},
            paramLabel = "FILE",
            arity = "1..*",
            description = "Files of policies that count as if they were applied; - is standard input.")
    private List<String> files = List.of();

    @Option(
            names = {"-n", "--namespace"},
            paramLabel = "NAMESPACE",
            arity = "1..*",
            description = "Look at these namespaces only; policies of files that name none belong to the first one"
                    + " (default: all, and the context's).")
    private List<String> namespaces = List.of();

    @Option(
            names = "--kubeconfig",
            paramLabel = "FILE",
            description = "The cluster and the user (default: the environment's KUBECONFIG, else ~/.kube/config).")
    private @Nullable String kubeconfig;

    @Option(
            names = "--context",
            paramLabel = "CONTEXT",
            description = "The kubeconfig's context to use (default: its current one).")
    private @Nullable String context;

    @Option(
            names = {"-o", "--output"},
            paramLabel = "text|summary|json",
            description = "text: a diff of each template, then the summary. summary: a table and a sentence.")
    private Format format = Format.text;

    @Option(
            names = "--workload-kind",
            paramLabel = "KIND",
            description = "A kind of workload besides those of Kubernetes, and where its pod template is, as in"
                    + " argoproj.io/v1alpha1/Rollout=/spec/template; may be repeated. Name those that the operator"
                    + " knows.")
    private List<String> workloadKinds = List.of();

    @Option(
            names = "--operator-namespace",
            paramLabel = "NAMESPACE",
            defaultValue = "sidecar-operator-system",
            description = "The operator's own namespace, which no policy touches (default: ${DEFAULT-VALUE}).")
    private String operatorNamespace = "";

    private final Map<String, String> environment;
    private final boolean terminal;
    private final InputStream standardInput;
    private final OutputStream standardOutput;

    /** How the result is written. */
    enum Format {
        text,
        summary,
        json
    }

    /**
     * @param environment where {@code KUBECONFIG}, {@code HOME} and {@code NO_COLOR} are looked for
     * @param terminal whether a person watches
     */
    public DiffCommand(
            Map<String, String> environment, boolean terminal, InputStream standardInput, OutputStream standardOutput) {
        this.environment = Map.copyOf(environment);
        this.terminal = terminal;
        this.standardInput = standardInput;
        this.standardOutput = standardOutput;
    }

    @Override
    public Integer call() {
        if (!cluster) {
            throw usage("diff needs --cluster in this release: it compares policies with the workloads of a cluster");
        }
        PreviewRun run = new PreviewRun(
                new PreviewRun.Where(environment, kubeconfig, context, namespaces, operatorNamespace),
                kinds(),
                new ManifestFiles(standardInput).read(files));
        PreviewResult result = run.result();
        run.warnings().forEach(err()::println);
        err().flush();
        write(result);
        return result.differs() ? ExitCode.DIFFERENT : run.isComplete() ? ExitCode.DONE : ExitCode.BAD_INPUT;
    }

    private void write(PreviewResult result) {
        boolean coloured = terminal && environment.getOrDefault("NO_COLOR", "").isEmpty();
        String text = switch (format) {
            case text -> PreviewDiff.of(result, coloured) + PreviewSummary.of(result);
            case summary -> PreviewSummary.of(result);
            case json -> PreviewJson.of(result);
        };
        try (OutputStream out = new BufferedOutputStream(standardOutput)) {
            out.write(text.getBytes(StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw new InputException("the result cannot be written: " + e.getMessage());
        }
    }

    private WorkloadKinds kinds() {
        try {
            return WorkloadKinds.parse(workloadKinds);
        } catch (IllegalArgumentException e) {
            throw usage("--workload-kind: " + e.getMessage());
        }
    }

    private ParameterException usage(String message) {
        return new ParameterException(Objects.requireNonNull(spec).commandLine(), message);
    }

    private PrintWriter err() {
        return Objects.requireNonNull(spec).commandLine().getErr();
    }
}
