package io.sidecaroperator.examples;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.sidecaroperator.support.RealProgram;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MetricsAdapterIT {
    @TempDir
    Path directory;

    @Test
    @DisplayName(
            "statsd_exporter, run with the policy's arguments and the mapping, turns StatsD names into metrics with labels")
    void rewrites() throws IOException {
        Example example = Example.named("metrics-adapter");
        int udp = Running.freePort();
        int web = Running.freePort();
        Path mapping = directory.resolve("mapping.yaml");
        LocalConfiguration local = new LocalConfiguration()
                .with("/etc/statsd-adapter/mapping.yaml", mapping)
                .with("127.0.0.1:9125", "127.0.0.1:" + udp)
                .with("=:9102", "=127.0.0.1:" + web);
        local.write(mapping, example.configuration("config.yaml", "mapping.yaml"));
        try (Running exporter = Running.start(
                RealProgram.STATSD_EXPORTER, local.here(Example.strings(example.sidecar(), "args")), Map.of())) {
            local.assertAllUsed();
            String url = "http://127.0.0.1:" + web;
            await().atMost(Duration.ofMinutes(1))
                    .until(() -> Running.get(url + "/-/ready").status() == 200);
            assertThat(Running.get(url + "/-/healthy").status()).isEqualTo(200);

            send(udp, "shop.de.orders:1|c\nshop.de.checkout_time:87|ms\nshop.fr.orders:2|c\nsession.4711.started:1|c");

            await().atMost(Duration.ofMinutes(1))
                    .untilAsserted(
                            () -> assertThat(Running.get(url + "/metrics").body())
                                    .contains("shop_orders_total{country=\"de\"} 1")
                                    .contains("shop_orders_total{country=\"fr\"} 2")
                                    .contains("shop_checkout_seconds_bucket{country=\"de\",le=\"0.1\"} 1")
                                    .contains("shop_checkout_seconds_sum{country=\"de\"} 0.087")
                                    .contains("statsd_exporter_events_actions_total{action=\"drop\"} 1")
                                    .doesNotContain("4711"));
            exporter.terminate();
        }
    }

    private static void send(int port, String lines) throws IOException {
        byte[] packet = lines.getBytes(StandardCharsets.UTF_8);
        try (DatagramSocket socket = new DatagramSocket()) {
            socket.send(new DatagramPacket(packet, packet.length, InetAddress.getLoopbackAddress(), port));
        }
    }
}
