package io.sidecaroperator.core.injection;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.sidecaroperator.core.injection.Decision.Inject;
import io.sidecaroperator.core.injection.Decision.Refuse;
import io.sidecaroperator.core.injection.Decision.Skip;
import io.sidecaroperator.core.json.Json;
import io.sidecaroperator.core.json.MountPath;
import io.sidecaroperator.core.model.PolicyKey;
import io.sidecaroperator.core.model.Reason;
import io.sidecaroperator.core.policy.CompiledPolicy.Placement;
import io.sidecaroperator.core.policy.CompiledPolicy.Sidecar;
import io.sidecaroperator.core.policy.CompiledPolicy.SidecarType;
import io.sidecaroperator.core.receipt.Edit;
import io.sidecaroperator.core.receipt.Place;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** The rules by which a policy is injected, skipped or refused. The first rule that returns a decision decides. */
final class Rules {
    /** The label that opts out of every policy, on a Namespace or on a pod template. */
    static final String OPT_OUT_LABEL = "sidecar-operator.io/inject";

    private static final String MIRROR_ANNOTATION = "kubernetes.io/config.mirror";

    /** One rule: returns a decision, or empty when it passes. */
    private interface InjectionRule {
        Optional<Decision> check(PolicyContext context);
    }

    private record Asked(Check check, InjectionRule rule) {}

    /**
     * The result of the rules.
     *
     * @param by the check that decided; empty when all checks passed
     */
    record Ruling(Decision decision, Optional<Check> by) {}

    /** The rules in order; {@link Check} says what each of them ensures. */
    private static final List<Asked> RULES = List.of(
            new Asked(Check.Selected, Rules::selected),
            new Asked(Check.ProtectedNamespace, Rules::protectedNamespace),
            new Asked(Check.MirrorPod, Rules::mirrorPod),
            new Asked(Check.OptOut, Rules::optOut),
            new Asked(Check.HostNetwork, Rules::hostNetwork),
            new Asked(Check.ValidTemplate, Rules::validTemplate),
            new Asked(Check.RunsToCompletion, Rules::runsToCompletion),
            new Asked(Check.NativeSidecars, Rules::nativeSidecars),
            new Asked(Check.ContainerNames, Rules::containerNames),
            new Asked(Check.VolumeNames, Rules::volumeNames),
            new Asked(Check.PlacementTargets, Rules::placementTargets),
            new Asked(Check.SharedPaths, Rules::sharedPaths),
            new Asked(Check.MountPaths, Rules::mountPaths),
            new Asked(Check.Env, Rules::env),
            new Asked(Check.Metadata, Rules::metadata),
            new Asked(Check.HostAliases, Rules::hostAliases));

    private Rules() {}

    /** Returns what the policy means for the template. */
    static Decision decide(PolicyContext context) {
        return rule(context).decision();
    }

    /** Returns the same, with the check that decided. */
    static Ruling rule(PolicyContext context) {
        for (Asked asked : RULES) {
            Optional<Decision> decision = asked.rule().check(context);
            if (decision.isPresent()) {
                return new Ruling(decision.get(), Optional.of(asked.check()));
            }
        }
        return new Ruling(new Inject(), Optional.empty());
    }

    private static Optional<Decision> selected(PolicyContext s) {
        if (s.input().trigger().followsReceipt()) {
            return Optional.empty(); // The template's receipt has selected it.
        }
        String namespace = s.input().ref().namespace();
        boolean reached = s.policy().reaches(namespace, s.input().namespace().labels())
                && !(isClusterWide(s) && s.input().namespace().isProtected());
        return reached && s.policy().target().includes(s.input().ref(), s.user().labels())
                ? Optional.empty()
                : skip(Reason.NotSelected, Reason.NotSelected.meaning());
    }

    /** For a cluster policy "all namespaces" means all but the protected ones, so it selects no pod there. */
    private static boolean isClusterWide(PolicyContext s) {
        return s.policy().key().namespace().isEmpty();
    }

