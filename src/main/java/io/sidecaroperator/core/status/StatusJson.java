package io.sidecaroperator.core.status;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.sidecaroperator.api.v1alpha1.SidecarPolicyStatus;
import io.sidecaroperator.core.json.Json;
import org.jspecify.annotations.Nullable;

/** Reads and writes the status of a policy as it is stored. */
public final class StatusJson {
    private StatusJson() {}

    /** Reads a stored status; null when it is absent, or in a form that this version does not write. */
    public static @Nullable SidecarPolicyStatus read(@Nullable JsonNode stored) {
        if (!(stored instanceof ObjectNode object)) {
            return null;
        }
        ObjectNode complete = Json.object();
        complete.putArray("conditions");
        complete.putObject("addedRequests");
        complete.putArray("exceptions");
        complete.setAll(object);
        try {
            return Json.MAPPER.treeToValue(complete, SidecarPolicyStatus.class);
        } catch (JsonProcessingException e) {
            return null;
        }
    }

    /** The tree to be stored. */
    public static ObjectNode write(SidecarPolicyStatus status) {
        return Json.MAPPER.valueToTree(status);
    }
}
