package io.sidecaroperator.operator.admission;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.sidecaroperator.core.injection.Input;
import io.sidecaroperator.core.json.Json;
import io.sidecaroperator.core.model.KubernetesVersion;
import io.sidecaroperator.core.policy.PolicyCompiler;
import io.sidecaroperator.core.policy.PolicyIndex;
import io.sidecaroperator.core.workload.WorkloadKinds;
import io.sidecaroperator.operator.admission.tls.ServingCertificate;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.List;

/**
 * Calls the server's own port over TLS with example reviews until its code is compiled, so that the first real pods do
 * not wait for that. The calls take the whole path: certificate, HTTP, engine and patch. So they also prove that the
 * certificate is served, and that pods and workloads get their sidecar. They do not use the policies and namespaces of
 * the cluster, and are not counted in the metrics.
 */
public final class WarmUp {
    private static final String PATH = "/warm-up";
    private static final Duration ONE_CALL = Duration.ofSeconds(10);

    private final KubernetesVersion kubernetes;

    public WarmUp(KubernetesVersion kubernetes) {
        this.kubernetes = kubernetes;
    }

    /**
     * Makes this many calls, one after the other: two for pods, then one for a workload.
     *
     * @throws IOException when a response has no patch
     */
    public void drive(WebhookServer server, ServingCertificate certificate, int calls)
            throws IOException, InterruptedException {
        PolicyIndex index = PolicyIndex.of(List.of(PolicyCompiler.compile(object(POLICY))));
        ClusterView cluster = new ClusterView(() -> index, namespace -> Input.InNamespace.PLAIN, kubernetes);
        PodAdmission pods = new PodAdmission(cluster, WorkloadKinds.BUILT_IN);
        WorkloadAdmission workloads = new WorkloadAdmission(cluster, WorkloadKinds.BUILT_IN, "");
        AdmissionHandler both =
                request -> (request.creates("", "pods") ? (AdmissionHandler) pods : workloads).handle(request);
        server.route(PATH, new ReviewEndpoint(both, new AdmissionMetrics(new SimpleMeterRegistry())));
        try {
            call(server.address(), certificate, calls);
        } finally {
            server.removeRoute(PATH);
        }
    }

