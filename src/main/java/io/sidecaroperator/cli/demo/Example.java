package io.sidecaroperator.cli.demo;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.sidecaroperator.core.json.Json;
import io.sidecaroperator.yaml.DocumentReader;
import io.sidecaroperator.yaml.InvalidYamlException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** The example that is shown, and what its policy promises. Both are read from its files, so they always agree. */
record Example(ObjectNode app, ObjectNode policyObject, ObjectNode pod) {

    static Example read(Path home, String app, String policy, String pod) {
        return new Example(
                find(home.resolve(app), "Deployment"),
                find(home.resolve(policy), "SidecarPolicy"),
                find(home.resolve(pod), "Pod"));
    }

    private static ObjectNode find(Path file, String kind) {
        return read(file).stream()
                .filter(object -> kind.equals(Json.textAt(object, "kind")))
                .findFirst()
                .orElseThrow(() -> new DemoFailure(file + ": there is no " + kind + " in it"));
    }

    /** Returns the objects of a file. */
    static List<ObjectNode> read(Path file) {
        List<ObjectNode> objects = new ArrayList<>();
        try (DocumentReader reader = new DocumentReader(file.toString(), Files.newInputStream(file))) {
            reader.forEachRemaining(document -> objects.add((ObjectNode) document.content()));
        } catch (IOException | InvalidYamlException e) {
            throw new DemoFailure(file + " cannot be read: " + e.getMessage());
        }
        return objects;
    }

    String namespace() {
        return app.at("/metadata/namespace").asText();
    }

    /** Returns the Deployment as an argument of kubectl. */
    String deployment() {
        return "deployment/" + app.at("/metadata/name").asText();
    }

    /** Returns the policy as an argument of kubectl. */
    String policy() {
        return "sidecarpolicy/" + policyObject.at("/metadata/name").asText();
    }

    String podName() {
        return pod.at("/metadata/name").asText();
    }

    int replicas() {
        return app.at("/spec/replicas").asInt(1);
    }

    /** Returns the Deployment's template as it is in the cluster. */
    JsonNode template(Cluster cluster) {
        return cluster.get(namespace(), deployment()).at("/spec/template");
    }

    /** Returns the Deployment's pods that are not being deleted. */
    List<ObjectNode> pods(Cluster cluster) {
        String prefix = app.at("/metadata/name").asText() + "-";
        return Json.objects(cluster.get(namespace(), "pods"), "items")
                .filter(pod -> pod.at("/metadata/generateName").asText().startsWith(prefix)
                        && !pod.path("metadata").has("deletionTimestamp"))
                .toList();
    }

    static boolean isReady(JsonNode pod) {
        return Json.objects(pod.path("status"), "conditions")
                .anyMatch(condition -> "Ready".equals(Json.textAt(condition, "type"))
                        && "True".equals(Json.textAt(condition, "status")));
    }

    /** Whether the template has the sidecar. */
    boolean isInjected(JsonNode template) {
        return Json.named(template.path("spec"), "initContainers", name(sidecar()))
                .isPresent();
    }

    /** Fails when anything that the policy promises is missing. */
    void checkInjected(JsonNode template) {
        JsonNode spec = template.path("spec");
        ObjectNode found = Json.named(spec, "initContainers", name(sidecar()))
                .orElseThrow(() -> new DemoFailure("the sidecar " + name(sidecar()) + " is not there"));
        check(found.path("image"), sidecar().path("image").asText(), "the sidecar's image");
        check(found.path("restartPolicy"), "Always", "the sidecar's restartPolicy");
        check(
                found.at("/livenessProbe/httpGet/port"),
                sidecar().at("/livenessProbe/httpGet/port").asText(),
                "its probe");
        JsonNode own = sidecar().path("resources");
        check(
                found.at("/resources/requests/cpu"),
                own.at("/requests/cpu").asText("100m"),
                "the sidecar's request of cpu");
        check(
                found.at("/resources/limits/memory"),
                own.at("/limits/memory").asText("512Mi"),
                "the sidecar's limit of memory");
        String volume = name(sharedVolume());
        ObjectNode source = Json.named(spec, "volumes", volume)
                .orElseThrow(() -> new DemoFailure("the volume " + volume + " is not there"));
        check(
                source.at("/emptyDir/sizeLimit"),
                sharedVolume().at("/emptyDir/sizeLimit").asText(),
                "the volume's size limit");
        checkShared(found);
        Json.objects(spec, "containers").forEach(this::checkShared);
    }

    private void checkShared(ObjectNode container) {
        String path = sharedVolume().path("mountPath").asText();
        String variable = sharedVolume().path("envVar").asText();
        String name = name(container);
        check(
                Json.named(container, "volumeMounts", name(sharedVolume()))
                        .map(mount -> mount.path("mountPath"))
                        .orElse(Json.MAPPER.missingNode()),
                path,
                "the mount in " + name);
        check(
                Json.named(container, "env", variable)
                        .map(env -> env.path("value"))
                        .orElse(Json.MAPPER.missingNode()),
                path,
                "the variable " + variable + " in " + name);
    }

    private static void check(JsonNode found, String expected, String what) {
        if (!found.asText().equals(expected)) {
            String instead = found.isMissingNode() ? "nothing" : found.asText();
            throw new DemoFailure(what + ": expected " + expected + ", found " + instead);
        }
    }

    private JsonNode sidecar() {
        return policyObject.at("/spec/sidecars/0");
    }

    private JsonNode sharedVolume() {
        return policyObject.at("/spec/sharedVolumes/0");
    }

    private static String name(JsonNode item) {
        return item.path("name").asText();
    }
}