    private static Optional<Decision> protectedNamespace(PolicyContext s) {
        return s.input().namespace().isProtected()
                ? skip(Reason.SystemNamespace, "namespace " + s.input().ref().namespace() + " is never touched")
                : Optional.empty();
    }

    private static Optional<Decision> mirrorPod(PolicyContext s) {
        return s.user().annotations().containsKey(MIRROR_ANNOTATION)
                ? skip(Reason.MirrorPod, Reason.MirrorPod.meaning())
                : Optional.empty();
    }

    private static Optional<Decision> optOut(PolicyContext s) {
        if (optsOut(s.user().labels())) {
            return skip(Reason.OptedOut, "the pod template has the label " + OPT_OUT_LABEL + ": \"false\"");
        }
        return optsOut(s.input().namespace().labels())
                ? skip(
                        Reason.OptedOut,
                        "namespace " + s.input().ref().namespace() + " has the label " + OPT_OUT_LABEL + ": \"false\"")
                : Optional.empty();
    }

    private static boolean optsOut(Map<String, String> labels) {
        return "false".equals(labels.get(OPT_OUT_LABEL));
    }

    private static Optional<Decision> hostNetwork(PolicyContext s) {
        return s.user().usesHostNetwork() && !s.policy().hostNetwork()
                ? skip(Reason.HostNetwork, Reason.HostNetwork.meaning() + "; the policy can say hostNetwork: Inject")
                : Optional.empty();
    }

    private static Optional<Decision> validTemplate(PolicyContext s) {
        return s.user().problem().flatMap(problem -> refuse(Reason.InvalidTemplate, problem));
    }

    private static Optional<Decision> runsToCompletion(PolicyContext s) {
        if (s.user().restartsAlways()) {
            return Optional.empty();
        }
        return s.policy().sidecars().stream()
                .filter(sidecar -> s.typeOf(sidecar) == SidecarType.Container)
                .findFirst()
                .flatMap(sidecar -> skip(
                        Reason.RunsToCompletion,
                        "restartPolicy is " + Json.textAt(s.user().spec(), "restartPolicy") + ", and sidecar "
                                + sidecar.name() + " of type Container would never end"));
    }

    private static Optional<Decision> nativeSidecars(PolicyContext s) {
        return s.policy().sidecars().stream()
                .filter(sidecar -> sidecar.type() == SidecarType.Native
                        && !s.input().server().hasNativeSidecars())
                .findFirst()
                .flatMap(sidecar -> refuse(
                        Reason.NativeSidecarUnsupported,
                        "sidecar " + sidecar.name() + " has type Native, and Kubernetes "
                                + s.input().server() + " has no native sidecars (1.29 has); leave type out"));
    }

    private static Optional<Decision> containerNames(PolicyContext s) {
        Set<String> taken = s.user().containerNames();
        for (Sidecar sidecar : s.policy().sidecars()) {
            if (taken.contains(sidecar.name())) {
                return refuse(
                        Reason.ContainerNameTaken,
                        "the workload has a container named " + sidecar.name() + " itself; rename one of the two");
            }
            Edit edit = Edit.ofContainer(s.listOf(sidecar), sidecar.container(), 0);
            Optional<PolicyKey> holder = s.owners().holder(edit);
            if (holder.isPresent()) {
                return refuse(
                        Reason.ContainerNameTaken,
                        "policy " + holder.get() + " already adds a container named " + sidecar.name());
            }
        }
        return Optional.empty();
    }

    private static Optional<Decision> volumeNames(PolicyContext s) {
        Set<String> taken = s.userVolumes();
        for (ObjectNode volume : s.addedVolumes()) {
            String name = Json.nameOf(volume);
            if (taken.contains(name)) {
                return refuse(
                        Reason.VolumeNameTaken,
                        "the workload has a volume named " + name + " itself; rename one of the two");
            }
            Optional<PolicyKey> holder = s.owners().holder(Edit.ofPod(Place.VOLUMES, volume));
            if (holder.isPresent()) {
                return refuse(
                        Reason.VolumeNameTaken, "policy " + holder.get() + " already adds a volume named " + name);
            }
        }
        return Optional.empty();
    }

