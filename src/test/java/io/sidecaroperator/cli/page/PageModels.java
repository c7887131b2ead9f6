package io.sidecaroperator.cli.page;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.sidecaroperator.core.explain.Explainer;
import io.sidecaroperator.core.explain.Impact;
import io.sidecaroperator.core.explain.PolicySource;
import io.sidecaroperator.core.explain.WorkloadExplanation;
import io.sidecaroperator.core.injection.Input;
import io.sidecaroperator.core.injection.Trigger;
import io.sidecaroperator.core.json.Json;
import io.sidecaroperator.core.model.KubernetesVersion;
import io.sidecaroperator.core.model.PolicyKey;
import io.sidecaroperator.core.policy.CompiledPolicy;
import io.sidecaroperator.core.policy.PolicyCompiler;
import io.sidecaroperator.core.policy.PolicyIndex;
import io.sidecaroperator.core.workload.WorkloadKind;
import io.sidecaroperator.support.Checkout;
import io.sidecaroperator.yaml.DocumentReader;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/** Page models for tests: from examples, with hostile content, and large ones. */
final class PageModels {
    /** Markup that must never run. */
    static final String HOSTILE =
            "</script></style></title><img src=x onerror=\"window.pwned=1\"><script>window.pwned=1</script>"
                    + "'\" onload='window.pwned=1' \u202e&amp;\u0007";

    private PageModels() {}

    /** Returns the page model of every workload of these documents, with the policies among them. */
    static PageModel of(String... texts) {
        List<ObjectNode> objects = documents(String.join("\n---\n", texts));
        Map<String, Map<String, String>> namespaces = new HashMap<>();
        Map<PolicyKey, PolicySource> sources = new LinkedHashMap<>();
        List<CompiledPolicy> policies = new ArrayList<>();
        for (ObjectNode object : objects) {
            String kind = object.path("kind").asText();
            if (kind.equals("Namespace")) {
                namespaces.put(
                        object.path("metadata").path("name").asText(), Json.strings(object.path("metadata"), "labels"));
            } else if (kind.endsWith("SidecarPolicy")) {
                CompiledPolicy policy = PolicyCompiler.compile(object);
                policies.add(policy);
                sources.put(policy.key(), new PolicySource("policy.yaml", object));
            }
        }
        Explainer explainer = new Explainer(PolicyIndex.of(policies), sources);
        List<WorkloadExplanation> workloads = new ArrayList<>();
        for (ObjectNode object : objects) {
            WorkloadKind.ALL.stream()
                    .filter(kind -> kind.kind().equals(object.path("kind").asText()))
                    .findFirst()
                    .ifPresent(kind -> workloads.add(workload(explainer, kind, object, namespaces)));
        }
        return new PageModel(workloads, Optional.of(Instant.parse("2026-01-02T03:04:05Z")));
    }

    private static WorkloadExplanation workload(
            Explainer explainer, WorkloadKind kind, ObjectNode object, Map<String, Map<String, String>> namespaces) {
        String namespace = object.path("metadata").path("namespace").asText("default");
        Input input = Input.ofTemplate(
                        kind.refOf(object, "default"),
                        new Input.InNamespace(namespaces.getOrDefault(namespace, Map.of()), false, List.of()),
                        kind.templateOf(object).orElseThrow(),
                        KubernetesVersion.NEWEST,
                        new Trigger.Offline())
                .withClaimNames(WorkloadKind.claimNames(object));
        return explainer
                .of("app.yaml", input)
                .assuming(List.of("Kubernetes 1.36, the newest known"))
                .with(Impact.ofManifest(kind, object));
    }

    /** Returns the page model of an example's folder. */
    static PageModel example(String name) {
        return of(Checkout.read("examples/" + name + "/app.yaml"), Checkout.read("examples/" + name + "/policy.yaml"));
    }

    /** Three policies that select one workload: injected, refused and skipped; and one for other workloads. */
    static PageModel mixed() {
        return of(Checkout.read("src/test/resources/page/mixed.yaml"));
    }

