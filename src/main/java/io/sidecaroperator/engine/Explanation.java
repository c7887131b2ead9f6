package io.sidecaroperator.engine;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.sidecaroperator.engine.Decision.Refuse;
import io.sidecaroperator.engine.Decision.Skip;
import io.sidecaroperator.engine.Edit.ContainerList;
import io.sidecaroperator.tree.Json;
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
        line(injection.facts().ref() + ", Kubernetes " + injection.facts().server());
        injection.notes().forEach(this::note);
        if (injection.outcomes().isEmpty()) {
            line("no policy reaches it");
        }
        injection.outcomes().forEach(this::outcome);
    }

    private void outcome(PolicyOutcome outcome) {
        boolean newest =
                outcome.decision() instanceof Decision.Inject && outcome.hold().isEmpty();
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

    /** What it would add besides, if nothing held it back. */
    public static List<Edit> withheld(Injection injection, PolicyOutcome outcome) {
        Set<String> given =
                given(outcome).stream().map(edit -> text(injection, edit)).collect(Collectors.toSet());
        return outcome.hold().flatMap(Hold::withheld).stream()
                .flatMap(plan -> plan.edits().stream())
                .filter(edit -> !given.contains(text(injection, edit)))
                .toList();
    }

    /** One policy's outcome in a line: {@code injected}, {@code skipped (OptedOut): …}, {@code refused (…): …}. */
    public static String headline(PolicyOutcome outcome) {
        if (outcome.hold().isPresent()) {
            Hold hold = outcome.hold().get();
            String given = outcome.givenRevision()
                    .map(revision -> "stays at revision " + revision)
                    .orElse("not injected");
            return given + ", newest is " + outcome.revision() + " (" + hold.reason() + "): " + hold.message();
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
        if (edit instanceof Edit.AddVolume add) {
            return "volume " + Situation.nameOf(add.volume()) + source(add.volume());
        } else if (edit instanceof Edit.AddContainer add) {
            return container(injection, add);
        } else if (edit instanceof Edit.AddMount add) {
            return "container " + add.container() + ": mounts " + Situation.nameOf(add.mount()) + " at "
                    + SharedMount.pathOf(add.mount());
        } else if (edit instanceof Edit.AddEnv add) {
            JsonNode value = add.env().get("value");
            return "container " + add.container() + ": env " + Situation.nameOf(add.env())
                    + (value == null ? "" : "=" + value.asText());
        } else if (edit instanceof Edit.AddEnvFrom add) {
            return "container " + add.container() + ": envFrom " + Json.text(add.source());
        } else if (edit instanceof Edit.SetDefault set) {
            return "container " + set.container() + ": default " + set.field().key();
        } else if (edit instanceof Edit.SetMetadata set) {
            String kind = set.map() == Edit.MetadataMap.LABELS ? "label " : "annotation ";
            return kind + set.key() + ": " + set.value();
        } else if (edit instanceof Edit.AddPullSecret add) {
            return "image pull secret " + add.name();
        } else if (edit instanceof Edit.SetGracePeriod set) {
            return "grace period of " + set.seconds() + " seconds";
        }
        throw new IllegalStateException("no text for " + edit);
    }

    private static String source(ObjectNode volume) {
        return volume.properties().stream()
                .map(field -> field.getKey())
                .filter(key -> !key.equals("name"))
                .collect(Collectors.joining(", ", " (", ")"));
    }

    private static String container(Injection injection, Edit.AddContainer add) {
        List<String> users = Json.objects(
                        injection.stripped().path("spec"), add.list().key())
                .map(Situation::nameOf)
                .toList();
        boolean init = add.list() == ContainerList.INIT_CONTAINERS;
        boolean isNative = "Always".equals(Json.textAt(add.container(), "restartPolicy"));
        String kind = !init ? "container " : isNative ? "native sidecar " : "init container ";
        String where;
        if (users.isEmpty()) {
            where = "";
        } else if (add.slot() == 0) {
            where = ", before " + users.get(0);
        } else {
            where = ", after " + users.get(Math.min(add.slot(), users.size()) - 1);
        }
        return kind + Situation.nameOf(add.container()) + where;
    }
}
