package io.sidecaroperator.operator.admission;

import io.sidecaroperator.core.injection.Input;
import io.sidecaroperator.core.model.KubernetesVersion;
import io.sidecaroperator.core.policy.PolicyIndex;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * What the handlers know about the cluster. All of it is in memory, because a call from here would delay every object.
 *
 * @param policies returns the policies as they are now
 * @param namespaces returns what decisions depend on in a namespace. A namespace that is not known yet counts as one
 *     without labels. That is safe, because the API server itself excludes opted-out namespaces (namespaceSelector of
 *     the registration)
 * @param server version of the API server
 */
public record ClusterView(
        Supplier<PolicyIndex> policies, Function<String, Input.InNamespace> namespaces, KubernetesVersion server) {}
