package io.sidecaroperator.operator.controller;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Counts the reconciliations of one event: an event costs only the workloads that it concerns. */
class CostTest {
    private static final String POLICY = Shop.policy("logs", "fluent/fluent-bit:4.2.0");
    private static final int SELECTED = 10;
    private static final int OTHERS = 10;
    private static final int ALL = 2 * (SELECTED + OTHERS);

    private final MockApi api = new MockApi();
    private final Manager manager = api.manager();

    @BeforeEach
    void twoNamespaces() {
        for (String namespace : new String[] {"one", "two"}) {
            api.namespace(namespace);
            for (int i = 0; i < SELECTED; i++) {
                api.create(namespace, Shop.deployment("web-" + i));
            }
            for (int i = 0; i < OTHERS; i++) {
                api.create(namespace, Shop.deployment("other-" + i).replace("logs: collected", "logs: none"));
            }
        }
        manager.start();
        awaitReconciliations(0, ALL);
    }

    @AfterEach
    void stop() {
        manager.stop();
        api.close();
    }

    @Test
    void aPolicyCostsALookAtEachWorkloadOneAtItsTurnAndOneAtWhatWasWritten() {
        double before = api.reconciliations("deployments");
        api.create("one", POLICY);
        awaitReconciliations(before, 3 * SELECTED);

        before = api.reconciliations("deployments");
        api.replaceLatestPolicy("one", "logs", policy -> policy.replace("4.2.0", "4.2.1"));
        awaitReconciliations(before, 3 * SELECTED);

        before = api.reconciliations("deployments");
        api.replaceLatestPolicy("one", "logs", policy -> policy.replace("\"logs\":\"collected\"", "\"app\":\"web-3\""));
        // Nine are cleaned; one is reconciled and stays as it is.
        awaitReconciliations(before, 3 * SELECTED - 2);

        before = api.reconciliations("deployments");
        api.replaceLatestPolicy("one", "logs", policy -> policy.replace("\"spec\":", "\"status\":{},\"spec\":"));
        api.deletePolicy("one", "logs");
        awaitReconciliations(before, 3);
    }

    @Test
    void aWorkloadsEventCostsThatWorkload() {
        double before = api.reconciliations("deployments");
        api.replaceLatest("one", "other-0", web -> web.replace("live", "dead"));
        awaitReconciliations(before, 1);
        api.replaceLatest("two", "web-9", web -> web.replace("live", "dead"));
        awaitReconciliations(before, 2);
    }

    @Test
    void aNamespacesLabelsCostItsOwnWorkloads() {
        double before = api.reconciliations("deployments");
        api.label("two", "team", "shop");
        awaitReconciliations(before, SELECTED + OTHERS);
    }

    /**
     * Waits for that many reconciliations, and then some time for more. A few may be repeated: those during which the
     * policy index changed, as it does when a revision is proven.
     */
    private void awaitReconciliations(double before, int reconciliations) {
        await().atMost(Duration.ofMinutes(2))
                .untilAsserted(() -> assertThat(api.reconciliations("deployments") - before)
                        .isBetween(reconciliations + 0.0, reconciliations + 3.0));
        await().during(Duration.ofMillis(500))
                .untilAsserted(() -> assertThat(api.reconciliations("deployments") - before)
                        .isBetween(reconciliations + 0.0, reconciliations + 3.0));
    }
}
