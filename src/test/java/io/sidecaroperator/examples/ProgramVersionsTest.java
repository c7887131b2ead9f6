package io.sidecaroperator.examples;

import static org.assertj.core.api.Assertions.assertThat;

import io.sidecaroperator.core.json.Json;
import io.sidecaroperator.support.Checkout;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ProgramVersionsTest {
    @ParameterizedTest
    @DisplayName("the tests, the image of the policy and the README use the same version of the program")
    @CsvSource({
        "api-ambassador, caddy, github.com/caddyserver/caddy/v2",
        "auth-proxy, caddy, github.com/caddyserver/caddy/v2",
        "data-sync, rclone, github.com/rclone/rclone",
        "logs-opentelemetry, collector, go.opentelemetry.io/collector/otelcol",
        "metrics-adapter, statsd-exporter, github.com/prometheus/statsd_exporter",
    })
    void same(String name, String program, String module) {
        Matcher required = Pattern.compile("(?m)^\\s*(?:require )?" + Pattern.quote(module) + " v(\\S+)")
                .matcher(Checkout.read("tools/example-programs/" + program + "/go.mod"));
        assertThat(required.find()).isTrue();
        String version = required.group(1);

        Example example = Example.named(name);
        assertThat(Json.textAt(example.sidecar(), "image")).matches(".*:v?" + Pattern.quote(version));
        assertThat(example.read("README.md").replace('\n', ' ')).contains(" " + version);
    }
}
