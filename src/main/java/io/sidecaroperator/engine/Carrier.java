package io.sidecaroperator.engine;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.sidecaroperator.engine.Edit.ContainerList;
import io.sidecaroperator.engine.Receipt.AppPart;
import io.sidecaroperator.engine.Receipt.Entry;
import io.sidecaroperator.engine.Receipt.Part;
import io.sidecaroperator.tree.Json;
import io.sidecaroperator.tree.PodTemplate;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/** Takes the parts that a template carries for a policy over as they are: no rendering, so nothing restarts. */
final class Carrier {
    private final ObjectNode live;
    private final Set<String> ours;
    private final List<Edit> edits = new ArrayList<>();

    private Carrier(ObjectNode live, Set<String> ours) {
        this.live = live;
        this.ours = ours;
    }

    /**
     * A plan of what the live template has of this entry, or empty when the user or an earlier policy wants one of its
     * names by now, or when a volume that it mounts has gone: no API server would take such a template.
     *
     * @param live the template with its receipt
     * @param user the user's own template
     * @param claimNames of the workload: volumes that no template shows
     */
    static Optional<Plan> carry(
            PolicyKey policy,
            Entry entry,
            ObjectNode live,
            Receipt receipt,
            PodTemplate user,
            Set<String> claimNames,
            Claims claims) {
        if (user.problem().isPresent()) {
            return Optional.empty();
        }
        Carrier carrier = new Carrier(live, receipt.containerNames());
        carrier.collect(entry);
        carrier.gracePeriod(entry, receipt);
        Set<String> containers = user.containerNames();
        List<String> volumes = user.names("volumes");
        boolean taken = carrier.edits.stream()
                .anyMatch(edit -> claims.holder(edit).isPresent() && !claims.sameValue(edit)
                        || edit instanceof Edit.AddContainer add
                                && containers.contains(Situation.nameOf(add.container()))
                        || edit instanceof Edit.AddVolume add && volumes.contains(Situation.nameOf(add.volume())));
        return taken || carrier.misses(volumes, claimNames)
                ? Optional.empty()
                : Optional.of(
                        new Plan(policy, carrier.edits, List.of(), ReceiptBuilder.carried(user, entry, carrier.edits)));
    }

    /** Whether everything that the entry names is still there, and no selected app container is unknown to it. */
    static boolean isComplete(Entry entry, ObjectNode live, Receipt receipt, List<ObjectNode> apps) {
        Carrier carrier = new Carrier(live, receipt.containerNames());
        carrier.collect(entry);
        carrier.gracePeriod(entry, receipt);
        int names = Stream.of(Part.values())
                .mapToInt(part -> entry.names(part).size())
                .sum();
        int inApps = entry.apps().values().stream()
                .mapToInt(app -> app.mounts().size()
                        + app.env().size()
                        + app.envFrom().size()
                        + app.defaults().size())
                .sum();
        int metadata = Stream.of(Edit.MetadataMap.values())
                .mapToInt(map -> entry.names(map).size())
                .sum();
        return carrier.edits.size()
                        == names
                                + inApps
                                + metadata
                                + entry.pullSecrets().size()
                                + (entry.gracePeriod().isPresent() ? 1 : 0)
                && apps.stream().allMatch(app -> entry.apps().containsKey(Situation.nameOf(app)));
    }

    /** Whether a mount among the edits is of a volume that neither the user has nor the edits add. */
    private boolean misses(List<String> userVolumes, Set<String> claimNames) {
        Set<String> there = new HashSet<>(userVolumes);
        there.addAll(claimNames);
        for (Edit edit : edits) {
            if (edit instanceof Edit.AddVolume add) {
                there.add(Situation.nameOf(add.volume()));
            }
        }
        return edits.stream().flatMap(Carrier::mounts).anyMatch(mount -> !there.contains(Situation.nameOf(mount)));
    }

