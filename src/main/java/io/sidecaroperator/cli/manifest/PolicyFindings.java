package io.sidecaroperator.cli.manifest;

import io.sidecaroperator.core.policy.validation.Severity;
import java.util.List;
import java.util.stream.Stream;

/**
 * All findings in policy files.
 *
 * @param policies each with its findings, in the order of the files
 * @param strays findings about objects that are not policies but perhaps should be
 * @param others how many objects are not policies
 * @param unreadable what could not be read completely
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
     * @param line where reading ended; 0 when that is unknown
     * @param message begins with the place
     */
    public record Unreadable(String file, int line, String message) {}

    /** Returns all findings, those about policies first. */
    public Stream<PolicyProblem> problems() {
        return Stream.concat(policies.stream().flatMap(policy -> policy.problems().stream()), strays.stream());
    }

    /** Returns how many findings have this severity. */
    public long count(Severity severity) {
        return problems()
                .filter(problem -> problem.finding().severity() == severity)
                .count();
    }
}
