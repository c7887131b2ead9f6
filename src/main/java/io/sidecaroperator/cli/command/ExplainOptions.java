package io.sidecaroperator.cli.command;

import io.sidecaroperator.cli.cluster.ClusterExplainer;
import io.sidecaroperator.cli.manifest.ManifestExplainer;
import io.sidecaroperator.cli.manifest.ManifestFiles;
import io.sidecaroperator.core.explain.WorkloadExplanation;
import io.sidecaroperator.core.model.KubernetesVersion;
import io.sidecaroperator.core.workload.WorkloadKinds;
import io.sidecaroperator.core.workload.WorkloadName;
import io.sidecaroperator.yaml.Document;
import java.io.PrintWriter;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/**
 * The options that select the workloads and policies to explain: of manifests, of a cluster, or of manifests in a
 * cluster.
 */
final class ExplainOptions {
    @Spec(Spec.Target.MIXEE)
    private @Nullable CommandSpec command;

    @Parameters(
            paramLabel = "KIND/NAME",
            arity = "0..*",
            description = "Workloads, as kubectl names them: deployment/web, sts/db, pod/web-x7k2p. Without one: all of"
                    + " the input, or of the namespace.")
    private List<String> names = List.of();

    @Mixin
    private FileOptions files = new FileOptions();

    @Mixin
    private PolicyOptions policies = new PolicyOptions();

    @Option(
            names = {"-n", "--namespace"},
            paramLabel = "NAMESPACE",
            description = "The namespace of documents that name none (default: default); with --cluster also the one"
                    + " that is looked at (default: the context's).")
    private @Nullable String namespace;

    @Option(
            names = {"-A", "--all-namespaces"},
            description = "With --cluster: the workloads of all namespaces.")
    private boolean everywhere;

    @Option(
            names = "--cluster",
            description = "Ask about a cluster: its policies, namespaces and, without --filename, its workloads."
                    + " It is only read.")
    private boolean cluster;

    @Mixin
    private ClusterOptions where = new ClusterOptions();

    @Option(
            names = "--kubernetes-version",
            paramLabel = "VERSION",
            description =
                    "The API server's version, as in 1.28, where no cluster is asked (default: the newest known).")
    private @Nullable String kubernetesVersion;

    @Mixin
    private KindOptions kinds = new KindOptions();

    /** Explains everything that was asked for. Unusual findings go to the command's messages. */
    List<WorkloadExplanation> explanations(Console console) {
        check();
        WorkloadKinds known = kinds.kinds();
        List<WorkloadName> named = names.stream().map(name -> name(name, known)).toList();
        return cluster ? ofCluster(console, known, named) : ofManifests(console, known, named);
    }

    private List<WorkloadExplanation> ofManifests(Console console, WorkloadKinds known, List<WorkloadName> named) {
        Optional<KubernetesVersion> server =
                Optional.ofNullable(kubernetesVersion).map(kinds::version);
        ManifestFiles reader = new ManifestFiles(console.in());
        List<Document> given = policies.documents(reader, files.recursive());
        ManifestExplainer explainer = new ManifestExplainer(Optional.ofNullable(namespace), server, known);
        List<WorkloadExplanation> explanations = explainer.explain(files.documents(console, reader), given, named);
        explainer.warnings().forEach(this::warn);
        return explanations;
    }

    private List<WorkloadExplanation> ofCluster(Console console, WorkloadKinds known, List<WorkloadName> named) {
        ClusterNames.checkNamespaces(Stream.ofNullable(namespace).toList());
        named.forEach(ClusterNames::checkWorkload);
        ManifestFiles reader = new ManifestFiles(console.in());
        List<Document> given = policies.documents(reader, files.recursive());
        ClusterExplainer explainer = new ClusterExplainer(
                new ClusterExplainer.Where(
                        where.connection(console.environment()),
                        Optional.ofNullable(namespace),
                        everywhere,
                        where.operatorNamespace()),
                known);
        List<WorkloadExplanation> explanations = files.isGiven()
                ? explainer.applied(files.documents(console, reader), given, named)
                : explainer.stored(given, named);
        explainer.warnings().forEach(this::warn);
        return explanations;
    }

    private void check() {
        if (!cluster && where.isGiven()) {
            throw usage("--kubeconfig and --context mean nothing without --cluster");
        } else if (!cluster && everywhere) {
            throw usage("--all-namespaces means nothing without --cluster: all documents are looked at");
        } else if (cluster && kubernetesVersion != null) {
            throw usage("--kubernetes-version means nothing with --cluster: the cluster tells its version");
        } else if (everywhere && namespace != null) {
            throw usage("--namespace and --all-namespaces are one too many");
        } else if (everywhere && files.isGiven()) {
            throw usage("--all-namespaces is for workloads of the cluster, --filename for those of files");
        } else if (everywhere && !names.isEmpty()) {
            throw usage("a workload by its name is in one namespace: say which with --namespace");
        }
    }

    private WorkloadName name(String text, WorkloadKinds known) {
        return WorkloadName.parse(text, known)
                .orElseThrow(() -> usage("\"" + text + "\" names no workload; expected KIND/NAME, as in"
                        + " deployment/web, of a kind that has pods"));
    }

    private ParameterException usage(String message) {
        return kinds.usage(message);
    }

    private void warn(String line) {
        PrintWriter err = Objects.requireNonNull(command).commandLine().getErr();
        err.println(line);
        err.flush();
    }
}
