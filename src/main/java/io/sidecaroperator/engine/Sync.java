package io.sidecaroperator.engine;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.sidecaroperator.engine.Receipt.AppPart;
import io.sidecaroperator.engine.Receipt.Entry;
import io.sidecaroperator.engine.Receipt.Part;
import io.sidecaroperator.tree.Json;
import io.sidecaroperator.tree.PodTemplate;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Compares the live template with the wanted one as far as we render it. */
final class Sync {
    /** Lists inside a container that are compared by key: their order is the user's business. */
    private static final Set<String> KEYED = Set.of("env", "envFrom", "volumeMounts");

    private final Set<String> ours;

    private Sync(Set<String> ours) {
        this.ours = ours;
    }

    /** Whether nothing needs to be written. {@code wanted} was made from {@code live}, so the user's part is the same. */
    static boolean inSync(ObjectNode live, ObjectNode wanted) {
        if (live.equals(wanted)) {
            return true;
        }
        Receipt has = Engine.receiptOf(live).orElse(Receipt.EMPTY);
        Receipt needs = Engine.receiptOf(wanted).orElse(Receipt.EMPTY);
        // A receipt that is empty or unreadable says as little as none: to remove it alone would restart pods for
        // nothing.
        return has.entries().keySet().equals(needs.entries().keySet())
                && needs.entries().entrySet().stream()
                        .allMatch(entry -> records(has.entries().get(entry.getKey()), entry.getValue()))
                && sameMetadata(live, wanted)
                && new Sync(needs.containerNames()).sameSpec(live.path("spec"), wanted.path("spec"));
    }

    /** Whether a receipt entry lists all that another lists; what it lists besides is the user's by now. */
    private static boolean records(@org.jspecify.annotations.Nullable Entry has, Entry needs) {
        return has != null
                && has.toPods() == needs.toPods()
                && (!needs.toPods() || has.revision().equals(needs.revision()))
                && Stream.of(Part.values()).allMatch(part -> includes(has.names(part), needs.names(part)))
                && Stream.of(Edit.MetadataMap.values()).allMatch(map -> includes(has.names(map), needs.names(map)))
                && has.pullSecrets().containsAll(needs.pullSecrets())
                && (needs.gracePeriod().isEmpty()
                        || needs.gracePeriod()
                                .map(Receipt.Raised::value)
                                .equals(has.gracePeriod().map(Receipt.Raised::value)))
                && needs.apps().entrySet().stream()
                        .allMatch(
                                app -> records(has.apps().getOrDefault(app.getKey(), AppPart.NOTHING), app.getValue()));
    }

    private static boolean records(AppPart has, AppPart needs) {
        return includes(has.mounts(), needs.mounts())
                && includes(has.env(), needs.env())
                && includes(has.defaults(), needs.defaults())
                && has.envFrom().containsAll(needs.envFrom());
    }

    private static boolean includes(Map<String, String> has, Map<String, String> needs) {
        return has.entrySet().containsAll(needs.entrySet());
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
        return sameContainers("initContainers", live, wanted)
                && sameContainers("containers", live, wanted)
                && GracePeriod.same(live, wanted)
                && sameKeyed("volumes", live, wanted, Situation::nameOf)
                && sameKeyed("imagePullSecrets", live, wanted, Situation::nameOf);
    }

    private boolean sameContainers(String list, JsonNode live, JsonNode wanted) {
        return names(live, list).equals(names(wanted, list))
                && Json.objects(wanted, list)
                        .allMatch(container -> Json.named(live, list, Situation.nameOf(container))
                                .filter(found -> sameContainer(list, found, container))
                                .isPresent());
    }

    private static List<String> names(JsonNode spec, String list) {
        return Json.objects(spec, list).map(Situation::nameOf).toList();
    }

    /** Whether two lists have the same keys, and each live element covers the wanted one of its key. */
    private static boolean sameKeyed(String list, JsonNode live, JsonNode wanted, Function<ObjectNode, String> key) {
        List<ObjectNode> has = Json.objects(live, list).toList();
        List<ObjectNode> needs = Json.objects(wanted, list).toList();
        if (has.size() != needs.size()) {
            return false;
        }
        Map<String, List<ObjectNode>> byKey = has.stream().collect(Collectors.groupingBy(key));
        return needs.stream()
                .allMatch(item -> byKey.getOrDefault(key.apply(item), List.of()).stream()
                        .anyMatch(found -> ServerForm.covers(list, found, item)));
    }

    private boolean sameContainer(String list, ObjectNode live, ObjectNode wanted) {
        if (live.equals(wanted)) {
            return true;
        }
        ObjectNode liveRest = live.deepCopy();
        ObjectNode wantedRest = wanted.deepCopy();
        liveRest.remove(KEYED);
        wantedRest.remove(KEYED);
        boolean isOurs = ours.contains(Situation.nameOf(wanted));
        return ServerForm.covers(list, liveRest, wantedRest)
                && (isOurs || ServerForm.hasNoOtherField(liveRest, wantedRest))
                && (isOurs && !wanted.has("env") || sameKeyed("env", live, wanted, Situation::nameOf))
                && (isOurs && !wanted.has("envFrom") || sameKeyed("envFrom", live, wanted, source -> ""))
                && (isOurs && !wanted.has("volumeMounts")
                        || sameKeyed(
                                "volumeMounts",
                                live,
                                wanted,
                                mount -> SharedMount.pathOf(mount).path()));
    }
}
