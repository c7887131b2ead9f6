package io.sidecaroperator.cli.demo;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** The operator as a separate process that gets only its kubeconfig. */
final class OperatorChild {
    private static final String MAIN = "io.sidecaroperator.Main";
    private static final String READY = "Ready: ";
    private static final int SECONDS_TO_END = 20;
    private static final int LINES_SHOWN = 15;

    private final Process process;
    private final Path log;

    private OperatorChild(Process process, Path log) {
        this.process = process;
        this.log = log;
    }

    /** Starts the operator with the Java and the classes of this process. */
    static OperatorChild start(Cluster cluster, Path home, Path kubeconfig, Path log) {
        List<String> command = List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:+UseSerialGC",
                "-Dsun.net.httpserver.nodelay=true",
                "-cp",
                System.getProperty("java.class.path"),
                MAIN,
                "operator",
                "--kubeconfig=" + kubeconfig,
                "--webhook-host=127.0.0.1",
                "--webhook-port=0",
                "--http-port=0");
        ProcessBuilder builder = new ProcessBuilder(cluster.inNetwork(command))
                .directory(home.toFile())
                .redirectErrorStream(true)
                .redirectOutput(log.toFile());
        builder.environment()
                .keySet()
                .removeIf(name -> name.startsWith("SIDECAR_OPERATOR_") || name.startsWith("KUBE"));
        builder.environment().put("SIDECAR_OPERATOR_LOG_FORMAT", "text");
        try {
            return new OperatorChild(builder.start(), log);
        } catch (IOException e) {
            throw new DemoFailure("the operator cannot be started: " + e.getMessage());
        }
    }

    long pid() {
        return process.pid();
    }

    /** Whether it has logged that it is ready. */
    boolean isReady() {
        checkAlive();
        return log().contains(READY);
    }

    /** Fails when the process has ended, with the end of its log. */
    void checkAlive() {
        if (!process.isAlive()) {
            throw new DemoFailure("the operator has ended (exit code " + process.exitValue()
                    + "); the last lines of its log:\n" + lastLines());
        }
    }

    /** Waits until it ends. */
    void await() throws InterruptedException {
        process.waitFor();
    }

    /** Stops it in order, and by force if that takes too long. */
    void stop() {
        process.destroy();
        try {
            if (!process.waitFor(SECONDS_TO_END, TimeUnit.SECONDS)) {
                process.destroyForcibly();
            }
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        }
    }

    private String lastLines() {
        List<String> lines = log().lines().toList();
        return String.join("\n", lines.subList(Math.max(0, lines.size() - LINES_SHOWN), lines.size()));
    }

    private String log() {
        try {
            return Files.readString(log, StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new DemoFailure("the operator's log cannot be read: " + e.getMessage());
        }
    }
}
