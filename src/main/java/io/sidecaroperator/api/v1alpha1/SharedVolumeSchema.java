package io.sidecaroperator.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Required;
import io.fabric8.kubernetes.api.model.Volume;
import org.jspecify.annotations.Nullable;

/**
 * The schema of an entry of {@code spec.sharedVolumes}: a core/v1 Volume and where it is mounted. Never instantiated.
 */
public class SharedVolumeSchema extends Volume {
    @Required
    @JsonPropertyDescription("Where the volume is mounted, in the selected app containers and in every sidecar of this"
            + " policy. Absolute, without .. and :, without a / at its end.")
    public @Nullable String mountPath;

    @JsonPropertyDescription("Environment variable that tells the mount path to the app containers and the sidecars.")
    public @Nullable String envVar;

    @JsonPropertyDescription("Mounts the volume read-only in the sidecars. Default false.")
    public @Nullable Boolean sidecarReadOnly;
}
