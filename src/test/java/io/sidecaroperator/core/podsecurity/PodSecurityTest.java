package io.sidecaroperator.core.podsecurity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.sidecaroperator.support.Manifests;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class PodSecurityTest {
    /** Everything that restricted requires of a container, for flow YAML. */
    private static final String SAFE = "allowPrivilegeEscalation: false, runAsNonRoot: true,"
            + " seccompProfile: {type: RuntimeDefault}, capabilities: {drop: [ALL]}";

    /** Standard, spec of a pod, and the sentences about it. */
    static Stream<Arguments> baseline() {
        return Stream.of(
                row("{containers: [{name: app, image: x}]}"),
                row("{containers: [{name: app, securityContext: {windowsOptions: {hostProcess: false}}}]}"),
                row(
                        "{securityContext: {windowsOptions: {hostProcess: true}}, containers: [{name: app,"
                                + " securityContext: {windowsOptions: {hostProcess: true}}}]}",
                        "pod: securityContext.windowsOptions.hostProcess must not be true",
                        "container \"app\": securityContext.windowsOptions.hostProcess must not be true"),
                row("{hostNetwork: false, hostPID: null, hostIPC: false}"),
                row("{hostNetwork: true}", "pod: hostNetwork must not be true"),
                row("{hostPID: true}", "pod: hostPID must not be true"),
                row("{hostIPC: true}", "pod: hostIPC must not be true"),
                row("{containers: [{name: app, securityContext: {privileged: false}}]}"),
                row(
                        "{initContainers: [{name: i, securityContext: {privileged: true}}]}",
                        "container \"i\": securityContext.privileged must not be true"),
                row(
                        "{ephemeralContainers: [{name: e, securityContext: {privileged: true}}]}",
                        "container \"e\": securityContext.privileged must not be true"),
                row("{containers: [{name: app, securityContext: {capabilities: {add: [CHOWN, NET_BIND_SERVICE]}}}]}"),
                row(
                        "{containers: [{name: app, securityContext: {capabilities: {add: [CHOWN, NET_RAW, chown]}}}]}",
                        "container \"app\": securityContext.capabilities.add must name nothing outside the default set"
                                + " of capabilities, but is NET_RAW, chown"),
                row("{volumes: [{name: v, nfs: {server: s, path: /}}, {name: w, hostPath: null}]}"),
                row("{volumes: [{name: v, hostPath: {path: /}}]}", "volume \"v\": hostPath must not be used"),
                row("{containers: [{name: app, ports: [{containerPort: 80, hostPort: 0}, {containerPort: 81}]}]}"),
                row(
                        "{containers: [{name: app, ports: [{containerPort: 80, hostPort: 8080}]}]}",
                        "container \"app\": ports.hostPort must not be set, but is 8080"),
                row("{containers: [{name: app, livenessProbe: {httpGet: {host: ''}}, readinessProbe: {exec: {}},"
                        + " startupProbe: {tcpSocket: {port: 1}}}]}"),
                row(
                        "{containers: [{name: app, livenessProbe: {httpGet: {host: a}}, readinessProbe: {tcpSocket:"
                                + " {host: b}}, startupProbe: {httpGet: {host: c}}, lifecycle: {postStart: {httpGet:"
                                + " {host: d}}, preStop: {tcpSocket: {host: e}}}}]}",
                        "container \"app\": livenessProbe.httpGet.host must not be set, but is a",
                        "container \"app\": readinessProbe.tcpSocket.host must not be set, but is b",
                        "container \"app\": startupProbe.httpGet.host must not be set, but is c",
                        "container \"app\": lifecycle.postStart.httpGet.host must not be set, but is d",
                        "container \"app\": lifecycle.preStop.tcpSocket.host must not be set, but is e"),
                row("{securityContext: {appArmorProfile: {type: Localhost}}, containers: [{name: app,"
                        + " securityContext: {appArmorProfile: {type: RuntimeDefault}}}]}"),
                row(
                        "{securityContext: {appArmorProfile: {type: Unconfined}}}",
                        "pod: securityContext.appArmorProfile.type must be RuntimeDefault or Localhost, but is"
                                + " Unconfined"),
                row(
                        "{containers: [{name: app, securityContext: {appArmorProfile: {type: Unconfined}}}]}",
                        "container \"app\": securityContext.appArmorProfile.type must be RuntimeDefault or Localhost,"
                                + " but is Unconfined"),
                row("{securityContext: {seLinuxOptions: {}}, containers: [{name: app, securityContext:"
                        + " {seLinuxOptions: {type: container_engine_t, level: 's0:c1'}}}]}"),
                row(
                        "{securityContext: {seLinuxOptions: {type: spc_t}}, containers: [{name: app, securityContext:"
                                + " {seLinuxOptions: {user: u, role: r}}}]}",
                        "pod: securityContext.seLinuxOptions.type must be one of container_t, container_init_t,"
                                + " container_kvm_t, container_engine_t, but is spc_t",
                        "container \"app\": securityContext.seLinuxOptions.user must not be set, but is u",
                        "container \"app\": securityContext.seLinuxOptions.role must not be set, but is r"),
                row("{containers: [{name: app, securityContext: {procMount: Default}}]}"),
                row(
                        "{containers: [{name: app, securityContext: {procMount: Unmasked}}]}",
                        "container \"app\": securityContext.procMount must be Default, but is Unmasked"),
                row("{hostUsers: false, containers: [{name: app, securityContext: {procMount: Unmasked}}]}"),
                row("{securityContext: {seccompProfile: {type: Localhost}}, containers: [{name: app,"
                        + " securityContext: {seccompProfile: {type: RuntimeDefault}}}]}"),
                row(
                        "{containers: [{name: app, securityContext: {seccompProfile: {type: Unconfined}}}]}",
                        "container \"app\": securityContext.seccompProfile.type must be RuntimeDefault or Localhost,"
                                + " but is Unconfined"),
                row("{securityContext: {sysctls: [{name: net.ipv4.tcp_rmem}, {name: kernel.shm_rmid_forced}]}}"),
                row(
                        "{securityContext: {sysctls: [{name: net.ipv4.tcp_rmem}, {name: kernel.msgmax}]}}",
                        "pod: securityContext.sysctls kernel.msgmax is not one of the safe sysctls"));
    }

    @ParameterizedTest
    @MethodSource
    void baseline(String spec, List<String> sentences) {
        assertThat(sentences("baseline", "latest", spec)).isEqualTo(sentences);
        assertThat(sentences("privileged", "latest", spec)).isEmpty();
    }

    static Stream<Arguments> restricted() {
        return Stream.of(
                row("{containers: [{name: app, securityContext: {" + SAFE + "}}]}"),
                row(
                        "{containers: [{name: app}]}",
                        "container \"app\": securityContext.allowPrivilegeEscalation must be false",
                        "container \"app\": securityContext.runAsNonRoot must be true, here or in the pod",
                        "container \"app\": securityContext.seccompProfile.type must be RuntimeDefault or Localhost,"
                                + " here or in the pod",
                        "container \"app\": securityContext.capabilities.drop must contain ALL"),
                row("{securityContext: {runAsNonRoot: true, runAsUser: 1000, seccompProfile: {type: Localhost}},"
                        + " initContainers: [{name: i, securityContext: {allowPrivilegeEscalation: false,"
                        + " capabilities: {drop: [ALL], add: [NET_BIND_SERVICE]}}}]}"),
                row(
                        "{securityContext: {runAsNonRoot: false}, containers: [{name: app, securityContext: {" + SAFE
                                + "}}]}",
                        "pod: securityContext.runAsNonRoot must not be false"),
                row(
                        "{securityContext: {runAsNonRoot: true}, containers: [{name: app, securityContext:"
                                + " {allowPrivilegeEscalation: true, runAsNonRoot: false, runAsUser: 0, seccompProfile:"
                                + " {type: RuntimeDefault}, capabilities: {drop: [NET_RAW], add: [CHOWN]}}}]}",
                        "container \"app\": securityContext.allowPrivilegeEscalation must be false",
                        "container \"app\": securityContext.runAsNonRoot must not be false",
                        "container \"app\": securityContext.runAsUser must not be 0",
                        "container \"app\": securityContext.capabilities.drop must contain ALL",
                        "container \"app\": securityContext.capabilities.add must name nothing but NET_BIND_SERVICE,"
                                + " but is CHOWN"),
                row(
                        "{securityContext: {runAsUser: 0, seccompProfile: {type: Unconfined}}, containers: [{name: app,"
                                + " securityContext: {" + SAFE + "}}]}",
                        "pod: securityContext.runAsUser must not be 0",
                        "pod: securityContext.seccompProfile.type must be RuntimeDefault or Localhost, but is"
                                + " Unconfined"),
                row("{volumes: [{name: a}, {name: b, emptyDir: {}}, {name: c, configMap: {}}, {name: d, csi: {}},"
                        + " {name: e, downwardAPI: {}}, {name: f, ephemeral: {}}, {name: g, image: {}},"
                        + " {name: h, persistentVolumeClaim: {}}, {name: i, projected: {}}, {name: j, secret: {}}]}"),
                row(
                        "{volumes: [{name: a, hostPath: {path: /}}, {name: b, nfs: {}}, {name: c, iscsi: null}]}",
                        "volume \"a\": hostPath is not one of the volume sources that are allowed",
                        "volume \"b\": nfs is not one of the volume sources that are allowed"),
                row("{hostUsers: false, containers: [{name: app, securityContext: {allowPrivilegeEscalation: false,"
                        + " runAsNonRoot: false, runAsUser: 0, seccompProfile: {type: RuntimeDefault},"
                        + " capabilities: {drop: [ALL]}}}]}"),
                row(
                        "{hostUsers: false, containers: [{name: app, securityContext: {" + SAFE
                                + ", procMount: Unmasked}}]}",
                        "container \"app\": securityContext.procMount must be Default, but is Unmasked"),
                row("{os: {name: windows}, containers: [{name: app, securityContext: {runAsNonRoot: true}}]}"),
                row(
                        "{os: {name: windows}, containers: [{name: app}]}",
                        "container \"app\": securityContext.runAsNonRoot must be true, here or in the pod"));
    }

    @ParameterizedTest
    @MethodSource
    void restricted(String spec, List<String> sentences) {
        assertThat(sentences("restricted", "latest", spec)).isEqualTo(sentences);
    }

    /**
     * What a level requires changed in a version: the last version with fewer or other sentences, and the first with
     * these.
     */
    static Stream<Arguments> versions() {
        String bare = "{containers: [{name: app}]}";
        String chown =
                "{containers: [{name: app, securityContext: {" + SAFE.replace("[ALL]", "[ALL], add: [CHOWN]") + "}}]}";
        String netRaw = chown.replace("CHOWN", "NET_RAW");
        String root = "{containers: [{name: app, securityContext: {runAsUser: 0, " + SAFE + "}}]}";
        String windows = "{os: {name: windows}, containers: [{name: app, securityContext: {runAsNonRoot: true}}]}";
        String userNamespace = "{hostUsers: false, containers: [{name: app, securityContext: {" + SAFE + "}}]}";
        String seccomp = "{securityContext: {seccompProfile: {type: Unconfined}}}";
        return Stream.of(
                arguments("restricted", bare, "v1.7", 1, "v1.8", 2),
                arguments("restricted", bare, "v1.18", 2, "v1.19", 3),
                arguments("restricted", bare, "v1.21", 3, "v1.22", 4),
                arguments("restricted", chown, "v1.21", 0, "v1.22", 1),
                arguments("restricted", netRaw, "v1.21", 1, "v1.22", 1),
                arguments("restricted", root, "v1.22", 0, "v1.23", 1),
                arguments("restricted", windows, "v1.24", 3, "v1.25", 0),
                arguments(
                        "restricted",
                        userNamespace.replace("runAsNonRoot: true", "runAsUser: 0"),
                        "v1.34",
                        2,
                        "v1.35",
                        0),
                arguments(
                        "baseline",
                        userNamespace.replace("{allow", "{procMount: Unmasked, allow"),
                        "v1.34",
                        1,
                        "v1.35",
                        0),
                arguments("baseline", seccomp, "v1.18", 0, "v1.19", 1),
                arguments("restricted", seccomp, "v1.18", 0, "v1.19", 1),
                arguments("baseline", sysctl("net.ipv4.ip_local_reserved_ports"), "v1.26", 1, "v1.27", 0),
                arguments("baseline", sysctl("net.ipv4.tcp_keepalive_time"), "v1.28", 1, "v1.29", 0),
                arguments("restricted", sysctl("net.ipv4.tcp_wmem"), "v1.31", 1, "v1.32", 0),
                arguments(
                        "baseline",
                        "{securityContext: {seLinuxOptions: {type: container_engine_t}}}",
                        "v1.30",
                        1,
                        "v1.31",
                        0),
                arguments(
                        "baseline",
                        "{containers: [{name: app, livenessProbe: {httpGet: {host: a}}}]}",
                        "v1.33",
                        0,
                        "v1.34",
                        1));
    }

    @ParameterizedTest
    @MethodSource
    void versions(String level, String spec, String before, int sentencesBefore, String since, int sentencesSince) {
        assertThat(sentences(level, before, spec)).as(before).hasSize(sentencesBefore);
        assertThat(sentences(level, since, spec)).as(since).hasSize(sentencesSince);
    }

    @Test
    void readsAnnotations() {
        ObjectNode pod = Manifests.parse("{metadata: {annotations: {"
                        + "container.apparmor.security.beta.kubernetes.io/app: unconfined,"
                        + "container.apparmor.security.beta.kubernetes.io/b: runtime/default,"
                        + "container.apparmor.security.beta.kubernetes.io/c: localhost/x,"
                        + "container.apparmor.security.beta.kubernetes.io/d: '',"
                        + "seccomp.security.alpha.kubernetes.io/pod: unconfined,"
                        + "container.seccomp.security.alpha.kubernetes.io/app: unconfined,"
                        + "container.seccomp.security.alpha.kubernetes.io/other: unconfined}},"
                        + " spec: {containers: [{name: app}]}}")
                .objects()
                .get(0);
        String appArmor =
                "pod: annotation container.apparmor.security.beta.kubernetes.io/app must be runtime/default or"
                        + " localhost/*, but is unconfined";
        assertThat(sentences("baseline", "latest", pod)).containsExactly(appArmor);
        assertThat(sentences("baseline", "v1.18", pod))
                .containsExactly(
                        appArmor,
                        "pod: annotation seccomp.security.alpha.kubernetes.io/pod must be runtime/default,"
                                + " docker/default or localhost/*, but is unconfined",
                        "pod: annotation container.seccomp.security.alpha.kubernetes.io/app must be runtime/default,"
                                + " docker/default or localhost/*, but is unconfined");
    }

    @Test
    void readsLabelsLikeTheServer() {
        assertThat(PodSecurityStandard.enforcedBy(Map.of())).hasToString("privileged:latest");
        assertThat(enforcedBy("baseline", "v1.30")).hasToString("baseline:v1.30");
        assertThat(enforcedBy("baseline", "latest")).hasToString("baseline:latest");
        assertThat(enforcedBy("Baseline", "v1.30")).hasToString("restricted:v1.30");
        assertThat(enforcedBy("privileged", "1.30")).hasToString("privileged:latest");
        assertThat(enforcedBy("baseline", "v1.030")).hasToString("baseline:latest");
        assertThat(enforcedBy("baseline", "latest").on(33)).hasToString("baseline:v1.33");
        assertThat(enforcedBy("baseline", "v1.40").on(33)).hasToString("baseline:v1.33");
        assertThat(enforcedBy("baseline", "v1.20").on(33)).hasToString("baseline:v1.20");
    }

    @Test
    void saysWhichLevelPartsReachOnTheirOwn() {
        assertThat(levelOf("{name: a, securityContext: {" + SAFE + "}}", "{name: v, emptyDir: {}}"))
                .isEqualTo(PodSecurityLevel.RESTRICTED);
        assertThat(levelOf("{name: a}", "{name: v}")).isEqualTo(PodSecurityLevel.BASELINE);
        assertThat(levelOf("{name: a, securityContext: {" + SAFE + "}}", "{name: v, nfs: {}}"))
                .isEqualTo(PodSecurityLevel.BASELINE);
        assertThat(levelOf("{name: a}", "{name: v, hostPath: {path: /}}")).isEqualTo(PodSecurityLevel.PRIVILEGED);
    }

    @Test
    void leavesThePodAlone() {
        ObjectNode pod = pod("{volumes: [{name: v, hostPath: {}}], containers: [{name: app}]}");
        ObjectNode copy = pod.deepCopy();
        assertThat(PodSecurity.violations(enforcedBy("restricted", "latest"), pod))
                .isNotEmpty();
        assertThat(pod).isEqualTo(copy);
    }

    @Test
    void tellsWhatAChangeAdds() {
        PodSecurityStandard standard = enforcedBy("baseline", "latest");
        List<Violation> before = PodSecurity.violations(
                standard, pod("{containers: [{name: app, ports: [{hostPort: 80}]}], hostPID: true}"));
        List<Violation> after = PodSecurity.violations(
                standard,
                pod("{hostPID: true, containers: [{name: app, ports: [{hostPort: 80}, {hostPort: 81}]},"
                        + " {name: sidecar, ports: [{hostPort: 82}]}]}"));
        assertThat(Violation.added(before, after))
                .extracting(Violation::toString)
                .containsExactly("container \"sidecar\": ports.hostPort must not be set, but is 82");
        assertThat(Violation.added(after, after)).isEmpty();
        assertThat(Violation.added(List.of(), after)).isEqualTo(after);
    }

    private static Arguments row(String spec, String... sentences) {
        return arguments(spec, List.of(sentences));
    }

    private static String sysctl(String name) {
        return "{securityContext: {sysctls: [{name: " + name + "}]}}";
    }

    private static PodSecurityStandard enforcedBy(String level, String version) {
        return PodSecurityStandard.enforcedBy(
                Map.of(PodSecurityStandard.ENFORCE, level, PodSecurityStandard.ENFORCE_VERSION, version));
    }

    private static PodSecurityLevel levelOf(String container, String volume) {
        return PodSecurity.levelOf(
                PodSecurityVersion.LATEST,
                PodSecurity.podOf(
                        Manifests.parse(container).objects(),
                        Manifests.parse(volume).objects()));
    }

    private static List<String> sentences(String level, String version, String spec) {
        return sentences(level, version, pod(spec));
    }

    private static List<String> sentences(String level, String version, ObjectNode pod) {
        return PodSecurity.violations(enforcedBy(level, version), pod).stream()
                .map(Violation::toString)
                .toList();
    }

    private static ObjectNode pod(String spec) {
        return Manifests.parse("{spec: " + spec + "}").objects().get(0);
    }
}
