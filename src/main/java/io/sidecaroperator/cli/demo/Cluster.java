package io.sidecaroperator.cli.demo;

import com.fasterxml.jackson.databind.JsonNode;
import io.sidecaroperator.cli.demo.Programs.Output;
import io.sidecaroperator.core.json.Json;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A cluster of {@code tools/cluster} or {@code tools/node}, and its administrator with kubectl. */
final class Cluster {
    private static final String SIMULATED = "tools/cluster";
    private static final String REAL_NODE = "tools/node";
    private static final Pattern EXPORT = Pattern.compile("export ([A-Z_]+)='([^']*)'.*");
    private static final Runnable NO_ALARM = () -> {};

    private final Programs programs;
    private final String name;
    private final String script;
    private final Map<String, String> variables = new HashMap<>();
    private Runnable alarm = NO_ALARM;

    private Cluster(Programs programs, String name, String script) {
        this.programs = programs;
        this.name = name;
        this.script = script;
    }

    /** Returns a cluster whose node only says that its pods run. */
    static Cluster simulated(Programs programs, String name) {
        return new Cluster(programs, name, SIMULATED);
    }

    /** Returns a cluster whose pods run. */
    static Cluster withRealNode(Programs programs, String name) {
        return new Cluster(programs, name, REAL_NODE);
    }

    /** Whether its pods run. */
    boolean hasRealNode() {
        return script.equals(REAL_NODE);
    }

    /** Returns the command that runs this one where the API server can call it on loopback. */
    List<String> inNetwork(List<String> command) {
        if (!hasRealNode()) {
            return command;
        }
        List<String> inside = new ArrayList<>(script("run"));
        inside.addAll(command);
        return inside;
    }

    /** Builds the image of a program of the examples, and brings it to the real node, which can pull nothing. */
    void load(String program) {
        Output built = programs.run(
                List.of("bash", "tools/example-programs/images", "target/example-images", program),
                Map.of(),
                true,
                NO_ALARM);
        List<String> load = new ArrayList<>(script("load"));
        load.add(built.out().strip());
        if (built.exitCode() != 0
                || programs.run(load, Map.of(), true, NO_ALARM).exitCode() != 0) {
            throw new DemoFailure("the image of " + program + " cannot be brought to the node");
        }
    }

    String name() {
        return name;
    }

    /** From now on, waiting for kubectl ends when this throws. */
    void watch(Runnable somethingElse) {
        this.alarm = somethingElse;
    }

    /** Starts the cluster. If its binaries are missing, they are built first, with visible output. */
    void up() {
        Output up = programs.run(script("up"), Map.of(), true, NO_ALARM);
        if (up.exitCode() != 0) {
            throw new DemoFailure("there is no cluster: " + script + " up ended with exit code " + up.exitCode());
        }
        Output env = programs.run(script("env"), Map.of(), false, NO_ALARM);
        for (String line : env.out().split("\n", -1)) {
            Matcher matcher = EXPORT.matcher(line);
            if (matcher.matches()) {
                variables.put(matcher.group(1).replace("SIDECAR_NODE_", "SIDECAR_CLUSTER_"), matcher.group(2));
            }
        }
    }

    /** Stops the cluster and removes its data. Does nothing when it does not exist. */
    void down() {
        programs.run(script("down"), Map.of(), false, NO_ALARM);
    }

    /** Returns a variable that the script's {@code env} exports. */
    String variable(String key) {
        String value = variables.get(key);
        if (value == null) {
            throw new DemoFailure(script + " env says nothing of " + key);
        }
        return value;
    }

    /** Runs kubectl as the administrator and returns what it printed. Any exit code except 0 is a failure. */
    String kubectl(String... arguments) {
        Output output = tryKubectl(arguments);
        if (output.exitCode() != 0) {
            throw new DemoFailure("kubectl " + String.join(" ", arguments) + " failed: "
                    + output.err().strip());
        }
        return output.out().stripTrailing();
    }

    /** Runs kubectl as the administrator. Any exit code is accepted. */
    Output tryKubectl(String... arguments) {
        List<String> command = new ArrayList<>();
        command.add(Path.of(variable("PATH"), "kubectl").toString());
        command.addAll(List.of(arguments));
        return programs.run(command, Map.of("KUBECONFIG", variable("KUBECONFIG")), false, alarm);
    }

    /** Returns an object, or a missing node when it does not exist. */
    JsonNode get(String namespace, String object) {
        Output output = tryKubectl("-n", namespace, "get", object, "--ignore-not-found", "-o", "json");
        if (output.exitCode() != 0) {
            throw new DemoFailure(
                    "kubectl get " + object + " failed: " + output.err().strip());
        }
        return output.out().isBlank() ? Json.MAPPER.missingNode() : Json.parse(output.out());
    }

    private List<String> script(String verb) {
        return List.of("bash", script, verb, "--name", name);
    }
}
