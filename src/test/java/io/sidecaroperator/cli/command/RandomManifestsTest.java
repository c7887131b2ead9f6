package io.sidecaroperator.cli.command;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.sidecaroperator.core.injection.RandomWorld;
import io.sidecaroperator.core.json.Json;
import io.sidecaroperator.support.RandomRuns;
import io.sidecaroperator.yaml.YamlWriter;
import org.junit.jupiter.api.Test;

/** With any template, uninject after inject restores the original, through text in both directions. */
class RandomManifestsTest {
    private static final int RUNS = 400;

    private int injected;

    @Test
    void uninjectOfInjectIsTheInput() {
        RandomRuns.forEachSeed(RUNS, this::manifests);
        assertThat(injected).isGreaterThan(RandomRuns.atLeast(RUNS / 2));
    }

    private void manifests(long seed) {
        RandomWorld world = new RandomWorld(seed, RandomWorld.Shape.WILD);
        ObjectNode list = Json.object().put("apiVersion", "v1").put("kind", "List");
        list.putArray("items")
                .add(workload("apps/v1", "Deployment", "/spec/template", world))
                .add(workload("batch/v1", "CronJob", "/spec/jobTemplate/spec/template", world));
        StringBuilder input = new StringBuilder(YamlWriter.write(list));
        world.policies().forEach(policy -> input.append("---\n").append(YamlWriter.write(policy)));

        CommandRun once = CommandRun.inject(input.toString());
        if (once.exitCode() == ExitCode.BAD_INPUT) {
            // Some random policies are invalid; they must be the only error.
            assertThat(once.err().lines()).allMatch(line -> line.contains("SidecarPolicy policy-"));
            return;
        }
        assertThat(once.exitCode()).as("%s", once.err()).isZero();
        assertThat(CommandRun.inject(once.out()).out()).isEqualTo(once.out());
        CommandRun back = CommandRun.uninject(once.out());
        assertThat(back.out()).isEqualTo(input.toString());
        if (once.err().contains(" injected\n")) {
            injected++;
        }
    }

    private static ObjectNode workload(String apiVersion, String kind, String path, RandomWorld world) {
        ObjectNode workload = Json.object().put("apiVersion", apiVersion).put("kind", kind);
        workload.putObject("metadata").put("name", "web").put("namespace", "shop");
        int last = path.lastIndexOf('/');
        workload.withObject(path.substring(0, last)).set(path.substring(last + 1), world.template());
        return workload;
    }
}
