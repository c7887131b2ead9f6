package io.sidecaroperator.core.podsecurity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.sidecaroperator.core.json.Json;
import io.sidecaroperator.support.TestCluster;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Compares our verdict on a pod with that of the real API server, which admits or refuses the same pod by dry run. */
class NamespaceChecksIT {
    private static final int FORBIDDEN = 403;
    private static final int INVALID = 422;

    private final TestCluster cluster = TestCluster.get();
    private final ExecutorService threads = Executors.newFixedThreadPool(8);
    private final int serverMinor =
            Integer.parseInt(cluster.admin().getKubernetesVersion().getMinor());

    @AfterEach
    void stop() {
        threads.shutdownNow();
    }

    @Test
    void agreesWithTheServerAboutTheStandards() throws Exception {
        Map<String, Integer> counts = new TreeMap<>();
        Set<String> brokenAlone = new TreeSet<>();
        for (String standard : List.of("baseline:latest", "restricted:latest")) {
            compare(standard, 500, counts, brokenAlone);
            assertThat(counts.get(standard + " accepted")).isGreaterThan(100);
            assertThat(counts.get(standard + " refused")).isGreaterThan(100);
        }
        for (String standard : List.of(
                "privileged:latest",
                "baseline:v1.18",
                "baseline:v1.26",
                "baseline:v1.30",
                "baseline:v1.33",
                "restricted:v1.18",
                "restricted:v1.21",
                "restricted:v1.22",
                "restricted:v1.24",
                "restricted:v1.34")) {
            compare(standard, 120, counts, brokenAlone);
        }
        System.out.println("Pod Security, ours and the server's: " + counts);
        System.out.println("Fields that a pod was refused for alone: " + brokenAlone);
        assertThat(brokenAlone)
                .contains(
                        "hostPID",
                        "hostIPC",
                        "hostNetwork",
                        "hostPath",
                        "nfs",
                        "iscsi",
                        "azureFile",
                        "ports.hostPort",
                        "probe.httpGet.host",
                        "probe.tcpSocket.host",
                        "lifecycle.preStop.httpGet.host",
                        "annotation container.apparmor.security.beta.kubernetes.io/c0",
                        "annotation seccomp.security.alpha.kubernetes.io/pod",
                        "securityContext.privileged",
                        "securityContext.allowPrivilegeEscalation",
                        "securityContext.appArmorProfile.type",
                        "securityContext.capabilities.add",
                        "securityContext.capabilities.drop",
                        "securityContext.procMount",
                        "securityContext.runAsNonRoot",
                        "securityContext.runAsUser",
                        "securityContext.seLinuxOptions.type",
                        "securityContext.seLinuxOptions.user",
                        "securityContext.seLinuxOptions.role",
                        "securityContext.seccompProfile.type",
                        "securityContext.sysctls");
    }

    private void compare(String text, int pods, Map<String, Integer> counts, Set<String> brokenAlone) throws Exception {
        String[] parts = text.split(":", -1);
        Map<String, String> labels =
                Map.of(PodSecurityStandard.ENFORCE, parts[0], PodSecurityStandard.ENFORCE_VERSION, parts[1]);
        String namespace = cluster.namespace("standards", labels);
        awaitServiceAccount(namespace);
        PodSecurityStandard standard = PodSecurityStandard.enforcedBy(labels).on(serverMinor);
        List<ObjectNode> asked = new ArrayList<>();
        for (int seed = 0; seed < pods; seed++) {
            asked.add(RandomSecurity.pod(seed));
        }
        List<Answer> answers = answers(namespace, asked);
        for (int i = 0; i < pods; i++) {
            Answer answer = answers.get(i);
            if (answer.code() != INVALID) {
                List<Violation> violations = PodSecurity.violations(standard, asked.get(i));
                agree(text, i, asked.get(i), answer, violations);
                if (!answer.accepted()) {
                    assertThat(answer.message()).contains("violates PodSecurity");
                }
                if (violations.size() == 1) {
                    brokenAlone.add(violations
                            .get(0)
                            .field()
                            .replaceFirst("^(liveness|readiness|startup)Probe", "probe")
                            .replaceFirst("sysctls .*", "sysctls"));
                }
            }
            counts.merge(text + " " + answer.word(), 1, Integer::sum);
        }
        assertThat(counts.getOrDefault(text + " invalid", 0)).isLessThan(pods / 8);
    }

