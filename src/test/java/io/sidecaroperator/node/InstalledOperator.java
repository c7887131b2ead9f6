package io.sidecaroperator.node;

import com.marcnuri.helm.Helm;
import io.sidecaroperator.support.Checkout;
import io.sidecaroperator.support.TestCluster;
import java.nio.file.Path;

/** The operator on the real node, from its chart and its image, as a user installs it. Tests of one JVM share it. */
final class InstalledOperator {
    static final String NAMESPACE = "sidecar-operator-system";
    private static final int SECONDS = 180;

    private InstalledOperator() {}

    /** Returns the cluster with the real node once the operator there is Ready. Skips the test where there can be none. */
    static TestCluster cluster() {
        TestCluster cluster = TestCluster.realNode();
        Once.install(cluster);
        return cluster;
    }

    private static final class Once {
        private static boolean done;

        static synchronized void install(TestCluster cluster) {
            if (!done) {
                new Helm(Checkout.ROOT.resolve("deploy/helm/sidecar-operator"))
                        .install()
                        .withName("sidecar-operator")
                        .withNamespace(NAMESPACE)
                        .createNamespace()
                        .withKubeConfig(Path.of(cluster.variable("KUBECONFIG")))
                        .waitReady()
                        .withTimeout(SECONDS)
                        .call();
                done = true;
            }
        }
    }
}
