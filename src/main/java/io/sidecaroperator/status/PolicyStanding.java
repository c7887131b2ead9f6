package io.sidecaroperator.status;

import io.sidecaroperator.engine.Reason;
import java.time.Instant;
import java.util.Optional;

/**
 * How a workload stands to one policy, and why.
 *
 * @param reason the cause of anything but a plain injection
 * @param message a sentence for a person; empty where there is nothing to say
 * @param carried whether the workload's receipt names the policy, and its parts are not marked as the user's
 * @param revision the revision that the workload's receipt names; empty when it names none
 * @param since when standing and reason became so; {@link Instant#EPOCH} when that was before this process looked
 */
public record PolicyStanding(
        Standing standing,
        Optional<Reason> reason,
        String message,
        boolean carried,
        Optional<String> revision,
        Instant since) {

    /** A standing that is given its time when it is recorded. */
    static PolicyStanding now(Standing standing, Optional<Reason> reason, String message, boolean carried) {
        return new PolicyStanding(standing, reason, message, carried, Optional.empty(), Instant.EPOCH);
    }

    /** The same standing of a workload that has this revision. */
    PolicyStanding at(Optional<String> named) {
        return new PolicyStanding(standing, reason, message, carried, named, since);
    }

    /** The same statement, whenever it was first made. */
    boolean sameAs(PolicyStanding other) {
        return standing == other.standing && reason.equals(other.reason);
    }

    PolicyStanding since(Instant time) {
        return new PolicyStanding(standing, reason, message, carried, revision, time);
    }
}
