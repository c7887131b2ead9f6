package io.sidecaroperator.core.rollout;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.sidecaroperator.core.json.Canonical;
import io.sidecaroperator.core.json.InvalidJsonException;
import io.sidecaroperator.core.json.Json;
import io.sidecaroperator.core.model.PolicyKey;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.Collections;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What the operator's last write changed at a workload, as an annotation on the workload's own metadata. There it
 * restarts no pod, and it outlives the process. Only a workload with this annotation has a rollout that the operator
 * watches.
 *
 * @param uid the workload's own: an annotation in a copied manifest has no effect
 * @param at when it was written, to the second
 * @param template {@link #hashOf} the user's part of the template: when that changes, the rollout that follows is the
 *     user's
 * @param completeBefore whether the workload was healthy before, so that it can be assessed
 * @param completeAt when all pods were seen to run the template, for kinds that do not store that time themselves
 * @param changes the policies whose revision came with the write, or with an unfinished one before it
 */
public record LastWrite(
        String uid,
        Instant at,
        String template,
        boolean completeBefore,
        Optional<Instant> completeAt,
        SortedMap<PolicyKey, Change> changes) {
    /** The annotation on the workload's metadata; compact JSON. */
    public static final String ANNOTATION = "sidecar-operator.io/rollout";

    private static final int HASH_DIGITS = 16;

    /**
     * Every client that can edit a workload can edit its annotation. With a later time, sums would exceed what an
     * Instant holds.
     */
    private static final Instant LATEST = Instant.parse("9999-12-31T23:59:59Z");

    public LastWrite {
        changes = Collections.unmodifiableSortedMap(new TreeMap<>(changes));
    }

    /**
     * One policy's part of the write.
     *
     * @param from the revision with which the workload was healthy; empty for no parts of the policy
     * @param to the revision that it was given; empty for no parts of the policy
     * @param rollback whether the write took back a failed revision, so that it is not assessed
     */
    public record Change(Optional<String> from, Optional<String> to, boolean rollback) {}

    /** The hash by which the annotation remembers the user's part of a template. */
    public static String hashOf(ObjectNode stripped) {
        return Canonical.hash(stripped, HASH_DIGITS);
    }

    /** Reads the last write of a workload; empty when the annotation is absent or unreadable. */
    public static Optional<LastWrite> of(JsonNode workload) {
        String text = Json.textAt(Json.objectAt(workload.path("metadata"), "annotations"), ANNOTATION);
        try {
            return text != null && Json.parse(text) instanceof ObjectNode record ? read(record) : Optional.empty();
        } catch (InvalidJsonException | DateTimeException e) {
            return Optional.empty();
        }
    }

    /** Returns a copy of the workload with this annotation. */
    public ObjectNode on(ObjectNode workload) {
        ObjectNode copy = workload.deepCopy();
        copy.withObject("/metadata/annotations").put(ANNOTATION, Json.text(json()));
        return copy;
    }

    /** Returns a copy of the workload without the annotation. */
    public static ObjectNode off(ObjectNode workload) {
        ObjectNode copy = workload.deepCopy();
        ObjectNode metadata = Json.objectAt(copy, "metadata");
        ObjectNode annotations = Json.objectAt(metadata, "annotations");
        if (metadata != null
                && annotations != null
                && annotations.remove(ANNOTATION) != null
                && annotations.isEmpty()) {
            metadata.remove("annotations");
        }
        return copy;
    }

    /** The same write, of a workload whose pods have all run the template since then. */
    public LastWrite completeAt(Instant time) {
        return new LastWrite(uid, at, template, completeBefore, Optional.of(time), changes);
    }

    private static Optional<LastWrite> read(ObjectNode json) {
        String uid = Json.textAt(json, "uid");
        String at = Json.textAt(json, "at");
        String template = Json.textAt(json, "template");
        ObjectNode policies = Json.objectAt(json, "policies");
        if (uid == null || at == null || template == null || policies == null) {
            return Optional.empty();
        }
        SortedMap<PolicyKey, Change> changes = new TreeMap<>();
        policies.properties().forEach(entry -> changes.put(PolicyKey.parse(entry.getKey()), change(entry.getValue())));
        return Optional.of(new LastWrite(
                uid,
                moment(at),
                template,
                json.path("completeBefore").asBoolean(false),
                Optional.ofNullable(Json.textAt(json, "completeAt")).map(LastWrite::moment),
                changes));
    }

    private static Instant moment(String text) {
        Instant moment = Instant.parse(text);
        if (moment.isBefore(Instant.EPOCH) || moment.isAfter(LATEST)) {
            throw new DateTimeException("no time at which a record was written: " + text);
        }
        return moment;
    }

    private static Change change(JsonNode json) {
        return new Change(
                Optional.ofNullable(Json.textAt(json, "from")),
                Optional.ofNullable(Json.textAt(json, "to")),
                json.path("rollback").asBoolean(false));
    }

    private ObjectNode json() {
        ObjectNode json = Json.object();
        json.put("uid", uid).put("at", at.toString()).put("template", template);
        if (completeBefore) {
            json.put("completeBefore", true);
        }
        completeAt.ifPresent(time -> json.put("completeAt", time.toString()));
        ObjectNode policies = json.putObject("policies");
        changes.forEach((key, change) -> {
            ObjectNode entry = policies.putObject(key.toString());
            change.from().ifPresent(revision -> entry.put("from", revision));
            change.to().ifPresent(revision -> entry.put("to", revision));
            if (change.rollback()) {
                entry.put("rollback", true);
            }
        });
        return json;
    }
}
