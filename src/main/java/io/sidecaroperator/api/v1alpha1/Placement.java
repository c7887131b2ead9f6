package io.sidecaroperator.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import org.jspecify.annotations.Nullable;

/** Where a sidecar stands among the app's own containers; at most one of the three is set. */
public class Placement {
    @JsonPropertyDescription("First or Last among the app's containers.")
    public @Nullable Position position;

    @JsonPropertyDescription(
            "Name of the app's container before which the sidecar stands. A pod without it is refused.")
    public @Nullable String before;

    @JsonPropertyDescription("Name of the app's container after which the sidecar stands. A pod without it is refused.")
    public @Nullable String after;

    /** The ends of the list. */
    public enum Position {
        First,
        Last
    }
}
