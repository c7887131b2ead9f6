package io.sidecaroperator.rollout;

import io.sidecaroperator.engine.WorkloadRef;
import io.sidecaroperator.workload.Rollout;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;

/** Which workloads may change for a policy now. A function of what the cluster shows, so that a new leader decides alike. */
public final class Gate {
    private static final Comparator<Slot> ORDER = Comparator.comparingInt(Slot::stage)
            .thenComparing(slot -> slot.berth.ref.namespace())
            .thenComparing(slot -> slot.berth.ref.kind())
            .thenComparing(slot -> slot.berth.ref.name());

    private Gate() {}

    /**
     * One workload that a policy concerns.
     *
     * @param first whether the policy wants it changed before everybody else ({@code rollout.first})
     * @param rollout how far its pods follow its template
     * @param injected whether it carries what the policy wants now
     * @param waits whether it is to change and waits for its turn: to get another revision, or to lose the policy's parts
     * @param due whether it is still to change, be it that it waits for its turn or that it could not use the last one
     * @param flight what the operator's last write to it has come to for this policy, if there was one
     */
    public record Berth(
            WorkloadRef ref,
            boolean first,
            Rollout rollout,
            boolean injected,
            boolean waits,
            boolean due,
            Optional<Flight> flight) {
        /** One that has not been kept from using a turn. */
        public Berth(
                WorkloadRef ref,
                boolean first,
                Rollout rollout,
                boolean injected,
                boolean waits,
                Optional<Flight> flight) {
            this(ref, first, rollout, injected, waits, waits, flight);
        }
    }

    /**
     * Whether nobody may be given the wanted revision: it has failed somewhere, be that told already or not. Who is to lose
     * the policy's parts need not care.
     */
    public static boolean isShut(Flights.Terms terms, Collection<Flight> flights) {
        return !terms.approved()
                && flights.stream()
                        .anyMatch(flight -> flight.phase() == Flight.Phase.FAILED
                                && flight.change().to().equals(terms.revision()));
    }

    /**
     * The workloads that may change now and could not before, in the order in which they come.
     *
     * @param berths every workload that the policy selects and neither skips nor refuses, or takes its parts from
     * @param granted those that were told so and have not changed yet: they take slots
     */
    public static List<WorkloadRef> next(Flights.Terms terms, Collection<Berth> berths, Set<WorkloadRef> granted) {
        List<Slot> slots = berths.stream()
                .map(berth -> new Slot(berth, granted.contains(berth.ref)))
                .toList();
        int max = terms.rules().maxConcurrent().among(count(slots, Slot::matters));
        int ramp = terms.approved() ? max : Math.min(max, count(slots, Slot::isHealthy) + 1);
        int steps = ramp - count(slots, Slot::isTakenForTheWanted);
        boolean firstOnesPending = slots.stream().anyMatch(slot -> slot.berth.first && slot.holdsOthersUp());

        List<WorkloadRef> next = new ArrayList<>();
        for (Slot slot : candidates(slots, candidate -> !candidate.isDeferred())) {
            // Slots at older revisions are taken over first, so that whoever comes after them finds all taken ones
            // counted.
            boolean later = firstOnesPending && !slot.berth.first && !slot.isUp();
            if (steps > 0 && !later) {
                next.add(slot.berth.ref);
                steps--;
            }
        }
        if (slots.stream().noneMatch(Slot::isBusy)) {
            candidates(slots, Slot::isDeferred).forEach(slot -> next.add(slot.berth.ref));
        }
        return next;
    }

    private static List<Slot> candidates(List<Slot> slots, Predicate<Slot> among) {
        return slots.stream()
                .filter(slot -> slot.berth.waits && !slot.granted)
                .filter(among)
                .sorted(ORDER)
                .toList();
    }

    private static int count(List<Slot> slots, Predicate<Slot> what) {
        return (int) slots.stream().filter(what).count();
    }

    /** A berth as the gate sees it. What is deferred proves nothing, so it takes no slot and holds nobody up. */
    private record Slot(Berth berth, boolean granted) {
        boolean isDeferred() {
            return berth.rollout == Rollout.DEFERRED;
        }

        boolean isUp() {
            return !isDeferred() && berth.flight.filter(Flight::isUp).isPresent();
        }

        boolean isTaken() {
            return isUp() || granted && !isDeferred();
        }

        boolean isTakenForTheWanted() {
            return isTaken() && (granted || !berth.waits);
        }

        boolean isBusy() {
            return isTaken() || berth.waits && !isDeferred();
        }

        boolean holdsOthersUp() {
            return isBusy() || berth.due && !isDeferred();
        }

        /** Whether it counts among the workloads that a percentage is of. */
        boolean matters() {
            return berth.injected || berth.waits || isUp();
        }

        /**
         * Whether it shows that the change does well: it has it and runs, or has lost the policy's parts and runs. One that
         * was told to change may have done so already, unseen.
         */
        boolean isHealthy() {
            boolean runs = berth.injected && berth.rollout == Rollout.COMPLETE;
            boolean removed = berth.flight
                    .filter(flight -> flight.phase() == Flight.Phase.HEALTHY
                            && flight.change().to().isEmpty())
                    .isPresent();
            return !berth.waits && !granted && (runs && !isUp() || removed);
        }

        int stage() {
            if (isDeferred()) {
                return 4;
            }
            if (isUp()) {
                return 0; // A newer revision takes over the slot of an older one.
            }
            return berth.first ? 1 : berth.rollout == Rollout.COMPLETE ? 2 : 3;
        }
    }
}
