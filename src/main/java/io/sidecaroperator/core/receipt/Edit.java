package io.sidecaroperator.core.receipt;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import io.sidecaroperator.core.json.Canonical;
import io.sidecaroperator.core.json.Json;
import io.sidecaroperator.core.receipt.Place.Form;

/**
 * One thing that is added to a pod template. An edit never replaces or removes what the user wrote.
 *
 * @param app the app container that it goes into; empty for the pod
 * @param key the text that tells it from others of that place
 * @param slot of a container: the number of the user's own containers of that list before it; 0 is before all of them
 */
public record Edit(Place place, String app, String key, JsonNode value, int slot) {
    /** The fields of an app container that a policy may give a default. */
    public enum DefaultField {
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

    /** Puts a container into a slot. */
    public static Edit ofContainer(Place list, ObjectNode container, int slot) {
        return new Edit(list, "", list.keyOf(container), container, slot);
    }

    /** Appends an element to a list of the pod. */
    public static Edit ofPod(Place list, ObjectNode element) {
        return ofApp(list, "", element);
    }

    /** Appends an element to a list of an app container. */
    public static Edit ofApp(Place list, String app, ObjectNode element) {
        return new Edit(list, app, list.keyOf(element), element, 0);
    }

    /** Gives an app container a default for a field that the container leaves out. */
    public static Edit ofDefault(String app, DefaultField field, ObjectNode value) {
        return new Edit(Place.DEFAULTS, app, field.key(), value, 0);
    }

    /** Adds a label or an annotation to the pod. */
    public static Edit ofMetadata(Place map, String key, String value) {
        return new Edit(map, "", key, TextNode.valueOf(value), 0);
    }

    /** Adds an image pull secret to the pod. */
    public static Edit ofPullSecret(String name) {
        return ofPod(Place.PULL_SECRETS, Json.object().put("name", name));
    }

    /** Raises the pod's grace period to this number of seconds. A longer one stays. */
    public static Edit ofGracePeriod(long seconds) {
        JsonNode value = Canonical.of(Json.MAPPER.getNodeFactory().numberNode(seconds));
        return new Edit(Place.GRACE_PERIOD, "", Place.GRACE_PERIOD.key(), value, 0);
    }

    /** Whether it adds a whole container. */
    public boolean isContainer() {
        return place.form() == Form.CONTAINERS;
    }
}
