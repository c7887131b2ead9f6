package io.sidecaroperator.cli.command;

/** What the program's end says to a script. */
public final class ExitCode {
    /** Everything was done. */
    public static final int DONE = 0;
    /** Of a comparison: there are differences; of a check: there are findings. */
    public static final int DIFFERENT = 1;
    /** The options or the input cannot be used; nothing was written to standard output. */
    public static final int BAD_INPUT = 2;
    /** With {@code --strict}: a policy applies to a workload but was not injected, or was asked for and does nothing. */
    public static final int REFUSED = 3;
    /** Whoever read the result closed the pipe: what a shell says of a program that ended by SIGPIPE (128 + 13). */
    public static final int NOBODY_READS = 141;
    /** A mistake in this program, not in the input. */
    public static final int BUG = 70;

    private ExitCode() {}
}
