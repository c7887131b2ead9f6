package io.sidecaroperator.cli;

import io.sidecaroperator.engine.KubernetesVersion;
import io.sidecaroperator.manifest.ManifestFiles;
import io.sidecaroperator.manifest.ManifestInjector;
import io.sidecaroperator.yaml.Document;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Prints manifests with the sidecars that policies give them. */
@Command(
        name = "inject",
        description = {
            "Prints manifests with the sidecars that policies give their workloads.",
            "",
            "Policies are those of --policy and those among the documents. Namespaces among the documents count with"
                    + " their labels. Every document comes out in its place; those that are no workload are as they"
                    + " were. The result goes to standard output; what was decided, and why, to standard error.",
            ""
        },
        mixinStandardHelpOptions = true,
        sortOptions = false,
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {
            "0:Done, also when a policy was refused by a workload.",
            "2:The options, a file or a policy cannot be used. Nothing was printed.",
            "3:With --strict: a policy applies to a workload but could not be injected.",
            "70:A mistake of this program. Please report it."
        },
        footer = {
            "",
            "Examples:",
            "  Look at what a policy does to a Deployment:",
            "    ${COMMAND-FULL-NAME} -f web.yaml --policy logs.yaml",
            "",
            "  Policies and workloads in one directory, applied at once:",
            "    ${COMMAND-FULL-NAME} -n shop -f shop/*.yaml | kubectl apply -n shop -f -",
            "",
            "  After Helm, in a pipeline that must not go on without the sidecar:",
            "    helm template web ./chart | ${COMMAND-FULL-NAME} --strict --policy logs.yaml"
        })
final class InjectCommand extends ManifestCommand implements Callable<Integer> {
    @Mixin
    private PolicyOptions policies = new PolicyOptions();

    @Option(
            names = "--kubernetes-version",
            paramLabel = "VERSION",
            description = "The API server's version, as in 1.28: before 1.29 there are no native sidecars (default: the"
                    + " newest known).")
    private String kubernetesVersion = KubernetesVersion.NEWEST.toString();

    @Option(names = "--strict", description = "End with exit code 3 when a workload refused a policy.")
    private boolean strict;

    InjectCommand(Console console) {
        super(console);
    }

    @Override
    public Integer call() {
        KubernetesVersion server = version(kubernetesVersion);
        ManifestFiles files = manifestFiles();
        List<Document> given = policies.documents(files, input().recursive());
        ManifestInjector.Result result = injector(server).inject(documents(files), given);
        finish(result);
        return strict && result.report().refused() ? ExitCode.REFUSED : ExitCode.DONE;
    }
}
