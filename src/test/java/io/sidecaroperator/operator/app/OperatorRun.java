package io.sidecaroperator.operator.app;

import static org.awaitility.Awaitility.await;

import io.sidecaroperator.Main;
import io.sidecaroperator.support.Checkout;
import io.sidecaroperator.support.Installation;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.awaitility.core.ConditionTimeoutException;

/** The operator as its users run it: a separate process that has only its ServiceAccount's token. */
final class OperatorRun implements AutoCloseable {
    private static final Pattern READY = Pattern.compile("Ready: webhook https://([^ :]+):(\\d+), http (\\d+)");
    private static final Duration LONG = Duration.ofMinutes(5);

    private final Process process;
    private final Path log;
    private final Path kubeconfig;

    private OperatorRun(Process process, Path log, Path kubeconfig) {
        this.process = process;
        this.log = log;
        this.kubeconfig = kubeconfig;
    }

    /** Starts it on loopback, on free ports, and does not wait. */
    static OperatorRun start(Installation installation, String... more) throws IOException {
        return start(installation, OperatorClasses.options(installation), List.of(more));
    }

    /** The same with options of the JVM. */
    static OperatorRun start(Installation installation, List<String> jvm, List<String> more) throws IOException {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(jvm);
        command.addAll(List.of(
                // Most of these processes live for seconds: optimising compilation would cost more than it saves.
                "-XX:TieredStopAtLevel=1",
                "-XX:+UseSerialGC",
                "-Xmx64m",
                "-cp",
                OperatorClasses.JAR.toString(),
                Main.class.getName()));
        return start(installation, new Runtime(command, Map.of()), more);
    }

    /**
     * What runs the program.
     *
     * @param command up to the main class
     */
    record Runtime(List<String> command, Map<String, String> environment) {}

    /** The same in another runtime. */
    static OperatorRun start(Installation installation, Runtime runtime, List<String> more) throws IOException {
        Path kubeconfig =
                Files.writeString(Files.createTempFile("operator", ".json"), installation.operatorKubeconfig());
        Path log = Files.createTempFile("operator", ".log");
        List<String> command = new ArrayList<>(runtime.command());
        command.addAll(List.of(
                "operator",
                "--kubeconfig",
                kubeconfig.toString(),
                "--webhook-host",
                "127.0.0.1",
                "--webhook-port",
                "0",
                "--http-port",
                "0"));
        command.addAll(more);
        ProcessBuilder builder = new ProcessBuilder(command)
                .directory(Checkout.ROOT.toFile())
                .redirectErrorStream(true)
                .redirectOutput(log.toFile());
        builder.environment().keySet().removeIf(name -> name.startsWith("SIDECAR_"));
        builder.environment().putAll(runtime.environment());
        builder.environment().put("SIDECAR_OPERATOR_LOG_FORMAT", "text");
        builder.environment().put("POD_NAMESPACE", installation.namespace());
        return new OperatorRun(builder.start(), log, kubeconfig);
    }

    /** Waits until it says that it is ready. */
    OperatorRun ready() {
        try {
            await("ready line").atMost(LONG).until(() -> readyLine().find() || !process.isAlive());
        } catch (ConditionTimeoutException e) {
            close();
            throw new AssertionError("the operator does not become ready\n" + log(), e);
        }
        if (!readyLine().find()) {
            throw new AssertionError("the operator ended with code " + process.exitValue() + "\n" + log());
        }
        return this;
    }

    /** Returns the response of a path of its plain HTTP server. */
    HttpResponse<String> get(String path) throws IOException, InterruptedException {
        Matcher ready = readyLine();
        if (!ready.find()) {
            throw new AssertionError("not ready\n" + log());
        }
        URI uri = URI.create("http://127.0.0.1:" + ready.group(3) + path);
        return HttpClient.newHttpClient().send(HttpRequest.newBuilder(uri).build(), BodyHandlers.ofString());
    }

    /** Tells it to end, as the kubelet does, and returns its exit code. */
    int terminate() throws InterruptedException {
        process.destroy();
        return exitCode();
    }

    /** Kills it without a chance to clean up, as a failing node does. */
    void kill() throws InterruptedException {
        process.destroyForcibly();
        exitCode();
    }

    /** Whether it runs. */
    boolean runs() {
        return process.isAlive();
    }

    /** Waits for its end and returns its exit code. */
    int exitCode() throws InterruptedException {
        if (!process.waitFor(LONG.toSeconds(), TimeUnit.SECONDS)) {
            throw new AssertionError("it does not end\n" + log());
        }
        return process.exitValue();
    }

    /** Returns the log so far. */
    String log() {
        try {
            return Files.readString(log);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private Matcher readyLine() {
        return READY.matcher(log());
    }

    /** Ends it and deletes its files. */
    @Override
    public void close() {
        process.destroy();
        try {
            if (!process.waitFor(20, TimeUnit.SECONDS)) {
                process.destroyForcibly();
            }
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        }
        log.toFile().deleteOnExit();
        kubeconfig.toFile().deleteOnExit();
    }
}
