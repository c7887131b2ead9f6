package io.sidecaroperator.cli.command;

import io.sidecaroperator.cli.cluster.ClusterApi;
import io.sidecaroperator.cli.cluster.Uninstall;
import io.sidecaroperator.cli.cluster.UninstallPlan;
import io.sidecaroperator.cli.cluster.UninstallScope;
import io.sidecaroperator.cli.cluster.WorkloadStrip;
import io.sidecaroperator.cli.manifest.InputException;
import io.sidecaroperator.core.policy.validation.TextPattern;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Removes everything that the operator did from a cluster in which it no longer runs. */
@Command(
        name = "uninstall",
        description = {
            "Takes out of a cluster what the operator put into workloads, when no operator runs that would do it.",
            "",
            "First the registration of the webhook goes, then the sidecars by what each template's receipt says, then"
                    + " the finalizers of policies. That replaces pods, so it shows first what it would do, and asks."
                    + " What policies with deletion: Orphan added stays and is the user's. Policies and"
                    + " CustomResourceDefinitions stay. What is refused is told; running it again finishes the work.",
            ""
        },
        mixinStandardHelpOptions = true,
        sortOptions = false,
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {
            "0:All is out, or --dry-run has shown it.",
            "1:Something was refused and is still there; it is told.",
            "2:The options or the cluster cannot be used, an operator runs, permissions are missing, or nobody agreed.",
            "70:A mistake of this program. Please report it."
        },
        footer = {
            "",
            "Examples:",
            "  What would it do?",
            "    ${COMMAND-FULL-NAME} --dry-run",
            "",
            "  Stop the operator and clean up after it, before its Deployment is deleted:",
            "    ${COMMAND-FULL-NAME} --stop-operator",
            "",
            "  In one namespace only, without a question:",
            "    ${COMMAND-FULL-NAME} -n shop --yes"
        })
final class UninstallCommand implements Callable<Integer> {
    private static final String CRDS =
            "kubectl delete crd sidecarpolicies.sidecar-operator.io clustersidecarpolicies.sidecar-operator.io";

    @Spec
    private @Nullable CommandSpec spec;

    @Option(
            names = {"-n", "--namespace"},
            paramLabel = "NAMESPACE",
            arity = "1..*",
            description = "Clean these namespaces only; the webhook's registration and cluster policies stay"
                    + " (default: all).")
    private List<String> namespaces = List.of();

    @Option(
            names = "--whole-installation",
            description =
                    "With --namespace: the operator worked in these namespaces only, so its webhook's registration"
                            + " goes and cluster policies lose their finalizers, too.")
    private boolean wholeInstallation;

    @Mixin
    private ClusterOptions where = new ClusterOptions();

    @Option(
            names = "--operator-name",
            paramLabel = "NAME",
            description = "What the operator's Deployment, lease and MutatingWebhookConfiguration are called (default:"
                    + " all that are registered, and sidecar-operator).")
    private @Nullable String operatorName;

    @Mixin
    private KindOptions kinds = new KindOptions();

    @Option(
            names = "--stop-operator",
            description = "Scale the operator's Deployment to 0 first, and wait until it has ended.")
    private boolean stopOperator;

    @Option(names = "--delete-policies", description = "Delete the policies, too.")
    private boolean deletePolicies;

    @Option(names = "--dry-run", description = "Only show what would be done.")
    private boolean dryRun;

    @Option(
            names = {"-y", "--yes"},
            description = "Do not ask.")
    private boolean yes;

    private final Console console;
    private final Clock clock;

    UninstallCommand(Console console) {
        this.console = console;
        this.clock = Clock.system(ZoneOffset.UTC);
    }

    @Override
    public Integer call() {
        if (wholeInstallation && namespaces.isEmpty()) {
            throw new ParameterException(
                    command().commandLine(),
                    "--whole-installation says something about --namespace, which is not given");
        }
        ClusterNames.checkNamespaces(namespaces);
        if (operatorName != null) {
            ClusterNames.check("--operator-name", operatorName, TextPattern.DNS_SUBDOMAIN);
        }
        UninstallScope scope = new UninstallScope(
                namespaces,
                namespaces.isEmpty() || wholeInstallation,
                kinds.kinds(),
                where.operatorNamespace(),
                Optional.ofNullable(operatorName));
        try (ClusterApi api =
                new ClusterApi(where.connection(console.environment()).config())) {
            return run(new Uninstall(api, scope, clock));
        }
    }