    private static void call(InetSocketAddress address, ServingCertificate certificate, int calls)
            throws IOException, InterruptedException {
        HttpClient client = HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_1_1)
                .sslContext(certificate.trusting())
                .connectTimeout(ONE_CALL)
                .build();
        HttpRequest pod = request(address, REVIEW);
        HttpRequest workload = request(address, workloadReview());
        for (int i = 0; i < calls; i++) {
            HttpResponse<String> response = client.send(i % 3 == 2 ? workload : pod, BodyHandlers.ofString());
            JsonNode answer = response.statusCode() == 200 ? Json.parse(response.body()) : Json.object();
            if (!answer.at("/response/patch").isTextual()) {
                throw new IOException("the webhook answered its own test object with status " + response.statusCode()
                        + " and no patch: " + response.body());
            }
        }
    }

    private static HttpRequest request(InetSocketAddress address, String review) {
        return HttpRequest.newBuilder(url(address))
                .timeout(ONE_CALL)
                .header("Content-Type", "application/json")
                .POST(BodyPublishers.ofString(review))
                .build();
    }

    /** The same pod as the template of a Deployment whose image has changed. */
    private static String workloadReview() {
        ObjectNode review = object(REVIEW);
        ObjectNode request = review.withObject("/request");
        ObjectNode template = request.withObject("/object").deepCopy();
        template.retain("metadata", "spec");
        request.put("operation", "UPDATE");
        request.withObject("/resource").put("group", "apps").put("resource", "deployments");
        request.set("oldObject", deployment(template));
        ObjectNode changed = template.deepCopy();
        Json.named(changed.get("spec"), "containers", "app").ifPresent(app -> app.put("image", "example.org/app:2"));
        request.set("object", deployment(changed));
        return Json.text(review);
    }

    private static ObjectNode deployment(ObjectNode template) {
        ObjectNode deployment = object(DEPLOYMENT);
        deployment.withObject("/spec").set("template", template);
        return deployment;
    }

    private static URI url(InetSocketAddress address) {
        InetAddress host =
                address.getAddress().isAnyLocalAddress() ? InetAddress.getLoopbackAddress() : address.getAddress();
        String shown = host.getHostAddress().contains(":") ? "[" + host.getHostAddress() + "]" : host.getHostAddress();
        return URI.create("https://" + shown + ":" + address.getPort() + PATH);
    }

    private static ObjectNode object(String json) {
        return (ObjectNode) Json.parse(json);
    }

    private static final String POLICY = """
            {
              "apiVersion": "sidecar-operator.io/v1alpha1", "kind": "SidecarPolicy",
              "metadata": {"name": "warm-up", "namespace": "warm-up"},
              "spec": {
                "selector": {"matchLabels": {"app": "warm-up"}}, "rollout": {"strategy": "OnNextRollout"},
                "sharedVolumes": [{"name": "logs", "mountPath": "/var/log/app", "envVar": "LOG_DIR", "emptyDir": {}}],
                "sidecars": [{
                  "name": "collector", "image": "example.org/collector:1", "args": ["--input", "/var/log/app"],
                  "livenessProbe": {"httpGet": {"path": "/health", "port": 2020}},
                  "resources": {"requests": {"cpu": "50m", "memory": "64Mi"}, "limits": {"memory": "128Mi"}}
                }]
              }
            }
            """;

    private static final String DEPLOYMENT = """
            {
              "apiVersion": "apps/v1", "kind": "Deployment",
              "metadata": {"name": "warm-up", "namespace": "warm-up", "generation": 1, "labels": {"app": "warm-up"}},
              "spec": {
                "replicas": 3, "selector": {"matchLabels": {"app": "warm-up"}}, "revisionHistoryLimit": 10,
                "strategy": {"type": "RollingUpdate", "rollingUpdate": {"maxSurge": "25%", "maxUnavailable": "25%"}}
              }
            }
            """;

    private static final String REVIEW = """
            {
              "apiVersion": "admission.k8s.io/v1", "kind": "AdmissionReview",
              "request": {
                "uid": "00000000-0000-0000-0000-000000000000", "operation": "CREATE", "namespace": "warm-up",
                "kind": {"group": "", "version": "v1", "kind": "Pod"},
                "resource": {"group": "", "version": "v1", "resource": "pods"},
                "userInfo": {"username": "system:serviceaccount:kube-system:job-controller", "groups": ["a", "b"]},
                "oldObject": null, "dryRun": false,
                "object": {
                  "apiVersion": "v1", "kind": "Pod",
                  "metadata": {
                    "name": "warm-up-0", "namespace": "warm-up", "creationTimestamp": null,
                    "labels": {"app": "warm-up", "batch.kubernetes.io/job-name": "warm-up"},
                    "annotations": {"example.org/a": "1"},
                    "ownerReferences": [{
                      "apiVersion": "batch/v1", "kind": "Job", "name": "warm-up", "controller": true,
                      "uid": "00000000-0000-0000-0000-000000000001", "blockOwnerDeletion": true
                    }]
                  },
                  "spec": {
                    "containers": [{
                      "name": "app", "image": "example.org/app:1", "imagePullPolicy": "IfNotPresent",
                      "env": [{"name": "A", "value": "1"}, {"name": "B", "value": "two"}],
                      "ports": [{"containerPort": 8080, "protocol": "TCP"}],
                      "resources": {"requests": {"cpu": "250m", "memory": "64Mi"}, "limits": {"cpu": "1"}},
                      "readinessProbe": {"httpGet": {"path": "/", "port": 8080, "scheme": "HTTP"}, "periodSeconds": 10},
                      "volumeMounts": [{"name": "token", "mountPath": "/var/run/secrets/token", "readOnly": true}],
                      "terminationMessagePath": "/dev/termination-log", "terminationMessagePolicy": "File"
                    }, {
                      "name": "helper", "image": "example.org/helper:1", "env": [{"name": "C", "value": "3"}],
                      "resources": {}, "securityContext": {"runAsNonRoot": true}
                    }],
                    "volumes": [{"name": "token", "projected": {"defaultMode": 420, "sources": []}}],
                    "dnsPolicy": "ClusterFirst", "restartPolicy": "Always", "schedulerName": "default-scheduler",
                    "securityContext": {}, "terminationGracePeriodSeconds": 30, "enableServiceLinks": true,
                    "tolerations": [{"key": "node.kubernetes.io/not-ready", "operator": "Exists", "effect": "NoExecute"}]
                  },
                  "status": {}
                }
              }
            }
            """;
}
