package io.sidecaroperator.operator.admission.tls;

import java.io.IOException;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;

/**
 * The certificate that the webhook server shows to its callers. The private key lives in this object only and never
 * reaches a file.
 *
 * @param key the private key of the certificate
 * @param certificate the server's own certificate
 * @param authority the certificate of the authority that signed it, which callers trust
 */
public record ServingCertificate(PrivateKey key, X509Certificate certificate, X509Certificate authority) {
    private static final char[] NO_PASSWORD = {};

    /**
     * The names of a server.
     *
     * @param dns DNS names
     * @param addresses IP addresses
     */
    public record Names(List<String> dns, List<InetAddress> addresses) {
        public Names {
            dns = List.copyOf(dns);
            addresses = List.copyOf(addresses);
        }
    }

    /** Returns the authority's certificate as PEM, encoded in Base64 again: the value of a {@code caBundle}. */
    public String caBundle() {
        return Base64.getEncoder().encodeToString(pem(authority).getBytes(StandardCharsets.US_ASCII));
    }

    /** Returns when callers begin to refuse the certificate. */
    public Instant end() {
        return certificate.getNotAfter().toInstant();
    }

    /** Returns a TLS context that shows this certificate. */
    public SSLContext context() {
        try {
            KeyStore store = KeyStore.getInstance("PKCS12");
            store.load(null, null);
            store.setKeyEntry("serving", key, NO_PASSWORD, new X509Certificate[] {certificate, authority});
            KeyManagerFactory keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
            keys.init(store, NO_PASSWORD);
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(keys.getKeyManagers(), null, null);
            return context;
        } catch (GeneralSecurityException | IOException e) {
            throw new IllegalStateException("this Java cannot serve TLS with an EC certificate", e);
        }
    }

    /** Returns a TLS context that trusts only this certificate's authority. */
    public SSLContext trusting() {
        try {
            KeyStore store = KeyStore.getInstance("PKCS12");
            store.load(null, null);
            store.setCertificateEntry("authority", authority);
            TrustManagerFactory trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
            trust.init(store);
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(null, trust.getTrustManagers(), null);
            return context;
        } catch (GeneralSecurityException | IOException e) {
            throw new IllegalStateException("this Java cannot trust an EC certificate", e);
        }
    }

    private static String pem(X509Certificate certificate) {
        try {
            return "-----BEGIN CERTIFICATE-----\n"
                    + Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(certificate.getEncoded())
                    + "\n-----END CERTIFICATE-----\n";
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("a certificate that was just made has an encoding", e);
        }
    }
}
