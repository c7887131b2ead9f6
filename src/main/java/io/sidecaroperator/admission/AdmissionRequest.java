package io.sidecaroperator.admission;

import com.fasterxml.jackson.databind.node.ObjectNode;

/**
 * What the API server asks: may this object be stored, and as what?
 *
 * @param uid names the question; the answer must carry it
 * @param operation {@code CREATE}, {@code UPDATE}, ...
 * @param namespace the namespace the object is created in; the object itself may leave it out
 * @param group API group of the resource, empty for core
 * @param resource the resource in the plural, {@code pods}
 * @param subresource {@code status}, say; empty for the object itself
 * @param object the object exactly as it came
 */
public record AdmissionRequest(
        String uid,
        String operation,
        String namespace,
        String group,
        String resource,
        String subresource,
        ObjectNode object) {

    /** Whether this is the creation of an object of that resource, and not of one of its subresources. */
    public boolean creates(String wantedGroup, String wantedResource) {
        return operation.equals("CREATE")
                && group.equals(wantedGroup)
                && resource.equals(wantedResource)
                && subresource.isEmpty();
    }
}
