package io.sidecaroperator.operator.admission.tls;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sidecaroperator.operator.admission.WebhookAddress;
import java.io.ByteArrayInputStream;
import java.net.InetAddress;
import java.security.cert.CertPathValidator;
import java.security.cert.CertPathValidatorException;
import java.security.cert.CertificateFactory;
import java.security.cert.PKIXParameters;
import java.security.cert.TrustAnchor;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.Date;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class CertificateAuthorityTest {
    private static final Instant NOW = Instant.parse("2026-03-01T12:00:00Z");

    private final CertificateAuthority authority = new CertificateAuthority(NOW);

    @Test
    void theBundleInTheRegistrationVerifiesTheServedCertificate() throws Exception {
        ServingCertificate serving = issue(new WebhookAddress.Service("ops", "hook"));

        X509Certificate trusted = decoded(serving.caBundle());

        validate(serving.certificate(), trusted, NOW);
        assertThat(serving.certificate().getExtendedKeyUsage()).containsExactly("1.3.6.1.5.5.7.3.1");
        assertThat(trusted.getBasicConstraints()).isZero();
        assertThat(serving.certificate().getBasicConstraints()).isEqualTo(-1);
    }

    @Test
    void namesTheServiceAsTheApiServerCallsIt() throws Exception {
        ServingCertificate serving = issue(new WebhookAddress.Service("ops", "hook"));

        assertThat(names(serving)).contains("hook.ops.svc", "hook.ops.svc.cluster.local", "localhost", "127.0.0.1");
    }

    @Test
    void namesTheHostOfAUrlAsAddressOrAsName() throws Exception {
        assertThat(names(issue(new WebhookAddress.Url("10.1.2.3", 9443)))).contains("10.1.2.3");
        assertThat(names(issue(new WebhookAddress.Url("fd00::7", 9443)))).contains("fd00:0:0:0:0:0:0:7");
        assertThat(names(issue(new WebhookAddress.Url("hook.example.org", 9443))))
                .contains("hook.example.org");
    }

    @Test
    void isValidForClocksThatAreALittleLateAndEndsAfterAYear() throws Exception {
        ServingCertificate serving = issue(new WebhookAddress.Url("127.0.0.1", 1));
        X509Certificate trusted = decoded(serving.caBundle());

        validate(serving.certificate(), trusted, NOW.minus(Duration.ofMinutes(9)));
        validate(serving.certificate(), trusted, NOW.plus(Duration.ofDays(364)));
        assertThatThrownBy(() -> validate(serving.certificate(), trusted, NOW.plus(Duration.ofDays(366))))
                .isInstanceOf(CertPathValidatorException.class);
        assertThat(serving.end()).isBetween(NOW.plus(Duration.ofDays(364)), NOW.plus(Duration.ofDays(365)));
    }

    @Test
    void anotherAuthorityDoesNotVerifyIt() {
        ServingCertificate serving = issue(new WebhookAddress.Url("127.0.0.1", 1));
        ServingCertificate other = new CertificateAuthority(NOW).issue(new WebhookAddress.Url("127.0.0.1", 1).names());

        assertThatThrownBy(() -> validate(serving.certificate(), other.authority(), NOW))
                .isInstanceOf(CertPathValidatorException.class);
    }

    @Test
    void anAddressWithAZoneIsNamedWithoutIt() throws Exception {
        InetAddress local = InetAddress.getByName("fe80::1%0");

        ServingCertificate serving = authority.issue(new ServingCertificate.Names(List.of(), List.of(local)));

        assertThat(names(serving)).containsExactly("fe80:0:0:0:0:0:0:1");
    }

    private ServingCertificate issue(WebhookAddress address) {
        return authority.issue(address.names());
    }

    private static List<String> names(ServingCertificate serving) throws Exception {
        return serving.certificate().getSubjectAlternativeNames().stream()
                .map(name -> name.get(1).toString())
                .toList();
    }

    private static X509Certificate decoded(String caBundle) throws Exception {
        return (X509Certificate) CertificateFactory.getInstance("X.509")
                .generateCertificate(
                        new ByteArrayInputStream(Base64.getDecoder().decode(caBundle)));
    }

    private static void validate(X509Certificate served, X509Certificate trusted, Instant at) throws Exception {
        PKIXParameters parameters = new PKIXParameters(Set.of(new TrustAnchor(trusted, null)));
        parameters.setRevocationEnabled(false);
        parameters.setDate(Date.from(at));
        CertPathValidator.getInstance("PKIX")
                .validate(CertificateFactory.getInstance("X.509").generateCertPath(List.of(served)), parameters);
    }
}
