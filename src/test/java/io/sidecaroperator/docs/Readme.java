package io.sidecaroperator.docs;

import io.sidecaroperator.support.Checkout;
import java.util.ArrayList;
import java.util.List;

/** The README as its reader uses it: the commands of its shell blocks, in order. */
public record Readme(String text) {
    /** The section whose commands a test on a real node runs. */
    public static final String INSTALL = "## Install it";

    public static Readme read() {
        return of("README.md");
    }

    /** Returns another page of commands. */
    public static Readme of(String file) {
        return new Readme(Checkout.read(file));
    }

    /** Returns the part from this heading to the next of its level. */
    public Readme section(String heading) {
        int start = text.indexOf(heading + "\n");
        if (start < 0) {
            throw new AssertionError("there is no section " + heading);
        }
        int end = text.indexOf("\n## ", start + 1);
        return new Readme(text.substring(start, end < 0 ? text.length() : end));
    }

    /** Returns everything but this section. */
    public Readme without(String heading) {
        return new Readme(text.replace(section(heading).text, ""));
    }

    /** Returns every line of every block marked {@code sh}. */
    public List<String> commands() {
        List<String> commands = new ArrayList<>();
        boolean inside = false;
        for (String line : text.lines().toList()) {
            if (line.startsWith("```")) {
                inside = line.equals("```sh");
            } else if (inside && !line.isBlank()) {
                commands.add(line);
            }
        }
        return List.copyOf(commands);
    }
}
