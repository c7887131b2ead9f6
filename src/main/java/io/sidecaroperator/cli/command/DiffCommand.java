package io.sidecaroperator.cli.command;

import io.sidecaroperator.cli.manifest.ManifestFiles;
import io.sidecaroperator.cli.manifest.ManifestInjector;
import io.sidecaroperator.cli.manifest.ManifestObject;
import io.sidecaroperator.cli.manifest.ManifestRun;
import io.sidecaroperator.cli.manifest.Manifests;
import io.sidecaroperator.cli.manifest.Report;
import io.sidecaroperator.cli.manifest.Spool;
import io.sidecaroperator.cli.manifest.Temporary;
import io.sidecaroperator.core.model.KubernetesVersion;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.ArrayList;
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

/** Shows what policies would change, in manifests or in a cluster, before the change is made. */
@Command(
        name = "diff",
        description = {
            "Shows what policies would change, and changes nothing.",
            "",
            "Without --cluster: what inject would change in the manifests of --filename, by the policies of --policy"
                    + " and those among the documents. No cluster is asked. An object that was read from one (kubectl get"
                    + " -o yaml) is compared as the operator does: what the API server adds is no difference.",
            "",
            "With --cluster: which workloads of a cluster would change by its policies and how many pods would"
                    + " restart. The policies are those of the cluster, and those of --filename as if they were"
                    + " applied. What a policy holds back (mode: Audit, rollout.paused, strategy: OnNextRollout) is"
                    + " shown as if it were let go, and HELD-BY says what has to be let go. The cluster is only read:"
                    + " with the rights of your kubeconfig, and no operator has to run.",
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
            "  What would the policies of a repository do to its manifests? For a pipeline: exit code 1 if anything",
            "    ${COMMAND-FULL-NAME} -R -f apps/ --policy policies/",
            "",
            "  What would happen if this policy were applied?",
            "    ${COMMAND-FULL-NAME} --cluster -f logs.yaml",
            "",
            "  What do the policies in Audit wait for, in one namespace?",
            "    ${COMMAND-FULL-NAME} --cluster -n shop -o summary"
        })
final class DiffCommand implements Callable<Integer> {
    @Spec
    private @Nullable CommandSpec spec;

    @Option(names = "--cluster", description = "Look at the workloads of a cluster; --filename then names policies.")
    private boolean cluster;

    @Mixin
    private FileOptions files = new FileOptions();

    @Mixin
    private PolicyOptions policies = new PolicyOptions();

    @Option(
            names = {"-n", "--namespace"},
            paramLabel = "NAMESPACE",
            arity = "1..*",
            description = "The namespace of documents that name none (default: default). With --cluster: look at these"
                    + " namespaces only; policies of files that name none belong to the first one (default: all, and"
                    + " the context's).")
    private List<String> namespaces = List.of();

    @Mixin
    private ClusterOptions where = new ClusterOptions();

    @Option(
            names = {"-o", "--output"},
            paramLabel = "text|summary|json",
            description = "text: a diff of each workload, then the summary. summary: a table and a sentence.")
    private DiffFormat format = DiffFormat.text;

    @Option(
            names = "--kubernetes-version",
            paramLabel = "VERSION",
            description = "The API server's version, as for inject; with --cluster it is asked.")
    private @Nullable String kubernetesVersion;

    @Mixin
    private KindOptions kinds = new KindOptions();

    private final Console console;

    DiffCommand(Console console) {
        this.console = console;
    }

    @Override
    public Integer call() {
        checkUsage();
        return cluster ? ofCluster() : ofFiles();
    }

    private void checkUsage() {
        if (cluster && policies.isGiven()) {
            throw usage("--policy is for manifests: with --cluster, name the policies with --filename");
        } else if (cluster && kubernetesVersion != null) {
            throw usage("--kubernetes-version is for manifests: with --cluster, the API server is asked");
        } else if (!cluster && where.isGiven()) {
            throw usage("--kubeconfig and --context mean nothing without --cluster: manifests are compared offline");
        } else if (!cluster && namespaces.size() > 1) {
            throw usage("--namespace: without --cluster it is the one that you will tell kubectl");
        }
    }

    private int ofFiles() {
        KubernetesVersion server =
                kubernetesVersion == null ? KubernetesVersion.NEWEST : kinds.version(kubernetesVersion);
        ManifestInjector injector = new ManifestInjector(
                namespaces.isEmpty() ? InputOptions.DEFAULT_NAMESPACE : namespaces.get(0), server, kinds.kinds());
        ManifestFiles reader = new ManifestFiles(console.in());
        List<ManifestObject> given = ManifestObject.of(policies.documents(reader, files.recursive()));
        List<String> warnings = new ArrayList<>();
        try (Manifests manifests = new Manifests(files.sources(console), reader);
                Spool spool = new Spool()) {
            FileDiff diff = new FileDiff(spool, format, console.style());
            Manifests.Survey survey = manifests.survey();
            if (survey.documents() == 0) {
                throw FileOptions.noDocument(manifests.sources());
            }
            ManifestRun change = injector.injecting(survey.objects(), given, warningsTo(warnings));
            try (Progress progress = new Progress(console, err(), "documents")) {
                manifests.forEach(document -> {
                    add(diff, change.of(document));
                    progress.step();
                });
            }
            change.end();
            diff.end();
            console.print(spool);
            warnings.forEach(err()::println);
            err().flush();
            return diff.differs() ? ExitCode.DIFFERENT : ExitCode.DONE;
        } catch (IOException e) {
            throw Temporary.failure(e);
        }
    }

    private static void add(FileDiff diff, ManifestRun.ChangedDocument document) {
        for (ManifestRun.Changed object : document.objects()) {
            try {
                diff.add(object);
            } catch (IOException e) {
                throw Temporary.failure(e);
            }
        }
    }

    /** The diff itself shows what was done and what was refused, so only warnings are reported. */
    private static Report warningsTo(List<String> warnings) {
        return new Report() {
            @Override
            protected void line(Level level, String text, @Nullable ManifestObject about) {
                if (level == Level.WARNING || level == Level.UNMET) {
                    warnings.add(text);
                }
            }
        };
    }

    private int ofCluster() {
        ClusterNames.checkNamespaces(namespaces);
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
