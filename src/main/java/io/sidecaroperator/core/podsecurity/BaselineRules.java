package io.sidecaroperator.core.podsecurity;

import static io.sidecaroperator.core.podsecurity.SecuredPod.isTrue;
import static io.sidecaroperator.core.podsecurity.SecuredPod.named;

import com.fasterxml.jackson.databind.JsonNode;
import io.sidecaroperator.core.json.Json;
import io.sidecaroperator.core.podsecurity.SecuredPod.PodPart;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/** What {@code baseline} forbids: the known ways to more privileges than a container has by default. */
final class BaselineRules {
    private static final Set<String> DEFAULT_CAPABILITIES = Set.of(
            "AUDIT_WRITE",
            "CHOWN",
            "DAC_OVERRIDE",
            "FOWNER",
            "FSETID",
            "KILL",
            "MKNOD",
            "NET_BIND_SERVICE",
            "SETFCAP",
            "SETGID",
            "SETPCAP",
            "SETUID",
            "SYS_CHROOT");
    private static final Set<String> SAFE_PROFILES = Set.of("RuntimeDefault", "Localhost");
    private static final String PROFILE_EXPECTED = "must be RuntimeDefault or Localhost";
    private static final String APP_ARMOR_ANNOTATION = "container.apparmor.security.beta.kubernetes.io/";
    private static final String SECCOMP_POD_ANNOTATION = "seccomp.security.alpha.kubernetes.io/pod";
    private static final String SECCOMP_CONTAINER_ANNOTATION = "container.seccomp.security.alpha.kubernetes.io/";

    private BaselineRules() {}

    static void hostProcess(SecuredPod pod, int minor, List<Violation> found) {
        for (PodPart part : pod.parts()) {
            if (isTrue(part.security("windowsOptions").path("hostProcess"))) {
                found.add(part.violation("securityContext.windowsOptions.hostProcess", "must not be true"));
            }
        }
    }

    static void hostNamespaces(SecuredPod pod, int minor, List<Violation> found) {
        for (String field : List.of("hostNetwork", "hostPID", "hostIPC")) {
            if (isTrue(pod.spec().path(field))) {
                found.add(pod.pod().violation(field, "must not be true"));
            }
        }
    }

    static void privileged(SecuredPod pod, int minor, List<Violation> found) {
        for (PodPart container : pod.containers()) {
            if (isTrue(container.security("privileged"))) {
                found.add(container.violation("securityContext.privileged", "must not be true"));
            }
        }
    }

    static void addedCapabilities(SecuredPod pod, int minor, List<Violation> found) {
        for (PodPart container : pod.containers()) {
            List<String> others = capabilitiesOutside(DEFAULT_CAPABILITIES, container);
            if (!others.isEmpty()) {
                found.add(container.violation(
                        "securityContext.capabilities.add",
                        "must name nothing outside the default set of capabilities",
                        String.join(", ", others)));
            }
        }
    }

    /** The capabilities that a container adds and that are not in the set, in order. */
    static List<String> capabilitiesOutside(Set<String> allowed, PodPart container) {
        List<String> others = new ArrayList<>();
        for (JsonNode capability : container.security("capabilities").path("add")) {
            if (!allowed.contains(capability.asText())) {
                others.add(capability.asText());
            }
        }
        return others;
    }

    static void hostPath(SecuredPod pod, int minor, List<Violation> found) {
        for (JsonNode volume : pod.spec().path("volumes")) {
            if (!Json.isAbsent(volume.path("hostPath"))) {
                found.add(new Violation(named("volume", volume), "hostPath", "must not be used", ""));
            }
        }
    }

    static void hostPorts(SecuredPod pod, int minor, List<Violation> found) {
        for (PodPart container : pod.containers()) {
            List<String> ports = new ArrayList<>();
            for (JsonNode port : container.node().path("ports")) {
                JsonNode hostPort = port.path("hostPort");
                if (hostPort.isNumber() && hostPort.decimalValue().signum() != 0) {
                    ports.add(hostPort.asText());
                }
            }
            if (!ports.isEmpty()) {
                found.add(container.violation("ports.hostPort", "must not be set", String.join(", ", ports)));
            }
        }
    }

    static void hostsOfProbesAndHooks(SecuredPod pod, int minor, List<Violation> found) {
        for (PodPart container : pod.containers()) {
            for (String probe : List.of("livenessProbe", "readinessProbe", "startupProbe")) {
                hostOf(container, probe, container.node().path(probe), found);
            }
            for (String hook : List.of("postStart", "preStop")) {
                hostOf(
                        container,
                        "lifecycle." + hook,
                        container.node().path("lifecycle").path(hook),
                        found);
            }
        }
    }

