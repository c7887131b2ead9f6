package io.sidecaroperator.manifest;

import java.util.ArrayList;
import java.util.List;

/** What is to be said about a run, in order: for people, apart from the result. */
public final class Report {
    private final List<Line> lines = new ArrayList<>();
    private boolean refused;

    /** A line; {@code important} ones are also said when the user asked for quiet. */
    public record Line(boolean important, String text) {}

    public void tell(String text) {
        lines.add(new Line(false, text));
    }

    public void warn(String text) {
        lines.add(new Line(true, text));
    }

    public void refuse(String text) {
        refused = true;
        lines.add(new Line(true, text));
    }

    /** Whether a policy applies to a workload but could not be injected. */
    public boolean refused() {
        return refused;
    }

    public List<String> lines(boolean quiet) {
        return lines.stream()
                .filter(line -> line.important() || !quiet)
                .map(Line::text)
                .toList();
    }
}
