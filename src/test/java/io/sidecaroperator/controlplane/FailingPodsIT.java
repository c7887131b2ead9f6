package io.sidecaroperator.controlplane;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.ContainerBuilder;
import io.fabric8.kubernetes.api.model.ContainerState;
import io.fabric8.kubernetes.api.model.ContainerStatus;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.api.model.PodSpec;
import io.fabric8.kubernetes.api.model.PodSpecBuilder;
import io.fabric8.kubernetes.api.model.apps.DaemonSetBuilder;
import io.fabric8.kubernetes.api.model.apps.DaemonSetStatus;
import io.fabric8.kubernetes.api.model.apps.StatefulSetBuilder;
import io.fabric8.kubernetes.api.model.apps.StatefulSetStatus;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.Watch;
import io.fabric8.kubernetes.client.Watcher;
import io.fabric8.kubernetes.client.WatcherException;
import io.fabric8.kubernetes.client.readiness.Readiness;
import io.sidecaroperator.support.TestCluster;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Stream;
import org.awaitility.core.ConditionFactory;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What the test control plane does with containers whose images say that they fail. */
class FailingPodsIT {
    private static final TestCluster CLUSTER = TestCluster.get();
    private static final KubernetesClient CLIENT = CLUSTER.admin();
    private static final Map<String, String> BREAKS = Map.of("test.sidecar-operator.io/breaks", "true");

    private static String namespace = "";

