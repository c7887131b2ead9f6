package io.sidecaroperator.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.kubernetes.api.model.Container;
import org.jspecify.annotations.Nullable;

/** The schema of an entry of {@code spec.sidecars}: a core/v1 Container, its type and its place. Never instantiated. */
public class SidecarSchema extends Container {
    @JsonPropertyDescription(
            "Native (the default): an init container with restartPolicy Always, which starts before the"
                    + " app, stops after it and lets Jobs end; needs Kubernetes 1.29. Container: beside the app's containers."
                    + " Init: runs once before the app.")
    public @Nullable Type type;

    @JsonPropertyDescription("The place among the app's containers (for Native and Init: among its init containers)."
            + " Default: First for Native and Init, Last for Container.")
    public @Nullable Placement placement;

    /** How the sidecar runs. */
    public enum Type {
        Native,
        Container,
        Init
    }
}