    /** Names and values that try to break out of the page. */
    static PageModel hostile() {
        ObjectNode policy = policy("evil" + HOSTILE);
        ObjectNode sidecar = (ObjectNode) policy.path("spec").path("sidecars").get(0);
        sidecar.put("image", HOSTILE)
                .withArray("env")
                .addObject()
                .put("name", HOSTILE)
                .put("value", HOSTILE.repeat(20));
        ObjectNode workload = workload("web" + HOSTILE, 1, 1);
        ObjectNode container = (ObjectNode) workload.at("/spec/template/spec/containers/0");
        container.put("name", "app" + HOSTILE).put("image", HOSTILE.repeat(9));
        container
                .withArray("env")
                .addObject()
                .put("name", "\u6f22\u5b57".repeat(60))
                .put("value", HOSTILE);
        container.withArray("volumeMounts").addObject().put("name", HOSTILE).put("mountPath", "/" + HOSTILE);
        return of(Json.text(policy), Json.text(workload));
    }

    /** Eight containers and twelve volumes, all of them mounted. */
    static PageModel large() {
        return of(Json.text(policy("logs")), Json.text(workload("web-" + "long-name-".repeat(20), 8, 12)));
    }

    /** This many workloads of one namespace. */
    static PageModel many(int count) {
        List<String> texts = new ArrayList<>();
        texts.add(Json.text(policy("logs")));
        for (int i = 0; i < count; i++) {
            ObjectNode workload = workload("web-" + i, 1 + i % 3, 1 + i % 4);
            if (i % 40 == 7) {
                ((ObjectNode) workload.path("spec")).put("replicas", 0);
            }
            if (i % 50 == 9) {
                workload.withObject("/spec/template/metadata/labels").put("sidecar-operator.io/inject", "false");
            }
            texts.add(Json.text(workload));
        }
        return of(texts.toArray(String[]::new));
    }

    private static ObjectNode policy(String name) {
        return edited("""
                apiVersion: sidecar-operator.io/v1alpha1
                kind: SidecarPolicy
                metadata: {name: logs, namespace: shop}
                spec:
                  selector: {matchLabels: {logs: collected}}
                  sharedVolumes:
                  - {name: app-logs, mountPath: /var/log/app, envVar: LOG_DIR, emptyDir: {sizeLimit: 1Gi}}
                  sidecars:
                  - name: log-collector
                    image: fluent/fluent-bit:4.2.0
                    livenessProbe: {httpGet: {path: /, port: 2020}}
                """, policy -> policy.withObject("/metadata").put("name", name));
    }

    private static ObjectNode workload(String name, int containers, int volumes) {
        return edited("""
                apiVersion: apps/v1
                kind: Deployment
                metadata: {name: web, namespace: shop}
                spec:
                  replicas: 2
                  selector: {matchLabels: {app: web}}
                  template:
                    metadata: {labels: {app: web, logs: collected}}
                    spec: {}
                """, workload -> {
            workload.withObject("/metadata").put("name", name);
            ObjectNode spec = (ObjectNode) workload.at("/spec/template/spec");
            ArrayNode init = spec.putArray("initContainers");
            ArrayNode apps = spec.putArray("containers");
            for (int i = 0; i < containers; i++) {
                ObjectNode container = (i % 3 == 1 ? init : apps).addObject();
                container.put(
                        "name", (i == 4 ? "a-container-with-the-longest-name-that-kubernetes-takes-" : "app-") + i);
                container.put("image", "registry.example/shop/team/app:" + "1.2.3-".repeat(i + 1));
                for (int j = 0; j < volumes; j++) {
                    if ((i + j) % 3 == 0) {
                        container
                                .withArray("volumeMounts")
                                .addObject()
                                .put("name", "data-" + j)
                                .put("mountPath", "/srv/" + "deep/".repeat(j * 2) + j)
                                .put("readOnly", j % 2 == 0);
                    }
                }
            }
            for (int j = 0; j < volumes; j++) {
                ObjectNode volume = spec.withArray("volumes").addObject();
                volume.put("name", "data-" + j)
                        .putObject("persistentVolumeClaim")
                        .put("claimName", "claim-" + "x".repeat(j * 6));
            }
        });
    }

    private static ObjectNode edited(String text, Consumer<ObjectNode> edit) {
        ObjectNode object = documents(text).get(0);
        edit.accept(object);
        return object;
    }

    private static List<ObjectNode> documents(String text) {
        List<ObjectNode> objects = new ArrayList<>();
        new DocumentReader("story.yaml", new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8)))
                .forEachRemaining(document -> objects.add((ObjectNode) document.content()));
        return objects;
    }
}
