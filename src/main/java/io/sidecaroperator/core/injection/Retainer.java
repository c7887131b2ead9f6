package io.sidecaroperator.core.injection;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.sidecaroperator.core.json.Json;
import io.sidecaroperator.core.json.PodTemplate;
import io.sidecaroperator.core.model.PolicyKey;
import io.sidecaroperator.core.receipt.AddedPart;
import io.sidecaroperator.core.receipt.Edit;
import io.sidecaroperator.core.receipt.GracePeriod;
import io.sidecaroperator.core.receipt.Place;
import io.sidecaroperator.core.receipt.Place.Level;
import io.sidecaroperator.core.receipt.Receipt;
import io.sidecaroperator.core.receipt.Receipt.Added;
import io.sidecaroperator.core.receipt.Receipt.Entry;
import io.sidecaroperator.core.receipt.Stripper;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/** Keeps the parts that a template has of a policy as they are. It does not render, so no pod restarts. */
final class Retainer {
    /** The shared places of the pod: those that the user's own values share with ours. */
    private static final List<Place> SHARED =
            Place.where(place -> place.level() != Level.APP && !Place.WHOLE.contains(place));

    private final ObjectNode live;
    private final Set<String> ours;
    private final List<Edit> edits = new ArrayList<>();

    private Retainer(Entry entry, ObjectNode live, Receipt receipt) {
        this.live = live;
        this.ours = receipt.containerNames();
        collect(Place.VOLUMES, "", entry.pod());
        Place.CONTAINER_LISTS.forEach(list -> containers(list, entry.names(list)));
        entry.apps().forEach((name, app) -> app.parts().keySet().forEach(place -> collect(place, name, app)));
        SHARED.forEach(place -> collect(place, "", entry.pod()));
        gracePeriod(entry, receipt);
    }

    /**
     * Returns a plan of what the live template has of this entry. Empty when the user or an earlier policy now wants
     * one of its names, or when a volume that it mounts has gone: an API server would refuse such a template.
     *
     * @param live the template with its receipt
     * @param user the user's own template
     * @param claimNames of the workload: volumes that the template does not show
     */
    static Optional<Plan> retain(
            PolicyKey policy,
            Entry entry,
            ObjectNode live,
            Receipt receipt,
            PodTemplate user,
            Set<String> claimNames,
            FieldOwners owners) {
        if (user.problem().isPresent()) {
            return Optional.empty();
        }
        Retainer retainer = new Retainer(entry, live, receipt);
        Set<String> containers = user.containerNames();
        List<String> volumes = user.names("volumes");
        boolean taken = retainer.edits.stream()
                .anyMatch(edit -> owners.holder(edit).isPresent() && !owners.sameValue(edit)
                        || edit.isContainer() && containers.contains(edit.key())
                        || edit.place() == Place.VOLUMES && volumes.contains(edit.key()));
        return taken || retainer.misses(volumes, claimNames)
                ? Optional.empty()
                : Optional.of(new Plan(
                        policy, retainer.edits, List.of(), ReceiptBuilder.retained(user, entry, retainer.edits)));
    }

    /** Whether everything that the entry names is still there, and the entry knows every selected app container. */
    static boolean isComplete(Entry entry, ObjectNode live, Receipt receipt, List<ObjectNode> apps) {
        return new Retainer(entry, live, receipt).edits.size() == entry.size()
                && apps.stream().allMatch(app -> entry.apps().containsKey(Json.nameOf(app)));
    }

    /** Whether the edits mount a volume that neither the user has nor the edits add. */
    private boolean misses(List<String> userVolumes, Set<String> claimNames) {
        Set<String> there = new HashSet<>(userVolumes);
        there.addAll(claimNames);
        edits.stream()
                .filter(edit -> edit.place() == Place.VOLUMES)
                .map(Edit::key)
                .forEach(there::add);
        return edits.stream().flatMap(Retainer::mounts).anyMatch(mount -> !there.contains(Json.nameOf(mount)));
    }

    private static Stream<ObjectNode> mounts(Edit edit) {
        if (edit.isContainer()) {
            return Json.objects(edit.value(), Place.MOUNTS.key());
        }
        return edit.place() == Place.MOUNTS && edit.value() instanceof ObjectNode mount
                ? Stream.of(mount)
                : Stream.empty();
    }

    /** Keeps exactly what {@link Stripper} would remove. */
    private void collect(Place place, String app, Added added) {
        List<AddedPart> parts = added.at(place);
        if (!parts.isEmpty()) {
            place.parents(live, app)
                    .flatMap(parent -> place.ours(parent, parts).stream())
                    .forEach(item -> edits.add(new Edit(place, app, item.key(), item.value(), 0)));
        }
    }

    /** The template has the highest of all values. While that is there, the receipt keeps each policy's own value. */
    private void gracePeriod(Entry entry, Receipt receipt) {
        entry.gracePeriod()
                .filter(raised -> GracePeriod.isOurs(live.path("spec"), receipt))
                .ifPresent(raised -> edits.add(Edit.ofGracePeriod(raised.value())));
    }

    private void containers(Place list, Map<String, String> names) {
        int slot = 0;
        for (ObjectNode container : Json.objects(live.path("spec"), list.key()).toList()) {
            String name = Json.nameOf(container);
            if (names.containsKey(name)) {
                edits.add(Edit.ofContainer(list, container, slot));
            } else if (!ours.contains(name)) {
                slot++;
            }
        }
    }
}
