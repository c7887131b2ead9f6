package io.sidecaroperator.cli.demo;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.sidecaroperator.core.json.Json;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/**
 * A pod template in a few lines for a person: its containers, with what surrounds them. Each line is complete, so two
 * templates can be compared line by line.
 */
final class TemplateLines {
    /** The volume that the API server adds to every pod. */
    private static final String TOKEN_VOLUME = "kube-api-access-";

    private static final String RECEIPT = "sidecar-operator.io/receipt";

    private final List<String> lines = new ArrayList<>();

    private TemplateLines() {}

    static List<String> of(JsonNode template) {
        TemplateLines view = new TemplateLines();
        view.template(template);
        return view.lines;
    }

    private void template(JsonNode template) {
        JsonNode spec = template.path("spec");
        Json.objects(spec, "initContainers").forEach(container -> {
            boolean sidecar = "Always".equals(Json.textAt(container, "restartPolicy"));
            container(sidecar ? "native sidecar" : "init container", container);
        });
        Json.objects(spec, "containers").forEach(container -> container("container", container));
        Json.objects(spec, "volumes")
                .filter(volume -> !name(volume).startsWith(TOKEN_VOLUME))
                .forEach(this::volume);
        String receipt = Json.textAt(template.path("metadata").path("annotations"), RECEIPT);
        if (receipt != null) {
            lines.add("annotation " + RECEIPT + ": " + receipt.length() + " characters, all that removal needs");
        }
    }

    private void container(String kind, ObjectNode container) {
        String name = name(container);
        lines.add(kind + " " + name + ": " + container.path("image").asText());
        Json.objects(container, "env")
                .forEach(env -> lines.add("  " + name + ": env " + name(env) + "="
                        + env.path("value").asText("(from elsewhere)")));
        Json.objects(container, "volumeMounts")
                .filter(mount -> !name(mount).startsWith(TOKEN_VOLUME))
                .forEach(mount -> lines.add("  " + name + ": mounts " + name(mount) + " at "
                        + mount.path("mountPath").asText()));
        for (String probe : List.of("startupProbe", "livenessProbe", "readinessProbe")) {
            JsonNode get = container.path(probe).path("httpGet");
            if (container.has(probe)) {
                lines.add("  " + name + ": " + probe
                        + (get.isObject()
                                ? " GET :" + get.path("port").asText()
                                        + get.path("path").asText()
                                : ""));
            }
        }
        for (String kindOfResources : List.of("requests", "limits")) {
            ObjectNode values = Json.objectAt(container.path("resources"), kindOfResources);
            if (values != null && !values.isEmpty()) {
                lines.add("  " + name + ": " + kindOfResources + " "
                        + values.properties().stream()
                                .map(entry ->
                                        entry.getKey() + " " + entry.getValue().asText())
                                .collect(Collectors.joining(", ")));
            }
        }
    }

    private void volume(ObjectNode volume) {
        String source = volume.properties().stream()
                .filter(entry -> !entry.getKey().equals("name"))
                .map(entry -> entry.getKey() + (entry.getValue().isEmpty() ? "" : " " + Json.text(entry.getValue())))
                .collect(Collectors.joining(", "));
        lines.add("volume " + name(volume) + ": " + source);
    }

    private static String name(JsonNode item) {
        return item.path("name").asText();
    }
}