    private static void hostOf(PodPart container, String path, JsonNode handler, List<Violation> found) {
        for (String action : List.of("httpGet", "tcpSocket")) {
            String host = Json.textAt(handler.path(action), "host");
            if (host != null && !host.isEmpty()) {
                found.add(container.violation(path + "." + action + ".host", "must not be set", host));
            }
        }
    }

    static void appArmor(SecuredPod pod, int minor, List<Violation> found) {
        profiles(pod, "appArmorProfile", found);
        new TreeMap<>(annotations(pod)).forEach((key, profile) -> {
            if (key.startsWith(APP_ARMOR_ANNOTATION)
                    && !profile.isEmpty()
                    && !profile.equals("runtime/default")
                    && !profile.startsWith("localhost/")) {
                found.add(annotation(pod, key, "must be runtime/default or localhost/*", profile));
            }
        });
    }

    /** Since 1.19, where seccomp has a field. */
    static void seccompProfile(SecuredPod pod, int minor, List<Violation> found) {
        profiles(pod, "seccompProfile", found);
    }

    private static void profiles(SecuredPod pod, String field, List<Violation> found) {
        for (PodPart part : pod.parts()) {
            String type = part.profileType(field);
            if (type != null && !isSafeProfile(type)) {
                found.add(part.violation("securityContext." + field + ".type", PROFILE_EXPECTED, type));
            }
        }
    }

    static boolean isSafeProfile(String type) {
        return SAFE_PROFILES.contains(type);
    }

    /** Before 1.19, where seccomp was set by annotations. */
    static void seccompAnnotations(SecuredPod pod, int minor, List<Violation> found) {
        Map<String, String> annotations = annotations(pod);
        List<String> keys = new ArrayList<>(List.of(SECCOMP_POD_ANNOTATION));
        for (PodPart container : pod.containers()) {
            keys.add(
                    SECCOMP_CONTAINER_ANNOTATION + container.node().path("name").asText());
        }
        for (String key : keys) {
            String profile = annotations.get(key);
            if (profile != null
                    && !Set.of("runtime/default", "docker/default").contains(profile)
                    && !profile.startsWith("localhost/")) {
                found.add(annotation(pod, key, "must be runtime/default, docker/default or localhost/*", profile));
            }
        }
    }

    private static Map<String, String> annotations(SecuredPod pod) {
        return Json.strings(pod.root().path("metadata"), "annotations");
    }

    private static Violation annotation(SecuredPod pod, String key, String expected, String profile) {
        return pod.pod().violation("annotation " + key, expected, profile);
    }

    static void seLinux(SecuredPod pod, int minor, List<Violation> found) {
        List<String> types = new ArrayList<>(List.of("container_t", "container_init_t", "container_kvm_t"));
        if (minor >= 31) {
            types.add("container_engine_t");
        }
        for (PodPart part : pod.parts()) {
            JsonNode options = part.security("seLinuxOptions");
            String type = options.path("type").asText();
            if (!type.isEmpty() && !types.contains(type)) {
                found.add(part.violation(
                        "securityContext.seLinuxOptions.type", "must be one of " + String.join(", ", types), type));
            }
            for (String field : List.of("user", "role")) {
                String value = options.path(field).asText();
                if (!value.isEmpty()) {
                    found.add(part.violation("securityContext.seLinuxOptions." + field, "must not be set", value));
                }
            }
        }
    }

    static void procMount(SecuredPod pod, int minor, List<Violation> found) {
        for (PodPart container : pod.containers()) {
            JsonNode mount = container.security("procMount");
            if (!Json.isAbsent(mount) && !mount.asText().equals("Default")) {
                found.add(container.violation("securityContext.procMount", "must be Default", mount.asText()));
            }
        }
    }

    static void sysctls(SecuredPod pod, int minor, List<Violation> found) {
        for (JsonNode sysctl : pod.pod().security("sysctls")) {
            String name = sysctl.path("name").asText();
            if (!isSafeSysctl(name, minor)) {
                found.add(pod.pod().violation("securityContext.sysctls " + name, "is not one of the safe sysctls"));
            }
        }
    }

    private static boolean isSafeSysctl(String name, int minor) {
        return switch (name) {
            case "kernel.shm_rmid_forced",
                    "net.ipv4.ip_local_port_range",
                    "net.ipv4.tcp_syncookies",
                    "net.ipv4.ping_group_range",
                    "net.ipv4.ip_unprivileged_port_start" -> true;
            case "net.ipv4.ip_local_reserved_ports" -> minor >= 27;
            case "net.ipv4.tcp_keepalive_time",
                    "net.ipv4.tcp_fin_timeout",
                    "net.ipv4.tcp_keepalive_intvl",
                    "net.ipv4.tcp_keepalive_probes" -> minor >= 29;
            case "net.ipv4.tcp_rmem", "net.ipv4.tcp_wmem" -> minor >= 32;
            default -> false;
        };
    }
}
