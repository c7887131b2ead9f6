package io.sidecaroperator.operator.admission;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Optional;

/**
 * What the API server asks: may this object be stored, and as what?
 *
 * @param uid names the question; the answer must carry it
 * @param operation {@code CREATE}, {@code UPDATE}, ...
 * @param namespace the namespace the object is created in; the object itself may leave it out
 * @param user name of the user who asked for the change
 * @param resource what kind of thing is stored
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
     * @param name in the plural, {@code pods}
     * @param subresource {@code status}, say; empty for the object itself
     */
    public record Resource(String group, String name, String subresource) {}

    /** Whether this is the creation of an object of that resource, and not of one of its subresources. */
    public boolean creates(String group, String name) {
        return isCreation() && resource.equals(new Resource(group, name, ""));
    }

    /** Whether something is created. */
    public boolean isCreation() {
        return operation.equals("CREATE");
    }

    /** Whether something that is stored is changed. */
    public boolean isUpdate() {
        return operation.equals("UPDATE");
    }
}
