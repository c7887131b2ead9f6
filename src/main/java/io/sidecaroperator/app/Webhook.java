package io.sidecaroperator.app;

import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.sidecaroperator.admission.AdmissionMetrics;
import io.sidecaroperator.admission.CertificateAuthority;
import io.sidecaroperator.admission.OwnerKind;
import io.sidecaroperator.admission.PodAdmission;
import io.sidecaroperator.admission.ReviewEndpoint;
import io.sidecaroperator.admission.ServingCertificate;
import io.sidecaroperator.admission.WarmUp;
import io.sidecaroperator.admission.WebhookAddress;
import io.sidecaroperator.admission.WebhookConfiguration;
import io.sidecaroperator.admission.WebhookRegistration;
import io.sidecaroperator.admission.WebhookRegistration.Pause;
import io.sidecaroperator.admission.WebhookServer;
import io.sidecaroperator.controller.Controllers;
import io.sidecaroperator.engine.KubernetesVersion;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.time.Instant;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The admission side of the process, from its certificate to its registration. */
final class Webhook {
    private static final Logger LOG = LoggerFactory.getLogger(Webhook.class);

    /** Measured: of the next 100 the slowest takes some 20 ms on a busy machine; ten calls more cost some 20 ms at start. */
    private static final int WARM_UP_CALLS = 200;

    private static final Duration DRAIN = Duration.ofSeconds(5);

    private final Settings settings;
    private final PodAdmission.Settings admission;
    private final WebhookServer server;
    private final WebhookAddress address;
    private final ServingCertificate certificate;

    private Webhook(
            Settings settings,
            PodAdmission.Settings admission,
            WebhookServer server,
            WebhookAddress address,
            ServingCertificate certificate) {
        this.settings = settings;
        this.admission = admission;
        this.server = server;
        this.address = address;
        this.certificate = certificate;
    }

    /** Makes a certificate and serves. */
    static Webhook serve(
            Settings settings, KubernetesVersion version, Controllers controllers, AdmissionMetrics metrics)
            throws IOException {
        InetSocketAddress listening = Listening.address(settings.webhookHost(), settings.webhookPort());
        WebhookAddress wanted = address(settings, settings.webhookPort());
        ServingCertificate certificate = new CertificateAuthority(Instant.now()).issue(wanted.names());
        WebhookServer server =
                WebhookServer.start(listening, certificate.context(), WebhookServer.Limits.ofThisMachine());
        PodAdmission.Settings admission = new PodAdmission.Settings(
                OwnerKind.of(settings.kinds()), settings.installation().namespace(), version);
        PodAdmission handler = new PodAdmission(admission, controllers::policies, controllers::namespaceLabels);
        server.route(PodAdmission.PATH, new ReviewEndpoint(handler, metrics));
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

    /** Answers what is here, takes nothing new, and ends. */
    void stop() {
        server.stop(DRAIN);
    }

    /** The host by which the API server calls. */
    String host() {
        return settings.webhookHost()
                .orElseGet(() -> settings.installation().service() + "."
                        + settings.installation().namespace() + ".svc");
    }

    /** The port that was bound. */
    int port() {
        return server.address().getPort();
    }

    /** When the API server begins to refuse the certificate. */
    Instant certificateEnd() {
        return certificate.end();
    }

    /** Calls itself until its code is compiled. */
    void warmUp() throws IOException, InterruptedException {
        new WarmUp(admission).drive(server, certificate, WARM_UP_CALLS);
    }

    /** Tells the API server where it is. */
    void register(KubernetesClient client, Pause pause) throws StartFailure, InterruptedException {
        String name = settings.installation().service();
        try {
            WebhookRegistration.Result result = new WebhookRegistration(client, name, pause)
                    .register(WebhookConfiguration.webhooks(
                            address,
                            certificate.caBundle(),
                            settings.installation().namespace(),
                            settings.namespaces()));
            LOG.atInfo().addKeyValue("name", name).addKeyValue("result", result).log("Registered the webhook");
        } catch (KubernetesClientException e) {
            throw new StartFailure(
                    "the API server refuses the MutatingWebhookConfiguration " + name + ": " + ApiServer.oneLine(e), e);
        }
    }
}
