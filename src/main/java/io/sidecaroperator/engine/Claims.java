package io.sidecaroperator.engine;

import com.fasterxml.jackson.databind.JsonNode;
import io.sidecaroperator.tree.Json;
import io.sidecaroperator.tree.MountPath;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What earlier policies add to the template at hand: the first to want a name has it. */
final class Claims {
    private record Key(String kind, String container, String name) {}

    private record Claim(PolicyKey policy, @Nullable JsonNode value) {}

    /** The one claim that a later policy may outbid. */
    private record GracePeriodClaim(PolicyKey policy, long seconds) {}

    private final Map<Key, Claim> claims = new HashMap<>();
    private @Nullable GracePeriodClaim gracePeriod;

    /** Books everything that a plan adds. */
    void add(Plan plan) {
        plan.edits().forEach(edit -> {
            if (edit instanceof Edit.SetGracePeriod set) {
                gracePeriod = gracePeriod == null || gracePeriod.seconds < set.seconds()
                        ? new GracePeriodClaim(plan.policy(), set.seconds())
                        : gracePeriod;
            } else {
                claims.put(key(edit), new Claim(plan.policy(), value(edit)));
            }
        });
    }

    /** The policy that has already claimed what this edit adds, if any. */
    Optional<PolicyKey> holder(Edit edit) {
        if (edit instanceof Edit.SetGracePeriod set) {
            return Optional.ofNullable(gracePeriod)
                    .filter(claim -> claim.seconds >= set.seconds())
                    .map(GracePeriodClaim::policy);
        }
        return Optional.ofNullable(claims.get(key(edit))).map(Claim::policy);
    }

    /** Whether the claim on what this edit adds is for the very same value. */
    boolean sameValue(Edit edit) {
        if (edit instanceof Edit.SetGracePeriod) {
            return true; // Two grace periods never contradict each other: the longer one is both.
        }
        Claim claim = claims.get(key(edit));
        return claim != null && claim.value() != null && claim.value().equals(value(edit));
    }

    /** The policy that mounts something at this path or above it in this app container, if any. */
    Optional<PolicyKey> mountAtOrAbove(String container, MountPath path) {
        return claims.entrySet().stream()
                .filter(claim -> claim.getKey().kind.equals("mount")
                        && claim.getKey().container.equals(container))
                .filter(claim -> covers(new MountPath(claim.getKey().name), path))
                .map(claim -> claim.getValue().policy)
                .findFirst();
    }

    private static boolean covers(MountPath claimed, MountPath path) {
        return claimed.equals(path) || claimed.isAbove(path);
    }

    private static Key key(Edit edit) {
        if (edit instanceof Edit.AddContainer add) {
            return new Key("container", "", Situation.nameOf(add.container()));
        } else if (edit instanceof Edit.AddVolume add) {
            return new Key("volume", "", Situation.nameOf(add.volume()));
        } else if (edit instanceof Edit.AddMount add) {
            return new Key(
                    "mount", add.container(), SharedMount.pathOf(add.mount()).path());
        } else if (edit instanceof Edit.AddEnv add) {
            return new Key("env", add.container(), Situation.nameOf(add.env()));
        } else if (edit instanceof Edit.AddEnvFrom add) {
            return new Key("envFrom", add.container(), Json.text(add.source()));
        } else if (edit instanceof Edit.SetDefault set) {
            return new Key("default", set.container(), set.field().key());
        } else if (edit instanceof Edit.SetMetadata set) {
            return new Key(set.map().key(), "", set.key());
        } else if (edit instanceof Edit.AddPullSecret add) {
            return new Key("imagePullSecret", "", add.name());
        }
        throw new IllegalStateException("no key for " + edit);
    }

    private static @Nullable JsonNode value(Edit edit) {
        if (edit instanceof Edit.SetMetadata set) {
            return Json.MAPPER.getNodeFactory().textNode(set.value());
        }
        return edit instanceof Edit.SetDefault set ? set.value() : null;
    }
}
