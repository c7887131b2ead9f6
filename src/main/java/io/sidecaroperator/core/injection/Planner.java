package io.sidecaroperator.core.injection;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.sidecaroperator.core.json.Json;
import io.sidecaroperator.core.json.MountPath;
import io.sidecaroperator.core.model.Note;
import io.sidecaroperator.core.model.Reason;
import io.sidecaroperator.core.policy.CompiledPolicy.Placement;
import io.sidecaroperator.core.policy.CompiledPolicy.Sidecar;
import io.sidecaroperator.core.policy.CompiledPolicy.SidecarType;
import io.sidecaroperator.core.receipt.Edit;
import io.sidecaroperator.core.receipt.GracePeriod;
import io.sidecaroperator.core.receipt.Normalizer;
import io.sidecaroperator.core.receipt.Place;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Lists what a policy that may be injected adds to a template. What the user already has becomes a note. */
final class Planner {
    private final PolicyContext s;
    private final List<Edit> edits = new ArrayList<>();
    private final List<Note> notes = new ArrayList<>();

    private Planner(PolicyContext context) {
        this.s = context;
    }

    /** Returns the plan for a policy context in which {@link Rules#decide} says Inject. */
    static Plan plan(PolicyContext context) {
        Planner planner = new Planner(context);
        planner.sharedVolumes();
        context.addedVolumes().forEach(volume -> planner.edits.add(Edit.ofPod(Place.VOLUMES, volume)));
        context.policy().sidecars().forEach(planner::sidecar);
        context.apps().forEach(planner::app);
        planner.pod();
        return new Plan(
                context.policy().key(), planner.edits, planner.notes, ReceiptBuilder.entry(context, planner.edits));
    }

    private void sharedVolumes() {
        s.shared().stream()
                .filter(SharedMount::ofApp)
                .forEach(mount -> note(
                        Reason.UsesAppVolume,
                        "the app mounts its volume " + mount.volume() + " at "
                                + mount.shared().path() + ", and the sidecars use it in place of "
                                + mount.shared().name()));
    }

    private void sidecar(Sidecar sidecar) {
        Place list = s.listOf(sidecar);
        List<String> users = s.user().names(list.key());
        Placement placement = sidecar.placement()
                .orElse(s.typeOf(sidecar) == SidecarType.Container ? new Placement.Last() : new Placement.First());
        edits.add(Edit.ofContainer(list, SidecarRenderer.render(s, sidecar), slot(placement, users)));
        notes.addAll(SidecarOverride.notes(s, sidecar));
    }

    private static int slot(Placement placement, List<String> users) {
        if (placement instanceof Placement.Before before) {
            return users.indexOf(before.name());
        } else if (placement instanceof Placement.After after) {
            return users.indexOf(after.name()) + 1;
        }
        return placement instanceof Placement.First ? 0 : users.size();
    }

    private void app(ObjectNode app) {
        String name = Json.nameOf(app);
        for (ObjectNode mount : Mounts.wanted(s)) {
            if (Mounts.existing(app, mount).isEmpty()) {
                edits.add(Edit.ofApp(Place.MOUNTS, name, mount));
            } else if (!ofApp(mount)) {
                note(
                        Reason.UserValueKept,
                        "container " + name + " already mounts " + Json.nameOf(mount) + " at "
                                + MountPath.ofMount(mount));
            }
        }
        for (ObjectNode env : s.wantedEnv()) {
            if (Json.named(app, "env", Json.nameOf(env)).isPresent()) {
                note(Reason.UserValueKept, "container " + name + " already sets " + Json.nameOf(env));
            } else {
                edits.add(Edit.ofApp(Place.ENV, name, env));
            }
        }
        s.policy().appContainers().envFrom().forEach(source -> envFrom(app, name, source));
        s.policy().appContainers().defaults().entrySet().stream()
                .sorted(Map.Entry.comparingByKey())
                .forEach(field -> defaultOf(app, name, field.getKey(), field.getValue()));
    }

