package io.sidecaroperator.operator.admission;

import io.sidecaroperator.core.injection.Input;
import io.sidecaroperator.core.model.KubernetesVersion;
import io.sidecaroperator.core.policy.PolicyIndex;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * What the handlers know of the cluster; all of it is in memory, because a call from here would make every object wait.
 *
 * @param policies the policies as they are now
 * @param namespaces what decisions depend on in a namespace. One that is not known yet counts as one without labels, and
 *     nothing slips through, because the API server itself keeps opted-out namespaces away (namespaceSelector of the
 *     registration)
 * @param server version of the API server
 */
public record ClusterView(
        Supplier<PolicyIndex> policies, Function<String, Input.InNamespace> namespaces, KubernetesVersion server) {}
