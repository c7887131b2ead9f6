package io.sidecaroperator.status;

import io.sidecaroperator.engine.PolicyKey;
import java.util.List;
import java.util.Optional;

/**
 * What status needs to know of the policy itself.
 *
 * @param revision what it injects now; empty when it does not compile
 * @param problems why it does not compile, each with the field it is about
 */
public record PolicyView(
        PolicyKey key, long generation, Optional<String> revision, List<String> problems, boolean deleting) {
    public PolicyView {
        problems = List.copyOf(problems);
    }
}
