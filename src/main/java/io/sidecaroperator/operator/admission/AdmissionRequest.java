package io.sidecaroperator.operator.admission;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Optional;

/**
 * The request of the API server: may this object be stored, and in what form?
 *
 * @param uid identifies the request; the response must repeat it
 * @param operation {@code CREATE}, {@code UPDATE}, ...
 * @param namespace the namespace in which the object is created; the object itself may omit it
 * @param user name of the user who makes the change
 * @param resource the resource that is stored
 * @param object the object exactly as it came
 * @param oldObject the object as it is stored; empty on creation
 */
public record AdmissionRequest(
        String uid,
        String operation,
        String namespace,
        String user,
        Resource resource,
        ObjectNode object,
        Optional<ObjectNode> oldObject) {

    /**
     * A resource of the API.
     *
     * @param group API group, empty for core
     * @param name the plural name, such as {@code pods}
     * @param subresource such as {@code status}; empty for the object itself
     */
    public record Resource(String group, String name, String subresource) {}

    /** Whether this creates an object of that resource, and not of one of its subresources. */
    public boolean creates(String group, String name) {
        return isCreation() && resource.equals(new Resource(group, name, ""));
    }

    /** Whether an object is created. */
    public boolean isCreation() {
        return operation.equals("CREATE");
    }

    /** Whether a stored object is changed. */
    public boolean isUpdate() {
        return operation.equals("UPDATE");
    }
}
