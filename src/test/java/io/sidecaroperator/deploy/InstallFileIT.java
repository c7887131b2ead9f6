package io.sidecaroperator.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import io.sidecaroperator.support.Installation;
import io.sidecaroperator.support.Program;
import io.sidecaroperator.support.TestCluster;
import org.junit.jupiter.api.Test;

/** A real API server with strict validation accepts install.yaml, including the Deployment. */
class InstallFileIT {
    private final TestCluster cluster = TestCluster.get();

    @Test
    void applyingItWarnsOfNothing() {
        Installation.install(cluster);

        Program.Result result = cluster.kubectl(
                        "",
                        "apply",
                        "--server-side",
                        "--force-conflicts",
                        "--dry-run=server",
                        "--validate=strict",
                        "-f",
                        InstallFile.PATH)
                .ok();

        assertThat(result.out()).contains("deployment.apps/sidecar-operator serverside-applied");
        assertThat(result.err()).isEmpty();
    }
}
