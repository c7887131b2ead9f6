package io.sidecaroperator.core.model;

/**
 * The workload or bare Pod that a decision is about. {@code group} is empty for the core group. {@code name} may be
 * empty for an object that the API server has yet to name.
 */
public record WorkloadRef(String group, String kind, String namespace, String name) {
    /** {@code Deployment shop/web}, as messages name it. */
    @Override
    public String toString() {
        String shown = name.isEmpty() ? "(unnamed)" : name;
        return kind + " " + (namespace.isEmpty() ? shown : namespace + "/" + shown);
    }
}
