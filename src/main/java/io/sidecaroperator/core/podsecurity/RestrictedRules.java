package io.sidecaroperator.core.podsecurity;

import static io.sidecaroperator.core.podsecurity.SecuredPod.isFalse;
import static io.sidecaroperator.core.podsecurity.SecuredPod.isTrue;
import static io.sidecaroperator.core.podsecurity.SecuredPod.named;

import com.fasterxml.jackson.databind.JsonNode;
import io.sidecaroperator.core.podsecurity.SecuredPod.PodPart;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** What {@code restricted} requires in addition to {@code baseline}: hardening that every pod has to set explicitly. */
final class RestrictedRules {
    private static final Set<String> VOLUME_SOURCES = Set.of(
            "configMap",
            "csi",
            "downwardAPI",
            "emptyDir",
            "ephemeral",
            "image",
            "persistentVolumeClaim",
            "projected",
            "secret");

    private RestrictedRules() {}

    /** A volume without a source is an emptyDir: the API server's default. */
    static void volumes(SecuredPod pod, int minor, List<Violation> found) {
        for (JsonNode volume : pod.spec().path("volumes")) {
            for (Map.Entry<String, JsonNode> field : volume.properties()) {
                String source = field.getKey();
                if (!source.equals("name")
                        && !VOLUME_SOURCES.contains(source)
                        && !field.getValue().isNull()) {
                    found.add(new Violation(
                            named("volume", volume), source, "is not one of the volume sources that are allowed", ""));
                }
            }
        }
    }

    static void privilegeEscalation(SecuredPod pod, int minor, List<Violation> found) {
        for (PodPart container : pod.containers()) {
            if (!isFalse(container.security("allowPrivilegeEscalation"))) {
                found.add(container.violation("securityContext.allowPrivilegeEscalation", "must be false"));
            }
        }
    }

    static void runAsNonRoot(SecuredPod pod, int minor, List<Violation> found) {
        String field = "securityContext.runAsNonRoot";
        if (isFalse(pod.pod().security("runAsNonRoot"))) {
            found.add(pod.pod().violation(field, "must not be false"));
        }
        boolean saidByPod = isTrue(pod.pod().security("runAsNonRoot"));
        for (PodPart container : pod.containers()) {
            JsonNode said = container.security("runAsNonRoot");
            if (isFalse(said)) {
                found.add(container.violation(field, "must not be false"));
            } else if (!isTrue(said) && !saidByPod) {
                found.add(container.violation(field, "must be true, here or in the pod"));
            }
        }
    }

    static void runAsUser(SecuredPod pod, int minor, List<Violation> found) {
        for (PodPart part : pod.parts()) {
            JsonNode user = part.security("runAsUser");
            if (user.isNumber() && user.decimalValue().signum() == 0) {
                found.add(part.violation("securityContext.runAsUser", "must not be 0"));
            }
        }
    }

    static void seccompProfile(SecuredPod pod, int minor, List<Violation> found) {
        BaselineRules.seccompProfile(pod, minor, found);
        String ofPod = pod.pod().profileType("seccompProfile");
        if (ofPod != null && BaselineRules.isSafeProfile(ofPod)) {
            return;
        }
        for (PodPart container : pod.containers()) {
            if (container.profileType("seccompProfile") == null) {
                found.add(container.violation(
                        "securityContext.seccompProfile.type",
                        "must be RuntimeDefault or Localhost, here or in the pod"));
            }
        }
    }

    static void capabilities(SecuredPod pod, int minor, List<Violation> found) {
        for (PodPart container : pod.containers()) {
            if (!dropsAll(container)) {
                found.add(container.violation("securityContext.capabilities.drop", "must contain ALL"));
            }
            List<String> others = BaselineRules.capabilitiesOutside(Set.of("NET_BIND_SERVICE"), container);
            if (!others.isEmpty()) {
                found.add(container.violation(
                        "securityContext.capabilities.add",
                        "must name nothing but NET_BIND_SERVICE",
                        String.join(", ", others)));
            }
        }
    }

    private static boolean dropsAll(PodPart container) {
        for (JsonNode capability : container.security("capabilities").path("drop")) {
            if (capability.asText().equals("ALL")) {
                return true;
            }
        }
        return false;
    }
}
