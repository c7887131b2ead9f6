package io.sidecaroperator.cli.command;

import java.io.PrintWriter;
import java.util.Locale;

/** A line that counts while long work goes on: on a terminal only, and gone when the work is done. */
final class Progress implements AutoCloseable {
    /** Short work says nothing, and a terminal is not flooded. */
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

    /** One more is done. */
    void step() {
        if (watched && ++count % STEP == 0) {
            String line = String.format(Locale.ROOT, "%,d %s", count, what);
            err.print("\r" + line);
            err.flush();
            shown = line.length();
        }
    }

    /** Takes the line away. */
    @Override
    public void close() {
        if (shown > 0) {
            err.print("\r" + " ".repeat(shown) + "\r");
            err.flush();
            shown = 0;
        }
    }
}
