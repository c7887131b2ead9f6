package io.sidecaroperator.operator.controller;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** An event costs one reconciliation of one workload, even among 10,000 workloads. */
class CostAmongManyIT {
    private static final int MANY = 10_000;
    private static final String SHOP = "shop";

    private final MockApi api = new MockApi();
    private final Manager controllers = api.controllers();

    @AfterEach
    void stop() {
        controllers.stop();
        api.close();
    }

    @Test
    void anEventCostsTheWorkloadItConcerns() {
        api.namespace(SHOP);
        api.createNew(
                SHOP,
                IntStream.range(0, MANY)
                        .mapToObj(i -> Shop.deployment("web-" + i).replace("logs: collected", "logs: none"))
                        .toList());
        controllers.start();
        awaitLooks(0, MANY);

        double before = api.looks("deployments");
        api.create(SHOP, Shop.policy("logs", "fluent/fluent-bit:4.2.0").replace("logs: collected", "app: web-4711"));
        // One reconciliation finds it queued, one has the permit and writes, and one sees the result.
        awaitLooks(before, 3);

        before = api.looks("deployments");
        api.replaceLatest(SHOP, "web-42", web -> web.replace("live", "dead"));
        awaitLooks(before, 1);
    }

    /** Waits for that many reconciliations, and then some time for an extra one. */
    private void awaitLooks(double before, int looks) {
        await().atMost(Duration.ofMinutes(2))
                .untilAsserted(
                        () -> assertThat(api.looks("deployments") - before).isEqualTo(looks));
        await().during(Duration.ofMillis(500))
                .untilAsserted(
                        () -> assertThat(api.looks("deployments") - before).isEqualTo(looks));
    }
}
