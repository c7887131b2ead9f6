package io.sidecaroperator.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** {@code spec.overrides}: what a workload may change for itself. */
public class Overrides {
    @JsonPropertyDescription(
            "Which fields of the sidecars the annotation may change: resources, image, env. Default: nothing.")
    public @Nullable List<Overridable> allow;

    /** A part of a sidecar that can be opened to workloads. */
    public enum Overridable {
        resources,
        image,
        env
    }
}
