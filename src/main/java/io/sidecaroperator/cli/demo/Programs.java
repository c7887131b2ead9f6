package io.sidecaroperator.cli.demo;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Runs programs in the checkout until they end. Stops waiting when the demonstration has failed elsewhere. */
final class Programs {
    private static final Duration GLANCE = Duration.ofMillis(50);

    private final Path home;
    private final Path scratch;
    private volatile @Nullable Process current;

    /**
     * @param home the checkout, where programs run
     * @param scratch a private directory for what they print
     */
    Programs(Path home, Path scratch) {
        this.home = home;
        this.scratch = scratch;
    }

    /** What a program printed. */
    record Output(int exitCode, String out, String err) {}

    /**
     * Runs a program. Meanwhile {@code alarm} is called again and again and may throw. With {@code shown}, standard
     * error is shown as it comes; otherwise it is kept.
     */
    Output run(List<String> command, Map<String, String> environment, boolean shown, Runnable alarm) {
        Path out = null;
        Path err = null;
        try {
            out = Files.createTempFile(scratch, "program", ".out");
            err = Files.createTempFile(scratch, "program", ".err");
            ProcessBuilder builder = new ProcessBuilder(command)
                    .directory(home.toFile())
                    .redirectInput(new File("/dev/null"))
                    .redirectOutput(out.toFile());
            if (shown) {
                builder.redirectError(ProcessBuilder.Redirect.INHERIT);
            } else {
                builder.redirectError(err.toFile());
            }
            builder.environment().putAll(environment);
            Process process = builder.start();
            current = process;
            try {
                while (!process.waitFor(GLANCE.toMillis(), TimeUnit.MILLISECONDS)) {
                    alarm.run();
                }
            } finally {
                process.destroy();
                current = null;
            }
            return new Output(process.exitValue(), text(out), text(err));
        } catch (IOException e) {
            throw new DemoFailure(command.get(0) + " cannot be run: " + e.getMessage());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new DemoFailure("interrupted");
        } finally {
            delete(out);
            delete(err);
        }
    }

    /** Ends the program that runs now, if there is one. It cleans up by itself. */
    void end() {
        Process process = current;
        if (process != null) {
            process.destroy();
        }
    }

    private static String text(Path path) throws IOException {
        return Files.readString(path, StandardCharsets.UTF_8);
    }

    private static void delete(@Nullable Path path) {
        if (path != null) {
            path.toFile().delete();
        }
    }
}
