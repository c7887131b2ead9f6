package io.sidecaroperator.docs;

import io.sidecaroperator.support.Checkout;
import java.util.ArrayList;
import java.util.List;

/** The README as its reader uses it: the commands of its shell blocks, in order. */
record Readme(String text) {
    static Readme read() {
        return new Readme(Checkout.read("README.md"));
    }

    /** Returns every line of every block marked {@code sh}. */
    List<String> commands() {
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
