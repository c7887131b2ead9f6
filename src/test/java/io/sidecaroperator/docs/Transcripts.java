package io.sidecaroperator.docs;

import io.sidecaroperator.cli.command.CommandRun;
import io.sidecaroperator.support.Checkout;
import java.io.IOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * The transcripts of a page: blocks of {@code console}. A line that begins with a dollar sign is a command of this
 * project. The lines after it are everything that it prints, the result first. A line of three dots stands for any
 * lines.
 */
public final class Transcripts {
    private static final String BEGIN = "```console";
    private static final String END = "```";
    private static final String PROMPT = "$ ";
    private static final String ANY = "...";

    private final String file;
    private final List<String> lines;

    private Transcripts(String file) {
        this.file = file;
        this.lines = Checkout.read(file).lines().toList();
    }

    /** Returns the transcripts of a page, by its path from the root. */
    public static Transcripts of(String file) {
        return new Transcripts(file);
    }

    /**
     * A command of the page.
     *
     * @param line its position, from 0
     */
    public record Step(int line, String command, List<String> printed) {
        /** Whether the command prints these lines. Dots stand for any lines. */
        public boolean matches(List<String> actual) {
            return matches(printed, actual);
        }

        /** Whether it uses a cluster. */
        public boolean needsCluster() {
            return command.contains("--cluster") || command.matches("sidecar (status|uninstall)\\b.*");
        }

        private static boolean matches(List<String> expected, List<String> actual) {
            if (expected.isEmpty() || actual.isEmpty() && !expected.get(0).equals(ANY)) {
                return expected.isEmpty() && actual.isEmpty();
            }
            List<String> rest = expected.subList(1, expected.size());
            if (expected.get(0).equals(ANY)) {
                return matches(rest, actual)
                        || !actual.isEmpty() && matches(expected, actual.subList(1, actual.size()));
            }
            return expected.get(0).equals(actual.get(0)) && matches(rest, actual.subList(1, actual.size()));
        }
    }

    /** Returns all commands, in order. */
    public List<Step> steps() {
        List<Step> steps = new ArrayList<>();
        boolean inside = false;
        for (int i = 0; i < lines.size(); i++) {
            if (lines.get(i).equals(BEGIN) || lines.get(i).equals(END)) {
                inside = lines.get(i).equals(BEGIN);
            } else if (inside && lines.get(i).startsWith(PROMPT)) {
                List<String> printed = lines.subList(i + 1, lines.size()).stream()
                        .takeWhile(line -> !line.equals(END) && !line.startsWith(PROMPT))
                        .toList();
                steps.add(new Step(i, lines.get(i).substring(PROMPT.length()), printed));
            }
        }
        return steps;
    }

    /**
     * Writes the page with what the commands print now. Dots and the lines beside them stay as the author chose them.
     */
    public void update(Function<Step, List<String>> run) throws IOException {
        List<String> updated = new ArrayList<>();
        int from = 0;
        for (Step step : steps()) {
            int end = step.line() + 1 + step.printed().size();
            updated.addAll(lines.subList(from, step.line() + 1));
            updated.addAll(step.printed().contains(ANY) ? step.printed() : run.apply(step));
            from = end;
        }
        updated.addAll(lines.subList(from, lines.size()));
        Files.writeString(
                Checkout.ROOT.resolve(file),
                updated.stream().map(line -> line + "\n").collect(Collectors.joining()));
    }

    /** Returns what a command of this project prints, or several with pipes between them. */
    static List<String> run(String command) {
        return run(Map.of("HOME", "/nowhere"), command);
    }

    /** The same in this environment. */
    public static List<String> run(Map<String, String> environment, String command) {
        String input = "";
        StringBuilder messages = new StringBuilder();
        for (String stage : command.split(" \\| ", -1)) {
            String[] words = stage.split(" ", -1);
            CommandRun run = CommandRun.in(environment, input, Arrays.copyOfRange(words, 1, words.length));
            input = run.out();
            messages.append(run.err());
        }
        return (input + messages).lines().toList();
    }
}
