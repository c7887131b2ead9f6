package io.sidecaroperator.cli.manifest;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.sidecaroperator.core.injection.Input;
import io.sidecaroperator.core.json.Json;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What the input says about namespaces: the labels of its Namespaces, and its LimitRanges. There is no other source.
 */
public final class InputNamespaces {
    private final Map<String, Map<String, String>> labels = new HashMap<>();
    private final Map<String, List<ObjectNode>> limitRanges = new HashMap<>();

    /**
     * @param fallback the namespace of a LimitRange that does not name one
     */
    public InputNamespaces(List<ManifestObject> objects, String fallback) {
        for (ManifestObject object : objects) {
            if (object.apiVersion().equals("v1") && object.kind().equals("Namespace")) {
                MetadataTypes.require(object);
                addLabels(object);
            } else if (object.apiVersion().equals("v1") && object.kind().equals("LimitRange")) {
                MetadataTypes.require(object);
                addLimitRange(object, fallback);
            }
        }
    }

    /** Returns the engine's input about a namespace. */
    public Input.InNamespace of(String namespace) {
        return new Input.InNamespace(
                labels.getOrDefault(namespace, builtInLabel(namespace)),
                Input.SYSTEM_NAMESPACES.contains(namespace),
                limitRanges.getOrDefault(namespace, List.of()));
    }

    /** Whether the input has the labels of the namespace. */
    public boolean isKnown(String namespace) {
        return labels.containsKey(namespace);
    }

    /** Whether the input has a LimitRange of the namespace. */
    public boolean hasLimitRange(String namespace) {
        return limitRanges.containsKey(namespace);
    }

    private void addLabels(ManifestObject object) {
        String name = Json.textAt(object.tree().path("metadata"), "name");
        if (name != null) {
            Map<String, String> all =
                    new LinkedHashMap<>(Json.strings(object.tree().path("metadata"), "labels"));
            all.putAll(builtInLabel(name));
            labels.put(name, all);
        }
    }

    private void addLimitRange(ManifestObject object, String fallback) {
        String own = Json.textAt(object.tree().path("metadata"), "namespace");
        ObjectNode spec = Json.objectAt(object.tree(), "spec");
        if (spec != null) {
            limitRanges
                    .computeIfAbsent(own == null || own.isEmpty() ? fallback : own, none -> new ArrayList<>())
                    .add(spec);
        }
    }

    /** Returns the label that the API server adds to every namespace. */
    private static Map<String, String> builtInLabel(String name) {
        return Map.of("kubernetes.io/metadata.name", name);
    }
}
