package io.sidecaroperator.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import com.fasterxml.jackson.databind.JsonNode;
import io.fabric8.crd.generator.annotation.SchemaFrom;
import io.fabric8.kubernetes.api.model.LabelSelector;
import org.jspecify.annotations.Nullable;

/** The spec of a {@link ClusterSidecarPolicy}: a policy's spec, and the namespaces that it reaches. */
public class ClusterSidecarPolicySpec extends SidecarPolicySpec {
    @JsonPropertyDescription("Namespaces, by their labels, in which the policy selects pods. {}, the default, is all of"
            + " them but the system ones and the operator's own, which are never touched.")
    @SchemaFrom(type = LabelSelector.class)
    public @Nullable JsonNode namespaceSelector;
}