    private int run(Uninstall uninstall) {
        List<String> unknown = uninstall.unknownNamespaces();
        if (!unknown.isEmpty()) {
            throw new InputException("there is no namespace " + String.join(", ", unknown) + "; nothing was changed");
        }
        List<String> obstacles = uninstall.obstacles();
        if (!obstacles.isEmpty() && !stopOperator && !dryRun) {
            throw new InputException(String.join("\n", obstacles));
        }
        UninstallPlan plan = uninstall.plan();
        plan.warnings().forEach(err()::println);
        boolean nothing = plan.isEmpty() && !(deletePolicies && !plan.policies().isEmpty());
        if (dryRun) {
            obstacles.forEach(err()::println);
        } else if (nothing && obstacles.isEmpty()) {
            console.print("nothing of sidecar-operator is left to take out\n");
            return ExitCode.DONE;
        }
        console.print((dryRun ? "would do:\n" : "") + UninstallReport.of(plan, deletePolicies));
        err().flush();
        if (dryRun) {
            return ExitCode.DONE;
        }
        List<String> missing = uninstall.missingRights(plan, deletePolicies);
        if (!missing.isEmpty()) {
            throw new InputException(String.join("\n", missing) + "\nnothing was changed");
        }
        agree();
        if (!obstacles.isEmpty()) {
            err().println("stopping the operator ...");
            uninstall.stopOperator();
            plan = uninstall.plan();
        }
        return finish(uninstall.run(plan, deletePolicies, new Lines()));
    }

    private int finish(Uninstall.Result result) {
        result.refused().forEach(line -> err().println("refused: " + line));
        err().flush();
        console.print("cleaned " + UninstallReport.count(result.workloads(), "workload", "workloads") + "; "
                + UninstallReport.count(result.pods(), "pod restarts", "pods restart") + "\n");
        if (!result.refused().isEmpty()) {
            err().println(UninstallReport.count(result.refused().size(), "thing is", "things are")
                    + " not done; see above, then run it again");
            err().flush();
            return ExitCode.DIFFERENT;
        }
        if (namespaces.isEmpty()) {
            console.print("The CustomResourceDefinitions stay, and policies with them. To delete both: " + CRDS + "\n");
        }
        return ExitCode.DONE;
    }

    private void agree() {
        if (yes) {
            return;
        }
        if (!console.terminal().in()) {
            throw new InputException("it replaces pods, and nobody is there to be asked: give --yes, or --dry-run to"
                    + " see what it would do; nothing was changed");
        }
        err().print("Do it? [y/N] ");
        err().flush();
        if (!List.of("y", "yes").contains(answer())) {
            throw new InputException("nothing was changed");
        }
    }

    private String answer() {
        try {
            String line = new BufferedReader(new InputStreamReader(console.in(), StandardCharsets.UTF_8)).readLine();
            return line == null ? "" : line.strip().toLowerCase(Locale.ROOT);
        } catch (IOException e) {
            return "";
        }
    }

    /** Prints one line for each step. On a terminal, workloads share one line. */
    private final class Lines implements Uninstall.Listener {
        @Override
        public void step(String what) {
            console.print(what + "\n");
        }

        @Override
        public void workload(WorkloadStrip workload, int number, int of, Optional<String> refusal) {
            if (console.terminal().err()) {
                err().print("\r\u001b[K" + number + "/" + of + " " + workload.ref()
                        + (number == of ? "\r\u001b[K" : ""));
                err().flush();
            } else if (refusal.isEmpty()) {
                console.print(UninstallReport.done(workload) + "\n");
                workload.notes()
                        .forEach(note -> console.print(
                                workload.ref() + ": note (" + note.reason() + "): " + note.message() + "\n"));
            }
        }
    }

    private PrintWriter err() {
        return command().commandLine().getErr();
    }

    private CommandSpec command() {
        return Objects.requireNonNull(spec);
    }
}
