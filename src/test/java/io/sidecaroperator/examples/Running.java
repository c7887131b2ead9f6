package io.sidecaroperator.examples;

import io.sidecaroperator.support.Checkout;
import io.sidecaroperator.support.RealProgram;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.BindException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;

/** A process that a test started. It is ended with SIGTERM, as Kubernetes does, or when it is closed. */
final class Running implements AutoCloseable {
    private static final HttpClient HTTP = HttpClient.newHttpClient();

    private final Process process;
    private final Path output;

    private Running(Process process, Path output) {
        this.process = process;
        this.output = output;
    }

    /** Starts a command with this environment and a PATH, without the environment of the test. */
    static Running start(List<String> command, Map<String, String> environment) {
        try {
            Path output = Files.createTempFile("running", ".out");
            ProcessBuilder builder = new ProcessBuilder(command)
                    .directory(Checkout.ROOT.toFile())
                    .redirectErrorStream(true)
                    .redirectOutput(output.toFile());
            builder.environment().clear();
            builder.environment().put("PATH", "/usr/bin:/bin");
            builder.environment().putAll(environment);
            return new Running(builder.start(), output);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Starts a program with arguments. */
    static Running start(RealProgram program, List<String> arguments, Map<String, String> environment) {
        List<String> command = new ArrayList<>();
        command.add(program.path().toString());
        command.addAll(arguments);
        return start(command, environment);
    }

    /** Returns what it printed so far. */
    String output() {
        try {
            return Files.readString(output);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Whether it still runs. */
    boolean isAlive() {
        return process.isAlive();
    }

    /** Asks it to stop, waits, and returns its exit code. */
    int terminate() {
        process.destroy();
        return awaitEnd();
    }

    /** Waits until it ends by itself. */
    int awaitEnd() {
        try {
            if (!process.waitFor(60, TimeUnit.SECONDS)) {
                throw new AssertionError("still runs\n" + output());
            }
            return process.exitValue();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError("interrupted", e);
        }
    }

    /** Returns its read position in a file that it has open; -1 when the file is not open. */
    long positionIn(Path file) {
        Path descriptors = Path.of("/proc", Long.toString(process.pid()), "fd");
        try (var links = Files.list(descriptors)) {
            for (Path link : links.toList()) {
                if (Files.isSymbolicLink(link) && file.toRealPath().equals(Files.readSymbolicLink(link))) {
                    return position(link);
                }
            }
            return -1;
        } catch (IOException e) {
            return -1;
        }
    }

    @Override
    public void close() {
        process.destroyForcibly();
        awaitEnd();
        output.toFile().delete();
    }

    /**
     * Returns an unused port on loopback. It is below the ports that the kernel uses for outgoing connections and below
     * those of {@code tools/cluster}, so no other process takes it before it is used.
     */
    static int freePort() {
        while (true) {
            int port = ThreadLocalRandom.current().nextInt(10_000, 20_000);
            try (ServerSocket socket = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
                return socket.getLocalPort();
            } catch (BindException e) {
                // The port is in use: try another one.
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    /** Returns the answer to a GET, or an empty one with status 0 when there is no answer. */
    static Answer get(String url) {
        HttpRequest request = HttpRequest.newBuilder(URI.create(url))
                .timeout(Duration.ofSeconds(30))
                .build();
        try {
            HttpResponse<String> response = HTTP.send(request, HttpResponse.BodyHandlers.ofString());
            return new Answer(response.statusCode(), response.body());
        } catch (IOException e) {
            return new Answer(0, "");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError("interrupted", e);
        }
    }

    /** A status and a body. */
    record Answer(int status, String body) {}

    private static long position(Path descriptor) throws IOException {
        Path info = descriptor.resolveSibling("../fdinfo").resolve(descriptor.getFileName());
        return Files.readAllLines(info).stream()
                .filter(line -> line.startsWith("pos:"))
                .mapToLong(line -> Long.parseLong(line.substring(4).trim()))
                .findFirst()
                .orElse(-1);
    }
}
