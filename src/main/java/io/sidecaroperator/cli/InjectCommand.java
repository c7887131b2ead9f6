package io.sidecaroperator.cli;

import io.sidecaroperator.engine.KubernetesVersion;
import io.sidecaroperator.manifest.ManifestChange;
import io.sidecaroperator.manifest.ManifestFiles;
import io.sidecaroperator.manifest.ManifestObject;
import io.sidecaroperator.manifest.Manifests;
import io.sidecaroperator.manifest.SpooledReport;
import io.sidecaroperator.yaml.Document;
import java.util.List;
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
            "    ${COMMAND-FULL-NAME} -n shop -f shop/ | kubectl apply -n shop -f -",
            "",
            "  Keep the sidecars in Git: change the files, and only those that a policy reaches:",
            "    ${COMMAND-FULL-NAME} --in-place -R -f apps/ --policy policies/",
            "",
            "  After Helm, in a pipeline that must not go on without the sidecar:",
            "    helm template web ./chart | ${COMMAND-FULL-NAME} --strict --policy logs.yaml"
        })
final class InjectCommand extends ManifestCommand {
    @Mixin
    private PolicyOptions policies = new PolicyOptions();

    @Option(
            names = "--kubernetes-version",
            paramLabel = "VERSION",
            description = "The API server's version, as in 1.28: before 1.29 there are no native sidecars (default: the"
                    + " newest known).")
    private String kubernetesVersion = KubernetesVersion.NEWEST.toString();

    @Option(
            names = "--strict",
            description = "End with exit code 3 when a workload refused a policy; --in-place then writes nothing.")
    private boolean strict;

    InjectCommand(Console console) {
        super(console);
    }

    @Override
    ManifestChange begin(Manifests manifests, ManifestFiles files, SpooledReport report) {
        KubernetesVersion server = version(kubernetesVersion);
        List<Document> given = policies.documents(files, input().recursive());
        Manifests.Survey survey = manifests.survey();
        if (survey.documents() == 0) {
            throw FileOptions.noDocument(manifests.sources());
        }
        return injector(server).injecting(survey.objects(), ManifestObject.of(given), report);
    }

    @Override
    int exitCode(SpooledReport report) {
        return strict && report.refused() ? ExitCode.REFUSED : ExitCode.DONE;
    }
}
