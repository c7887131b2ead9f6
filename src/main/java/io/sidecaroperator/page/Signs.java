package io.sidecaroperator.page;

import io.sidecaroperator.engine.Edit;
import io.sidecaroperator.engine.Explanation;
import io.sidecaroperator.explain.PolicyExplanation;
import io.sidecaroperator.tree.Json;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Which policy, by its number on the page, added what to a template. */
final class Signs {
    private final Map<List<String>, String> numbers = new HashMap<>();

    private Signs() {}

    /** The signs of everything that these policies add; they are counted from 1. */
    static Signs of(List<PolicyExplanation> policies) {
        Signs signs = new Signs();
        for (int i = 0; i < policies.size(); i++) {
            String number = String.valueOf(i + 1);
            Explanation.given(policies.get(i).outcome()).forEach(edit -> signs.numbers.putIfAbsent(key(edit), number));
        }
        return signs;
    }

    Sign volume(String name) {
        return sign("volume", name);
    }

    Sign container(String name) {
        return sign("container", name);
    }

    Sign mount(String container, String path) {
        return sign("mount", container, path);
    }

    Sign env(String container, String name) {
        return sign("env", container, name);
    }

    Sign envFrom(String container, String source) {
        return sign("envFrom", container, source);
    }

    Sign field(String container, String field) {
        return sign("default", container, field);
    }

    Sign metadata(String map, String key) {
        return sign(map, key);
    }

    Sign pullSecret(String name) {
        return sign("secret", name);
    }

    Sign gracePeriod() {
        return sign("grace");
    }

    /** Something added; {@code number} is empty where no single policy is to thank. */
    private Sign sign(String... key) {
        return new Sign(true, numbers.getOrDefault(List.of(key), ""));
    }

    private static List<String> key(Edit edit) {
        if (edit instanceof Edit.AddVolume add) {
            return List.of("volume", add.volume().path("name").asText());
        } else if (edit instanceof Edit.AddContainer add) {
            return List.of("container", add.container().path("name").asText());
        } else if (edit instanceof Edit.AddMount add) {
            return List.of(
                    "mount", add.container(), add.mount().path("mountPath").asText());
        } else if (edit instanceof Edit.AddEnv add) {
            return List.of("env", add.container(), add.env().path("name").asText());
        } else if (edit instanceof Edit.AddEnvFrom add) {
            return List.of("envFrom", add.container(), Json.text(add.source()));
        } else if (edit instanceof Edit.SetDefault set) {
            return List.of("default", set.container(), set.field().key());
        } else if (edit instanceof Edit.SetMetadata set) {
            return List.of(set.map().key(), set.key());
        } else if (edit instanceof Edit.AddPullSecret add) {
            return List.of("secret", add.name());
        }
        return List.of("grace");
    }
}
