package io.sidecaroperator.cli.command;

import io.sidecaroperator.cli.page.Page;
import io.sidecaroperator.cli.page.PageModel;
import io.sidecaroperator.core.explain.WorkloadExplanation;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Explains why a workload is injected, skipped or refused. */
@Command(
        name = "explain",
        description = {
            "Says why workloads are injected, skipped or refused: each policy, what it adds, what stopped it and what"
                    + " to do about that, and what was assumed.",
            "",
            "Without --cluster it is a question about manifests, and nothing but the named files is read. With"
                    + " --cluster the policies are the cluster's, and those of --policy as if they were applied; the"
                    + " workloads are the cluster's, or those of --filename as if they were applied. The cluster is"
                    + " only read, with the rights of your kubeconfig, and no operator has to run. Of a pod, the"
                    + " workload is explained whose template made it.",
            "",
            "-o json prints one object: {\"workloads\": [{group, kind, namespace, name, where, kubernetesVersion,"
                    + " policies: [{policy, where, decision, reason, message, advice, revision, carriedRevision,"
                    + " givenRevision, decidedBy, checks: [{check, meaning, answer}], edits: [{edit, text}],"
                    + " withheld: [{edit, text}], notes: [{reason, message}], noted: [...]}], misses: [{policy, where,"
                    + " revision, missed: [{field, wanted, found}]}], notes: [{reason, message}], noted: [...],"
                    + " assumptions: [...]}]}. decision is Inject, Hold, Skip or Refuse; answer is Passed, Decided or"
                    + " NotAsked; reason, message and advice are missing where nothing has to be said.",
            ""
        },
        mixinStandardHelpOptions = true,
        sortOptions = false,
        preprocessor = NamesFirst.class,
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {
            "0:Explained, whatever was decided.",
            "2:The options, a file, a policy or the cluster cannot be used, or there is no such workload.",
            "70:A mistake of this program. Please report it."
        },
        footer = {
            "",
            "Examples:",
            "  What would the policy do to this Deployment, and why?",
            "    ${COMMAND-FULL-NAME} -f web.yaml --policy logs.yaml deployment/web",
            "",
            "  Why has this pod no sidecar?",
            "    ${COMMAND-FULL-NAME} --cluster pod/web-7d9f6c-x7k2p -n shop",
            "",
            "  The same as a picture, for everything in a directory:",
            "    ${COMMAND-FULL-NAME} -f shop/ --policy logs.yaml --html shop.html",
            "",
            "  Which workloads refuse a policy, for a script:",
            "    ${COMMAND-FULL-NAME} --cluster -A -o json |",
            "      jq '.workloads[] | select(any(.policies[]; .decision == \"Refuse\")) | .name'"
        })
final class ExplainCommand implements Callable<Integer> {
    @Mixin
    private ExplainOptions options = new ExplainOptions();

    @Option(
            names = "--checks",
            description = "Show every check of every policy: passed, the one that decided, not asked.")
    private boolean checks;

    @Option(
            names = {"-o", "--output"},
            paramLabel = "text|json",
            description = "How the result is written (default: text).")
    private Format format = Format.text;

    @Option(
            names = "--html",
            paramLabel = "FILE",
            description = "Also write a page for a browser to this file: the pods before and after as a drawing, the"
                    + " policies, and the rollout in waves. It is one file that loads nothing.")
    private @Nullable Path html;

    @Spec
    private @Nullable CommandSpec command;

    private final Console console;

    /** The formats of the result. */
    enum Format {
        text,
        json
    }

    ExplainCommand(Console console) {
        this.console = console;
    }

    @Override
    public Integer call() {
        PageFile page = html == null ? null : PageFile.at(html);
        List<WorkloadExplanation> explanations = options.explanations(console);
        if (page != null) {
            page.write(Page.of(new PageModel(explanations, Optional.empty())));
            PrintWriter err = Objects.requireNonNull(command).commandLine().getErr();
            err.println("the page is in " + page.path());
            err.flush();
        }
        console.print(
                switch (format) {
                    case text -> ExplainText.of(explanations, console.style(), checks);
                    case json -> ExplainJson.of(explanations);
                });
        return ExitCode.DONE;
    }
}