    @BeforeAll
    static void makeNamespace() {
        namespace = CLUSTER.namespace("failing-pods", Map.of());
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            native    | never-ready   | Running | running          |                  | running         | false
            container | never-ready   | Running | running          |                  | running         | false
            init      | never-ready   | Running | Completed        |                  | running         | true
            native    | crash-loop    | Pending | CrashLoopBackOff | Error 1          | PodInitializing | false
            container | crash-loop    | Running | CrashLoopBackOff | Error 1          | running         | false
            init      | crash-loop    | Pending | CrashLoopBackOff | Error 1          | PodInitializing | false
            native    | no-image      | Pending | ImagePullBackOff |                  | PodInitializing | false
            container | no-image      | Pending | ImagePullBackOff |                  | running         | false
            init      | no-image      | Pending | ImagePullBackOff |                  | PodInitializing | false
            native    | oom           | Running | CrashLoopBackOff | OOMKilled 137    | running         | false
            container | oom           | Running | CrashLoopBackOff | OOMKilled 137    | running         | false
            init      | oom           | Pending | CrashLoopBackOff | OOMKilled 137    | PodInitializing | false
            native    | crashes-later | Running | CrashLoopBackOff | Error 1          | running         | false
            container | crashes-later | Running | CrashLoopBackOff | Error 1          | running         | false
            native    | slow          | Running | running          |                  | running         | true
            init      | slow          | Running | Completed        |                  | running         | true
            native    | breaks-some   | Running | running          |                  | running         | true
            native    | well          | Running | running          |                  | running         | true
            """)
    void failsAsItsImageSays(
            String type, String image, String phase, String sidecar, String lastState, String app, boolean ready) {
        String name = type + "-" + image;
        create(name, Map.of(), type, image);

        soon().untilAsserted(() -> {
            Pod pod = pod(name);
            assertThat(pod.getStatus().getPhase()).isEqualTo(phase);
            assertThat(state(status(pod, "sidecar").getState())).isEqualTo(sidecar);
            assertThat(end(status(pod, "sidecar").getLastState())).isEqualTo(Optional.ofNullable(lastState));
            assertThat(state(status(pod, "app").getState())).isEqualTo(app);
            assertThat(Readiness.isPodReady(pod)).isEqualTo(ready);
        });
    }

    @Test
    void someBreakWhereTheLabelSaysSo() {
        create("chosen", BREAKS, "native", "breaks-some");

        soon().until(() -> state(status(pod("chosen"), "sidecar").getState()).equals("CrashLoopBackOff"));
    }

    @Test
    void slowPodsAreNotReadyAtFirstAndLaterFailuresAreReadyAtFirst() {
        // Each state lasts only for some seconds, which polling may miss.
        List<Pod> seen = new CopyOnWriteArrayList<>();
        try (Watch watch = CLIENT.pods().inNamespace(namespace).watch(new Collector(seen))) {
            create("slow", Map.of(), "native", "slow");
            create("later", Map.of(), "native", "crashes-later");

            soon().until(() -> states(seen, "later").anyMatch(Readiness::isPodReady));
            soon().until(() -> states(seen, "slow").anyMatch(Readiness::isPodReady));
        }
        assertThat(states(seen, "slow")
                        .filter(pod -> !pod.getStatus().getContainerStatuses().isEmpty())
                        .findFirst())
                .get()
                .matches(pod -> !Readiness.isPodReady(pod));
    }

    @Test
    void aCrashLoopGoesOnAndSaysWhy() {
        create("restarts", Map.of(), "native", "crash-loop");

        soon().until(() -> status(pod("restarts"), "sidecar").getRestartCount() >= 3);
        assertThat(status(pod("restarts"), "sidecar")
                        .getLastState()
                        .getTerminated()
                        .getMessage())
                .startsWith("open /etc/collector.yaml: no such file");
    }

    @Test
    void anOrderedStatefulSetDoesNotReplaceAPodThatNeverBecameReady() {
        statefulSet("well");
        soon().until(() -> ready() == 2);
        statefulSet("crash-loop");
        soon().until(() -> sidecarOf("ordered-1").equals("CrashLoopBackOff"));
        String stuck = pod("ordered-1").getMetadata().getUid();

        statefulSet("well");
        soon().until(() -> ordered().getObservedGeneration() == 3);
        assertThat(pod("ordered-1").getMetadata().getUid()).isEqualTo(stuck);

        CLIENT.pods().inNamespace(namespace).withName("ordered-1").delete();
        soon().until(() -> ready() == 2);
    }

    @Test
    void aDaemonSetWaitsForItsFailingPod() {
        CLIENT.resource(new DaemonSetBuilder()
                        .withNewMetadata()
                        .withName("agent")
                        .withNamespace(namespace)
                        .endMetadata()
                        .withNewSpec()
                        .withNewSelector()
                        .withMatchLabels(Map.of("app", "agent"))
                        .endSelector()
                        .withNewTemplate()
                        .withNewMetadata()
                        .withLabels(Map.of("app", "agent"))
                        .endMetadata()
                        .withSpec(spec("native", "no-image"))
                        .endTemplate()
                        .endSpec()
                        .build())
                .create();

        soon().until(() -> CLIENT.pods()
                .inNamespace(namespace)
                .withLabel("app", "agent")
                .resources()
                .allMatch(pod -> state(status(pod.get(), "sidecar").getState()).equals("ImagePullBackOff")));
        DaemonSetStatus status = CLIENT.apps()
                .daemonSets()
                .inNamespace(namespace)
                .withName("agent")
                .get()
                .getStatus();
        assertThat(status.getNumberReady()).isZero();
    }

    private record Collector(List<Pod> seen) implements Watcher<Pod> {
        @Override
        public void eventReceived(Action action, Pod pod) {
            seen.add(pod);
        }

        @Override
        public void onClose(WatcherException cause) {
            throw new AssertionError("the watch of pods ended", cause);
        }
    }

    private static Stream<Pod> states(List<Pod> seen, String name) {
        return seen.stream().filter(pod -> pod.getMetadata().getName().equals(name));
    }

    private static void statefulSet(String image) {
        CLIENT.resource(new StatefulSetBuilder()
                        .withNewMetadata()
                        .withName("ordered")
                        .withNamespace(namespace)
                        .endMetadata()
                        .withNewSpec()
                        .withReplicas(2)
                        .withServiceName("ordered")
                        .withNewSelector()
                        .withMatchLabels(Map.of("app", "ordered"))
                        .endSelector()
                        .withNewTemplate()
                        .withNewMetadata()
                        .withLabels(Map.of("app", "ordered"))
                        .endMetadata()
                        .withSpec(spec("native", image))
                        .endTemplate()
                        .endSpec()
                        .build())
                .forceConflicts()
                .serverSideApply();
    }

    private static StatefulSetStatus ordered() {
        return CLIENT.apps()
                .statefulSets()
                .inNamespace(namespace)
                .withName("ordered")
                .get()
                .getStatus();
    }

    private static int ready() {
        return Optional.ofNullable(ordered().getReadyReplicas()).orElse(0);
    }

    private static void create(String name, Map<String, String> labels, String type, String image) {
        CLIENT.resource(new PodBuilder()
                        .withNewMetadata()
                        .withName(name)
                        .withNamespace(namespace)
                        .withLabels(labels)
                        .endMetadata()
                        .withSpec(spec(type, image))
                        .build())
                .create();
    }

    private static PodSpec spec(String type, String image) {
        PodSpecBuilder spec = new PodSpecBuilder().withContainers(container("app", "web"));
        Container sidecar = container("sidecar", image);
        if (type.equals("container")) {
            return spec.addToContainers(sidecar).build();
        }
        sidecar.setRestartPolicy(type.equals("native") ? "Always" : null);
        return spec.withInitContainers(container("prepare", "busybox"), sidecar).build();
    }

    private static Container container(String name, String image) {
        return new ContainerBuilder()
                .withName(name)
                .withImage("registry.example/" + image + ":1")
                .build();
    }

    private static Pod pod(String name) {
        return CLIENT.pods().inNamespace(namespace).withName(name).get();
    }

    /** Returns what a pod's sidecar is doing. A pod that is being replaced is missing for a moment. */
    private static String sidecarOf(String name) {
        return Optional.ofNullable(pod(name))
                .map(pod -> state(status(pod, "sidecar").getState()))
                .orElse("none");
    }

    private static ContainerStatus status(Pod pod, String container) {
        return Stream.of(
                        pod.getStatus().getInitContainerStatuses(),
                        pod.getStatus().getContainerStatuses())
                .flatMap(List::stream)
                .filter(status -> status.getName().equals(container))
                .findFirst()
                .orElseGet(ContainerStatus::new);
    }

    private static String state(ContainerState state) {
        if (state == null) {
            return "none";
        } else if (state.getWaiting() != null) {
            return state.getWaiting().getReason();
        }
        return state.getTerminated() != null ? state.getTerminated().getReason() : "running";
    }

    private static Optional<String> end(ContainerState lastState) {
        return Optional.ofNullable(lastState)
                .map(ContainerState::getTerminated)
                .map(end -> end.getReason() + " " + end.getExitCode());
    }

    private static ConditionFactory soon() {
        return await().atMost(Duration.ofMinutes(3));
    }
}
