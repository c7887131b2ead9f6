package io.sidecaroperator.core.injection;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.sidecaroperator.core.json.Json;
import io.sidecaroperator.core.json.MountPath;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/** The mounts that a policy wants in each selected app container, and what conflicts with them. */
final class Mounts {
    private Mounts() {}

    /**
     * One mount for each shared volume, then those of {@code appContainers.volumeMounts}. The first at a path counts.
     */
    static List<ObjectNode> wanted(PolicyContext s) {
        Set<MountPath> seen = new HashSet<>();
        return Stream.concat(
                        s.shared().stream().map(mount -> mount.mount(false)),
                        s.policy().appContainers().volumeMounts().stream().map(mount -> redirect(s, mount)))
                .filter(mount -> seen.add(MountPath.ofMount(mount)))
                .toList();
    }

    /** Returns a mount of the policy; a mount that names a shared volume follows it into the app's own volume. */
    static ObjectNode redirect(PolicyContext s, ObjectNode mount) {
        SharedMount shared = s.sharedNamed(Json.nameOf(mount));
        return shared == null ? mount : shared.redirect(mount);
    }

    /** The app container's own mount at the path of this one, if any. */
    static Optional<ObjectNode> existing(ObjectNode app, ObjectNode mount) {
        MountPath path = MountPath.ofMount(mount);
        return Json.objects(app, "volumeMounts")
                .filter(own -> MountPath.ofMount(own).equals(path))
                .findFirst();
    }

    /** Returns how the app container's own mounts conflict with this one, if they do. */
    static Optional<String> conflict(ObjectNode app, ObjectNode mount) {
        MountPath path = MountPath.ofMount(mount);
        String where = "container " + Json.nameOf(app) + " mounts ";
        Optional<ObjectNode> same = existing(app, mount);
        if (same.isPresent()) {
            String volume = Json.nameOf(same.get());
            return volume.equals(Json.nameOf(mount))
                    ? Optional.empty()
                    : Optional.of(where + "volume " + volume + " at " + path);
        }
        return Json.objects(app, "volumeMounts")
                .map(MountPath::ofMount)
                .filter(own -> own.isAbove(path))
                .findFirst()
                .map(above -> where + "a volume at " + above + ", above " + path);
    }
}
