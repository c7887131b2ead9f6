package io.sidecaroperator.core.injection;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.sidecaroperator.core.json.Json;
import io.sidecaroperator.core.json.PodTemplate;
import io.sidecaroperator.core.receipt.AddedPart;
import io.sidecaroperator.core.receipt.Edit;
import io.sidecaroperator.core.receipt.Place;
import io.sidecaroperator.core.receipt.Place.Form;
import io.sidecaroperator.core.receipt.Receipt;
import io.sidecaroperator.core.receipt.Receipt.Added;
import io.sidecaroperator.core.receipt.Receipt.Raised;
import io.sidecaroperator.core.receipt.Receipt.Was;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** Records what a plan adds, so that it can be removed without the policy. */
final class ReceiptBuilder {
    private final PodTemplate user;
    private final Adding pod = new Adding();
    private final Map<String, AppAdding> apps = new LinkedHashMap<>();
    private Optional<Raised> gracePeriod = Optional.empty();

    private ReceiptBuilder(PodTemplate user) {
        this.user = user;
    }

    /** The revision that was rendered, the renderer version, and whether the parts are for pods only. */
    private record Rendered(String revision, int engine, boolean toPods) {}

    /** The entry of a policy with {@code injection: Pod} on a template: it has no parts, because the pods get them. */
    static Receipt.Entry leftToPods(PolicyContext s) {
        return entry(s.user(), List.of(), List.of(), new Rendered(s.policy().revision(), s.engineNumber(), true));
    }

    /** The entry of a policy whose plan consists of these edits on the user's template. */
    static Receipt.Entry entry(PolicyContext s, List<Edit> edits) {
        return entry(
                s.user(),
                s.apps(),
                edits,
                new Rendered(s.policy().revision(), s.engineNumber(), s.policy().toPods()));
    }

    /** The entry of parts that are kept as they are. What was rendered once keeps its revision and its hashes. */
    static Receipt.Entry retained(PodTemplate user, Receipt.Entry old, List<Edit> edits) {
        List<ObjectNode> apps = user.allContainers()
                .filter(app -> old.apps().containsKey(Json.nameOf(app)))
                .toList();
        Receipt.Entry now = entry(user, apps, edits, new Rendered(old.revision(), old.engine(), old.toPods()));
        Map<Place, List<AddedPart>> parts = new EnumMap<>(Place.class);
        now.pod()
                .parts()
                .forEach(
                        (place, there) -> parts.put(place, kept(place, old.pod().at(place), there)));
        return new Receipt.Entry(
                now.revision(),
                now.engine(),
                now.toPods(),
                new Added(parts, now.pod().was()),
                now.apps(),
                now.gracePeriod());
    }

    private static List<AddedPart> kept(Place place, List<AddedPart> old, List<AddedPart> there) {
        if (!place.form().isByName()) {
            return there;
        }
        Set<String> names = there.stream().map(AddedPart::key).collect(Collectors.toSet());
        return old.stream().filter(part -> names.contains(part.key())).toList();
    }

    private static Receipt.Entry entry(PodTemplate user, List<ObjectNode> apps, List<Edit> edits, Rendered rendered) {
        ReceiptBuilder builder = new ReceiptBuilder(user);
        apps.forEach(app -> builder.apps.put(Json.nameOf(app), new AppAdding(app, new Adding())));
        // The receipt itself is an annotation, so we always touch metadata and its annotations.
        builder.pod.remember(user.root(), "metadata");
        builder.pod.remember(user.metadata(), "annotations");
        edits.forEach(builder::add);
        Map<String, Added> parts = new LinkedHashMap<>();
        builder.apps.forEach((name, app) -> parts.put(name, app.parts().build()));
        return new Receipt.Entry(
                rendered.revision(),
                rendered.engine(),
                rendered.toPods(),
                builder.pod.build(),
                parts,
                builder.gracePeriod);
    }

    private void add(Edit edit) {
        if (edit.place().form() == Form.HIGHEST) {
            gracePeriod = Optional.of(new Raised(
                    edit.value().longValue(), user.spec().get(edit.place().key())));
            return;
        }
        switch (edit.place().level()) {
            case POD -> pod.add(user.spec(), edit);
            case METADATA -> pod.add(user.metadata(), edit);
            case APP -> {
                AppAdding app = apps.get(edit.app());
                if (app != null) {
                    app.parts().add(app.user(), edit);
                }
            }
        }
    }

    private record AppAdding(ObjectNode user, Adding parts) {}

    /** What is added to the pod or to one app container. */
    private static final class Adding {
        private final Map<Place, List<AddedPart>> parts = new EnumMap<>(Place.class);
        private final Map<String, Was> was = new LinkedHashMap<>();

        void add(JsonNode parent, Edit edit) {
            Place place = edit.place();
            remember(parent, place.form() == Form.FIELDS ? edit.key() : place.key());
            parts.computeIfAbsent(place, key -> new ArrayList<>()).add(place.part(edit.key(), edit.value()));
        }

        void remember(JsonNode parent, String key) {
            JsonNode value = parent.get(key);
            if (value != null && value.isNull()) {
                was.put(key, Was.NULL);
            } else if (value != null && value.isContainerNode() && value.isEmpty()) {
                was.put(key, Was.EMPTY);
            }
        }

        Added build() {
            return new Added(parts, was);
        }
    }
}
