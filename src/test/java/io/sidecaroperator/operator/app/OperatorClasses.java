package io.sidecaroperator.operator.app;

import io.sidecaroperator.support.Checkout;
import io.sidecaroperator.support.Installation;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;

/**
 * The operator's classes as a JVM has them in memory. The first operator that tests start writes this archive for all
 * others: reading and checking the classes is most of the cost of a start.
 */
final class OperatorClasses {
    static final Path JAR = Checkout.ROOT.resolve("target/sidecar-operator.jar");
    private static final Path ARCHIVE = Checkout.ROOT.resolve("target/operator.jsa");

    private OperatorClasses() {}

    /** Returns the JVM options that use the archive. */
    static List<String> options(Installation installation) throws IOException {
        Path lock = ARCHIVE.resolveSibling("operator.jsa.lock");
        try (FileChannel channel = FileChannel.open(lock, StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
            // Tests run in several JVMs: one of them makes the archive, and the others wait for it.
            channel.lock();
            if (!Files.exists(ARCHIVE) || isNewer(JAR, ARCHIVE)) {
                make(installation);
            }
        }
        return List.of("-XX:SharedArchiveFile=" + ARCHIVE, "-Xlog:disable", "-Xlog:all=error:stderr");
    }

    private static void make(Installation installation) throws IOException {
        try (OperatorRun operator =
                OperatorRun.start(installation, List.of("-XX:ArchiveClassesAtExit=" + ARCHIVE), List.of())) {
            operator.ready().terminate();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static boolean isNewer(Path one, Path other) throws IOException {
        return Files.getLastModifiedTime(one).compareTo(Files.getLastModifiedTime(other)) > 0;
    }
}
