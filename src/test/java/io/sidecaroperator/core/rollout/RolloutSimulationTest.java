package io.sidecaroperator.core.rollout;

import static io.sidecaroperator.support.RandomRuns.forEachSeed;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import org.junit.jupiter.api.Test;

/**
 * Whatever happens in whatever order, the rollout planner keeps its promises; {@link SimulatedCluster} checks each of
 * its answers.
 */
class RolloutSimulationTest {
    private static final int RUNS = 400;
    private static final int ENOUGH = 20_000;

    @Test
    void everyWorkloadComesToWhatIsWantedWhenNothingFails() {
        forEachSeed(RUNS, seed -> {
            Random random = new Random(seed);
            SimulatedCluster cluster = new SimulatedCluster(random, 15, 15);
            cluster.want("r1", false);
            for (int step = 0; step < 300; step++) {
                live(cluster, random, step, false);
            }
            finish(cluster);
        });
    }

    @Test
    void aNewerRevisionComesThroughAfterFailures() {
        forEachSeed(RUNS, seed -> {
            Random random = new Random(seed);
            SimulatedCluster cluster = new SimulatedCluster(random, 15, 15);
            cluster.want("r1", random.nextBoolean());
            for (int step = 0; step < 300; step++) {
                live(cluster, random, step, random.nextBoolean());
            }
            cluster.want("last", false);
            finish(cluster);
        });
    }

    @Test
    void aBadRevisionMeetsOneWorkloadOnly() {
        forEachSeed(RUNS, seed -> {
            Random random = new Random(seed);
            SimulatedCluster cluster = new SimulatedCluster(random, 0, 20);
            cluster.want("bad", true);
            for (int step = 0; step < ENOUGH && !cluster.isFailureKnown(); step++) {
                cluster.step();
            }
            assertThat(cluster.isFailureKnown()).isTrue();
            for (int step = 0; step < 100; step++) {
                cluster.step();
            }
            assertThat(cluster.permittedBefore("bad")).isEqualTo(1);
        });
    }

    @Test
    void anApprovedRevisionGoesOnWhateverFailsAndKeepsToTheLimit() {
        forEachSeed(RUNS, seed -> {
            SimulatedCluster cluster = new SimulatedCluster(new Random(seed), 15, 0);
            cluster.approve();
            cluster.want("r1", false);
            finish(cluster);
        });
    }

    /** A step of a rollout, and sometimes a disturbance, such as an edit of the policy. */
    private static void live(SimulatedCluster cluster, Random random, int step, boolean bad) {
        cluster.step();
        if (random.nextInt(12) == 0) {
            cluster.disturb();
        }
        if (random.nextInt(60) == 0) {
            if (random.nextInt(4) == 0) {
                cluster.wantRemoval();
            } else {
                cluster.want("r" + (step + 2), bad);
            }
        }
    }

    private static void finish(SimulatedCluster cluster) {
        for (int step = 0; step < ENOUGH && !cluster.isDone(); step++) {
            cluster.step();
        }
        assertThat(cluster.isDone()).as("every workload has what is wanted").isTrue();
    }
}
