package io.sidecaroperator.core.workload;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The names by which kubectl knows workloads. */
class WorkloadNameTest {
    private static final WorkloadKinds KINDS =
            WorkloadKinds.parse(List.of("argoproj.io/v1alpha1/Rollout=/spec/template"));

    @ParameterizedTest
    @CsvSource({
        "deployment/web, Deployment web",
        "deployments/web, Deployment web",
        "deploy/web, Deployment web",
        "Deployment/web, Deployment web",
        "deployment.apps/web, Deployment web",
        "deployments.v1.apps/web, Deployment web",
        "po/web-1, Pod web-1",
        "pods/web-1, Pod web-1",
        "sts/db, StatefulSet db",
        "ds/agent, DaemonSet agent",
        "rs/web-1, ReplicaSet web-1",
        "rc/old, ReplicationController old",
        "job/once, Job once",
        "cj/nightly, CronJob nightly",
        "cronjobs.batch/nightly, CronJob nightly",
        "rollout/web, Rollout web",
        "rollouts.argoproj.io/web, Rollout web"
    })
    void aWorkloadIsNamedAsInKubectl(String text, String meant) {
        assertThat(WorkloadName.parse(text, KINDS)).map(WorkloadName::toString).contains(meant);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"web", "service/web", "deployment/", "/web", "deploy/a/b", "deployment.batch/web", "web.yaml"})
    void anythingElseIsNone(String text) {
        assertThat(WorkloadName.parse(text, KINDS)).isEmpty();
    }
}
