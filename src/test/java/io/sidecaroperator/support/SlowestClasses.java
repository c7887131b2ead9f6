package io.sidecaroperator.support;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import javax.xml.parsers.DocumentBuilderFactory;
import javax.xml.parsers.ParserConfigurationException;
import org.w3c.dom.Element;
import org.xml.sax.SAXException;

/**
 * Prints the slowest test classes of a build, and fails it when one took longer than a limit. If {@link MachineSpeed}
 * found this machine slower than the one where the limit was set, the limit is longer in proportion.
 */
public final class SlowestClasses {
    private static final int SHOWN = 20;
    /** What {@link MachineSpeed} measures on two quiet cores, in milliseconds. */
    static final double QUIET_MILLISECONDS = 45;

    private SlowestClasses() {}

    record Timed(String testClass, double seconds) {}

    /** Takes the limit in seconds, and when the build began (ISO 8601): older reports are of other builds. */
    public static void main(String[] arguments) throws IOException {
        List<String> speed = Files.exists(MachineSpeed.FILE) ? Files.readAllLines(MachineSpeed.FILE) : List.of();
        Files.deleteIfExists(MachineSpeed.FILE);
        int limit = Integer.parseInt(arguments[0]);
        System.out.print(check(Path.of("target"), limit, Instant.parse(arguments[1]), speed));
    }

    /** Returns what is to be printed. Throws an exception when a class is over the limit. */
    static String check(Path target, int limitSeconds, Instant from, List<String> speed) throws IOException {
        List<Timed> classes = new ArrayList<>();
        for (String reports : List.of("surefire-reports", "failsafe-reports")) {
            classes.addAll(read(target.resolve(reports), from));
        }
        double slowness = slowness(speed);
        double limit = limitSeconds * slowness;
        String report = report(classes, limit, slowness);
        List<String> tooSlow = classes.stream()
                .filter(timed -> timed.seconds() > limit)
                .map(timed -> "%s (%.0f s)".formatted(timed.testClass(), timed.seconds()))
                .toList();
        if (!tooSlow.isEmpty()) {
            System.out.print(report);
            throw new IllegalStateException(
                    "test classes over the limit of %.0f s: %s".formatted(limit, String.join(", ", tooSlow)));
        }
        return report;
    }

    /**
     * Returns the median of the times as a multiple of a quiet machine's. At least one, so that a fast machine does not
     * tighten the limit.
     */
    static double slowness(List<String> milliseconds) {
        List<Double> sorted =
                milliseconds.stream().map(Double::parseDouble).sorted().toList();
        return sorted.isEmpty() ? 1 : Math.max(1, sorted.get(sorted.size() / 2) / QUIET_MILLISECONDS);
    }

    static String report(List<Timed> classes, double limit, double slowness) {
        StringBuilder text = new StringBuilder();
        text.append(
                "Slowest of %d test classes, %.0f s in all (limit %.0f s each; this machine takes %.1f times as long as a quiet one):%n"
                        .formatted(
                                classes.size(),
                                classes.stream().mapToDouble(Timed::seconds).sum(),
                                limit,
                                slowness));
        classes.stream()
                .sorted(Comparator.comparingDouble(Timed::seconds).reversed())
                .limit(SHOWN)
                .forEach(timed -> text.append("%7.1f s  %s%n".formatted(timed.seconds(), timed.testClass())));
        return text.toString();
    }

    private static List<Timed> read(Path reports, Instant from) throws IOException {
        if (!Files.isDirectory(reports)) {
            return List.of();
        }
        List<Timed> classes = new ArrayList<>();
        try (Stream<Path> files = Files.list(reports)) {
            for (Path file : files.sorted().toList()) {
                if (file.getFileName().toString().matches("TEST-.*\\.xml")
                        && Files.getLastModifiedTime(file).toInstant().isAfter(from)) {
                    classes.add(readReport(file));
                }
            }
        }
        return classes;
    }

    private static Timed readReport(Path file) throws IOException {
        try {
            Element suite = DocumentBuilderFactory.newInstance()
                    .newDocumentBuilder()
                    .parse(file.toFile())
                    .getDocumentElement();
            String name = suite.getAttribute("name");
            return new Timed(
                    name.substring(name.lastIndexOf('.') + 1).trim(),
                    Double.parseDouble(
                            suite.getAttribute("time").replace(",", "").trim()));
        } catch (SAXException | ParserConfigurationException e) {
            throw new IOException("cannot read " + file, e);
        }
    }
}
