package io.sidecaroperator.operator.admission.tls;

import java.io.IOException;
import java.math.BigInteger;
import java.net.InetAddress;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.security.spec.ECGenParameterSpec;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import java.util.stream.Stream;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.ExtendedKeyUsage;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.asn1.x509.KeyPurposeId;
import org.bouncycastle.asn1.x509.KeyUsage;
import org.bouncycastle.cert.X509v3CertificateBuilder;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.cert.jcajce.JcaX509ExtensionUtils;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;

/**
 * The certificate authority of one process: created at its start, kept in memory, gone at its end. The cluster learns
 * its certificate from the webhook registration, so there is no secret to store or to lose.
 */
public final class CertificateAuthority {
    /** Longer than a process normally lives; see {@code /livez} for one that lives longer. */
    static final Duration LIFETIME = Duration.ofDays(365);

    /** The clocks of nodes differ. */
    static final Duration CLOCK_SKEW = Duration.ofMinutes(10);

    private static final X500Name NAME = new X500Name("CN=sidecar-operator webhook authority");
    private static final X500Name SERVING = new X500Name("CN=sidecar-operator webhook");

    private final KeyPair keys;
    private final X509Certificate certificate;
    private final Instant start;
    private final SecureRandom random = new SecureRandom();

    /** Creates an authority whose certificates are valid from a little before this moment. */
    public CertificateAuthority(Instant now) {
        this.start = now.minus(CLOCK_SKEW);
        this.keys = newKeys();
        this.certificate = sign(
                NAME,
                keys,
                (builder, extensions) -> builder.addExtension(Extension.basicConstraints, true, new BasicConstraints(0))
                        .addExtension(Extension.keyUsage, true, new KeyUsage(KeyUsage.keyCertSign | KeyUsage.cRLSign))
                        .addExtension(
                                Extension.subjectKeyIdentifier,
                                false,
                                extensions.createSubjectKeyIdentifier(keys.getPublic())));
    }

    /** Issues a certificate for a server with these names. */
    public ServingCertificate issue(ServingCertificate.Names names) {
        KeyPair own = newKeys();
        X509Certificate issued = sign(
                SERVING,
                own,
                (builder, extensions) -> builder.addExtension(
                                Extension.basicConstraints, true, new BasicConstraints(false))
                        .addExtension(Extension.keyUsage, true, new KeyUsage(KeyUsage.digitalSignature))
                        .addExtension(
                                Extension.extendedKeyUsage, false, new ExtendedKeyUsage(KeyPurposeId.id_kp_serverAuth))
                        .addExtension(Extension.subjectAlternativeName, false, alternatives(names))
                        .addExtension(
                                Extension.authorityKeyIdentifier,
                                false,
                                extensions.createAuthorityKeyIdentifier(keys.getPublic())));
        return new ServingCertificate(own.getPrivate(), issued, certificate);
    }

    /** The extensions of one kind of certificate. */
    private interface Extensions {
        void add(X509v3CertificateBuilder builder, JcaX509ExtensionUtils extensions) throws IOException;
    }

    private X509Certificate sign(X500Name subject, KeyPair subjectKeys, Extensions extensions) {
        try {
            X509v3CertificateBuilder builder = new JcaX509v3CertificateBuilder(
                    NAME,
                    new BigInteger(120, random),
                    Date.from(start),
                    Date.from(start.plus(LIFETIME)),
                    subject,
                    subjectKeys.getPublic());
            extensions.add(builder, new JcaX509ExtensionUtils());
            return new JcaX509CertificateConverter()
                    .getCertificate(
                            builder.build(new JcaContentSignerBuilder("SHA256withECDSA").build(keys.getPrivate())));
        } catch (GeneralSecurityException | OperatorCreationException | IOException e) {
            throw new IllegalStateException("this Java cannot sign an EC certificate", e);
        }
    }

    private static GeneralNames alternatives(ServingCertificate.Names names) {
        return new GeneralNames(Stream.concat(
                        names.dns().stream().map(name -> new GeneralName(GeneralName.dNSName, name)),
                        names.addresses().stream()
                                .map(InetAddress::getHostAddress)
                                .map(CertificateAuthority::address))
                .toArray(GeneralName[]::new));
    }

    private static GeneralName address(String address) {
        int zone = address.indexOf('%');
        return new GeneralName(GeneralName.iPAddress, zone < 0 ? address : address.substring(0, zone));
    }

    private static KeyPair newKeys() {
        try {
            KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
            generator.initialize(new ECGenParameterSpec("secp256r1"));
            return generator.generateKeyPair();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("this Java has no EC keys", e);
        }
    }
}
