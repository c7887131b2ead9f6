package io.sidecaroperator.operator.app;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.util.Optional;

/** The address on which this process listens. */
final class BindAddress {
    private BindAddress() {}

    /**
     * Returns loopback only when the webhook is called by a loopback address, because then all callers are on this
     * machine. Otherwise all addresses, because the API server and the kubelet call from outside the pod.
     */
    static InetSocketAddress address(Optional<String> webhookHost, int port) {
        return webhookHost
                .flatMap(BindAddress::loopback)
                .map(host -> new InetSocketAddress(host, port))
                .orElseGet(() -> new InetSocketAddress(port));
    }

    private static Optional<InetAddress> loopback(String host) {
        try {
            return Optional.of(InetAddress.getByName(host)).filter(InetAddress::isLoopbackAddress);
        } catch (UnknownHostException e) {
            // A name that only the API server can resolve is not this machine's loopback.
            return Optional.empty();
        }
    }
}
