package io.sidecaroperator.workload;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.sidecaroperator.tree.Json;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class OwnershipTest {
    @ParameterizedTest(name = "{0} of a {2} of {1}: {3}")
    @CsvSource({
        "Deployment,  apps/v1,               StatefulSet, true",
        "Deployment,  apps/v1beta1,          StatefulSet, true",
        "Deployment,  example.org/v1,        App,         false",
        "Deployment,  example.org/v1,        Deployment,  false",
        "StatefulSet, v1,                    Deployment,  false",
        "StatefulSet, v1,                    ReplicationController, true",
        "ReplicaSet,  apps/v1,               Deployment,  true",
        "ReplicaSet,  argoproj.io/v1alpha1,  Rollout,     true",
        "Job,         batch/v1,              CronJob,     true",
        "Job,         jobset.x-k8s.io/v1,    JobSet,      false"
    })
    void aCopyIsLeftToTheTemplateItWasMadeFrom(String kind, String apiVersion, String ownerKind, boolean left) {
        assertThat(Ownership.isLeftToOwner(kind(kind), object(apiVersion, ownerKind, true), WorkloadKind.ALL))
                .isEqualTo(left);
    }

    @ParameterizedTest
    @CsvSource({"Deployment", "ReplicaSet", "Job"})
    void anOwnerThatIsNoControllerDecidesNothing(String kind) {
        assertThat(Ownership.isLeftToOwner(kind(kind), object("apps/v1", "Deployment", false), WorkloadKind.ALL))
                .isFalse();
    }

    private static WorkloadKind kind(String kind) {
        return WorkloadKind.ALL.stream()
                .filter(known -> known.kind().equals(kind))
                .findFirst()
                .orElseThrow();
    }

    private static JsonNode object(String apiVersion, String kind, boolean controller) {
        return Json.parse("{\"metadata\":{\"ownerReferences\":[{\"apiVersion\":\"" + apiVersion + "\",\"kind\":\""
                + kind + "\",\"name\":\"o\",\"controller\":" + controller + "}]}}");
    }
}
