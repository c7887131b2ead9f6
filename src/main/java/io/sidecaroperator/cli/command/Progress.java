package io.sidecaroperator.cli.command;

import java.io.PrintWriter;
import java.util.Locale;

/** A line that counts during long work. It appears on a terminal only, and is removed when the work is done. */
final class Progress implements AutoCloseable {
    /** Short work shows no line, and long work updates it rarely. */
    private static final int STEP = 200;

    private final PrintWriter err;
    private final boolean watched;
    private final String what;
    private int count;
    private int shown;

    /** {@code what} is counted, as in "documents". */
    Progress(Console console, PrintWriter err, String what) {
        this.err = err;
        this.watched = console.terminal().err();
        this.what = what;
    }

    /** Counts one more. */
    void step() {
        if (watched && ++count % STEP == 0) {
            String line = String.format(Locale.ROOT, "%,d %s", count, what);
            err.print("\r" + line);
            err.flush();
            shown = line.length();
        }
    }

    /** Removes the line. */
    @Override
    public void close() {
        if (shown > 0) {
            err.print("\r" + " ".repeat(shown) + "\r");
            err.flush();
            shown = 0;
        }
    }
}
