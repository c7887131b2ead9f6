package io.sidecaroperator.core.podsecurity;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.sidecaroperator.core.json.Json;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;

/** Pods that every standard accepts, then up to three changes of what the standards check, valid and invalid ones. */
final class RandomSecurity {
    private static final List<String> SYSCTLS = List.of(
            "kernel.shm_rmid_forced",
            "kernel.msgmax",
            "net.ipv4.ip_local_reserved_ports",
            "net.ipv4.tcp_keepalive_time",
            "net.ipv4.tcp_rmem",
            "net.core.somaxconn");
    private static final List<String> VOLUMES = List.of(
            "{}",
            "{\"emptyDir\":{}}",
            "{\"configMap\":{\"name\":\"x\"}}",
            "{\"secret\":{\"secretName\":\"x\"}}",
            "{\"persistentVolumeClaim\":{\"claimName\":\"x\"}}",
            "{\"projected\":{\"sources\":[{\"configMap\":{\"name\":\"x\"}}]}}",
            "{\"downwardAPI\":{\"items\":[{\"path\":\"x\",\"fieldRef\":{\"fieldPath\":\"metadata.name\"}}]}}",
            "{\"csi\":{\"driver\":\"x\"}}",
            "{\"image\":{\"reference\":\"x:1\"}}",
            "{\"hostPath\":{\"path\":\"/tmp\"}}",
            "{\"nfs\":{\"server\":\"x\",\"path\":\"/\"}}",
            "{\"iscsi\":{\"targetPortal\":\"1.2.3.4:3260\",\"iqn\":\"iqn.2000-01.com.example:x\",\"lun\":0}}",
            "{\"azureFile\":{\"secretName\":\"x\",\"shareName\":\"x\"}}");
    private static final List<Change> CHANGES = List.of(
            RandomSecurity::hostNamespace,
            RandomSecurity::privileged,
            RandomSecurity::capabilities,
            RandomSecurity::volume,
            RandomSecurity::port,
            RandomSecurity::probe,
            RandomSecurity::hook,
            RandomSecurity::appArmor,
            RandomSecurity::appArmorAnnotation,
            RandomSecurity::seLinux,
            RandomSecurity::procMount,
            RandomSecurity::seccomp,
            RandomSecurity::seccompAnnotation,
            RandomSecurity::sysctls,
            RandomSecurity::privilegeEscalation,
            RandomSecurity::runAsNonRoot,
            RandomSecurity::runAsUser,
            RandomSecurity::userNamespace);

    private final Random random;
    private final ObjectNode pod = Json.object();
    private final ObjectNode spec;

    private RandomSecurity(long seed) {
        this.random = new Random(seed);
        pod.put("apiVersion", "v1").put("kind", "Pod");
        pod.putObject("metadata").put("name", "pod").putObject("annotations").put("note", "x");
        this.spec = pod.putObject("spec");
        spec.putObject("securityContext");
        spec.putArray("volumes");
    }

    /** The same seed gives the same pod. */
    static ObjectNode pod(long seed) {
        RandomSecurity world = new RandomSecurity(seed);
        if (world.chance(6)) {
            world.windows();
            return world.pod;
        }
        world.safe();
        for (int changes = world.random.nextInt(4); changes > 0; changes--) {
            world.pick(CHANGES).on(world);
        }
        return world.pod;
    }

    private interface Change {
        void on(RandomSecurity world);
    }

    private void safe() {
        boolean byPod = chance(50);
        if (byPod) {
            harden((ObjectNode) spec.get("securityContext"));
        }
        containers("containers", 1 + random.nextInt(2), byPod);
        containers("initContainers", random.nextInt(3), byPod);
    }

    private void containers(String list, int count, boolean byPod) {
        ArrayNode containers = spec.putArray(list);
        for (int i = 0; i < count; i++) {
            ObjectNode container =
                    containers.addObject().put("name", list.substring(0, 1) + i).put("image", "x:1");
            if (list.equals("initContainers") && chance(50)) {
                container.put("restartPolicy", "Always");
            }
            ObjectNode context = container.putObject("securityContext").put("allowPrivilegeEscalation", false);
            context.putObject("capabilities").putArray("drop").add("ALL");
            if (!byPod) {
                harden(context);
            }
        }
    }

    private static void harden(ObjectNode context) {
        context.put("runAsNonRoot", true).putObject("seccompProfile").put("type", "RuntimeDefault");
    }

    /** A Windows pod can set only little: its user, volumes, and that it is a process of its node. */
    private void windows() {
        spec.putObject("os").put("name", "windows");
        ObjectNode container =
                spec.putArray("containers").addObject().put("name", "c0").put("image", "x:1");
        ObjectNode context = container.putObject("securityContext");
        if (chance(80)) {
            context.put("runAsNonRoot", true);
        }
        if (chance(20)) {
            context.putObject("windowsOptions").put("hostProcess", true);
            spec.put("hostNetwork", true);
        } else if (chance(30)) {
            volume();
        }
    }

