package io.sidecaroperator.operator.admission;

import io.sidecaroperator.operator.admission.AdmissionMetrics.Outcome;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes the reply body for a request body: decodes, asks the handler, encodes and counts. An exception of the handler
 * becomes a response that admits the object, so a defect of the operator never blocks a pod.
 */
public final class ReviewEndpoint {
    private static final Logger LOG = LoggerFactory.getLogger(ReviewEndpoint.class);
    private static final String FAILED =
            "sidecar-operator: internal error, no sidecar was added (see its log, request %s)";

    private final AdmissionHandler handler;
    private final AdmissionMetrics metrics;

    public ReviewEndpoint(AdmissionHandler handler, AdmissionMetrics metrics) {
        this.handler = handler;
        this.metrics = metrics;
    }

    /** The reply over HTTP. */
    public record Reply(int status, String contentType, byte[] body) {
        /** Returns a reply with one line for a person. */
        public static Reply text(int status, String line) {
            return new Reply(status, "text/plain; charset=utf-8", (line + "\n").getBytes(StandardCharsets.UTF_8));
        }
    }

    /** Answers one request body. */
    public Reply answer(byte[] body) {
        long start = System.nanoTime();
        try {
            AdmissionRequest request = AdmissionReviews.read(body);
            return new Reply(200, "application/json", AdmissionReviews.write(request.uid(), handle(request)));
        } catch (MalformedReviewException e) {
            metrics.count(Outcome.MALFORMED, "MalformedReview");
            LOG.atWarn().addKeyValue("problem", e.problem()).log("Rejected a request that is not an AdmissionReview");
            return Reply.text(400, e.problem());
        } finally {
            metrics.took(Duration.ofNanos(System.nanoTime() - start));
        }
    }

    /** Counts a request that was rejected before its body was read. */
    public void rejected(String reason) {
        metrics.count(Outcome.REJECTED, reason);
    }

    private AdmissionResponse handle(AdmissionRequest request) {
        AdmissionResponse response;
        try {
            response = handler.handle(request);
        } catch (RuntimeException | Error e) {
            LOG.atError()
                    .addKeyValue("uid", request.uid())
                    .addKeyValue("namespace", request.namespace())
                    .addKeyValue("resource", request.resource())
                    .setCause(e)
                    .log("Admission failed; the object was let in unchanged");
            response = AdmissionResponse.errored(FAILED.formatted(request.uid()));
        }
        metrics.count(outcomeOf(response), response.reason());
        return response;
    }

    private static Outcome outcomeOf(AdmissionResponse response) {
        if (response instanceof AdmissionResponse.Patched) {
            return Outcome.PATCHED;
        }
        return response instanceof AdmissionResponse.Errored ? Outcome.ERRORED : Outcome.ALLOWED;
    }
}
