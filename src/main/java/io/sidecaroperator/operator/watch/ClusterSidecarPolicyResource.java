package io.sidecaroperator.operator.watch;

import com.fasterxml.jackson.databind.JsonNode;
import io.fabric8.kubernetes.client.CustomResource;
import io.fabric8.kubernetes.model.annotation.Group;
import io.fabric8.kubernetes.model.annotation.Kind;
import io.fabric8.kubernetes.model.annotation.Plural;
import io.fabric8.kubernetes.model.annotation.Version;

/** A ClusterSidecarPolicy as a JSON tree. */
@Group("sidecar-operator.io")
@Version("v1alpha1")
@Kind("ClusterSidecarPolicy")
@Plural("clustersidecarpolicies")
public class ClusterSidecarPolicyResource extends CustomResource<JsonNode, JsonNode> {}
