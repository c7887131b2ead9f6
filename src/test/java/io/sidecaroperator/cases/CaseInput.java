package io.sidecaroperator.cases;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.sidecaroperator.core.json.Json;
import io.sidecaroperator.core.model.KubernetesVersion;
import io.sidecaroperator.core.model.PolicyKey;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The content of {@code facts.yaml} of a case; the README of the cases explains each field to its readers.
 *
 * @param title what the case teaches, in one sentence
 * @param claims words of the vocabulary that the case shows
 * @param limitRanges specs of the namespace's LimitRanges
 * @param held policies that have no permission yet
 * @param trigger the only trigger that the case is for; empty where it makes no difference
 * @param deleting policies that are being deleted
 * @param retains whether the input already has parts of policies, so that stripping gives {@code stripped.yaml}
 * @param inSync whether nothing is written although the input is not what this build would render
 * @param serverShapes whether an API server stores such an input as it is, apart from defaults
 */
record CaseInput(
        String title,
        List<String> claims,
        Map<String, String> namespaceLabels,
        boolean protectedNamespace,
        Optional<KubernetesVersion> kubernetesVersion,
        List<ObjectNode> limitRanges,
        Optional<Moment> trigger,
        Set<PolicyKey> held,
        Set<PolicyKey> deleting,
        boolean retains,
        boolean inSync,
        boolean serverShapes) {

    private static final Set<String> KNOWN = Set.of(
            "title",
            "claims",
            "namespaceLabels",
            "protectedNamespace",
            "kubernetesVersion",
            "trigger",
            "limitRanges",
            "held",
            "deleting",
            "carries",
            "inSync",
            "serverShapes");

    /** Reads the file's content; an unused field is an {@link AssertionError}. */
    static CaseInput of(ObjectNode node) {
        Set<String> unknown = new TreeSet<>();
        node.fieldNames().forEachRemaining(unknown::add);
        unknown.removeAll(KNOWN);
        if (!unknown.isEmpty()) {
            throw new AssertionError("facts.yaml: unknown fields " + unknown + ", expected some of " + KNOWN);
        }
        return new CaseInput(
                Optional.ofNullable(Json.textAt(node, "title"))
                        .orElseThrow(() -> new AssertionError("facts.yaml: title is missing")),
                texts(node.path("claims")),
                Json.strings(node, "namespaceLabels"),
                flag(node, "protectedNamespace", false),
                Optional.ofNullable(Json.textAt(node, "kubernetesVersion"))
                        .map(text -> KubernetesVersion.parse(text)
                                .orElseThrow(() -> new AssertionError("facts.yaml: kubernetesVersion is " + text))),
                Json.objects(node, "limitRanges").toList(),
                Optional.ofNullable(Json.textAt(node, "trigger")).map(CaseInput::moment),
                texts(node.path("held")).stream().map(PolicyKey::parse).collect(Collectors.toSet()),
                texts(node.path("deleting")).stream().map(PolicyKey::parse).collect(Collectors.toSet()),
                flag(node, "carries", false),
                flag(node, "inSync", false),
                flag(node, "serverShapes", true));
    }

    /** The triggers, as the cases name them. */
    enum Moment {
        Resync,
        Create,
        Update,
        Offline,
        ManagedPod
    }

    /** Whether the case is for this trigger. */
    boolean isFor(Moment moment) {
        return trigger.map(moment::equals).orElse(moment == Moment.Resync || moment == Moment.Offline);
    }

    private static Moment moment(String text) {
        return Stream.of(Moment.values())
                .filter(moment -> moment.name().equals(text))
                .findFirst()
                .orElseThrow(() -> new AssertionError(
                        "facts.yaml: trigger is " + text + ", expected one of " + List.of(Moment.values())));
    }

    private static boolean flag(ObjectNode node, String key, boolean otherwise) {
        JsonNode value = node.path(key);
        if (value.isMissingNode()) {
            return otherwise;
        }
        if (!value.isBoolean() || value.booleanValue() == otherwise) {
            throw new AssertionError("facts.yaml: " + key + " is " + value + "; write it only to say " + !otherwise);
        }
        return value.booleanValue();
    }

    private static List<String> texts(JsonNode list) {
        List<String> texts = new ArrayList<>();
        list.forEach(item -> texts.add(item.asText()));
        return texts;
    }
}
