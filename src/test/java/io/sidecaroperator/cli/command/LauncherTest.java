package io.sidecaroperator.cli.command;

import static org.assertj.core.api.Assertions.assertThat;

import io.sidecaroperator.support.Checkout;
import io.sidecaroperator.support.Program;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The launcher in its own checkout, where java and mvn are scripts that record how they were called. */
class LauncherTest {
    private static final List<String> TOOLS =
            List.of("bash", "dirname", "readlink", "cat", "mkdir", "rm", "touch", "tail", "sleep");

    private static final String BASH = find("bash");

    @TempDir
    private Path directory;

    private Path root;
    private Path tools;
    private Path javaHome;

    @BeforeEach
    void makeCheckout() throws IOException {
        root = Files.createDirectories(directory.resolve("a check'out"));
        tools = Files.createDirectories(directory.resolve("tools"));
        javaHome = directory.resolve("jdk");
        Files.createDirectories(javaHome.resolve("bin"));
        for (String launcher : List.of("sidecar", "kubectl-sidecar")) {
            Files.copy(Checkout.ROOT.resolve(launcher), root.resolve(launcher));
        }
        Files.createDirectories(root.resolve("src/main/java"));
        Files.writeString(root.resolve("src/main/java/Some.java"), "");
        Files.writeString(root.resolve("pom.xml"), "");
        for (String tool : TOOLS) {
            String path = find(tool);
            // Not links: JUnit warns of each link that leads out of its directory.
            script(tools.resolve(tool), "exec " + path + " \"$@\"");
        }
        jdk("21.0.4");
        script(javaHome.resolve("bin/java"), "printf '%s\\n' \"$@\"");
        script(javaHome.resolve("bin/javac"), "");
        maven("mkdir -p target; sleep 0.5; echo built > target/sidecar-operator.jar");
    }

    @Test
    void whatIsMissingIsBuiltOnceAndThenRun() throws IOException {
        Program.Result first = run("inject", "-f", "a b");

        assertThat(first.ok().out().lines())
                .contains("-Dsidecar.command=sidecar", "-Dsidecar.home=" + root.toRealPath())
                .endsWith("io.sidecaroperator.Main", "inject", "-f", "a b");
        assertThat(first.err()).isEqualTo("sidecar: building it first, this takes a minute or two ...\n");
        assertThat(run("version").ok().err()).isEmpty();
        assertThat(builds()).isEqualTo(1);
    }

    @Test
    void newerSourcesAreBuiltAgain() throws IOException {
        run("version").ok();
        Files.setLastModifiedTime(root.resolve("src/main/java/Some.java"), later());
        run("version").ok();
        assertThat(builds()).isEqualTo(2);
        Files.setLastModifiedTime(root.resolve("target/sidecar-operator.jar"), later());
        run("version").ok();
        assertThat(builds()).isEqualTo(2);
    }

    @Test
    void twoAtOnceBuildOnce() throws IOException {
        Program.Result both = bash("'%1$s' version & '%1$s' version; wait".formatted(quoted(root.resolve("sidecar"))));

        assertThat(both.ok().out().lines().filter("version"::equals)).hasSize(2);
        assertThat(builds()).isEqualTo(1);
    }

    @Test
    void aLockThatNobodyHoldsIsTaken() throws IOException {
        Path lock = Files.createDirectories(root.resolve("target/.building"));
        Files.writeString(lock.resolve("pid"), "999999999\n");
        run("version").ok();
        assertThat(builds()).isEqualTo(1);
        assertThat(lock).doesNotExist();
    }

    @Test
    void itIsFoundThroughLinksAndFromAnywhere() throws IOException {
        Path link = Files.createSymbolicLink(
                directory.resolve("link"), Path.of("a check'out").resolve("kubectl-sidecar"));
        Path second = Files.createSymbolicLink(directory.resolve("second"), link);
        Program.Result result = bash("cd / && '%s' inject".formatted(second));
        assertThat(result.ok().out().lines())
                .contains("-Dsidecar.command=kubectl sidecar", "-Dsidecar.home=" + root.toRealPath())
                .endsWith("inject");
    }

    @Test
    void javaReadsFileNamesAsUtf8InAnyLocale() throws IOException {
        script(javaHome.resolve("bin/java"), "echo \"${LC_ALL:-none}\"");
        String launcher = "'" + quoted(root.resolve("sidecar")) + "'";
        assertThat(bash("export LC_ALL=C; " + launcher).ok().out()).isEqualTo("C.UTF-8\n");
        assertThat(bash("unset LC_ALL LC_CTYPE LANG; " + launcher).ok().out()).isEqualTo("C.UTF-8\n");
        assertThat(bash("unset LC_ALL LC_CTYPE; export LANG=de_DE.utf8; " + launcher)
                        .ok()
                        .out())
                .isEqualTo("none\n");
    }

