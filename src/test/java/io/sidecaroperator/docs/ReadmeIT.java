package io.sidecaroperator.docs;

import static org.assertj.core.api.Assertions.assertThat;

import io.sidecaroperator.support.Checkout;
import io.sidecaroperator.support.Program;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** Runs the README's commands exactly as written. */
class ReadmeIT {
    private static final Duration LIMIT = Duration.ofMinutes(10);
    private static final Pattern EXPORT = Pattern.compile("\\s*export ([A-Z]+)='([^']*)'.*");

    /** {@code verify} runs this test itself, and {@code DemoIT} runs the plain demo. */
    private static final List<String> ELSEWHERE = List.of("mvn verify", "./sidecar demo");

    private static final String KEEP = "./sidecar demo --keep";

    private static final Set<String> WITHOUT_A_CLUSTER = Set.of("inject", "diff", "explain", "validate");

    /** {@code InstallIT} runs the commands of the installation, on a real node. */
    private final List<String> commands = Readme.read().without(Readme.INSTALL).commands();

    @Test
    void theCommandLineWorksWithoutACluster() {
        List<String> plain = commands.stream().filter(ReadmeIT::isPlain).toList();
        assertThat(plain).hasSizeGreaterThan(WITHOUT_A_CLUSTER.size());
        plain.forEach(command -> {
            Program.Result result = shell(command, Map.of());
            if (command.startsWith("./sidecar inject")) {
                assertThat(result.out()).contains("kind: Deployment");
            } else {
                assertThat(result.out()).as(command).isNotBlank();
            }
        });
    }

    @Test
    void theRestWorksBesideTheDemoThatIsKept() throws IOException, InterruptedException {
        // A build that was started in the background ignores Ctrl-C, and so would the processes that it starts.
        Process demo = new ProcessBuilder("bash", "-c", "exec env --default-signal=INT " + KEEP)
                .directory(Checkout.ROOT.toFile())
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        try (BufferedReader out = demo.inputReader(StandardCharsets.UTF_8)) {
            Map<String, String> environment = exports(out);
            commands.stream()
                    .filter(command -> command.startsWith("kubectl "))
                    .forEach(command -> shell(command, environment));
        } finally {
            shell("kill -INT " + demo.pid(), Map.of());
            demo.waitFor();
        }
        assertThat(demo.exitValue()).isZero();
    }

    @Test
    void noCommandIsForgotten() {
        assertThat(commands)
                .contains(KEEP)
                .containsAll(ELSEWHERE)
                .allMatch(command -> command.equals(KEEP)
                        || ELSEWHERE.contains(command)
                        || command.startsWith("kubectl ")
                        || isPlain(command));
    }

    private static boolean isPlain(String command) {
        return WITHOUT_A_CLUSTER.stream().anyMatch(verb -> command.startsWith("./sidecar " + verb + " "));
    }

    /** Returns what the demo tells the user to export in another terminal. */
    private static Map<String, String> exports(BufferedReader out) throws IOException {
        Map<String, String> environment = new HashMap<>();
        StringBuilder said = new StringBuilder();
        while (environment.size() < 2) {
            String line = out.readLine();
            if (line == null) {
                throw new AssertionError("the demo ended: " + said);
            }
            said.append(line).append('\n');
            Matcher matcher = EXPORT.matcher(line);
            if (matcher.matches()) {
                environment.put(matcher.group(1), matcher.group(2));
            }
        }
        environment.computeIfPresent("PATH", (name, kubectl) -> kubectl + ":" + System.getenv("PATH"));
        return environment;
    }

    private static Program.Result shell(String command, Map<String, String> environment) {
        return Program.run(List.of("bash", "-c", "set -e -o pipefail; " + command), environment, "", LIMIT)
                .ok();
    }
}
