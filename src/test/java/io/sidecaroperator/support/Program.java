package io.sidecaroperator.support;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** Runs a program until it ends and keeps what it printed. */
public final class Program {
    private Program() {}

    /** The result of a finished program: its exit code and both its streams. */
    public record Result(int exitCode, String out, String err) {
        /**
         * Returns this result when the exit code is 0. Otherwise throws an {@link AssertionError} with both streams.
         */
        public Result ok() {
            if (exitCode != 0) {
                throw new AssertionError("exit code " + exitCode + "\n" + out + "\n" + err);
            }
            return this;
        }
    }

    /** Runs a command with extra environment and standard input. Ends it and fails when it exceeds the limit. */
    public static Result run(List<String> command, Map<String, String> environment, String input, Duration limit) {
        Path out = null;
        Path err = null;
        Path in = null;
        try {
            out = Files.createTempFile("program", ".out");
            err = Files.createTempFile("program", ".err");
            in = Files.createTempFile("program", ".in");
            Files.writeString(in, input);
            ProcessBuilder builder = new ProcessBuilder(command)
                    .directory(Checkout.ROOT.toFile())
                    .redirectInput(in.toFile())
                    .redirectOutput(out.toFile())
                    .redirectError(err.toFile());
            builder.environment().putAll(environment);
            Process process = builder.start();
            if (!process.waitFor(limit.toMillis(), TimeUnit.MILLISECONDS)) {
                process.destroyForcibly();
                throw new AssertionError(command + " still ran after " + limit + "\n" + read(out) + "\n" + read(err));
            }
            return new Result(process.exitValue(), read(out), read(err));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError("interrupted", e);
        } finally {
            delete(out);
            delete(err);
            delete(in);
        }
    }

    private static String read(Path path) throws IOException {
        return Files.readString(path, StandardCharsets.UTF_8);
    }

    private static void delete(@org.jspecify.annotations.Nullable Path path) {
        if (path != null) {
            path.toFile().delete();
        }
    }
}
