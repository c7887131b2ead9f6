package io.sidecaroperator.engine;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.sidecaroperator.engine.CompiledPolicy.Sidecar;
import io.sidecaroperator.engine.CompiledPolicy.SidecarType;
import io.sidecaroperator.tree.Canonical;
import io.sidecaroperator.tree.Json;
import io.sidecaroperator.tree.MountPath;
import java.util.HashSet;
import java.util.Set;

/** Writes the container of a sidecar: the policy's fields, the shared volumes, and requests in any case. */
final class SidecarRenderer {
    private SidecarRenderer() {}

    /** The container as it goes into the pod. */
    static ObjectNode render(Situation s, Sidecar sidecar) {
        ObjectNode container = SidecarOverride.of(s, sidecar).container();
        container.set(
                "resources",
                resources(container.path("resources"), s.rendering().defaults()));
        if (s.typeOf(sidecar) == SidecarType.Native) {
            container.put("restartPolicy", "Always");
        }
        addEnv(s, container);
        addMounts(s, container);
        return Canonical.of(container);
    }

    /** Requests and limits with what is missing in them. */
    static ObjectNode resources(JsonNode given, Rendering.DefaultResources defaults) {
        ObjectNode resources = given instanceof ObjectNode object ? object.deepCopy() : Json.object();
        if (resources.isEmpty()) {
            resources.putObject("limits").put("cpu", defaults.cpuLimit()).put("memory", defaults.memoryLimit());
        }
        ObjectNode requests = Json.objectAt(resources, "requests");
        requests = requests == null ? resources.putObject("requests") : requests;
        JsonNode limits = resources.path("limits");
        boolean whole = !(given instanceof ObjectNode) || given.isEmpty();
        request(requests, whole ? Json.object() : limits, "cpu", defaults.cpuRequest());
        request(requests, whole ? Json.object() : limits, "memory", defaults.memoryRequest());
        return resources;
    }

    /** A missing request is its limit, else the default. */
    private static void request(ObjectNode requests, JsonNode limits, String resource, String otherwise) {
        if (Json.isAbsent(requests.get(resource))) {
            JsonNode limit = limits.path(resource);
            requests.set(
                    resource,
                    Json.isAbsent(limit) ? Json.MAPPER.getNodeFactory().textNode(otherwise) : limit);
        }
    }

    /** Paths of shared volumes come first, so that the sidecar's own variables can refer to them. */
    private static void addEnv(Situation s, ObjectNode container) {
        Set<String> own = new HashSet<>();
        Json.objects(container, "env").forEach(env -> own.add(Situation.nameOf(env)));
        ArrayNode all = Json.array();
        s.policy().sharedVolumes().stream()
                .flatMap(Situation::pathVariable)
                .filter(env -> !own.contains(Situation.nameOf(env)))
                .forEach(all::add);
        if (!all.isEmpty()) {
            Json.objects(container, "env").forEach(all::add);
            container.set("env", all);
        }
    }

    private static void addMounts(Situation s, ObjectNode container) {
        ArrayNode all = Json.array();
        Set<MountPath> own = new HashSet<>();
        Json.objects(container, "volumeMounts").forEach(mount -> {
            own.add(SharedMount.pathOf(mount));
            all.add(Mounts.redirect(s, mount));
        });
        s.shared().stream()
                .filter(mount -> !own.contains(mount.shared().path()))
                .forEach(mount -> all.add(mount.mount(mount.shared().sidecarReadOnly())));
        if (!all.isEmpty()) {
            container.set("volumeMounts", all);
        }
    }
}
