package io.sidecaroperator.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import com.fasterxml.jackson.databind.JsonNode;
import io.fabric8.crd.generator.annotation.SchemaFrom;
import io.fabric8.kubernetes.api.model.EnvFromSource;
import io.fabric8.kubernetes.api.model.EnvVar;
import io.fabric8.kubernetes.api.model.Probe;
import io.fabric8.kubernetes.api.model.ResourceRequirements;
import io.fabric8.kubernetes.api.model.VolumeMount;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** {@code spec.appContainers}: which of the app's containers the policy selects, and what is added to them. */
public class AppContainers {
    @JsonPropertyDescription(
            "Names of containers that take part, in which * stands for any characters; all when left" + " out.")
    public @Nullable List<String> include;

    @JsonPropertyDescription(
            "Names of containers that do not take part, in which * stands for any characters; wins over" + " include.")
    public @Nullable List<String> exclude;

    @JsonPropertyDescription("Whether the app's init containers take part as well. Default false.")
    public @Nullable Boolean initContainers;

    @JsonPropertyDescription("Environment variables to add. One that the container sets itself stays.")
    @SchemaFrom(type = EnvVar[].class)
    public @Nullable List<JsonNode> env;

    @JsonPropertyDescription("ConfigMaps and Secrets to add as environment variables.")
    @SchemaFrom(type = EnvFromSource[].class)
    public @Nullable List<JsonNode> envFrom;

    @JsonPropertyDescription("Mounts to add, of volumes of this policy.")
    @SchemaFrom(type = VolumeMount[].class)
    public @Nullable List<JsonNode> volumeMounts;

    @JsonPropertyDescription("Given only to a container that has none of its own (absent or {}).")
    public @Nullable Defaults defaults;

    /** {@code spec.appContainers.defaults}: what a container gets that has no such value of its own. */
    public static class Defaults {
        @JsonPropertyDescription("Requests and limits for a container without any.")
        @SchemaFrom(type = ResourceRequirements.class)
        public @Nullable JsonNode resources;

        @JsonPropertyDescription("Liveness probe for a container without one.")
        @SchemaFrom(type = Probe.class)
        public @Nullable JsonNode livenessProbe;

        @JsonPropertyDescription("Readiness probe for a container without one.")
        @SchemaFrom(type = Probe.class)
        public @Nullable JsonNode readinessProbe;

        @JsonPropertyDescription("Startup probe for a container without one.")
        @SchemaFrom(type = Probe.class)
        public @Nullable JsonNode startupProbe;
    }
}
