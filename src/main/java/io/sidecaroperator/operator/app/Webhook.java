package io.sidecaroperator.operator.app;

import com.fasterxml.jackson.databind.node.ArrayNode;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.sidecaroperator.core.injection.Input;
import io.sidecaroperator.core.json.Json;
import io.sidecaroperator.core.model.KubernetesVersion;
import io.sidecaroperator.operator.admission.AdmissionMetrics;
import io.sidecaroperator.operator.admission.ClusterView;
import io.sidecaroperator.operator.admission.PodAdmission;
import io.sidecaroperator.operator.admission.ReviewEndpoint;
import io.sidecaroperator.operator.admission.WarmUp;
import io.sidecaroperator.operator.admission.WebhookAddress;
import io.sidecaroperator.operator.admission.WebhookConfiguration;
import io.sidecaroperator.operator.admission.WebhookRegistration;
import io.sidecaroperator.operator.admission.WebhookRegistration.Pause;
import io.sidecaroperator.operator.admission.WebhookServer;
import io.sidecaroperator.operator.admission.WorkloadAdmission;
import io.sidecaroperator.operator.admission.tls.CertificateAuthority;
import io.sidecaroperator.operator.admission.tls.ServingCertificate;
import io.sidecaroperator.operator.controller.Manager;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The admission part of the process, from its certificate to its registration. */
final class Webhook {
    private static final Logger LOG = LoggerFactory.getLogger(Webhook.class);

    /**
     * Measured: after these calls, the slowest of the next 100 takes about 20 ms on a busy machine. Ten calls more cost
     * about 20 ms at start.
     */
    private static final int WARM_UP_CALLS = 300;

    private static final Duration DRAIN = Duration.ofSeconds(5);

    private final Settings settings;
    private final KubernetesVersion version;
    private final Optional<String> operator;
    private final WebhookServer server;
    private final WebhookAddress address;
    private final ServingCertificate certificate;

    private Webhook(
            Settings settings,
            Admission admission,
            WebhookServer server,
            WebhookAddress address,
            ServingCertificate certificate) {
        this.settings = settings;
        this.version = admission.version();
        this.operator = admission.operator();
        this.server = server;
        this.address = address;
        this.certificate = certificate;
    }

    /**
     * What admission needs.
     *
     * @param operator the operator's own user name, whose writes have to pass; empty when workloads are not admitted
     */
    record Admission(Manager manager, KubernetesVersion version, Optional<String> operator, AdmissionMetrics metrics) {
        ClusterView view() {
            return new ClusterView(manager::policies, this::namespace, version);
        }

        private Input.InNamespace namespace(String name) {
            return new Input.InNamespace(
                    manager.namespaceLabels(name).orElse(Map.of()),
                    manager.isProtected(name),
                    manager.limitRanges(name));
        }
    }

    /** Creates a certificate and serves. */
    static Webhook serve(Settings settings, Admission admission) throws IOException {
        InetSocketAddress address = BindAddress.address(settings.webhookHost(), settings.webhookPort());
        WebhookAddress wanted = address(settings, settings.webhookPort());
        ServingCertificate certificate = new CertificateAuthority(Instant.now()).issue(wanted.names());
        WebhookServer server =
                WebhookServer.start(address, certificate.context(), WebhookServer.Limits.ofThisMachine());
        ClusterView view = admission.view();
        server.route(
                PodAdmission.PATH, new ReviewEndpoint(new PodAdmission(view, settings.kinds()), admission.metrics()));
        admission
                .operator()
                .map(name -> new WorkloadAdmission(view, settings.kinds(), name))
                .ifPresent(handler ->
                        server.route(WorkloadAdmission.PATH, new ReviewEndpoint(handler, admission.metrics())));
        WebhookAddress real = address(settings, server.address().getPort());
        return new Webhook(settings, admission, server, real, certificate);
    }

    private static WebhookAddress address(Settings settings, int port) {
        return settings.webhookHost()
                .<WebhookAddress>map(host -> new WebhookAddress.Url(host, port))
                .orElseGet(() -> new WebhookAddress.Service(
                        settings.installation().namespace(),
                        settings.installation().service()));
    }

    /** Accepts no new requests, answers those that have come, and ends. */
    void stop() {
        server.stop(DRAIN);
    }

    /** Returns the host by which the API server calls. */
    String host() {
        return settings.webhookHost()
                .orElseGet(() -> settings.installation().service() + "."
                        + settings.installation().namespace() + ".svc");
    }

    /** Returns the port that was bound. */
    int port() {
        return server.address().getPort();
    }

    /** Returns when the API server begins to refuse the certificate. */
    Instant certificateEnd() {
        return certificate.end();
    }

    /** Calls itself until its code is compiled. */
    void warmUp() throws IOException, InterruptedException {
        new WarmUp(version).drive(server, certificate, WARM_UP_CALLS);
    }

    /** Registers its address with the API server. */
    void register(KubernetesClient client, Pause pause) throws StartFailure, InterruptedException {
        String name = settings.installation().service();
        try {
            WebhookRegistration.Result result = new WebhookRegistration(client, name, pause).register(webhooks());
            LOG.atInfo()
                    .addKeyValue("name", name)
                    .addKeyValue("workloads", operator.isPresent())
                    .addKeyValue("result", result)
                    .log("Registered the webhook");
        } catch (KubernetesClientException e) {
            throw new StartFailure(
                    "the API server refuses the MutatingWebhookConfiguration " + name + ": " + ApiServer.oneLine(e), e);
        }
    }

    private ArrayNode webhooks() {
        WebhookConfiguration.Reach reach =
                new WebhookConfiguration.Reach(settings.installation().namespace(), settings.namespaces());
        WebhookConfiguration configuration = new WebhookConfiguration(address, certificate.caBundle(), reach);
        ArrayNode webhooks = Json.array().add(configuration.pods());
        operator.map(name -> configuration.workloads(settings.kinds(), name)).ifPresent(webhooks::add);
        return webhooks;
    }
}
