package io.sidecaroperator.bench;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.sun.management.ThreadMXBean;
import io.sidecaroperator.core.injection.Engine;
import io.sidecaroperator.core.injection.Input;
import io.sidecaroperator.core.injection.Trigger;
import io.sidecaroperator.core.json.Json;
import io.sidecaroperator.core.json.Patch;
import io.sidecaroperator.core.model.KubernetesVersion;
import io.sidecaroperator.core.model.WorkloadRef;
import io.sidecaroperator.core.policy.CompiledPolicy;
import io.sidecaroperator.core.policy.PolicyCompiler;
import io.sidecaroperator.core.policy.PolicyIndex;
import io.sidecaroperator.support.Checkout;
import io.sidecaroperator.support.Manifests;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/**
 * What one injection costs in process, for a pod of 8 KB: median and 99th percentile of the time, and bytes allocated.
 * It is measured with one policy, with 10,000 policies, and with 10,000 cluster policies.
 *
 * <p>Run: {@code mvn -q test-compile exec:java -Dexec.classpathScope=test
 * -Dexec.mainClass=io.sidecaroperator.bench.EngineLoad}
 */
public final class EngineLoad {
    private static final int WARM_UP = 30_000;
    private static final int ROUNDS = 30_000;
    private static final int ENV = 36;

    private EngineLoad() {}

    public static void main(String[] args) {
        String pod = pod();
        System.out.printf("pod of %d bytes%n", pod.length());
        CompiledPolicy logs =
                PolicyCompiler.compile(Manifests.parse(Checkout.read("examples/log-collector/policy.yaml"))
                        .only("SidecarPolicy"));
        PolicyIndex one = PolicyIndex.of(List.of(logs));
        PolicyIndex many = PolicyIndex.of(many(logs));
        PolicyIndex clusterWide = PolicyIndex.of(clusterWide(logs));
        for (String what : List.of("inject", "inject, diff and text", "inject, in sync")) {
            double alone = measure(what + ", 1 policy", pod, one, what);
            double among = measure(what + ", 10,000 policies", pod, many, what);
            double amongClusterWide = measure(what + ", 10,000 cluster policies", pod, clusterWide, what);
            System.out.printf(
                    "%-40s %.2f times one policy's; cluster policies %.2f times%n",
                    what, among / alone, amongClusterWide / alone);
        }
    }

    private static double measure(String title, String pod, PolicyIndex index, String what) {
        ObjectNode template = (ObjectNode) Json.parse(pod);
        if (what.endsWith("in sync")) {
            template = Engine.CURRENT.inject(input(template), index).template();
        }
        Input input = input(template);
        long[] times = new long[ROUNDS];
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        long sum = 0;
        for (int i = 0; i < WARM_UP; i++) {
            sum += once(input, index, what);
        }
        long allocated = threads.getCurrentThreadAllocatedBytes();
        for (int i = 0; i < ROUNDS; i++) {
            long start = System.nanoTime();
            sum += once(input, index, what);
            times[i] = System.nanoTime() - start;
        }
        long bytes = (threads.getCurrentThreadAllocatedBytes() - allocated) / ROUNDS;
        Arrays.sort(times);
        System.out.printf(
                "%-40s p50 %5.1f us   p99 %6.1f us   %6d bytes allocated   (checksum %d)%n",
                title, times[ROUNDS / 2] / 1e3, times[ROUNDS * 99 / 100] / 1e3, bytes, sum);
        return times[ROUNDS / 2];
    }

    private static int once(Input input, PolicyIndex index, String what) {
        var injection = Engine.CURRENT.inject(input, index);
        if (what.endsWith("in sync")) {
            return Engine.CURRENT.inSync(injection) ? 1 : 0;
        }
        return what.endsWith("text")
                ? Json.text(Patch.diff(input.template(), injection.template())).length()
                : injection.template().size();
    }

    private static Input input(ObjectNode template) {
        return Input.ofPod(
                new WorkloadRef("", "Pod", "shop", "web"),
                new Input.InNamespace(Map.of("kubernetes.io/metadata.name", "shop"), false, List.of()),
                template,
                KubernetesVersion.NEWEST,
                new Trigger.Create());
    }

    private static List<CompiledPolicy> many(CompiledPolicy logs) {
        List<CompiledPolicy> policies = new ArrayList<>(List.of(logs));
        for (int i = 1; i < 10_000; i++) {
            ObjectNode policy = Json.object().put("kind", "SidecarPolicy");
            policy.putObject("metadata").put("name", "p" + i).put("namespace", i % 2 == 0 ? "shop" : "n" + i % 100);
            ObjectNode spec = policy.putObject("spec");
            spec.putObject("selector").putObject("matchLabels").put("app", "a" + i);
            spec.putArray("sidecars").addObject().put("name", "s").put("image", "i");
            policies.add(PolicyCompiler.compile(policy));
        }
        return policies;
    }

    /** Policies that all select the pod by the same label. Only their namespaces differ. */
    private static List<CompiledPolicy> clusterWide(CompiledPolicy logs) {
        List<CompiledPolicy> policies = new ArrayList<>(List.of(logs));
        for (int i = 1; i < 10_000; i++) {
            ObjectNode policy = Json.object().put("kind", "ClusterSidecarPolicy");
            policy.putObject("metadata").put("name", "p" + i);
            ObjectNode spec = policy.putObject("spec");
            spec.putObject("selector").putObject("matchLabels").put("logs", "collected");
            spec.putObject("namespaceSelector").putObject("matchLabels").put("team", "t" + i);
            spec.putArray("sidecars").addObject().put("name", "s").put("image", "i");
            policies.add(PolicyCompiler.compile(policy));
        }
        return policies;
    }

    private static String pod() {
        ObjectNode pod = Json.object().put("apiVersion", "v1").put("kind", "Pod");
        pod.putObject("metadata")
                .put("name", "web")
                .putObject("labels")
                .put("logs", "collected")
                .put("app", "web");
        ObjectNode spec = pod.putObject("spec");
        ArrayNode containers = spec.putArray("containers");
        for (String name : List.of("app", "cache")) {
            ObjectNode container =
                    containers.addObject().put("name", name).put("image", "registry.example.com/" + name);
            ArrayNode env = container.putArray("env");
            for (int i = 0; i < ENV; i++) {
                env.addObject()
                        .put("name", "VARIABLE_NUMBER_" + i)
                        .put("value", "a value that is about as long as values are, number " + i);
            }
            container.putArray("volumeMounts").addObject().put("name", "conf").put("mountPath", "/etc/" + name);
        }
        spec.putArray("volumes")
                .addObject()
                .put("name", "conf")
                .putObject("configMap")
                .put("name", "conf");
        return Json.text(pod);
    }
}
