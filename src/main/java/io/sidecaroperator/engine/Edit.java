package io.sidecaroperator.engine;

import com.fasterxml.jackson.databind.node.ObjectNode;

/** One thing added to a pod template. An edit never replaces or removes what the user wrote. */
public sealed interface Edit {
    /** The two lists of a pod spec that hold containers. */
    enum ContainerList {
        INIT_CONTAINERS("initContainers"),
        CONTAINERS("containers");

        private final String key;

        ContainerList(String key) {
            this.key = key;
        }

        /** The key in the pod spec. */
        public String key() {
            return key;
        }
    }

    /** The fields of an app container that a policy may give a default. */
    enum DefaultField {
        RESOURCES("resources"),
        LIVENESS_PROBE("livenessProbe"),
        READINESS_PROBE("readinessProbe"),
        STARTUP_PROBE("startupProbe");

        private final String key;

        DefaultField(String key) {
            this.key = key;
        }

        /** The key in the container. */
        public String key() {
            return key;
        }
    }

    /** The two maps of an object's metadata that users write. */
    enum MetadataMap {
        LABELS("labels"),
        ANNOTATIONS("annotations");

        private final String key;

        MetadataMap(String key) {
            this.key = key;
        }

        /** The key in metadata. */
        public String key() {
            return key;
        }
    }

    /** Appends a volume. */
    record AddVolume(ObjectNode volume) implements Edit {}

    /** Puts a container after {@code slot} of the user's own containers of that list: 0 is before all of them. */
    record AddContainer(ContainerList list, ObjectNode container, int slot) implements Edit {}

    /** Appends a volume mount to an app container. */
    record AddMount(String container, ObjectNode mount) implements Edit {}

    /** Appends an environment variable to an app container. */
    record AddEnv(String container, ObjectNode env) implements Edit {}

    /** Appends an {@code envFrom} source to an app container. */
    record AddEnvFrom(String container, ObjectNode source) implements Edit {}

    /** Gives an app container a value for a field that it leaves out. */
    record SetDefault(String container, DefaultField field, ObjectNode value) implements Edit {}

    /** Adds a label or an annotation to the pod. */
    record SetMetadata(MetadataMap map, String key, String value) implements Edit {}

    /** Adds an image pull secret to the pod. */
    record AddPullSecret(String name) implements Edit {}

    /** Raises the pod's grace period to so many seconds; one that is longer already stays. */
    record SetGracePeriod(long seconds) implements Edit {}
}
