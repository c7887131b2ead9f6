package io.sidecaroperator.core.injection;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.sidecaroperator.core.json.Canonical;
import io.sidecaroperator.core.json.Json;
import io.sidecaroperator.core.json.MountPath;
import io.sidecaroperator.core.policy.CompiledPolicy.Sidecar;
import io.sidecaroperator.core.policy.CompiledPolicy.SidecarType;
import java.util.HashSet;
import java.util.Set;

/** Renders the container of a sidecar: the policy's fields, the shared volumes, and always requests. */
final class SidecarRenderer {
    private SidecarRenderer() {}

    /** The container as it goes into the pod. */
    static ObjectNode render(PolicyContext s, Sidecar sidecar) {
        ObjectNode container = SidecarOverride.of(s, sidecar).container();
        container.set("resources", s.renderer().defaults().complete(container.path("resources")));
        if (s.typeOf(sidecar) == SidecarType.Native) {
            container.put("restartPolicy", "Always");
        }
        addEnv(s, container);
        addMounts(s, container);
        return Canonical.of(container);
    }

    /** Paths of shared volumes come first, so that the sidecar's own variables can refer to them. */
    private static void addEnv(PolicyContext s, ObjectNode container) {
        Set<String> own = new HashSet<>();
        Json.objects(container, "env").forEach(env -> own.add(Json.nameOf(env)));
        ArrayNode all = Json.array();
        s.policy().sharedVolumes().stream()
                .flatMap(PolicyContext::pathVariable)
                .filter(env -> !own.contains(Json.nameOf(env)))
                .forEach(all::add);
        if (!all.isEmpty()) {
            Json.objects(container, "env").forEach(all::add);
            container.set("env", all);
        }
    }

    private static void addMounts(PolicyContext s, ObjectNode container) {
        ArrayNode all = Json.array();
        Set<MountPath> own = new HashSet<>();
        Json.objects(container, "volumeMounts").forEach(mount -> {
            own.add(MountPath.ofMount(mount));
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
