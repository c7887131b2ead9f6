package io.sidecaroperator.operator.controller;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.sidecaroperator.core.policy.validation.BundledCrds;
import io.sidecaroperator.core.policy.validation.Finding;
import io.sidecaroperator.core.policy.validation.PolicyValidator;
import io.sidecaroperator.core.policy.validation.Severity;
import io.sidecaroperator.operator.watch.LimitRanges;
import io.sidecaroperator.operator.watch.Namespaces;
import io.sidecaroperator.operator.watch.OperatorScope;
import io.sidecaroperator.operator.watch.Policies;
import io.sidecaroperator.operator.watch.PolicyReader;
import io.sidecaroperator.operator.watch.RevisionCache;
import io.sidecaroperator.operator.watch.RevisionStore;
import io.sidecaroperator.operator.write.Writer;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.function.Function;

/**
 * What the operator knows about the cluster besides its workloads. JOSDK's informer of policies fills the first cache.
 */
record Caches(Policies policies, Namespaces namespaces, LimitRanges limitRanges, RevisionStore revisions) {

    /** Returns empty caches for what a scope covers. */
    static Caches of(KubernetesClient client, OperatorScope scope, Writer writer, Clock clock) {
        Function<ObjectNode, List<String>> problems = problems(new PolicyValidator(BundledCrds.read()));
        RevisionCache kept = new RevisionCache(problems);
        return new Caches(
                new Policies(new PolicyReader(problems, kept)),
                new Namespaces(client, scope.operatorNamespace()),
                new LimitRanges(client, scope.namespaces()),
                new RevisionStore(client, scope.namespaces(), scope.operatorNamespace(), kept, writer, clock));
    }

    /** Finds the problems that the API server of another release may have accepted. */
    private static Function<ObjectNode, List<String>> problems(PolicyValidator validator) {
        return policy -> validator.validate(policy).stream()
                .filter(finding -> finding.severity() == Severity.ERROR)
                .map(Finding::toString)
                .toList();
    }

    /** Lets the enqueuer listen for changes in the caches. */
    void listen(Enqueuer enqueuer) {
        namespaces.listen(enqueuer::ofNamespace);
        limitRanges.listen(enqueuer::ofLimits);
        revisions.listen(enqueuer::ofRevision);
    }

    /** Fills the caches. Throws an exception when one of them takes longer than the limit. */
    void start(Duration limit) {
        namespaces.start(limit);
        limitRanges.start(limit);
        revisions.start(limit);
    }

    void stop() {
        namespaces.stop();
        limitRanges.stop();
        revisions.stop();
    }

    /** Whether the caches are filled and still follow the cluster. */
    boolean synced() {
        return namespaces.synced() && limitRanges.synced() && revisions.synced();
    }
}
