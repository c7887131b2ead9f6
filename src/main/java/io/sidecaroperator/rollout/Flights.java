package io.sidecaroperator.rollout;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.sidecaroperator.engine.PolicyKey;
import io.sidecaroperator.engine.Receipt;
import io.sidecaroperator.workload.WorkloadKind;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.function.Function;

/** Judges what the operator's last write to a workload has come to. */
public final class Flights {
    private Flights() {}

    /**
     * A workload with a record, as it is seen now.
     *
     * @param workload the whole object
     * @param template {@link RolloutRecord#hashOf} the user's part of its template
     * @param receipt the receipt of its template
     * @param pods its pods (core/v1), where they were looked at
     * @param since when this process first saw this record: a deadline that passed before is held against nobody
     */
    public record Seen(
            WorkloadKind kind,
            ObjectNode workload,
            String template,
            Receipt receipt,
            Optional<List<JsonNode>> pods,
            Instant since,
            Instant now) {}

    /**
     * What of a policy matters here.
     *
     * @param revision what it injects now; empty when it is being deleted or does not compile
     * @param approved whether somebody has said that this revision goes on whatever fails
     */
    public record Terms(Optional<String> revision, RolloutRules rules, boolean approved) {}

    /** A flight for each policy of the record. {@code terms} is empty for a policy that is not there. */
    public static SortedMap<PolicyKey, Flight> of(
            RolloutRecord record, Seen seen, Function<PolicyKey, Optional<Terms>> terms) {
        throw new UnsupportedOperationException();
    }
}
