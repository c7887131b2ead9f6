package io.sidecaroperator.core.json;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayDeque;
import java.util.Deque;

/** A path inside a container as the kernel sees it: {@code /a//b/./c/} and {@code /a/b/c} are the same path. */
public record MountPath(String path) {

    /** Normalises as {@code path.Clean} of Go does for an absolute path. */
    public static MountPath of(String raw) {
        Deque<String> parts = new ArrayDeque<>();
        for (String part : raw.split("/")) {
            if (part.equals("..")) {
                parts.pollLast();
            } else if (!part.isEmpty() && !part.equals(".")) {
                parts.addLast(part);
            }
        }
        return new MountPath("/" + String.join("/", parts));
    }

    /** The path of a core/v1 VolumeMount; the root for a mount without a path. */
    public static MountPath ofMount(JsonNode mount) {
        String path = Json.textAt(mount, "mountPath");
        return of(path == null ? "" : path);
    }

    /** Whether the other path lies below this one. */
    public boolean isAbove(MountPath other) {
        return !path.equals(other.path) && (path.equals("/") || other.path.startsWith(path + "/"));
    }

    @Override
    public String toString() {
        return path;
    }
}
