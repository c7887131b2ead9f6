package io.sidecaroperator.cli.command;

import io.sidecaroperator.cli.manifest.FunctionCall;
import io.sidecaroperator.cli.manifest.InputException;
import io.sidecaroperator.cli.manifest.ManifestFiles;
import io.sidecaroperator.cli.manifest.ManifestObject;
import io.sidecaroperator.cli.manifest.ManifestRun;
import io.sidecaroperator.cli.manifest.Manifests;
import io.sidecaroperator.cli.manifest.Report;
import io.sidecaroperator.core.model.KubernetesVersion;
import io.sidecaroperator.yaml.Document;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Prints manifests with the sidecars that policies add. */
@Command(
        name = "inject",
        description = {
            "Prints manifests with the sidecars that policies give their workloads.",
            "",
            "Policies are those of --policy and those among the documents. Namespaces among the documents count with"
                    + " their labels. Every document comes out in its place; those that are no workload are as they"
                    + " were. The result goes to standard output; what was decided, and why, to standard error.",
            "",
            "As a KRM function, for kustomize and kpt: when standard input holds one ResourceList, so does the result,"
                    + " with what was decided in its results. Its functionConfig may be a policy, or a ConfigMap with"
                    + " policies, kubernetesVersion, namespace and strict.",
            ""
        },
        mixinStandardHelpOptions = true,
        sortOptions = false,
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {
            "0:Done, also when a policy was refused by a workload.",
            "2:The options, a file or a policy cannot be used. Nothing was printed, but to the caller of a function.",
            "3:With --strict: a policy applies to a workload but could not be injected, or one of --policy reaches no"
                    + " workload, or there is no policy and sidecars were taken out.",
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
            "    helm template web ./chart | ${COMMAND-FULL-NAME} -n shop --strict --policy logs.yaml"
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
            description = "End with exit code 3 when a workload refused a policy, when a policy of --policy (or of a"
                    + " function's configuration) reaches no workload, or when there is no policy at all and workloads"
                    + " lose their sidecars for it; --in-place then writes nothing.")
    private boolean strict;

    InjectCommand(Console console) {
        super(console);
    }

    @Override
    ManifestRun begin(Manifests manifests, ManifestFiles files, Report report) {
        KubernetesVersion server = version(kubernetesVersion);
        List<Document> given = policies.documents(files, input().recursive());
        Manifests.Survey survey = manifests.survey();
        if (survey.documents() == 0) {
            throw FileOptions.noDocument(manifests.sources());
        }
        return injector(server).injecting(survey.objects(), ManifestObject.of(given), report);
    }

    @Override
    ManifestRun begin(FunctionCall call, ManifestFiles files, Report report) {
        List<ManifestObject> given = new ArrayList<>(ManifestObject.of(policies.documents(files, input().recursive())));
        given.addAll(call.policies());
        String version = call.setting("kubernetesVersion").orElse(kubernetesVersion);
        KubernetesVersion server = KubernetesVersion.parse(version)
                .orElseThrow(() -> new InputException(
                        "kubernetesVersion: \"" + version + "\" is no version; expected one like 1.36"));
        String strictly = call.setting("strict").orElse("false");
        if (!strictly.equals("true") && !strictly.equals("false")) {
            throw new InputException("functionConfig: data.strict is \"" + strictly + "\"; expected true or false");
        }
        return injector(call.setting("namespace").orElse(input().namespace()), server)
                .injecting(call.objects(), given, report);
    }

    @Override
    boolean strict() {
        return strict;
    }
}