    private static Optional<Decision> placementTargets(PolicyContext s) {
        for (Sidecar sidecar : s.policy().sidecars()) {
            Optional<String> target = sidecar.placement().flatMap(Rules::target);
            String list = s.listOf(sidecar).key();
            if (target.isPresent() && !s.user().names(list).contains(target.get())) {
                return refuse(
                        Reason.PlacementTargetMissing,
                        "sidecar " + sidecar.name() + " is to stand beside " + target.get()
                                + ", and the workload has no such container in spec." + list);
            }
        }
        return Optional.empty();
    }

    private static Optional<String> target(Placement placement) {
        if (placement instanceof Placement.Before before) {
            return Optional.of(before.name());
        }
        return placement instanceof Placement.After after ? Optional.of(after.name()) : Optional.empty();
    }

    private static Optional<Decision> sharedPaths(PolicyContext s) {
        return s.shared().stream()
                .flatMap(mount -> mount.conflict().stream())
                .findFirst()
                .flatMap(conflict -> refuse(Reason.MountPathInUse, conflict));
    }

    private static Optional<Decision> mountPaths(PolicyContext s) {
        for (ObjectNode app : s.apps()) {
            String name = Json.nameOf(app);
            for (ObjectNode mount : Mounts.wanted(s)) {
                MountPath path = MountPath.ofMount(mount);
                Optional<Decision> conflict = Mounts.conflict(app, mount)
                        .or(() -> s.owners()
                                .mountAtOrAbove(name, path)
                                .map(holder -> "policy " + holder + " already mounts a volume there in container "
                                        + name + ": " + path))
                        .flatMap(why -> refuse(Reason.MountPathInUse, why));
                if (conflict.isPresent()) {
                    return conflict;
                }
            }
        }
        return Optional.empty();
    }

    private static Optional<Decision> env(PolicyContext s) {
        for (ObjectNode app : s.apps()) {
            String container = Json.nameOf(app);
            for (ObjectNode env : s.wantedEnv()) {
                Optional<PolicyKey> holder = s.owners().holder(Edit.ofApp(Place.ENV, container, env));
                if (holder.isPresent()) {
                    return refuse(
                            Reason.EnvTaken,
                            "policy " + holder.get() + " already sets " + Json.nameOf(env) + " in container "
                                    + container);
                }
            }
        }
        return Optional.empty();
    }

    private static Optional<Decision> metadata(PolicyContext s) {
        for (Place map : Place.METADATA) {
            for (Map.Entry<String, String> item : s.policy().pod().metadata(map).entrySet()) {
                Edit edit = Edit.ofMetadata(map, item.getKey(), item.getValue());
                Optional<PolicyKey> holder = s.owners().holder(edit);
                if (holder.isPresent() && !s.owners().sameValue(edit)) {
                    return refuse(
                            Reason.MetadataTaken,
                            "policy " + holder.get() + " already sets " + item.getKey() + " in " + map.key()
                                    + " to another value");
                }
            }
        }
        return Optional.empty();
    }

    private static Optional<Decision> hostAliases(PolicyContext s) {
        for (ObjectNode alias : s.policy().pod().hostAliases()) {
            Edit edit = Edit.ofPod(Place.HOST_ALIASES, alias);
            Optional<PolicyKey> holder = s.owners().holder(edit);
            if (holder.isPresent()) {
                return refuse(
                        Reason.HostAliasTaken,
                        "policy " + holder.get() + " already adds a host alias for " + edit.key());
            }
        }
        return Optional.empty();
    }

    private static Optional<Decision> skip(Reason reason, String message) {
        return Optional.of(new Skip(reason, message));
    }

    private static Optional<Decision> refuse(Reason reason, String message) {
        return Optional.of(new Refuse(reason, message));
    }
}
