package io.sidecaroperator.operator.admission;

import java.util.Map;

/**
 * Settings of the JDK's HTTP server. The server reads them once, when its first class loads. So call {@link #apply()}
 * before any use of it. Values from the command line stay.
 */
public final class HttpTuning {
    private static final Map<String, String> PROPERTIES = Map.of(
            // Nagle's algorithm and delayed acknowledgements cost 40 ms a reply.
            "sun.net.httpserver.nodelay", "true",
            // Seconds. The API server closes its idle connections after 90 s. This server must not close them earlier:
            // a request that meets the close is lost, and its pod gets no sidecar.
            "sun.net.httpserver.idleInterval", "150",
            "sun.net.httpserver.maxIdleConnections", "1024",
            // Seconds. A caller that takes longer to send a request or to read its reply is disconnected.
            "sun.net.httpserver.maxReqTime", "10",
            "sun.net.httpserver.maxRspTime", "10");

    private HttpTuning() {}

    /** Sets the properties that are not set yet. */
    public static void apply() {
        PROPERTIES.forEach((name, value) -> {
            if (System.getProperty(name) == null) {
                System.setProperty(name, value);
            }
        });
    }
}
