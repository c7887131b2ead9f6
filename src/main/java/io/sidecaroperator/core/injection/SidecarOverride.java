package io.sidecaroperator.core.injection;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.sidecaroperator.core.json.Json;
import io.sidecaroperator.core.model.Note;
import io.sidecaroperator.core.model.Reason;
import io.sidecaroperator.core.policy.CompiledPolicy.Sidecar;
import io.sidecaroperator.core.policy.Overridable;
import io.sidecaroperator.core.policy.validation.ContainerRules;
import io.sidecaroperator.core.policy.validation.Finding;
import io.sidecaroperator.core.policy.validation.OverrideSchema;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/** One sidecar as its policy describes it, with the overrides that the workload may use and does use. */
final class SidecarOverride {
    private final PolicyContext s;
    private final Sidecar sidecar;
    private final ObjectNode container;
    private final List<String> applied = new ArrayList<>();
    private final List<Note> notes = new ArrayList<>();

    private SidecarOverride(PolicyContext context, Sidecar sidecar) {
        this.s = context;
        this.sidecar = sidecar;
        this.container = sidecar.container().deepCopy();
    }

    /** Returns the sidecar's container before rendering, and what to report about the workload's overrides. */
    static SidecarOverride of(PolicyContext s, Sidecar sidecar) {
        SidecarOverride override = new SidecarOverride(s, sidecar);
        JsonNode wanted = s.overrides().of(sidecar);
        if (wanted instanceof ObjectNode fields) {
            fields.properties().forEach(field -> override.field(field.getKey(), field.getValue()));
        } else if (wanted != null) {
            override.ignore("it must be an object with resources, image or env");
        }
        return override;
    }

    /** The container; a separate tree. */
    ObjectNode container() {
        return container;
    }

    /** Returns one note for everything that the override changes, and one for each part that it cannot change. */
    static List<Note> notes(PolicyContext s, Sidecar sidecar) {
        return s.overrides().of(sidecar) == null
                ? List.of()
                : SidecarOverride.of(s, sidecar).notes();
    }

    private List<Note> notes() {
        List<Note> all = new ArrayList<>();
        if (!applied.isEmpty()) {
            all.add(new Note(
                    Reason.Overridden,
                    "sidecar " + sidecar.name() + " has its " + String.join(", ", applied)
                            + " from the workload's annotation " + WorkloadOverrides.ANNOTATION));
        }
        all.addAll(notes);
        return all;
    }

    private void field(String key, JsonNode value) {
        Overridable part = Overridable.of(key).orElse(null);
        if (part == null) {
            ignore(key + " cannot be overridden; resources, image and env can");
        } else if (!s.policy().overrides().contains(part)) {
            ignore(key + " is not in overrides.allow of policy " + s.policy().key());
        } else {
            switch (part) {
                case RESOURCES -> resources(value);
                case IMAGE -> image(value);
                case ENV -> env(value);
            }
        }
    }

    private void image(JsonNode image) {
        if (isSound(OverrideSchema.image(image))) {
            container.set("image", image);
            applied.add("image");
        }
    }

    /** Merges requests and limits by resource. Missing or too high values are then assessed as in a policy. */
    private void resources(JsonNode wanted) {
        if (!isSound(OverrideSchema.resources(wanted))) {
            return;
        }
        ObjectNode policys = Json.objectAt(container, "resources");
        ObjectNode merged = policys == null ? Json.object() : policys.deepCopy();
        wanted.properties().forEach(list -> {
            ObjectNode quantities = Json.objectAt(merged, list.getKey());
            ObjectNode target = quantities == null ? merged.putObject(list.getKey()) : quantities;
            list.getValue().properties().forEach(quantity -> target.set(quantity.getKey(), quantity.getValue()));
        });
        ObjectNode complete = s.renderer().defaults().complete(merged);
        if (!ContainerRules.REQUESTS_WITHIN_LIMITS.holds().test(complete)) {
            ignore("resources: together with the policy's, " + ContainerRules.REQUESTS_WITHIN_LIMITS.message());
        } else if (!ContainerRules.wholeWhereItMustBe(complete)) {
            ignore("resources: together with the policy's, hugepages and resources of a DOMAIN/NAME must have equal"
                    + " requests and limits");
        } else {
            container.set("resources", merged);
            applied.add("resources");
        }
    }

    /** Replaces by name or appends. An invalid variable is left out, the others are applied. */
    private void env(JsonNode wanted) {
        if (!wanted.isArray()) {
            ignore("env must be a list of variables with name and value or valueFrom");
            return;
        }
        ArrayNode all = Json.arrayAt(container, "env");
        ArrayNode env = all == null ? Json.array() : all;
        Set<String> seen = new HashSet<>();
        List<String> names = new ArrayList<>();
        for (int i = 0; i < wanted.size(); i++) {
            JsonNode variable = wanted.get(i);
            if (isSound(OverrideSchema.env(variable, "env[" + i + "]")) && variable instanceof ObjectNode object) {
                String name = Json.nameOf(object);
                if (seen.add(name)) {
                    put(env, object, name);
                    names.add(name);
                } else {
                    ignore("env[" + i + "] sets " + name + " a second time");
                }
            }
        }
        if (!names.isEmpty()) {
            container.set("env", env);
            applied.add("env " + String.join(" ", names));
        }
    }

    private static void put(ArrayNode env, ObjectNode variable, String name) {
        for (int i = 0; i < env.size(); i++) {
            if (name.equals(Json.textAt(env.get(i), "name"))) {
                env.set(i, variable);
                return;
            }
        }
        env.add(variable);
    }

    private boolean isSound(List<Finding> findings) {
        if (!findings.isEmpty()) {
            ignore(findings.stream().map(Finding::toString).collect(Collectors.joining("; ")));
        }
        return findings.isEmpty();
    }

    private void ignore(String why) {
        notes.add(WorkloadOverrides.ignored("override of " + sidecar.name() + ": " + why));
    }
}
