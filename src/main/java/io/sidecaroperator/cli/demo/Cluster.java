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

/** A control plane of {@code tools/cluster}, and its administrator with kubectl. */
final class Cluster {
    private static final String SCRIPT = "tools/cluster";
    private static final Pattern EXPORT = Pattern.compile("export ([A-Z_]+)='([^']*)'.*");
    private static final Runnable NO_ALARM = () -> {};

    private final Programs programs;
    private final String name;
    private final Map<String, String> variables = new HashMap<>();
    private Runnable alarm = NO_ALARM;

    Cluster(Programs programs, String name) {
        this.programs = programs;
        this.name = name;
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
            throw new DemoFailure("there is no cluster: " + SCRIPT + " up ended with exit code " + up.exitCode());
        }
        Output env = programs.run(script("env"), Map.of(), false, NO_ALARM);
        for (String line : env.out().split("\n", -1)) {
            Matcher matcher = EXPORT.matcher(line);
            if (matcher.matches()) {
                variables.put(matcher.group(1), matcher.group(2));
            }
        }
    }

    /** Stops the cluster and removes its data. Does nothing when it does not exist. */
    void down() {
        programs.run(script("down"), Map.of(), false, NO_ALARM);
    }

    /** Returns a variable that {@code tools/cluster env} exports. */
    String variable(String key) {
        String value = variables.get(key);
        if (value == null) {
            throw new DemoFailure(SCRIPT + " env says nothing of " + key);
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
        return List.of("bash", SCRIPT, verb, "--name", name);
    }
}
