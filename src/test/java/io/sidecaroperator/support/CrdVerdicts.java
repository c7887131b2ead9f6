package io.sidecaroperator.support;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** What the API servers of earlier and later minors of Kubernetes make of CRDs: {@code tools/crd-verdicts}. */
public final class CrdVerdicts {
    private static final Path SOURCES = Checkout.ROOT.resolve("tools/crd-verdicts");

    private CrdVerdicts() {}

    /** Returns every minor that there is a program for, such as {@code 1.29}, the oldest first. */
    public static List<String> minors() {
        try (Stream<Path> files = Files.list(SOURCES)) {
            return files.map(file -> file.getFileName().toString())
                    .filter(name -> name.matches("1\\.\\d+\\.mod"))
                    .map(name -> name.substring(0, name.length() - ".mod".length()))
                    .sorted(Comparator.comparingInt(minor -> Integer.parseInt(minor.substring(2))))
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Returns the minors that the gate asks: the oldest and the newest; all of them in the exhaustive run. */
    public static List<String> asked() {
        List<String> all = minors();
        return RandomRuns.exhaustive() ? all : List.of(all.get(0), all.get(all.size() - 1));
    }

    /** Builds the program of a minor, unless the cache has it. */
    static Path program(String minor) {
        return new GoProgram("crd-verdict-" + minor, SOURCES, minor + ".mod", ".").path();
    }

    /** Returns the errors of the API server of a minor for these CRDs; empty when it accepts them. */
    public static List<String> of(String minor, List<Path> crds) {
        List<String> command = new ArrayList<>(List.of(program(minor).toString()));
        crds.forEach(crd -> command.add(crd.toString()));
        Program.Result result = Program.run(command, Map.of(), "", Duration.ofMinutes(2));
        if (result.exitCode() > 1) {
            throw new AssertionError(result.err());
        }
        return result.out().lines().toList();
    }
}
