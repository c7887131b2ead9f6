package io.sidecaroperator.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** {@code spec.podMetadata}: labels and annotations for the pod. */
public class PodMetadata {
    @JsonPropertyDescription("Labels to add.")
    public @Nullable Map<String, String> labels;

    @JsonPropertyDescription("Annotations to add.")
    public @Nullable Map<String, String> annotations;
}
