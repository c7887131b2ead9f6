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
    private final Manager manager = api.manager();

    @AfterEach
    void stop() {
        manager.stop();
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
        manager.start();
        awaitReconciliations(0, MANY);

        double before = api.reconciliations("deployments");
        api.create(SHOP, Shop.policy("logs", "fluent/fluent-bit:4.2.0").replace("logs: collected", "app: web-4711"));
        // One reconciliation finds it queued, one has the permit and writes, and one sees the result.
        awaitReconciliations(before, 3);

        before = api.reconciliations("deployments");
        api.replaceLatest(SHOP, "web-42", web -> web.replace("live", "dead"));
        awaitReconciliations(before, 1);
    }

    /** Waits for that many reconciliations, and then some time for an extra one. */
    private void awaitReconciliations(double before, int reconciliations) {
        await().atMost(Duration.ofMinutes(2))
                .untilAsserted(() ->
                        assertThat(api.reconciliations("deployments") - before).isEqualTo(reconciliations));
        await().during(Duration.ofMillis(500))
                .untilAsserted(() ->
                        assertThat(api.reconciliations("deployments") - before).isEqualTo(reconciliations));
    }
}