    private static Stream<ObjectNode> mounts(Edit edit) {
        if (edit instanceof Edit.AddContainer add) {
            return Json.objects(add.container(), "volumeMounts");
        }
        return edit instanceof Edit.AddMount add ? Stream.of(add.mount()) : Stream.empty();
    }

    private void collect(Entry entry) {
        Json.objects(live.path("spec"), "volumes")
                .filter(volume -> entry.names(Part.VOLUMES).containsKey(Situation.nameOf(volume)))
                .forEach(volume -> edits.add(new Edit.AddVolume(volume)));
        containers(ContainerList.INIT_CONTAINERS, entry.names(Part.INIT_CONTAINERS));
        containers(ContainerList.CONTAINERS, entry.names(Part.CONTAINERS));
        entry.apps().forEach(this::app);
        for (Edit.MetadataMap map : Edit.MetadataMap.values()) {
            Map<String, String> values = Json.strings(live.path("metadata"), map.key());
            entry.names(map).forEach((key, hash) -> {
                String value = values.get(key);
                if (value != null && ReceiptBuilder.metadataHash(value).equals(hash)) {
                    edits.add(new Edit.SetMetadata(map, key, value));
                }
            });
        }
        Json.objects(live.path("spec"), "imagePullSecrets")
                .filter(secret -> secret.size() == 1 && entry.pullSecrets().contains(Situation.nameOf(secret)))
                .forEach(secret -> edits.add(new Edit.AddPullSecret(Situation.nameOf(secret))));
    }

    /** The template has the highest of all values; while that is there, each policy's own stays on record. */
    private void gracePeriod(Entry entry, Receipt receipt) {
        entry.gracePeriod()
                .filter(raised -> GracePeriod.isOurs(live.path("spec"), receipt))
                .ifPresent(raised -> edits.add(new Edit.SetGracePeriod(raised.value())));
    }

    private void containers(ContainerList list, Map<String, String> names) {
        int slot = 0;
        for (ObjectNode container : Json.objects(live.path("spec"), list.key()).toList()) {
            String name = Situation.nameOf(container);
            if (names.containsKey(name)) {
                edits.add(new Edit.AddContainer(list, container, slot));
            } else if (!ours.contains(name)) {
                slot++;
            }
        }
    }

    private void app(String name, AppPart part) {
        new PodTemplate(live)
                .allContainers()
                .filter(container -> Situation.nameOf(container).equals(name))
                .forEach(container -> {
                    // Each is for one element, as it is when stripping: an equal one of the user's stays the user's.
                    Map<String, String> mounts = new HashMap<>(part.mounts());
                    Json.objects(container, "volumeMounts")
                            .filter(mount ->
                                    taken(mounts, SharedMount.pathOf(mount).path(), "volumeMounts", mount))
                            .forEach(mount -> edits.add(new Edit.AddMount(name, mount)));
                    Map<String, String> variables = new HashMap<>(part.env());
                    Json.objects(container, "env")
                            .filter(env -> taken(variables, Situation.nameOf(env), "env", env))
                            .forEach(env -> edits.add(new Edit.AddEnv(name, env)));
                    List<String> sources = new ArrayList<>(part.envFrom());
                    Json.objects(container, "envFrom")
                            .filter(source -> sources.remove(ServerForm.hash("envFrom", source)))
                            .forEach(source -> edits.add(new Edit.AddEnvFrom(name, source)));
                    for (Edit.DefaultField field : Edit.DefaultField.values()) {
                        ObjectNode value = Json.objectAt(container, field.key());
                        if (value != null && hashed(part.defaults().get(field.key()), field.key(), value)) {
                            edits.add(new Edit.SetDefault(name, field, value));
                        }
                    }
                });
    }

    private static boolean taken(Map<String, String> hashes, String key, String list, ObjectNode element) {
        return hashes.containsKey(key) && hashes.remove(key, ServerForm.hash(list, element));
    }

    private static boolean hashed(@org.jspecify.annotations.Nullable String hash, String key, ObjectNode value) {
        return hash != null && ServerForm.hash(key, value).equals(hash);
    }
}
