package io.sidecaroperator.examples;

import static org.assertj.core.api.Assertions.assertThat;

import io.sidecaroperator.core.json.Json;
import io.sidecaroperator.support.Checkout;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ProgramVersionsTest {
    /** Images of examples that the script cannot make, each with the reason. */
    private static final Map<String, String> NOT_TO_BE_HAD = Map.of(
            "fluent/fluent-bit:4.2.0", "a C program that no registry of packages here carries",
            "fluent/fluentd:v1.19.1-debian-1.0", "a gem, and the registry of gems is not one that a build uses",
            "registry.k8s.io/git-sync/git-sync:v4.4.0", "the Go proxy does not have its module");

    /** Those of the example that is a repository of several folders. */
    private static final Set<String> REPOSITORY_IMAGES = Set.of("busybox:1.37.0", "prom/statsd-exporter:v0.31.0");

    @ParameterizedTest
    @DisplayName("the tests, the image of the policy and the README use the same version of the program")
    @CsvSource({
        "api-ambassador, caddy, github.com/caddyserver/caddy/v2",
        "auth-proxy, caddy, github.com/caddyserver/caddy/v2",
        "data-sync, rclone, github.com/rclone/rclone",
        "logs-opentelemetry, collector, go.opentelemetry.io/collector/otelcol",
        "metrics-adapter, statsd-exporter, github.com/prometheus/statsd_exporter",
        "metrics-exporter, nginx-exporter, github.com/nginx/nginx-prometheus-exporter",
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

    @Test
    @EnabledOnOs(OS.LINUX)
    @DisplayName("tools/example-programs/images knows each image of the examples, but for those that are not to be had")
    void images() {
        Set<String> used = new TreeSet<>(REPOSITORY_IMAGES);
        Example.all().forEach(example -> used.addAll(ExampleImages.of(example)));

        Set<String> known = new TreeSet<>(NOT_TO_BE_HAD.keySet());
        known.addAll(ExampleImages.named().values());
        assertThat(known).isEqualTo(used);
    }
}
