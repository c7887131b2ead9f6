package io.sidecaroperator.support;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Assumptions;

/** Whether this machine can have what some tests need: the operator's image, a real node. */
public final class RealThings {
    private static final int CANNOT = 3;
    private static final Duration LIMIT = Duration.ofMinutes(15);

    private RealThings() {}

    /**
     * Skips the test, and prints why, where the script says that it cannot work here. With {@code -Dtest.real=true},
     * which {@code .ci/run} sets where everything is there, the test fails instead.
     */
    public static void assume(String script) {
        Program.Result result = check(script);
        if (result.exitCode() == 0) {
            return;
        }
        if (result.exitCode() != CANNOT) {
            throw new AssertionError(result.err());
        }
        throw skip(result.err().strip());
    }

    /** Skips the test, and prints why. With {@code -Dtest.real=true} the test fails instead. Returns never. */
    static RuntimeException skip(String reason) {
        String why = "skipped: " + reason;
        if (Boolean.getBoolean("test.real")) {
            throw new AssertionError(why);
        }
        System.out.println(why);
        return Assumptions.abort(why);
    }

    /** Whether the script can work here. */
    static boolean possible(String script) {
        return check(script).exitCode() == 0;
    }

    private static Program.Result check(String script) {
        return Program.run(List.of("bash", script, "check"), Map.of(), "", LIMIT);
    }
}
