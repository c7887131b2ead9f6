package io.sidecaroperator.operator.watch;

import com.fasterxml.jackson.databind.JsonNode;
import io.fabric8.kubernetes.api.model.Namespaced;
import io.fabric8.kubernetes.client.CustomResource;
import io.fabric8.kubernetes.model.annotation.Group;
import io.fabric8.kubernetes.model.annotation.Kind;
import io.fabric8.kubernetes.model.annotation.Plural;
import io.fabric8.kubernetes.model.annotation.Version;

/**
 * A SidecarPolicy as a JSON tree. Every stored object can be read, so one policy cannot stop the watch of the others.
 */
@Group("sidecar-operator.io")
@Version("v1alpha1")
@Kind("SidecarPolicy")
@Plural("sidecarpolicies")
public class SidecarPolicyResource extends CustomResource<JsonNode, JsonNode> implements Namespaced {}
