package io.sidecaroperator.operator.controller;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.sidecaroperator.core.json.Json;
import io.sidecaroperator.support.Audit;
import io.sidecaroperator.support.Installation;
import io.sidecaroperator.support.TestCluster;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

/** A policy's status is true: a count of what kubectl shows gives the same, and tools can wait for it. */
class StatusIT {
    private static final TestCluster CLUSTER = TestCluster.get();
    private static final String FIRST = "fluent/fluent-bit:4.2.0";
    private static final String SECOND = "fluent/fluent-bit:4.2.1";
    /** Its rollout is overtaken by the next one. */
    private static final String PASSING = "fluent/fluent-bit:4.2.0-debug";

    private static final String OPTED_OUT = "logs: collected, sidecar-operator.io/inject: \"false\"";
    private static final Duration ROLLOUT = Duration.ofMinutes(5);

    private final Installation installation = Installation.install(CLUSTER);
    private final Shop shop = new Shop(CLUSTER, "status");

    @Test
    void statusIsWhatARecountOfTheClusterSays() {
        String[] workloads = workloads();
        int half = workloads.length / 2;
        shop.applyAll(Arrays.copyOf(workloads, half));
        Audit audit = Audit.fromNow(CLUSTER, installation.user());
        try (RunningManager operator = RunningManager.start(installation, shop.namespace());
                StatusRecorder recorder = new StatusRecorder(CLUSTER.admin(), shop.namespace())) {
            shop.apply(policy(FIRST));
            shop.applyAll(Arrays.copyOfRange(workloads, half, workloads.length));
            Map<String, String> first = awaitTruth(FIRST, 40).revisions();

            shop.apply(policy(PASSING));
            shop.awaitPolicy(
                    "logs",
                    policy -> policy.at("/status/observedGeneration").equals(policy.at("/metadata/generation"))
                            && policy.at("/status/workloads/injected").asInt() >= 2);
            shop.apply(policy(SECOND));
            waitForReady();
            Map<String, String> second = recount(SECOND).revisions();
            assertThat(recount(SECOND).outdated())
                    .as("kubectl wait ends when all have it")
                    .isZero();
            awaitTruth(SECOND, 40);

            optOut("deployment", IntStream.range(0, 8).mapToObj(i -> "web-" + i));
            optOut("statefulset", Stream.of("db-0", "db-1"));
            optOut("replicaset", Stream.of("set-0"));
            shop.awaitPolicy(
                    "logs",
                    policy -> is(policy, "Ready")
                            && policy.at("/status/workloads/skipped").asInt() == 17);
            assertThat(recount(SECOND).loose())
                    .as("Ready says that the parts are gone")
                    .isEmpty();
            awaitTruth(SECOND, 40);
            delete("deployment/web-8", "deployment/own-0", "cronjob/job-0", "daemonset/node-0", "deployment/web-0");
            awaitTruth(SECOND, 35);
            shop.applyAll(
                    Shop.workload("Deployment", "late"),
                    Shop.workload("CronJob", "job-0"),
                    Shop.workload("Deployment", "web-8"));
            Map<String, String> last = awaitTruth(SECOND, 38).revisions();
            waitForReady();

            assertThat(operator.manager().failure()).isEmpty();
            recorder.policies().forEach(StatusIT::isCoherent);
            assertThat(recorder.policies())
                    .as("more do not run with it than status lists")
                    .anyMatch(policy -> policy.at("/status/exceptions").size() == 20);
            assertThat(statusWrites(audit)).as("status writes").hasSizeGreaterThan(10);
            assertThat(closest(statusWrites(audit)))
                    .as("between two status writes")
                    .isGreaterThanOrEqualTo(Duration.ofSeconds(1));
            eventsTellEachRevisionOnce(List.of(first, second, last));
        }
    }

    private static String[] workloads() {
        List<String> all = new ArrayList<>();
        IntStream.range(0, 11).forEach(i -> all.add(Shop.workload("Deployment", "web-" + i)));
        IntStream.range(0, 2)
                .forEach(i -> all.add(with(Shop.workload("Deployment", "paused-" + i), "replicas: 1", "paused: true")));
        IntStream.range(0, 2)
                .forEach(i -> all.add(with(Shop.workload("Deployment", "none-" + i), "replicas: 1", "replicas: 0")));
        IntStream.range(0, 3).forEach(i -> all.add(optedOut(Shop.workload("Deployment", "out-" + i))));
        IntStream.range(0, 3).forEach(i -> all.add(own(Shop.workload("Deployment", "own-" + i))));
        IntStream.range(0, 4).forEach(i -> all.add(Shop.workload("StatefulSet", "db-" + i)));
        all.add(with(Shop.workload("StatefulSet", "db-none"), "replicas: 1", "replicas: 0"));
        all.add(own(Shop.workload("StatefulSet", "db-own")));
        IntStream.range(0, 2).forEach(i -> all.add(Shop.workload("DaemonSet", "node-" + i)));
        all.add(optedOut(Shop.workload("DaemonSet", "node-out")));
        IntStream.range(0, 3).forEach(i -> all.add(Shop.workload("CronJob", "job-" + i)));
        all.add(optedOut(Shop.workload("CronJob", "job-out")));
        IntStream.range(0, 3).forEach(i -> all.add(Shop.workload("ReplicaSet", "set-" + i)));
        all.add(own(Shop.workload("ReplicaSet", "set-own")));
        all.add(optedOut(Shop.workload("ReplicaSet", "set-out")));
        all.add(with(Shop.workload("ReplicaSet", "set-none"), "replicas: 1", "replicas: 0"));
        all.add(with(Shop.workload("Deployment", "stranger"), "logs: collected", "logs: none"));
        return all.toArray(String[]::new);
    }

