package io.sidecaroperator.cli.command;

/** The exit codes of the program, for scripts. */
public final class ExitCode {
    /** Everything was done. */
    public static final int DONE = 0;
    /** Of a comparison: there are differences. Of a check: there are findings. */
    public static final int DIFFERENT = 1;
    /** The options or the input cannot be used. Standard output is empty. */
    public static final int BAD_INPUT = 2;
    /**
     * With {@code --strict}: a policy applies to a workload but was not injected, or was asked for and has no effect.
     */
    public static final int REFUSED = 3;
    /**
     * The reader of the result closed the pipe. A shell gives this code to a program that ended by SIGPIPE (128 + 13).
     */
    public static final int NOBODY_READS = 141;
    /** A defect in this program, not in the input. */
    public static final int BUG = 70;

    private ExitCode() {}
}
