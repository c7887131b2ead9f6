package io.sidecaroperator.api.v1alpha1;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.sidecaroperator.core.json.Json;
import io.sidecaroperator.core.model.KubernetesVersion;
import io.sidecaroperator.core.policy.validation.ContainerRules;
import io.sidecaroperator.support.Checkout;
import io.sidecaroperator.support.CrdVerdicts;
import io.sidecaroperator.support.Crds;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The API server of the oldest and of the newest minor accepts the CRDs ({@code -Pexhaustive}: every one between them,
 * too): its own validation says so, without a server.
 */
class CrdVerdictsIT {
    private static final List<Path> CRDS = Stream.of(Crds.POLICY_FILE, Crds.CLUSTER_POLICY_FILE)
            .map(Checkout.ROOT::resolve)
            .toList();

    @TempDir
    private Path folder;

    static List<String> minors() {
        return CrdVerdicts.asked();
    }

    @ParameterizedTest
    @MethodSource("minors")
    void accepted(String minor) {
        assertThat(CrdVerdicts.of(minor, CRDS)).isEmpty();
    }

    @Test
    void theOldestIsTheOneThatChartAndOperatorName() {
        assertThat(KubernetesVersion.OLDEST).hasToString(CrdVerdicts.minors().get(0));
        assertThat(Checkout.read("deploy/helm/sidecar-operator/Chart.yaml"))
                .contains("kubeVersion: \">=" + CrdVerdicts.minors().get(0) + ".0-0\"");
    }

    @Test
    void everyMinorIsJudgedByItsOwnModules() {
        List<String> minors = CrdVerdicts.minors();

        assertThat(minors)
                .as("none is left out")
                .hasSize(Integer.parseInt(minors.get(minors.size() - 1).substring(2)) - 28);
        assertThat(minors)
                .allSatisfy(minor -> assertThat(Checkout.read("tools/crd-verdicts/" + minor + ".mod"))
                        .contains("k8s.io/apiextensions-apiserver v0." + minor.substring(2) + "."));
        assertThat(Checkout.read("README.md")).contains("| " + minors.get(0) + " to " + minors.get(minors.size() - 1));
    }

    /** The rule is left out of the CRDs for the sake of older servers; this shows that it would still be refused. */
    @Test
    void theOldestRefusesARuleThatComparesQuantities() throws IOException {
        ObjectNode crd = Crds.read(Crds.POLICY_FILE);
        ObjectNode resources = (ObjectNode) crd.at("/spec/versions/0/schema/openAPIV3Schema/properties/spec/properties"
                + "/sidecars/items/properties/resources");
        ArrayNode rules = resources.putArray("x-kubernetes-validations");
        rules.addObject()
                .put("rule", ContainerRules.REQUESTS_WITHIN_LIMITS.cel())
                .put("message", ContainerRules.REQUESTS_WITHIN_LIMITS.message());
        Path file = Files.writeString(folder.resolve("crd.json"), Json.text(crd));

        assertThat(CrdVerdicts.of(CrdVerdicts.minors().get(0), List.of(file)))
                .anySatisfy(error -> assertThat(error).contains("estimated rule cost"));
    }
}