    private static String policy(String image) {
        return Shop.policy("logs", image) + "  rollout: {maxConcurrent: 5}\n";
    }

    private static String optedOut(String workload) {
        return with(workload, "logs: collected", OPTED_OUT);
    }

    private static String own(String workload) {
        return with(workload, "- name: app\n", "- {name: log-collector, image: shop/own:1}\n      - name: app\n");
    }

    private static String with(String workload, String target, String replacement) {
        assertThat(workload).contains(target);
        return workload.replace(target, replacement);
    }

    private void optOut(String kind, Stream<String> names) {
        Stream<String> patch = Stream.of(
                "--type=merge",
                "-p",
                "{\"spec\":{\"template\":{\"metadata\":{\"labels\":{\"sidecar-operator.io/inject\":\"false\"}}}}}");
        shop.kubectl(Stream.concat(Stream.concat(Stream.of("patch", kind), names), patch)
                .toArray(String[]::new));
    }

    private void delete(String... workloads) {
        shop.kubectl(Stream.concat(Stream.of("delete"), Stream.of(workloads)).toArray(String[]::new));
    }

    private void waitForReady() {
        shop.kubectl("wait", "sidecarpolicy/logs", "--for=condition=Ready", "--timeout=240s");
    }

    private Recount recount(String image) {
        return Recount.of(
                shop,
                image,
                shop.get("sidecarpolicy", "logs").at("/status/revision").asText());
    }

    /** Waits until all rollouts have ended. The status must then agree soon. */
    private Recount awaitTruth(String image, int matched) {
        Awaitility.await()
                .atMost(ROLLOUT)
                .pollInterval(Duration.ofMillis(500))
                .until(() -> recount(image).isSettled());
        Awaitility.await()
                .atMost(Duration.ofMinutes(1))
                .pollInterval(Duration.ofMillis(300))
                .untilAsserted(
                        () -> assertThat(shop.get("sidecarpolicy", "logs").at("/status/workloads"))
                                .isEqualTo(recount(image).counts()));
        Recount recount = recount(image);
        assertThat(recount.counts().path("matched").asInt()).isEqualTo(matched);
        return recount;
    }

    /** What holds for each status during a rollout, too; see kstatus for the conditions. */
    private static void isCoherent(JsonNode policy) {
        JsonNode status = policy.path("status");
        JsonNode counts = status.path("workloads");
        assertThat(count(counts, "injected", "outdated", "refused", "skipped"))
                .as("%s", counts)
                .isEqualTo(count(counts, "matched"));
        assertThat(count(counts, "progressing")).isLessThanOrEqualTo(count(counts, "injected"));
        assertThat(status.path("exceptions").size()).isEqualTo(Math.min(20, count(counts, "refused", "skipped")));
        long generation = policy.at("/metadata/generation").asLong();
        assertThat(status.path("observedGeneration").asLong()).isLessThanOrEqualTo(generation);
        boolean ready = is(policy, "Ready");
        assertThat(ready).as("Ready or Reconciling, %s", status).isNotEqualTo(is(policy, "Reconciling"));
        assertThat(is(policy, "Stalled")).isFalse();
        if (ready) {
            assertThat(count(counts, "outdated", "progressing"))
                    .as("%s", status)
                    .isZero();
        }
        assertThat(status.path("conditions"))
                .allMatch(condition -> condition.path("observedGeneration").equals(status.path("observedGeneration")));
    }

    private static int count(JsonNode counts, String... names) {
        return Stream.of(names).mapToInt(name -> counts.path(name).asInt()).sum();
    }

    private static boolean is(JsonNode policy, String condition) {
        return Shop.condition(policy, condition).path("status").asText().equals("True");
    }

    private List<Instant> statusWrites(Audit audit) {
        return audit.in(shop.namespace(), "patch", "sidecarpolicies").stream()
                .filter(event -> event.at("/objectRef/subresource").asText().equals("status"))
                .map(event ->
                        Instant.parse(event.path("requestReceivedTimestamp").asText()))
                .sorted()
                .toList();
    }

    private static Duration closest(List<Instant> times) {
        return IntStream.range(1, times.size())
                .mapToObj(i -> Duration.between(times.get(i - 1), times.get(i)))
                .min(Duration::compareTo)
                .orElseThrow();
    }

    /** One event for each workload and each revision that it was given, under any name. */
    private void eventsTellEachRevisionOnce(List<Map<String, String>> states) {
        Set<String> given = new HashSet<>();
        states.forEach(state -> state.forEach((workload, revision) -> given.add(workload + " " + revision)));
        Awaitility.await()
                .atMost(Duration.ofMinutes(3))
                .untilAsserted(() -> assertThat(told().keySet()).containsAll(given));
        assertThat(told())
                .allSatisfy((what, times) -> assertThat(times).as(what).isOne());
    }

    private Map<String, Integer> told() {
        JsonNode events = Json.parse(shop.kubectl("get", "events.events.k8s.io", "-o", "json"));
        Map<String, Integer> told = new TreeMap<>();
        for (JsonNode event : events.path("items")) {
            String reason = event.path("reason").asText();
            String note = event.path("note").asText();
            if (event.path("reportingController").asText().equals("sidecar-operator")
                    && (reason.equals("Injected") || reason.equals("Updated"))) {
                JsonNode about = event.path("regarding");
                String revision = note.replaceFirst(".* at revision ([0-9a-f]+).*", "$1");
                String workload = about.path("kind").asText() + "/"
                        + about.path("name").asText() + " " + about.path("uid").asText();
                told.merge(workload + " " + revision, 1, Integer::sum);
            }
        }
        return told;
    }
}
