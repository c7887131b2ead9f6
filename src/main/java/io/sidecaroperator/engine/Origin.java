package io.sidecaroperator.engine;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.sidecaroperator.engine.Receipt.Entry;
import io.sidecaroperator.tree.PodTemplate;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Where an injection starts from: the user's own part of a template, and what it counts as carrying. */
final class Origin {
    private final Facts facts;
    private final PolicyBook book;
    private final Rendering rendering;
    private final Set<PolicyKey> released;
    private final List<Note> notes = new ArrayList<>();
    private final List<ObjectNode> takenVolumes = new ArrayList<>();
    private final ObjectNode live;
    private final ObjectNode stripped;
    private final Map<PolicyKey, CompiledPolicy> candidates;
    private final ObjectNode user;
    private Receipt carried;

    /**
     * @param released policies whose parts are the user's from now on, so that nobody strips them
     */
    Origin(Facts facts, PolicyBook book, Rendering rendering, Set<PolicyKey> released) {
        this.facts = facts;
        this.book = book;
        this.rendering = rendering;
        this.released = released;
        Receipt own = Engine.receiptOf(facts.template(), notes).orElse(Receipt.EMPTY);
        this.live = facts.occasion() instanceof Occasion.Update update ? update.before() : facts.template();
        this.carried = carriedBy(own).without(released);
        this.stripped = strippedOf(facts.template(), own);
        this.candidates = candidatesOf(stripped);
        this.user = adopt(stripped);
    }

    /** The template whose parts count as carried. */
    ObjectNode live() {
        return live;
    }

    /** What is carried; after adoption, what was proven to be ours too. */
    Receipt carried() {
        return carried;
    }

    /** The user's own part. */
    ObjectNode user() {
        return user;
    }

    /** The policies that can reach it, by their names, in the order of injection. */
    Map<PolicyKey, CompiledPolicy> candidates() {
        return candidates;
    }

    private Map<PolicyKey, CompiledPolicy> candidatesOf(ObjectNode template) {
        Map<PolicyKey, CompiledPolicy> found = new LinkedHashMap<>();
        if (facts.occasion() instanceof Occasion.PodOfTemplate) {
            carried.entries().forEach((key, entry) -> {
                if (entry.toPods() && key.mayReach(facts.ref().namespace())) {
                    book.find(key, entry.revision()).ifPresent(policy -> found.put(key, policy));
                }
            });
            return found;
        }
        book.candidates(facts.ref().namespace(), facts.namespace().labels(), new PodTemplate(template).labels())
                .forEach(policy -> found.put(policy.key(), policy));
        return found;
    }

    /** A plan of what is there of this entry, as it is; empty when it cannot stay. */
    Optional<Plan> carry(PolicyKey policy, Entry entry, Claims claims) {
        return Carrier.carry(policy, entry, live, carried, new PodTemplate(user), facts.claimNames(), claims);
    }

    /** What is worth telling about how it was found. */
    List<Note> notes() {
        return notes;
    }

    /** The volumes that were taken away, as they were. */
    List<ObjectNode> takenVolumes() {
        return takenVolumes;
    }

    /** Whether somebody else's change of a stored workload left the user's part as it was. */
    boolean isUnchanged() {
        return facts.occasion() instanceof Occasion.Update update
                && stripped.equals(Stripper.strip(update.before(), carried).template());
    }

    private Receipt carriedBy(Receipt own) {
        if (facts.occasion() instanceof Occasion.Create) {
            return Receipt.EMPTY;
        }
        return facts.occasion() instanceof Occasion.Update update
                ? Engine.receiptOf(update.before()).orElse(Receipt.EMPTY)
                : own;
    }

    /** After somebody else's change, part of ours may be in the new receipt, part in the old one, and part in both. */
    private ObjectNode strippedOf(ObjectNode template, Receipt own) {
        ObjectNode base = Engine.hasReceipt(template) ? strip(template, own.without(released)) : template;
        boolean another = facts.occasion() instanceof Occasion.Update && !carried.equals(own.without(released));
        return another ? strip(base, carried) : base;
    }

    private ObjectNode strip(ObjectNode template, Receipt entries) {
        Stripper.Result result = Stripper.strip(template, entries);
        notes.addAll(result.notes());
        takenVolumes.addAll(result.volumes());
        return result.template();
    }

    /** Strips what is proven to be ours though no receipt says so; what one policy gives back may prove the next. */
    private ObjectNode adopt(ObjectNode template) {
        ObjectNode base = template;
        boolean found = true;
        while (found) {
            found = false;
            for (CompiledPolicy policy : candidates.values()) {
                Optional<Entry> entry = mayAdopt(policy) ? adopted(policy, base) : Optional.empty();
                if (entry.isPresent()) {
                    found = true;
                    base = strip(base, new Receipt(Map.of(policy.key(), entry.get())));
                    carried = carried.with(policy.key(), entry.get());
                    notes.add(new Note(Reason.Adopted, "policy " + policy.key() + ": " + Reason.Adopted.meaning()));
                }
            }
        }
        return base;
    }

    /** To adopt is to write a receipt, so a policy that may not write now adopts nothing. */
    private boolean mayAdopt(CompiledPolicy policy) {
        RevisionChoice choice = RevisionChoice.of(policy, facts.occasion());
        // To put a lost receipt back repairs the workload; what it says is taken up in turn.
        boolean writes = !(facts.occasion() instanceof Occasion.Reconcile)
                || choice.wish() == RevisionChoice.Wish.NEWEST
                || choice.why().equals(Optional.of(Reason.AwaitsTurn));
        return writes
                && !policy.state().audit()
                && (facts.pod() || !policy.toPods())
                && !(facts.occasion() instanceof Occasion.PodOfTemplate)
                && !carried.entries().containsKey(policy.key());
    }

    private Optional<Entry> adopted(CompiledPolicy policy, ObjectNode base) {
        return book.revisions(policy.key()).stream()
                .flatMap(revision -> Adoption.find(facts.withTemplate(base), revision, rendering).stream())
                .findFirst();
    }
}
