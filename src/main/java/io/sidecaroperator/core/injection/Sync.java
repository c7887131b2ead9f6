package io.sidecaroperator.core.injection;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.sidecaroperator.core.json.Json;
import io.sidecaroperator.core.json.PodTemplate;
import io.sidecaroperator.core.receipt.GracePeriod;
import io.sidecaroperator.core.receipt.Normalizer;
import io.sidecaroperator.core.receipt.Place;
import io.sidecaroperator.core.receipt.Place.Form;
import io.sidecaroperator.core.receipt.Place.Level;
import io.sidecaroperator.core.receipt.Receipt;
import io.sidecaroperator.core.receipt.Receipt.Added;
import io.sidecaroperator.core.receipt.Receipt.Entry;
import io.sidecaroperator.core.receipt.Receipts;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Compares the live template with the wanted one, as far as we render it. */
final class Sync {
    /** Lists that are compared by key, because their order belongs to the user. */
    private static final List<Place> OF_POD = keyed(Level.POD);

    private static final List<Place> OF_APPS = keyed(Level.APP);

    private final Set<String> ours;

    private Sync(Set<String> ours) {
        this.ours = ours;
    }

    /** Whether no write is needed. {@code wanted} was made from {@code live}, so the user's part is the same. */
    static boolean inSync(ObjectNode live, ObjectNode wanted) {
        if (live.equals(wanted)) {
            return true;
        }
        Receipt has = Receipts.of(live);
        Receipt needs = Receipts.of(wanted);
        // An empty or unreadable receipt says as little as an absent one. Removing only that would restart pods for no
        // gain.
        return has.entries().keySet().equals(needs.entries().keySet())
                && needs.entries().entrySet().stream()
                        .allMatch(entry -> records(has.entries().get(entry.getKey()), entry.getValue()))
                && sameMetadata(live, wanted)
                && new Sync(needs.containerNames()).sameSpec(live.path("spec"), wanted.path("spec"));
    }

    /** Whether a receipt entry lists everything that another lists. What it lists in addition has become the user's. */
    private static boolean records(@Nullable Entry has, Entry needs) {
        return has != null
                && has.toPods() == needs.toPods()
                && (!needs.toPods() || has.revision().equals(needs.revision()))
                && has.pod().includes(needs.pod())
                && (needs.gracePeriod().isEmpty()
                        || needs.gracePeriod()
                                .map(Receipt.Raised::value)
                                .equals(has.gracePeriod().map(Receipt.Raised::value)))
                && needs.apps().entrySet().stream()
                        .allMatch(app -> has.apps()
                                .getOrDefault(app.getKey(), Added.NOTHING)
                                .includes(app.getValue()));
    }

    private static boolean sameMetadata(ObjectNode live, ObjectNode wanted) {
        PodTemplate one = new PodTemplate(live);
        PodTemplate other = new PodTemplate(wanted);
        return one.labels().equals(other.labels()) && userAnnotations(one).equals(userAnnotations(other));
    }

    private static Map<String, String> userAnnotations(PodTemplate template) {
        return template.annotations().entrySet().stream()
                .filter(entry -> !entry.getKey().equals(Receipt.ANNOTATION))
                .collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue));
    }

    private boolean sameSpec(JsonNode live, JsonNode wanted) {
        return Place.CONTAINER_LISTS.stream().allMatch(list -> sameContainers(list.key(), live, wanted))
                && GracePeriod.same(live, wanted)
                && OF_POD.stream().allMatch(list -> sameKeyed(list, live, wanted));
    }

    private boolean sameContainers(String list, JsonNode live, JsonNode wanted) {
        return names(live, list).equals(names(wanted, list))
                && Json.objects(wanted, list)
                        .allMatch(container -> Json.named(live, list, Json.nameOf(container))
                                .filter(found -> sameContainer(list, found, container))
                                .isPresent());
    }

    private static List<String> names(JsonNode spec, String list) {
        return Json.objects(spec, list).map(Json::nameOf).toList();
    }

    private static List<Place> keyed(Level level) {
        return Place.where(place -> place.level() == level && place.form().isList() && place.form() != Form.CONTAINERS);
    }

    /** Whether two lists have the same keys, and each live element covers the wanted one of its key. */
    private static boolean sameKeyed(Place list, JsonNode live, JsonNode wanted) {
        List<ObjectNode> has = Json.objects(live, list.key()).toList();
        List<ObjectNode> needs = Json.objects(wanted, list.key()).toList();
        if (has.size() != needs.size()) {
            return false;
        }
        Function<ObjectNode, String> key = list.form() == Form.UNNAMED ? element -> "" : list::keyOf;
        Map<String, List<ObjectNode>> byKey = has.stream().collect(Collectors.groupingBy(key));
        return needs.stream()
                .allMatch(item -> byKey.getOrDefault(key.apply(item), List.of()).stream()
                        .anyMatch(found -> Normalizer.covers(list.key(), found, item)));
    }

    private boolean sameContainer(String list, ObjectNode live, ObjectNode wanted) {
        if (live.equals(wanted)) {
            return true;
        }
        ObjectNode liveRest = live.deepCopy();
        ObjectNode wantedRest = wanted.deepCopy();
        OF_APPS.forEach(place -> {
            liveRest.remove(place.key());
            wantedRest.remove(place.key());
        });
        boolean isOurs = ours.contains(Json.nameOf(wanted));
        return Normalizer.covers(list, liveRest, wantedRest)
                && (isOurs || Normalizer.hasNoOtherField(liveRest, wantedRest))
                && OF_APPS.stream()
                        .allMatch(place -> isOurs && !wanted.has(place.key()) || sameKeyed(place, live, wanted));
    }
}
