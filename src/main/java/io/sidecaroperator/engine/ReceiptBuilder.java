package io.sidecaroperator.engine;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.sidecaroperator.engine.Receipt.AppPart;
import io.sidecaroperator.engine.Receipt.Part;
import io.sidecaroperator.engine.Receipt.Raised;
import io.sidecaroperator.engine.Receipt.Was;
import io.sidecaroperator.tree.Json;
import io.sidecaroperator.tree.PodTemplate;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Writes down what a plan adds, so that it can be taken away without the policy. */
final class ReceiptBuilder {
    private final PodTemplate user;
    private final Map<Part, Map<String, String>> parts = new EnumMap<>(Part.class);
    private final Map<String, AppPartBuilder> apps = new LinkedHashMap<>();
    private final Map<Edit.MetadataMap, Map<String, String>> metadata = new EnumMap<>(Edit.MetadataMap.class);
    private final List<String> pullSecrets = new ArrayList<>();
    private Optional<Raised> gracePeriod = Optional.empty();
    private final Map<String, Was> was = new LinkedHashMap<>();

    private ReceiptBuilder(PodTemplate user) {
        this.user = user;
    }

    /** What was rendered, by whom, and for whom. */
    private record Rendered(String revision, int engine, boolean toPods) {}

    /** The entry of a policy with {@code injection: Pod} on a template: no parts, the pods will have them. */
    static Receipt.Entry leftToPods(Situation s) {
        return entry(s.user(), List.of(), List.of(), new Rendered(s.policy().revision(), s.engineNumber(), true));
    }

    /** The entry of a policy whose plan consists of these edits on the user's template. */
    static Receipt.Entry entry(Situation s, List<Edit> edits) {
        return entry(
                s.user(),
                s.apps(),
                edits,
                new Rendered(s.policy().revision(), s.engineNumber(), s.policy().toPods()));
    }

    /** The entry of parts that are taken over as they are: what was rendered once keeps its revision and its hashes. */
    static Receipt.Entry carried(PodTemplate user, Receipt.Entry old, List<Edit> edits) {
        List<ObjectNode> apps = user.allContainers()
                .filter(app -> old.apps().containsKey(Situation.nameOf(app)))
                .toList();
        Receipt.Entry now = entry(user, apps, edits, new Rendered(old.revision(), old.engine(), old.toPods()));
        Map<Part, Map<String, String>> parts = new EnumMap<>(Part.class);
        now.parts().forEach((part, names) -> {
            Map<String, String> kept = new LinkedHashMap<>(old.names(part));
            kept.keySet().retainAll(names.keySet());
            parts.put(part, kept);
        });
        return new Receipt.Entry(
                now.revision(),
                now.engine(),
                now.toPods(),
                parts,
                now.apps(),
                now.metadata(),
                old.pullSecrets().stream().filter(now.pullSecrets()::contains).toList(),
                now.gracePeriod(),
                now.was());
    }

    private static Receipt.Entry entry(PodTemplate user, List<ObjectNode> apps, List<Edit> edits, Rendered rendered) {
        ReceiptBuilder builder = new ReceiptBuilder(user);
        apps.forEach(app -> builder.apps.put(Situation.nameOf(app), new AppPartBuilder(app)));
        // The receipt itself is an annotation, so metadata and its annotations are always among what we touch.
        builder.remember(user.root(), "metadata");
        builder.remember(user.metadata(), "annotations");
        edits.forEach(builder::add);
        Map<String, AppPart> parts = new LinkedHashMap<>();
        builder.apps.forEach((name, app) -> parts.put(name, app.build()));
        return new Receipt.Entry(
                rendered.revision(),
                rendered.engine(),
                rendered.toPods(),
                builder.parts,
                parts,
                builder.metadata,
                builder.pullSecrets,
                builder.gracePeriod,
                builder.was);
    }

    private void add(Edit edit) {
        if (edit instanceof Edit.AddVolume add) {
            part(Part.VOLUMES, add.volume());
        } else if (edit instanceof Edit.AddContainer add) {
            part(add.list() == Edit.ContainerList.CONTAINERS ? Part.CONTAINERS : Part.INIT_CONTAINERS, add.container());
        } else if (edit instanceof Edit.SetMetadata set) {
            remember(user.metadata(), set.map().key());
            metadata.computeIfAbsent(set.map(), map -> new LinkedHashMap<>()).put(set.key(), metadataHash(set.value()));
        } else if (edit instanceof Edit.AddPullSecret add) {
            remember(user.spec(), "imagePullSecrets");
            pullSecrets.add(add.name());
        } else if (edit instanceof Edit.SetGracePeriod set) {
            gracePeriod = Optional.of(new Raised(set.seconds(), user.spec().get(GracePeriod.KEY)));
        } else {
            apps.values().forEach(app -> app.add(edit));
        }
    }

    /** The hash of a label's or annotation's value. */
    static String metadataHash(String value) {
        return ServerForm.hash("", Json.MAPPER.getNodeFactory().textNode(value));
    }

    private void part(Part part, ObjectNode node) {
        remember(user.spec(), part.key());
        parts.computeIfAbsent(part, key -> new LinkedHashMap<>())
                .put(Situation.nameOf(node), ServerForm.hash(part.key(), node));
    }

    private void remember(JsonNode parent, String key) {
        remember(parent, key, was);
    }

    private static void remember(JsonNode parent, String key, Map<String, Was> was) {
        JsonNode value = parent.get(key);
        if (value != null && value.isNull()) {
            was.put(key, Was.NULL);
        } else if (value != null && value.isContainerNode() && value.isEmpty()) {
            was.put(key, Was.EMPTY);
        }
    }

    /** The same for one app container. */
    private static final class AppPartBuilder {
        private final ObjectNode app;
        private final Map<String, String> mounts = new LinkedHashMap<>();
        private final Map<String, String> env = new LinkedHashMap<>();
        private final List<String> envFrom = new ArrayList<>();
        private final Map<String, String> defaults = new LinkedHashMap<>();
        private final Map<String, Was> was = new LinkedHashMap<>();

        AppPartBuilder(ObjectNode app) {
            this.app = app;
        }

        void add(Edit edit) {
            String name = Situation.nameOf(app);
            if (edit instanceof Edit.AddMount add && add.container().equals(name)) {
                remember(app, "volumeMounts", was);
                mounts.put(SharedMount.pathOf(add.mount()).path(), ServerForm.hash("volumeMounts", add.mount()));
            } else if (edit instanceof Edit.AddEnv add && add.container().equals(name)) {
                remember(app, "env", was);
                env.put(Situation.nameOf(add.env()), ServerForm.hash("env", add.env()));
            } else if (edit instanceof Edit.AddEnvFrom add && add.container().equals(name)) {
                remember(app, "envFrom", was);
                envFrom.add(ServerForm.hash("envFrom", add.source()));
            } else if (edit instanceof Edit.SetDefault set && set.container().equals(name)) {
                remember(app, set.field().key(), was);
                defaults.put(set.field().key(), ServerForm.hash(set.field().key(), set.value()));
            }
        }

        AppPart build() {
            return new AppPart(mounts, env, envFrom, defaults, was);
        }
    }
}
