package io.sidecaroperator.operator.admission;

import java.util.Map;

/**
 * Settings of the JDK's HTTP server. It reads them once, when its first class loads, so they are set before: call
 * {@link #apply()} ahead of any use of it. What was given on the command line stays.
 */
public final class HttpTuning {
    private static final Map<String, String> PROPERTIES = Map.of(
            // Nagle's algorithm and delayed acknowledgements cost 40 ms a reply.
            "sun.net.httpserver.nodelay", "true",
            // The API server closes its idle connections after 90 s. We must not be the first: a request that meets our
            // close is lost, and its pod goes without sidecar. Seconds.
            "sun.net.httpserver.idleInterval", "150",
            "sun.net.httpserver.maxIdleConnections", "1024",
            // Whoever takes longer to send a request or to read its reply is disconnected. Seconds.
            "sun.net.httpserver.maxReqTime", "10",
            "sun.net.httpserver.maxRspTime", "10");

    private HttpTuning() {}

    /** Sets what is not set yet. */
    public static void apply() {
        PROPERTIES.forEach((name, value) -> {
            if (System.getProperty(name) == null) {
                System.setProperty(name, value);
            }
        });
    }
}
