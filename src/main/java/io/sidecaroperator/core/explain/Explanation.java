package io.sidecaroperator.core.explain;

import com.fasterxml.jackson.databind.JsonNode;
import io.sidecaroperator.core.injection.Decision;
import io.sidecaroperator.core.injection.Decision.Refuse;
import io.sidecaroperator.core.injection.Decision.Skip;
import io.sidecaroperator.core.injection.Injection;
import io.sidecaroperator.core.injection.Pending;
import io.sidecaroperator.core.injection.Plan;
import io.sidecaroperator.core.injection.PolicyOutcome;
import io.sidecaroperator.core.json.Json;
import io.sidecaroperator.core.model.Note;
import io.sidecaroperator.core.receipt.Edit;
import io.sidecaroperator.core.receipt.Place;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/** Writes an {@link Injection} for a person: each policy with its decision, each edit, each note, what was assumed. */
public final class Explanation {
    private final StringBuilder text = new StringBuilder();
    private final Injection injection;

    private Explanation(Injection injection) {
        this.injection = injection;
    }

    /** The explanation as lines of plain text, each ended by a line feed. */
    public static String render(Injection injection) {
        Explanation explanation = new Explanation(injection);
        explanation.all();
        return explanation.text.toString();
    }

    private void all() {
        line(injection.input().ref() + ", Kubernetes " + injection.input().server());
        injection.notes().forEach(this::note);
        if (injection.outcomes().isEmpty()) {
            line("no policy reaches it");
        }
        injection.outcomes().forEach(this::outcome);
    }

    private void outcome(PolicyOutcome outcome) {
        boolean newest = outcome.decision() instanceof Decision.Inject
                && outcome.pending().isEmpty();
        line("policy " + outcome.policy() + ": " + headline(outcome)
                + (newest ? " at revision " + outcome.revision() : ""));
        withheld(injection, outcome).forEach(edit -> line("  would add " + text(injection, edit)));
        given(outcome).forEach(edit -> line("  + " + text(injection, edit)));
        outcome.notes().forEach(this::note);
    }

    /** What the policy adds. */
    public static List<Edit> given(PolicyOutcome outcome) {
        return outcome.plan().map(Plan::edits).orElse(List.of());
    }

    /** What the policy would add if it were not pending. */
    public static List<Edit> withheld(Injection injection, PolicyOutcome outcome) {
        Set<String> given =
                given(outcome).stream().map(edit -> text(injection, edit)).collect(Collectors.toSet());
        return outcome.pending().flatMap(Pending::withheld).stream()
                .flatMap(plan -> plan.edits().stream())
                .filter(edit -> !given.contains(text(injection, edit)))
                .toList();
    }

    /** One policy's outcome in a line: {@code injected}, {@code skipped (OptedOut): …}, {@code refused (…): …}. */
    public static String headline(PolicyOutcome outcome) {
        if (outcome.pending().isPresent()) {
            Pending pending = outcome.pending().get();
            String given = outcome.givenRevision()
                    .map(revision -> "stays at revision " + revision)
                    .orElse("not injected");
            return given + ", newest is " + outcome.revision() + " (" + pending.reason() + "): " + pending.message();
        }
        if (outcome.decision() instanceof Skip skip) {
            return "skipped (" + skip.reason() + "): " + skip.message();
        }
        return outcome.decision() instanceof Refuse refuse
                ? "refused (" + refuse.reason() + "): " + refuse.message()
                : "injected";
    }

    private void note(Note note) {
        line("  note " + note.reason() + ": " + note.message());
    }

    private void line(String line) {
        text.append(line).append('\n');
    }

    /** An edit for a person: {@code container app: mounts app-logs at /var/log/app}. */
    public static String text(Injection injection, Edit edit) {
        JsonNode value = edit.value();
        String app = "container " + edit.app() + ": ";
        return switch (edit.place()) {
            case CONTAINERS, INIT_CONTAINERS -> container(injection, edit);
            case VOLUMES -> "volume " + edit.key() + source(value);
            case MOUNTS -> app + "mounts " + value.path("name").asText() + " at " + edit.key();
            case ENV ->
                app + "env " + edit.key()
                        + (value.has("value") ? "=" + value.path("value").asText() : "");
            case ENV_FROM -> app + "envFrom " + edit.key();
            case DEFAULTS -> app + "default " + edit.key();
            case LABELS -> "label " + edit.key() + ": " + value.asText();
            case ANNOTATIONS -> "annotation " + edit.key() + ": " + value.asText();
            case PULL_SECRETS -> "image pull secret " + edit.key();
            case HOST_ALIASES -> "host alias " + edit.key() + " for " + hostnames(value);
            case GRACE_PERIOD -> "grace period of " + value.asText() + " seconds";
        };
    }

    private static String hostnames(JsonNode alias) {
        return alias.path("hostnames").valueStream().map(JsonNode::asText).collect(Collectors.joining(", "));
    }

    private static String source(JsonNode volume) {
        return volume.properties().stream()
                .map(field -> field.getKey())
                .filter(key -> !key.equals("name"))
                .collect(Collectors.joining(", ", " (", ")"));
    }

    private static String container(Injection injection, Edit add) {
        List<String> users = Json.objects(
                        injection.stripped().path("spec"), add.place().key())
                .map(Json::nameOf)
                .toList();
        boolean init = add.place() == Place.INIT_CONTAINERS;
        boolean isNative = "Always".equals(Json.textAt(add.value(), "restartPolicy"));
        String kind = !init ? "container " : isNative ? "native sidecar " : "init container ";
        String where;
        if (users.isEmpty()) {
            where = "";
        } else if (add.slot() == 0) {
            where = ", before " + users.get(0);
        } else {
            where = ", after " + users.get(Math.min(add.slot(), users.size()) - 1);
        }
        return kind + add.key() + where;
    }
}
