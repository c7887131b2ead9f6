package io.sidecaroperator.cli.demo;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Everything that the demonstration starts. All of it is removed when the demonstration ends, however it ends. */
final class Stage implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final long GLANCE_MILLIS = 200;
    private static final int INTERRUPTED = 130;

    private final Path home;
    private final Path scratch;
    private final Programs programs;
    private final Cluster cluster;
    private final Thread hook;
    private @Nullable OperatorChild operator;
    private volatile boolean ending;
    private volatile boolean finished;
    private boolean closed;

    /**
     * @param realNode whether pods are to run
     */
    Stage(Path home, boolean realNode) {
        this.home = home;
        try {
            this.scratch = Files.createTempDirectory("sidecar-demo");
        } catch (IOException e) {
            throw new DemoFailure("there is no place for temporary files: " + e.getMessage());
        }
        this.programs = new Programs(home, scratch);
        String name = "demo-" + ProcessHandle.current().pid();
        this.cluster = realNode ? Cluster.withRealNode(programs, name) : Cluster.simulated(programs, name);
        this.hook = new Thread(this::interrupted, "demo-ending");
        Runtime.getRuntime().addShutdownHook(hook);
    }

    Path home() {
        return home;
    }

    /** Returns a file for the demonstration's own use. Only this user can read it. */
    Path scratch(String name) {
        return scratch.resolve(name);
    }

    Cluster cluster() {
        return cluster;
    }

    /** Starts the operator. From now on, waiting ends when the operator has ended. */
    OperatorChild startOperator(Path kubeconfig) {
        OperatorChild started;
        synchronized (this) {
            if (ending) {
                throw new DemoFailure("interrupted");
            }
            started = OperatorChild.start(cluster, home, kubeconfig, scratch("operator.log"));
            operator = started;
        }
        cluster.watch(started::checkAlive);
        return started;
    }

    /** Waits until the process gets a signal to end. Fails when the operator ends before. */
    void awaitOperator() throws InterruptedException {
        OperatorChild running = operator;
        if (running != null) {
            running.await();
            running.checkAlive();
        }
    }

    /** Polls until there is a result. Fails when it takes too long or the operator has ended. */
    <T> T await(String what, Supplier<Optional<T>> poll) {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        while (true) {
            Optional<T> seen = poll.get();
            if (seen.isPresent()) {
                return seen.get();
            }
            if (System.nanoTime() > deadline) {
                throw new DemoFailure("after " + PATIENCE.toSeconds() + " s still not seen: " + what);
            }
            try {
                Thread.sleep(GLANCE_MILLIS);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new DemoFailure("interrupted");
            }
        }
    }

    /** Everything has been shown. From now on, an interruption is the normal end and not a failure. */
    void finished() {
        finished = true;
    }

    /** Whether everything is being stopped because the process got a signal to end. */
    boolean isEnding() {
        return ending;
    }

    @Override
    public void close() {
        takeDown();
        try {
            Runtime.getRuntime().removeShutdownHook(hook);
        } catch (IllegalStateException e) {
            // The process is ending. The shutdown hook closes again and finds nothing left to do.
        }
    }

    private void interrupted() {
        ending = true;
        programs.end();
        takeDown();
        Runtime.getRuntime().halt(finished ? 0 : INTERRUPTED);
    }

    private synchronized void takeDown() {
        if (closed) {
            return;
        }
        closed = true;
        if (operator != null) {
            operator.stop();
        }
        try {
            cluster.down();
        } finally {
            delete(scratch);
        }
    }

    private static void delete(Path directory) {
        try (Stream<Path> files = Files.walk(directory)) {
            files.sorted(Comparator.reverseOrder())
                    .forEach(file -> file.toFile().delete());
        } catch (IOException e) {
            // It is a temporary directory, so files that remain do no harm.
        }
    }
}