    /** A shared path that the app already has is reported once, not for each container. */
    private boolean ofApp(ObjectNode mount) {
        return s.shared().stream()
                .anyMatch(shared -> shared.ofApp() && shared.shared().path().equals(MountPath.ofMount(mount)));
    }

    private void envFrom(ObjectNode app, String name, ObjectNode source) {
        Edit edit = Edit.ofApp(Place.ENV_FROM, name, source);
        String hash = Normalizer.hash("envFrom", source);
        if (Json.objects(app, "envFrom")
                .anyMatch(own -> Normalizer.hash("envFrom", own).equals(hash))) {
            note(Reason.UserValueKept, "container " + name + " already has this envFrom source");
        } else if (!shared(edit, "an envFrom source of container " + name)) {
            edits.add(edit);
        }
    }

    private void defaultOf(ObjectNode app, String name, Edit.DefaultField field, ObjectNode value) {
        if (field != Edit.DefaultField.RESOURCES && s.isPlainInit(app)) {
            return; // Kubernetes rejects probes of init containers that end.
        }
        Edit edit = Edit.ofDefault(name, field, value);
        JsonNode own = app.path(field.key());
        if (!Json.isAbsent(own) && !(own.isObject() && own.isEmpty())) {
            note(Reason.UserValueKept, "container " + name + " already sets " + field.key());
        } else if (!shared(edit, field.key() + " of container " + name)) {
            edits.add(edit);
        }
    }

    private void pod() {
        for (Place map : Place.METADATA) {
            s.policy().pod().metadata(map).forEach((key, value) -> {
                Edit edit = Edit.ofMetadata(map, key, value);
                if (!Json.isAbsent(s.user().metadata().path(map.key()).get(key))) {
                    note(Reason.UserValueKept, "the pod already has " + key + " in " + map.key());
                } else if (!shared(edit, key + " in " + map.key())) {
                    edits.add(edit);
                }
            });
        }
        s.policy().pod().gracePeriod().ifPresent(this::gracePeriod);
        s.policy().pod().hostAliases().forEach(this::hostAlias);
        for (String secret : s.policy().pod().pullSecrets()) {
            Edit edit = Edit.ofPullSecret(secret);
            if (Json.named(s.user().spec(), "imagePullSecrets", secret).isPresent()) {
                note(Reason.UserValueKept, "the pod already names the image pull secret " + secret);
            } else if (!shared(edit, "the image pull secret " + secret)) {
                edits.add(edit);
            }
        }
    }

    /** Another policy's alias for the same IP refuses this policy, so an existing alias is the user's. */
    private void hostAlias(ObjectNode alias) {
        Edit edit = Edit.ofPod(Place.HOST_ALIASES, alias);
        if (Place.HOST_ALIASES.has(s.user().spec(), edit.key())) {
            note(Reason.UserValueKept, "the pod already has a host alias for " + edit.key());
        } else {
            edits.add(edit);
        }
    }

    private void gracePeriod(long seconds) {
        Edit edit = Edit.ofGracePeriod(seconds);
        JsonNode own = s.user().spec().path(GracePeriod.KEY);
        if (!GracePeriod.raises(seconds)) {
            note(
                    Reason.UserValueKept,
                    "the policy's " + GracePeriod.KEY + " of " + seconds
                            + " raises nothing: a pod has at least 30 unless its owner says otherwise");
        } else if (!GracePeriod.isDefault(own)) {
            note(Reason.UserValueKept, "the pod already sets " + GracePeriod.KEY + " to " + Json.text(own));
        } else if (!shared(edit, "a longer or equal " + GracePeriod.KEY)) {
            edits.add(edit);
        }
    }

    /** Whether an earlier policy has already added it, so that this one need not. A note says so. */
    private boolean shared(Edit edit, String what) {
        return s.owners()
                .holder(edit)
                .map(holder -> note(Reason.AlreadyAdded, "policy " + holder + " already adds " + what))
                .isPresent();
    }

    private Note note(Reason reason, String message) {
        Note note = new Note(reason, message);
        notes.add(note);
        return note;
    }
}
