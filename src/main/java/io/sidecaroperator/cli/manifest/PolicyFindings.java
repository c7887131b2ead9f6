package io.sidecaroperator.cli.manifest;

import io.sidecaroperator.core.policy.validation.Severity;
import java.util.List;
import java.util.stream.Stream;

/**
 * Everything that was found in files of policies.
 *
 * @param policies each with its findings, in the order of the files
 * @param strays findings about objects that are no policy and were perhaps meant to be
 * @param others how many objects are no policy
 * @param unreadable what could not be read to its end
 */
public record PolicyFindings(
        List<CheckedPolicy> policies, List<PolicyProblem> strays, int others, List<Unreadable> unreadable) {
    public PolicyFindings {
        policies = List.copyOf(policies);
        strays = List.copyOf(strays);
        unreadable = List.copyOf(unreadable);
    }

    /**
     * A file that could not be read.
     *
     * @param line where reading ended; 0 when nobody knows
     * @param message begins with the place
     */
    public record Unreadable(String file, int line, String message) {}

    /** All findings, those about policies first. */
    public Stream<PolicyProblem> problems() {
        return Stream.concat(policies.stream().flatMap(policy -> policy.problems().stream()), strays.stream());
    }

    /** How many findings are as bad as this. */
    public long count(Severity severity) {
        return problems()
                .filter(problem -> problem.finding().severity() == severity)
                .count();
    }
}