    @Test
    void agreesWithTheServerAboutLimitRanges() throws Exception {
        Map<String, Integer> counts = new TreeMap<>();
        for (int seed = 0; seed < 40; seed++) {
            RandomLimits random = new RandomLimits(seed);
            String namespace = cluster.namespace("limits", Map.of());
            List<ObjectNode> stored = new ArrayList<>();
            List<ObjectNode> written = new ArrayList<>();
            limitRange(namespace, random.limitRange("a", true), stored, written);
            if (seed % 3 == 0) {
                limitRange(namespace, random.limitRange("b", false), stored, written);
            }
            LimitRanges limits = LimitRanges.of(stored);
            assertThat(limits).as("as written and as stored").isEqualTo(LimitRanges.of(written));
            awaitServiceAccount(namespace);
            List<ObjectNode> pods = new ArrayList<>();
            for (int i = 0; i < 15; i++) {
                pods.add(random.pod());
            }
            List<Answer> answers = answers(namespace, pods);
            for (int i = 0; i < pods.size(); i++) {
                List<Violation> violations = new ArrayList<>(limits.violations(pods.get(i)));
                List<Violation> ofPod = PodLevelResources.violations(pods.get(i), limits);
                if (violations.isEmpty() && !ofPod.isEmpty()) {
                    counts.merge("too large for its pod's own resources", 1, Integer::sum);
                }
                violations.addAll(ofPod);
                agree("seed " + seed + " " + stored, i, pods.get(i), answers.get(i), violations);
                counts.merge(answers.get(i).word(), 1, Integer::sum);
            }
        }
        System.out.println("LimitRanges, ours and the server's: " + counts);
        assertThat(counts.get("accepted")).isGreaterThan(100);
        assertThat(counts.get("refused")).isGreaterThan(100);
        assertThat(counts.get("invalid")).as("by a default").isGreaterThan(10);
        assertThat(counts.get("too large for its pod's own resources")).isGreaterThan(5);
    }

    private void limitRange(String namespace, ObjectNode range, List<ObjectNode> stored, List<ObjectNode> written) {
        try {
            String answer =
                    cluster.admin().raw("/api/v1/namespaces/" + namespace + "/limitranges", "POST", Json.text(range));
            stored.add((ObjectNode) Json.parse(String.valueOf(answer)).path("spec"));
            written.add((ObjectNode) range.get("spec"));
        } catch (KubernetesClientException e) {
            assertThat(e.getCode()).as(e.getMessage()).isEqualTo(INVALID);
        }
    }

    private static void agree(String where, int number, ObjectNode pod, Answer answer, List<Violation> violations) {
        assertThat(violations.isEmpty())
                .as("%s, pod %s: the server says %s; ours: %s; %s", where, number, answer, violations, Json.text(pod))
                .isEqualTo(answer.accepted());
    }

    /** A pod can be created once its namespace has the default ServiceAccount. */
    private void awaitServiceAccount(String namespace) {
        await().until(() -> cluster.admin()
                        .serviceAccounts()
                        .inNamespace(namespace)
                        .withName("default")
                        .get()
                != null);
    }

    private List<Answer> answers(String namespace, List<ObjectNode> pods)
            throws InterruptedException, ExecutionException {
        List<Callable<Answer>> questions = new ArrayList<>();
        pods.forEach(pod -> questions.add(() -> ask(namespace, pod)));
        List<Answer> answers = new ArrayList<>();
        for (Future<Answer> answer : threads.invokeAll(questions)) {
            answers.add(answer.get());
        }
        return answers;
    }

    private Answer ask(String namespace, ObjectNode pod) {
        try {
            cluster.admin().raw("/api/v1/namespaces/" + namespace + "/pods?dryRun=All", "POST", Json.text(pod));
            return new Answer(201, "created");
        } catch (KubernetesClientException e) {
            assertThat(e.getCode()).as(e.getMessage()).isIn(FORBIDDEN, INVALID);
            return new Answer(e.getCode(), String.valueOf(e.getMessage()));
        }
    }

    /** The server's verdict: created, forbidden by admission, or invalid in every namespace. */
    private record Answer(int code, String message) {
        private boolean accepted() {
            return code == 201;
        }

        private String word() {
            return accepted() ? "accepted" : code == INVALID ? "invalid" : "refused";
        }
    }
}
