package io.sidecaroperator.cli.command;

import io.sidecaroperator.cli.manifest.FunctionCall;
import io.sidecaroperator.cli.manifest.ManifestFiles;
import io.sidecaroperator.cli.manifest.ManifestRun;
import io.sidecaroperator.cli.manifest.Manifests;
import io.sidecaroperator.cli.manifest.Report;
import io.sidecaroperator.core.model.KubernetesVersion;
import picocli.CommandLine.Command;

/** Prints manifests without what was injected. */
@Command(
        name = "uninject",
        description = {
            "Prints manifests without what was injected into their workloads.",
            "",
            "It goes by the receipt in each pod template alone, so it needs neither policy nor cluster, and leaves what"
                    + " you wrote or changed yourself.",
            "",
            "As a KRM function, for kustomize and kpt: a ResourceList on standard input is answered by a ResourceList.",
            ""
        },
        mixinStandardHelpOptions = true,
        sortOptions = false,
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {
            "0:Done, also when there was nothing to take out.",
            "2:The options, a file or a receipt in it cannot be used. Nothing was printed.",
            "70:A mistake of this program. Please report it."
        },
        footer = {
            "",
            "Examples:",
            "  Give a live Deployment back as its owner wrote it:",
            "    kubectl get deployment web -o yaml | ${COMMAND-FULL-NAME} | kubectl replace -f -",
            "",
            "  Clean manifests that were stored with their sidecars:",
            "    ${COMMAND-FULL-NAME} --in-place -R -f stored/"
        })
final class UninjectCommand extends ManifestCommand {
    UninjectCommand(Console console) {
        super(console);
    }

    @Override
    ManifestRun begin(Manifests manifests, ManifestFiles files, Report report) {
        return injector(KubernetesVersion.NEWEST).uninjecting(report);
    }

    @Override
    ManifestRun begin(FunctionCall call, ManifestFiles files, Report report) {
        return injector(call.setting("namespace").orElse(input().namespace()), KubernetesVersion.NEWEST)
                .uninjecting(report);
    }
}
