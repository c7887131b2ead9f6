package io.sidecaroperator.cli.manifest;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.sidecaroperator.core.json.Json;
import io.sidecaroperator.core.json.SourceScalar;
import io.sidecaroperator.core.workload.WorkloadKind;
import java.util.ArrayList;
import java.util.List;

/**
 * Checks the metadata for which the API server accepts only text. A manifest with another value cannot become an
 * object. So a label {@code sidecar-operator.io/inject: false} must be rejected, and not ignored as if it were missing.
 */
final class MetadataTypes {
    private static final List<String> NAMES = List.of("name", "generateName", "namespace");
    private static final List<String> MAPS = List.of("labels", "annotations");

    private final ManifestObject object;
    private final List<String> problems = new ArrayList<>();

    private MetadataTypes(ManifestObject object) {
        this.object = object;
    }

    /**
     * Checks the metadata of an object.
     *
     * @throws InputException with every value that is not text and should be
     */
    static void require(ManifestObject object) {
        MetadataTypes check = new MetadataTypes(object);
        check.metadata("metadata", object.tree().path("metadata"));
        check.end();
    }

    /**
     * Checks the metadata of a workload and of its pod template.
     *
     * @throws InputException with every value that is not text and should be
     */
    static void require(ManifestObject object, WorkloadKind kind, ObjectNode template) {
        MetadataTypes check = new MetadataTypes(object);
        check.metadata("metadata", object.tree().path("metadata"));
        if (!kind.template().matches()) {
            String path = kind.template().toString().substring(1).replace('/', '.');
            check.metadata(path + ".metadata", template.path("metadata"));
        }
        check.end();
    }

    private void metadata(String path, JsonNode metadata) {
        NAMES.forEach(name -> value(path + "." + name, metadata.path(name)));
        for (String map : MAPS) {
            // If it is not a map, the engine refuses it.
            metadata.path(map)
                    .properties()
                    .forEach(entry -> value(path + "." + map + "[" + entry.getKey() + "]", entry.getValue()));
        }
    }

    private void value(String field, JsonNode value) {
        if (value.isTextual() || Json.isAbsent(value)) {
            return;
        }
        String written = SourceScalar.textOf(value);
        String found = value.isArray()
                ? "a list"
                : value.isObject() ? "a map" : written + ", which is a " + (value.isBoolean() ? "boolean" : "number");
        String advice = value.isValueNode() ? "; put it in quotes: \"" + written + "\"" : "";
        problems.add(object.where() + ": " + object.name() + ": " + field + " is " + found
                + ", and the API server takes text only" + advice);
    }

    private void end() {
        if (!problems.isEmpty()) {
            throw new InputException(String.join("\n", problems));
        }
    }
}