    private void hostNamespace() {
        spec.put(pick("hostNetwork", "hostPID", "hostIPC"), chance(80));
    }

    private void privileged() {
        ObjectNode context = container("securityContext");
        context.put("privileged", chance(70)).remove("allowPrivilegeEscalation");
    }

    private void capabilities() {
        ObjectNode capabilities = container("securityContext").putObject("capabilities");
        if (chance(70)) {
            capabilities.putArray("add").add(pick("CHOWN", "NET_RAW", "NET_BIND_SERVICE", "NET_BIND_SERVICE", "KILL"));
        }
        if (chance(80)) {
            capabilities.putArray("drop").add("KILL").add(pick("ALL", "ALL", "ALL", "NET_RAW"));
        }
    }

    private void volume() {
        ObjectNode volume = (ObjectNode) Json.parse(pick(VOLUMES));
        ArrayNode volumes = spec.withArray("/volumes");
        volumes.add(volume.put("name", "v" + volumes.size()));
    }

    private void port() {
        ObjectNode port = container().putArray("ports").addObject().put("containerPort", 80);
        if (chance(60)) {
            port.put("hostPort", chance(20) ? 0 : 8080);
        }
    }

    private void probe() {
        action(app().putObject(pick("livenessProbe", "readinessProbe", "startupProbe")));
    }

    private void hook() {
        action(app().putObject("lifecycle").putObject(pick("postStart", "preStop")));
    }

    private void action(ObjectNode handler) {
        ObjectNode action = handler.putObject(pick("httpGet", "tcpSocket")).put("port", 80);
        if (chance(60)) {
            action.put("host", pick("localhost", "example.com", ""));
        }
    }

    private void appArmor() {
        profile(context(), "appArmorProfile");
    }

    private void profile(ObjectNode context, String field) {
        String type = pick("RuntimeDefault", "Localhost", "Unconfined");
        ObjectNode profile = context.putObject(field).put("type", type);
        if (type.equals("Localhost")) {
            profile.put("localhostProfile", "x");
        }
    }

    private void appArmorAnnotation() {
        annotation("container.apparmor.security.beta.kubernetes.io/c0");
    }

    private void seccompAnnotation() {
        annotation(
                pick("seccomp.security.alpha.kubernetes.io/pod", "container.seccomp.security.alpha.kubernetes.io/c0"));
    }

    private void annotation(String key) {
        pod.withObject("/metadata/annotations").put(key, pick("runtime/default", "localhost/x", "unconfined"));
    }

    private void seLinux() {
        ObjectNode options = context().putObject("seLinuxOptions").put("level", "s0:c1,c2");
        options.put(
                pick("type", "type", "user", "role"),
                pick("", "container_t", "container_engine_t", "container_init_t", "spc_t"));
    }

    /** Unmasked is valid in user namespaces only. */
    private void procMount() {
        container("securityContext").put("procMount", pick("Default", "Unmasked"));
        spec.put("hostUsers", false);
    }

    private void seccomp() {
        if (chance(50)) {
            profile(context(), "seccompProfile");
        } else {
            context().remove("seccompProfile");
        }
    }

    private void sysctls() {
        spec.withObject("/securityContext")
                .putArray("sysctls")
                .addObject()
                .put("name", pick(SYSCTLS))
                .put("value", "1");
    }

    private void privilegeEscalation() {
        ObjectNode context = container("securityContext");
        if (chance(50)) {
            context.put("allowPrivilegeEscalation", true);
        } else {
            context.remove("allowPrivilegeEscalation");
        }
    }

    private void runAsNonRoot() {
        ObjectNode context = context();
        if (chance(50)) {
            context.put("runAsNonRoot", chance(30));
        } else {
            context.remove("runAsNonRoot");
        }
    }

    private void runAsUser() {
        context().put("runAsUser", chance(60) ? 0 : 1000);
    }

    private void userNamespace() {
        spec.put("hostUsers", chance(20));
        if (chance(70)) {
            context().put("runAsUser", 0).put("runAsNonRoot", false);
        }
    }

    /** A security context: of the pod or of a container. */
    private ObjectNode context() {
        return chance(40) ? spec.withObject("/securityContext") : container("securityContext");
    }

    private ObjectNode container(String field) {
        return container().withObject("/" + field);
    }

    private ObjectNode container() {
        return pick(Stream.concat(Json.objects(spec, "containers"), Json.objects(spec, "initContainers"))
                .toList());
    }

    private ObjectNode app() {
        return pick(Json.objects(spec, "containers").toList());
    }

    private boolean chance(int percent) {
        return random.nextInt(100) < percent;
    }

    private String pick(String... choices) {
        return choices[random.nextInt(choices.length)];
    }

    private <T> T pick(List<T> choices) {
        return choices.get(random.nextInt(choices.size()));
    }
}
