package io.sidecaroperator.cli.command;

import io.sidecaroperator.core.explain.WorkloadExplanation;
import java.io.PrintWriter;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Says which policies select workloads, and why the others do not. */
@Command(
        name = "policies",
        description = {
            "Says which policies reach workloads, and of each other one which part of its aim does not match: the"
                    + " namespace, a label, the kind or the name.",
            "",
            "Without --cluster it is a question about manifests. With --cluster the policies and the labels of"
                    + " namespaces are the cluster's; the workloads, too, or those of --filename.",
            "",
            "-o json prints one object: {\"workloads\": [{group, kind, namespace, name, policies: [{policy, where,"
                    + " decision, reason, message, revision}], misses: [{policy, where, revision, missed: [{field,"
                    + " wanted, found}]}]}]}. -o name prints the policies that reach a workload, as kubectl does.",
            ""
        },
        mixinStandardHelpOptions = true,
        sortOptions = false,
        preprocessor = NamesFirst.class,
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {
            "0:Done, whether a policy reaches anything or not.",
            "2:The options, a file, a policy or the cluster cannot be used, or there is no such workload.",
            "70:A mistake of this program. Please report it."
        },
        footer = {
            "",
            "Examples:",
            "  Which policies of a directory reach this manifest, and why not the others?",
            "    ${COMMAND-FULL-NAME} -f web.yaml --policy policies",
            "",
            "  And which of the cluster, if it were applied?",
            "    ${COMMAND-FULL-NAME} -f web.yaml --cluster -n shop",
            "",
            "  Which policies does a running workload meet?",
            "    ${COMMAND-FULL-NAME} --cluster deployment/web -n shop"
        })
final class PoliciesCommand implements Callable<Integer> {
    @Spec
    private @Nullable CommandSpec spec;

    @Mixin
    private ExplainOptions options = new ExplainOptions();

    @Option(
            names = {"-o", "--output"},
            paramLabel = "table|json|name",
            description = "How the result is written (default: table).")
    private Format format = Format.table;

    private final Console console;

    /** The formats of the result. */
    enum Format {
        table,
        json,
        name
    }

    PoliciesCommand(Console console) {
        this.console = console;
    }

    @Override
    public Integer call() {
        List<WorkloadExplanation> explanations = options.explanations(console);
        console.print(
                switch (format) {
                    case table -> PoliciesText.table(explanations, console.style());
                    case json -> PoliciesText.json(explanations);
                    case name -> PoliciesText.names(explanations);
                });
        PrintWriter err = Objects.requireNonNull(spec).commandLine().getErr();
        explanations.stream()
                .flatMap(explanation -> explanation.assumptions().stream())
                .distinct()
                .forEach(assumption -> err.println("assumed: " + assumption));
        err.flush();
        return ExitCode.DONE;
    }
}
