package io.sidecaroperator.core.injection;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.sidecaroperator.core.json.Json;
import io.sidecaroperator.core.json.MountPath;
import io.sidecaroperator.core.policy.CompiledPolicy.SharedVolume;
import io.sidecaroperator.core.policy.CompiledPolicy.Sidecar;
import java.util.List;
import java.util.Optional;

/**
 * Where the files of a shared volume are in one pod: in the policy's volume, or in the volume that the app already
 * mounts at that path.
 *
 * @param volume name of the volume to mount
 * @param subPath path inside it, empty for its root
 * @param ofApp whether it is the app's own volume
 * @param conflict why the path cannot be shared, if so
 */
record SharedMount(SharedVolume shared, String volume, String subPath, boolean ofApp, Optional<String> conflict) {

    static SharedMount resolve(SharedVolume shared, List<ObjectNode> apps, List<Sidecar> sidecars) {
        SharedMount found = new SharedMount(shared, shared.name(), "", false, Optional.empty());
        for (ObjectNode app : apps) {
            for (ObjectNode mount : Json.objects(app, "volumeMounts").toList()) {
                MountPath path = MountPath.ofMount(mount);
                if (path.equals(shared.path())) {
                    found = found.using(app, mount, !sidecars.isEmpty());
                } else if (path.isAbove(shared.path())) {
                    return found.refused("container " + Json.nameOf(app) + " mounts a volume at " + path + ", above "
                            + shared.path());
                }
                if (found.conflict.isPresent()) {
                    return found;
                }
            }
        }
        return found;
    }

    private SharedMount using(ObjectNode app, ObjectNode mount, boolean sidecarsExist) {
        String where = "container " + Json.nameOf(app) + " mounts ";
        if (!textOf(mount, "subPathExpr").isEmpty()) {
            return refused(where + "a subPathExpr at " + shared.path() + ", which no other container can follow");
        }
        if (mount.path("readOnly").asBoolean(false) && sidecarsExist && !shared.sidecarReadOnly()) {
            return refused(where + shared.path() + " read-only, and the sidecars write there");
        }
        SharedMount own =
                new SharedMount(shared, textOf(mount, "name"), textOf(mount, "subPath"), true, Optional.empty());
        if (ofApp && !own.equals(this)) {
            return refused("the app's containers mount two different volumes at " + shared.path() + ": " + volume
                    + " and " + own.volume);
        }
        return own;
    }

    private SharedMount refused(String why) {
        return new SharedMount(shared, volume, subPath, ofApp, Optional.of(why));
    }

    /** The mount of this volume at the shared path. */
    ObjectNode mount(boolean readOnly) {
        ObjectNode mount =
                Json.object().put("name", volume).put("mountPath", shared.path().path());
        if (readOnly) {
            mount.put("readOnly", true);
        }
        if (!subPath.isEmpty()) {
            mount.put("subPath", subPath);
        }
        return mount;
    }

    /** Returns a mount of the policy that names the shared volume, redirected to where its files are. */
    ObjectNode redirect(ObjectNode mount) {
        ObjectNode copy = mount.deepCopy();
        copy.put("name", volume);
        if (!subPath.isEmpty()) {
            String inner = textOf(mount, "subPath");
            copy.put("subPath", inner.isEmpty() ? subPath : subPath + "/" + inner);
        }
        return copy;
    }

    private static String textOf(ObjectNode node, String key) {
        String value = Json.textAt(node, key);
        return value == null ? "" : value;
    }
}
