package io.sidecaroperator.cli;

import io.sidecaroperator.manifest.ManifestFiles;
import java.io.PrintWriter;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
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
final class DiffCommand implements Callable<Integer> {
    @Spec
    private @Nullable CommandSpec spec;

    @Option(names = "--cluster", description = "Compare with a cluster. This release needs it.")
    private boolean cluster;

    @Mixin
    private FileOptions files = new FileOptions();

    @Option(
            names = {"-n", "--namespace"},
            paramLabel = "NAMESPACE",
            arity = "1..*",
            description = "Look at these namespaces only; policies of files that name none belong to the first one"
                    + " (default: all, and the context's).")
    private List<String> namespaces = List.of();

    @Mixin
    private ClusterOptions where = new ClusterOptions();

    @Option(
            names = {"-o", "--output"},
            paramLabel = "text|summary|json",
            description = "text: a diff of each template, then the summary. summary: a table and a sentence.")
    private Format format = Format.text;

    @Mixin
    private KindOptions kinds = new KindOptions();

    private final Console console;

    /** How the result is written. */
    enum Format {
        text,
        summary,
        json
    }

    DiffCommand(Console console) {
        this.console = console;
    }

    @Override
    public Integer call() {
        if (!cluster) {
            throw usage("diff needs --cluster in this release: it compares policies with the workloads of a cluster");
        }
        PreviewRun run = new PreviewRun(
                new PreviewRun.Where(where.connection(console.environment()), namespaces, where.operatorNamespace()),
                kinds.kinds(),
                files.isGiven() ? new ManifestFiles(console.in()).read(files.sources(console)) : List.of());
        PreviewResult result = run.result();
        run.warnings().forEach(err()::println);
        err().flush();
        write(result);
        return result.differs() ? ExitCode.DIFFERENT : run.isComplete() ? ExitCode.DONE : ExitCode.BAD_INPUT;
    }

    private void write(PreviewResult result) {
        console.print(
                switch (format) {
                    case text -> PreviewDiff.of(result, console.style()) + PreviewSummary.of(result);
                    case summary -> PreviewSummary.of(result);
                    case json -> PreviewJson.of(result);
                });
    }

    private ParameterException usage(String message) {
        return new ParameterException(Objects.requireNonNull(spec).commandLine(), message);
    }

    private PrintWriter err() {
        return Objects.requireNonNull(spec).commandLine().getErr();
    }
}
