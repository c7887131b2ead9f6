package io.sidecaroperator.cli.manifest;

import io.sidecaroperator.core.policy.CompiledPolicy;
import io.sidecaroperator.yaml.Document;
import java.util.List;
import java.util.Optional;

/**
 * A policy of a file, and all findings about it.
 *
 * @param where its place, as messages begin
 * @param name its name, as in {@code SidecarPolicy shop/logs}
 * @param compiled the policy, when it is valid
 */
public record CheckedPolicy(
        Document document, String where, String name, Optional<CompiledPolicy> compiled, List<PolicyProblem> problems) {
    public CheckedPolicy {
        problems = List.copyOf(problems);
    }
}
