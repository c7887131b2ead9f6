package io.sidecaroperator.operator.admission;

/** A request body that is not an AdmissionReview that the operator can answer. */
public final class MalformedReviewException extends Exception {
    private final String problem;

    public MalformedReviewException(String problem) {
        super(problem);
        this.problem = problem;
    }

    /** Returns what is wrong with the body, for the person who sent it. */
    public String problem() {
        return problem;
    }
}