    @Test
    void aFailedBuildShowsItsEndAndLeavesNoJar() throws IOException {
        maven("mkdir -p target; echo half > target/sidecar-operator.jar; echo 'COMPILATION ERROR'; exit 1");
        Program.Result result = run("version");

        assertThat(result.exitCode()).isEqualTo(2);
        assertThat(result.out()).isEmpty();
        assertThat(result.err()).contains("COMPILATION ERROR").contains("the build failed; all of its output is in");
        assertThat(root.resolve("target/sidecar-operator.jar")).doesNotExist();
        assertThat(root.resolve("target/.building")).doesNotExist();
        maven("mkdir -p target; echo built > target/sidecar-operator.jar");
        run("version").ok();
    }

    @Test
    void anOldOrMissingJavaIsNamed() throws IOException {
        jdk("11.0.22");
        assertThat(run("version").err()).contains("bin/java is Java 11, but 17 or newer is needed");
        jdk("1.8.0_402");
        assertThat(run("version").err()).contains("bin/java is Java 1, but 17 or newer is needed");
        javaHome = directory.resolve("nowhere");
        assertThat(run("version").err()).contains("JAVA_HOME is " + javaHome + ", but there is no bin/java in it");
        Program.Result none = Program.run(
                List.of(root.resolve("sidecar").toString()),
                Map.of("PATH", tools.toString(), "JAVA_HOME", ""),
                "",
                Duration.ofSeconds(30));
        assertThat(none.exitCode()).isEqualTo(2);
        assertThat(none.err()).contains("there is no java on the PATH");
    }

    @Test
    void aClosedStreamIsReplacedOrNamed() {
        String launcher = "'" + quoted(root.resolve("sidecar")) + "'";
        bash(launcher + " version").ok();
        String without = bash(launcher + " version <&-").ok().out();
        assertThat(without).isEqualTo(bash(launcher + " version").ok().out());
        bash(launcher + " version 2>&-").ok();
        Program.Result mute = bash(launcher + " version >&-");
        assertThat(mute.exitCode()).isEqualTo(2);
        assertThat(mute.err()).contains("standard output is closed");
    }

    @Test
    void aMissingMavenOrCompilerIsNamed() throws IOException {
        Files.delete(tools.resolve("mvn"));
        Program.Result result = run("version");
        assertThat(result.exitCode()).isEqualTo(2);
        assertThat(result.err()).contains("there is no mvn on the PATH: install Maven");
        assertThat(root.resolve("target/.building")).doesNotExist();
        maven("");
        Files.delete(javaHome.resolve("bin/javac"));
        assertThat(run("version").err()).contains("belongs to no JDK");
    }

    private Program.Result run(String... arguments) {
        StringBuilder command = new StringBuilder("'" + quoted(root.resolve("sidecar")) + "'");
        for (String argument : arguments) {
            command.append(" '").append(argument).append("'");
        }
        return bash(command.toString());
    }

    private Program.Result bash(String command) {
        return Program.run(
                List.of("bash", "-c", command),
                Map.of("PATH", tools.toString(), "JAVA_HOME", javaHome.toString(), "SIDECAR_NO_BUILD", ""),
                "",
                Duration.ofSeconds(60));
    }

    private static String quoted(Path path) {
        return path.toString().replace("'", "'\\''");
    }

    private long builds() throws IOException {
        return Files.readAllLines(directory.resolve("builds")).size();
    }

    private void maven(String body) throws IOException {
        script(tools.resolve("mvn"), "echo \"$*\" >> '" + directory.resolve("builds") + "'\n" + body);
    }

    private void jdk(String version) throws IOException {
        Files.writeString(javaHome.resolve("release"), "IMPLEMENTOR=\"x\"\nJAVA_VERSION=\"" + version + "\"\n");
    }

    private static void script(Path path, String body) throws IOException {
        Files.writeString(path, "#!" + BASH + "\n" + body + "\n");
        assertThat(path.toFile().setExecutable(true)).isTrue();
    }

    private static String find(String tool) {
        return Program.run(List.of("bash", "-c", "command -v " + tool), Map.of(), "", Duration.ofSeconds(30))
                .ok()
                .out()
                .strip();
    }

    private static FileTime later() {
        return FileTime.from(Instant.now().plusSeconds(60));
    }
}
