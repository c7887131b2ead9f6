package io.sidecaroperator.cases;

import io.sidecaroperator.core.injection.Decision;
import io.sidecaroperator.core.injection.Injection;
import io.sidecaroperator.core.injection.PolicyOutcome;
import io.sidecaroperator.core.injection.Trigger;
import io.sidecaroperator.core.model.Reason;
import io.sidecaroperator.core.policy.CompiledPolicy.Placement;
import io.sidecaroperator.core.policy.CompiledPolicy.Sidecar;
import io.sidecaroperator.core.policy.CompiledPolicy.SidecarType;
import io.sidecaroperator.core.receipt.Place;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;

/** The words that cases claim: reasons, edits, placements and types of sidecars. Some case must show each of them. */
final class Vocabulary {
    /** A sidecar whose policy does not set its place. */
    static final String DEFAULT_PLACE = "DefaultPlace";
    /** A sidecar whose policy does not set its type. */
    static final String DEFAULT_TYPE = "DefaultType";

    /** Another client's change of a stored workload that leaves its template as it is. */
    static final String UNCHANGED = "Unchanged";

    private Vocabulary() {}

    /** Every word. */
    static Set<String> all() {
        Set<String> words = new TreeSet<>(Set.of(DEFAULT_PLACE, DEFAULT_TYPE, UNCHANGED));
        Stream.of(Reason.values()).filter(Reason::ofEngine).map(Reason::name).forEach(words::add);
        Stream.of(SidecarType.values()).map(SidecarType::name).forEach(words::add);
        Stream.of(Place.values()).map(Place::edit).forEach(words::add);
        Stream.of(Placement.class.getPermittedSubclasses())
                .map(Class::getSimpleName)
                .forEach(words::add);
        return words;
    }

    /** The words that a case really shows. */
    static Set<String> of(CaseFolder folder, Injection injection) {
        Set<String> words = new TreeSet<>();
        if (injection.input().trigger() instanceof Trigger.Update update
                && injection.template().equals(update.before())) {
            words.add(UNCHANGED);
        }
        injection.notes().forEach(note -> words.add(note.reason().name()));
        for (PolicyOutcome outcome : injection.outcomes()) {
            outcome.notes().forEach(note -> words.add(note.reason().name()));
            outcome.pending().ifPresent(pending -> words.add(pending.reason().name()));
            outcome.plan()
                    .ifPresent(plan ->
                            plan.edits().forEach(edit -> words.add(edit.place().edit())));
            if (outcome.decision() instanceof Decision.Skip skip) {
                words.add(skip.reason().name());
            } else if (outcome.decision() instanceof Decision.Refuse refuse) {
                words.add(refuse.reason().name());
            } else {
                folder.index()
                        .find(outcome.policy())
                        .ifPresent(policy -> policy.sidecars().forEach(sidecar -> add(words, sidecar)));
            }
        }
        return words;
    }

    private static void add(Set<String> words, Sidecar sidecar) {
        words.add(sidecar.placement()
                .map(place -> place.getClass().getSimpleName())
                .orElse(DEFAULT_PLACE));
        words.add(Optional.ofNullable(sidecar.type()).map(SidecarType::name).orElse(DEFAULT_TYPE));
    }
}
