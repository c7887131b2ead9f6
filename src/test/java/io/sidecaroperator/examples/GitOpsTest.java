package io.sidecaroperator.examples;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.sidecaroperator.core.policy.validation.PolicyValidator;
import io.sidecaroperator.support.Checkout;
import io.sidecaroperator.support.Crds;
import io.sidecaroperator.support.Manifests;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class GitOpsTest {
    private static final Path FOLDER = Checkout.ROOT.resolve("examples").resolve(Example.REPOSITORY);

    @Test
    @DisplayName("the README names every file, and says what was checked")
    void complete() throws IOException {
        String readme = read("README.md");
        try (Stream<Path> files = Files.walk(FOLDER)) {
            List<String> names = files.filter(Files::isRegularFile)
                    .map(file -> FOLDER.relativize(file).toString())
                    .filter(name -> !name.equals("README.md"))
                    .toList();
            assertThat(names).hasSize(6).allSatisfy(name -> assertThat(readme).contains("`" + name + "`"));
        }
        assertThat(readme).contains("**Checked:**").contains("`restricted`");
    }

    @Test
    @DisplayName("the README names the kustomize that the tests run")
    void version() {
        assertThat(Checkout.read("tools/kustomize/go.mod").lines())
                .anyMatch(line -> line.contains("sigs.k8s.io/kustomize/kustomize/v5 v5.8.1"));
        assertThat(read("README.md")).contains("kustomize 5.8.1");
    }

    @Test
    @DisplayName("the validator has no findings in the policy, which is for the namespace of the base")
    void validates() {
        ObjectNode policy = Manifests.parse(read("policy/policy.yaml")).only("SidecarPolicy");
        assertThat(new PolicyValidator(Crds.all()).validate(policy)).isEmpty();
        ObjectNode namespace = Manifests.parse(read("base/namespace.yaml")).only("Namespace");
        assertThat(policy.at("/metadata/namespace")).isEqualTo(namespace.at("/metadata/name"));
        assertThat(Manifests.parse(read("base/web.yaml")).only("Deployment").at("/metadata/namespace"))
                .isEqualTo(namespace.at("/metadata/name"));
    }

    private static String read(String file) {
        return Checkout.read("examples/" + Example.REPOSITORY + "/" + file);
    }
}
