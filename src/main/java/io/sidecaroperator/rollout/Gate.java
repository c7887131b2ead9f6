package io.sidecaroperator.rollout;

import io.sidecaroperator.engine.WorkloadRef;
import io.sidecaroperator.workload.Rollout;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Which workloads may change for a policy now. A function of what the cluster shows, so that a new leader decides alike. */
public final class Gate {
    private Gate() {}

    /**
     * One workload that a policy concerns.
     *
     * @param first whether the policy wants it changed before everybody else ({@code rollout.first})
     * @param rollout how far its pods follow its template
     * @param injected whether it carries what the policy wants now
     * @param waits whether it is to change and waits for its turn: to get another revision, or to lose the policy's parts
     * @param flight what the operator's last write to it has come to for this policy, if there was one
     */
    public record Berth(
            WorkloadRef ref,
            boolean first,
            Rollout rollout,
            boolean injected,
            boolean waits,
            Optional<Flight> flight) {}

    /**
     * The workloads that may change now and could not before, in the order in which they come.
     *
     * @param berths every workload that the policy selects and neither skips nor refuses, or takes its parts from
     * @param granted those that were told so and have not changed yet: they take slots
     */
    public static List<WorkloadRef> next(Flights.Terms terms, Collection<Berth> berths, Set<WorkloadRef> granted) {
        throw new UnsupportedOperationException();
    }
}
