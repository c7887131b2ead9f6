package io.sidecaroperator.operator.admission;

/** A body that is no AdmissionReview we can answer. */
public final class MalformedReviewException extends Exception {
    private final String problem;

    public MalformedReviewException(String problem) {
        super(problem);
        this.problem = problem;
    }

    /** What is wrong with the body, for the person who sent it. */
    public String problem() {
        return problem;
    }
}
