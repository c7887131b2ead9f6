package io.sidecaroperator.operator.admission;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.sidecaroperator.core.json.Json;
import io.sidecaroperator.operator.admission.tls.ServingCertificate;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.List;

/** How the API server reaches the webhook. */
public sealed interface WebhookAddress {
    /** Returns the {@code clientConfig} of a webhook at this path, without its {@code caBundle}. */
    ObjectNode clientConfig(String path);

    /** Returns the names that the serving certificate must contain. */
    ServingCertificate.Names names();

    /** By host and port: for an operator outside the cluster, on the same machine or network. */
    record Url(String host, int port) implements WebhookAddress {
        @Override
        public ObjectNode clientConfig(String path) {
            String shown = host.contains(":") ? "[" + host + "]" : host;
            return Json.object().put("url", "https://" + shown + ":" + port + path);
        }

        @Override
        public ServingCertificate.Names names() {
            return Loopback.and(host);
        }
    }

    /** By a Service in front of the pod. */
    record Service(String namespace, String name) implements WebhookAddress {
        /** The port of the Service. */
        static final int PORT = 443;

        @Override
        public ObjectNode clientConfig(String path) {
            ObjectNode config = Json.object();
            config.putObject("service")
                    .put("namespace", namespace)
                    .put("name", name)
                    .put("path", path)
                    .put("port", PORT);
            return config;
        }

        @Override
        public ServingCertificate.Names names() {
            String service = name + "." + namespace + ".svc";
            return Loopback.and(service, service + ".cluster.local");
        }
    }

    /** The names that this machine has for itself: the server calls itself before it is ready. */
    final class Loopback {
        private Loopback() {}

        private static ServingCertificate.Names and(String... hosts) {
            List<String> dns = new ArrayList<>(List.of("localhost"));
            List<InetAddress> addresses = new ArrayList<>(List.of(InetAddress.getLoopbackAddress()));
            for (String host : hosts) {
                if (isAddress(host)) {
                    addresses.add(address(host));
                } else {
                    dns.add(host);
                }
            }
            return new ServingCertificate.Names(
                    dns.stream().distinct().toList(),
                    addresses.stream().distinct().toList());
        }

        private static boolean isAddress(String host) {
            return host.contains(":") || host.matches("\\d{1,3}(\\.\\d{1,3}){3}");
        }

        private static InetAddress address(String literal) {
            try {
                return InetAddress.getByName(literal);
            } catch (UnknownHostException e) {
                throw new IllegalArgumentException(literal + " is not an IP address", e);
            }
        }
    }
}
