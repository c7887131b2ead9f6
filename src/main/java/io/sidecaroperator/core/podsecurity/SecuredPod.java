package io.sidecaroperator.core.podsecurity;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.sidecaroperator.core.json.Json;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A pod as the standards see it: the pod and all its containers, each with a security context. */
record SecuredPod(ObjectNode root, PodPart pod, List<PodPart> containers) {
    private static final List<String> CONTAINER_LISTS = List.of("initContainers", "containers", "ephemeralContainers");

    static SecuredPod of(ObjectNode root) {
        JsonNode spec = root.path("spec");
        List<PodPart> containers = new ArrayList<>();
        for (String list : CONTAINER_LISTS) {
            for (JsonNode container : spec.path(list)) {
                containers.add(new PodPart(named("container", container), container));
            }
        }
        return new SecuredPod(root, new PodPart("pod", spec), containers);
    }

    JsonNode spec() {
        return pod.node();
    }

    /** The pod, then its containers: all parts that have a security context. */
    List<PodPart> parts() {
        List<PodPart> parts = new ArrayList<>(containers.size() + 1);
        parts.add(pod);
        parts.addAll(containers);
        return parts;
    }

    boolean isForWindows() {
        return spec().path("os").path("name").asText().equals("windows");
    }

    /** Whether its root user has no rights on the node. */
    boolean isInUserNamespace() {
        return isFalse(spec().path("hostUsers"));
    }

    static String named(String kind, JsonNode node) {
        return kind + " \"" + node.path("name").asText() + "\"";
    }

    static boolean isTrue(JsonNode node) {
        return node.isBoolean() && node.booleanValue();
    }

    static boolean isFalse(JsonNode node) {
        return node.isBoolean() && !node.booleanValue();
    }

    /** The pod or a container, with its name in violations. */
    record PodPart(String where, JsonNode node) {

        JsonNode security(String field) {
            return node.path("securityContext").path(field);
        }

        Violation violation(String field, String expected) {
            return violation(field, expected, "");
        }

        Violation violation(String field, String expected, String found) {
            return new Violation(where, field, expected, found);
        }

        /** The type of the profile under a field of the security context; null without a profile. */
        @Nullable
        String profileType(String field) {
            JsonNode profile = security(field);
            return Json.isAbsent(profile) ? null : profile.path("type").asText();
        }
    }
}
