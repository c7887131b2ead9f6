package io.sidecaroperator.cli.demo;

import java.io.PrintWriter;
import java.time.Duration;
import java.util.List;
import java.util.Locale;

/** What the audience sees: numbered steps, the commands that a user would type, and a few lines about each. */
final class Screen {
    private final PrintWriter out;
    private final int steps;
    private int step;

    Screen(PrintWriter out, int steps) {
        this.out = out;
        this.steps = steps;
    }

    void step(String title) {
        step++;
        line("");
        line("[" + step + "/" + steps + "] " + title);
    }

    void command(String command) {
        line("      $ " + command);
    }

    /** Prints lines of text, indented. */
    void tell(String text) {
        text.lines().forEach(line -> line("        " + line));
    }

    /**
     * Prints the lines of {@code after} and marks those that {@code before} does not have; then prints the removed
     * lines.
     */
    void compare(List<String> before, List<String> after) {
        after.forEach(line -> line("      " + (before.contains(line) ? "  " : "+ ") + line));
        before.stream().filter(line -> !after.contains(line)).forEach(line -> line("      - " + line));
    }

    void line(String line) {
        out.println(line);
        out.flush();
    }

    static String seconds(Duration time) {
        return String.format(Locale.ROOT, "%.1f s", time.toMillis() / 1000.0);
    }
}
