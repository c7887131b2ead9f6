package io.sidecaroperator.cli.command;

import io.sidecaroperator.core.model.KubernetesVersion;
import io.sidecaroperator.core.workload.WorkloadKinds;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The option that names kinds of workloads besides those of Kubernetes. */
final class KindOptions {
    @Spec(Spec.Target.MIXEE)
    private @Nullable CommandSpec command;

    @Option(
            names = "--workload-kind",
            paramLabel = "KIND",
            description = "A kind of workload besides those of Kubernetes, and where its pod template is, as in"
                    + " argoproj.io/v1alpha1/Rollout=/spec/template; may be repeated. Name those that the operator"
                    + " knows.")
    private List<String> workloadKinds = List.of();

    /**
     * Returns the kinds of workloads.
     *
     * @throws ParameterException when a given kind cannot be parsed
     */
    WorkloadKinds kinds() {
        try {
            return WorkloadKinds.parse(workloadKinds);
        } catch (IllegalArgumentException e) {
            throw usage("--workload-kind: " + e.getMessage());
        }
    }

    /** Returns the version that the user typed, as in {@code 1.36}. */
    KubernetesVersion version(String text) {
        return KubernetesVersion.parse(text)
                .orElseThrow(
                        () -> usage("--kubernetes-version: \"" + text + "\" is no version; expected one like 1.36"));
    }

    ParameterException usage(String message) {
        return new ParameterException(Objects.requireNonNull(command).commandLine(), message);
    }
}
