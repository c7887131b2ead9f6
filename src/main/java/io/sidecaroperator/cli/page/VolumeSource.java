package io.sidecaroperator.cli.page;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.sidecaroperator.core.json.Json;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;

/** Says in a few words what a volume or a set of variables is made of. */
final class VolumeSource {
    private static final Map<String, String> NAME_KEYS = Map.of(
            "configMap", "name",
            "secret", "secretName",
            "persistentVolumeClaim", "claimName",
            "hostPath", "path",
            "csi", "driver",
            "image", "reference",
            "configMapRef", "name",
            "secretRef", "name");

    private VolumeSource() {}

    /** {@code configMap web-config}, {@code emptyDir 1Gi}. */
    static String of(ObjectNode volume) {
        return volume.properties().stream()
                .filter(field -> !field.getKey().equals("name"))
                .map(field -> words(field.getKey(), field.getValue()))
                .findFirst()
                .orElse("emptyDir");
    }

    /** {@code configMap web-config, prefix APP_}. */
    static String ofEnv(ObjectNode source) {
        String prefix = Json.textAt(source, "prefix");
        String words = source.properties().stream()
                .filter(field -> field.getValue().isObject())
                .map(field -> words(field.getKey(), field.getValue()))
                .findFirst()
                .orElse("nowhere");
        return words.replaceFirst("Ref\\b", "") + (prefix == null ? "" : ", prefix " + prefix);
    }

    private static String words(String kind, JsonNode source) {
        String name = Json.textAt(source, NAME_KEYS.getOrDefault(kind, "name"));
        String size = Stream.of(Json.textAt(source, "medium"), Json.textAt(source, "sizeLimit"))
                .filter(Objects::nonNull)
                .filter(text -> !text.isEmpty())
                .reduce((one, other) -> one + ", " + other)
                .orElse("");
        String detail = name != null ? name : size;
        return detail.isEmpty() ? kind : kind + " " + detail;
    }
}
