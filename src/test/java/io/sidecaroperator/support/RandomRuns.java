package io.sidecaroperator.support;

import java.util.function.LongConsumer;

/**
 * How often tests with random input run: a tenth of their number by default, all of it with {@code -Pexhaustive}.
 *
 * <p>Seeds count up from {@code -Dtest.seed=N}, by default from 0, so that one commit gives one result. A failure names
 * the seed of its run; {@code -Dtest.seed} set to that number makes it the first one.
 */
public final class RandomRuns {
    private static final boolean EXHAUSTIVE = Boolean.getBoolean("test.exhaustive");
    private static final long FIRST_SEED = Long.getLong("test.seed", 0);
    private static final int SHARE = EXHAUSTIVE ? 1 : 10;

    static {
        System.out.println("Random tests: seeds from " + FIRST_SEED + " on (-Dtest.seed=N), "
                + (EXHAUSTIVE ? "all runs" : "a tenth of the runs (-Pexhaustive: all)"));
    }

    private RandomRuns() {}

    /** Whether {@code -Pexhaustive} asks for all runs. */
    public static boolean exhaustive() {
        return EXHAUSTIVE;
    }

    /** Returns the number of runs, given that of the exhaustive profile. */
    public static int of(int exhaustive) {
        return Math.max(1, exhaustive / SHARE);
    }

    /**
     * Returns how often the runs have to see something, given how often all of them have to. A tenth of the runs may
     * see it half as often as its share, because few runs vary more.
     */
    public static int atLeast(int exhaustive) {
        return EXHAUSTIVE ? exhaustive : Math.max(1, exhaustive / SHARE / 2);
    }

    /** Returns the seed of the first run. */
    public static long firstSeed() {
        return FIRST_SEED;
    }

    /** Runs a test once for each seed, and names the seed for which it failed. */
    public static void forEachSeed(int exhaustive, LongConsumer test) {
        for (long seed = FIRST_SEED; seed < FIRST_SEED + of(exhaustive); seed++) {
            try {
                test.accept(seed);
            } catch (AssertionError | RuntimeException e) {
                throw new AssertionError("seed " + seed + ": " + e.getMessage(), e);
            }
        }
    }
}
