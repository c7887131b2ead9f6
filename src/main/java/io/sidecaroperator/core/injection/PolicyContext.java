package io.sidecaroperator.core.injection;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.sidecaroperator.core.json.Json;
import io.sidecaroperator.core.json.PodTemplate;
import io.sidecaroperator.core.policy.CompiledPolicy;
import io.sidecaroperator.core.policy.CompiledPolicy.SharedVolume;
import io.sidecaroperator.core.policy.CompiledPolicy.Sidecar;
import io.sidecaroperator.core.policy.CompiledPolicy.SidecarType;
import io.sidecaroperator.core.receipt.Place;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * One policy against one template: the values that the rules and the planner read.
 *
 * @param input the input, with the user's own template
 * @param user the same template
 * @param apps the app containers that the policy selects
 * @param shared where each shared volume's files are, in the order of the policy
 */
record PolicyContext(
        Input input,
        PodTemplate user,
        CompiledPolicy policy,
        FieldOwners owners,
        RendererVersion renderer,
        List<ObjectNode> apps,
        List<SharedMount> shared) {

    static PolicyContext of(Input input, CompiledPolicy policy, FieldOwners owners, RendererVersion renderer) {
        PodTemplate user = new PodTemplate(input.template());
        Stream<ObjectNode> containers =
                policy.appContainers().initContainers() ? user.allContainers() : user.containers();
        List<ObjectNode> apps = containers
                .filter(container -> policy.appContainers().selects(Json.nameOf(container)))
                .toList();
        List<SharedMount> shared = policy.sharedVolumes().stream()
                .map(volume -> SharedMount.resolve(volume, apps, policy.sidecars()))
                .toList();
        return new PolicyContext(input, user, policy, owners, renderer, apps, shared);
    }

    /** The type of a sidecar on this server. Where the policy leaves it open: Native, if the server knows it. */
    SidecarType typeOf(Sidecar sidecar) {
        if (sidecar.type() != null) {
            return sidecar.type();
        }
        return input.server().hasNativeSidecars() ? SidecarType.Native : SidecarType.Container;
    }

    /** The overrides that the workload asks for. */
    WorkloadOverrides overrides() {
        return WorkloadOverrides.of(user);
    }

    /** The list a sidecar goes into. */
    Place listOf(Sidecar sidecar) {
        return typeOf(sidecar) == SidecarType.Container ? Place.CONTAINERS : Place.INIT_CONTAINERS;
    }

    /**
     * The {@code engine} number of receipts: it tells builds apart, and the type that was chosen where a policy leaves
     * it open.
     */
    int engineNumber() {
        return renderer.engine() * 10 + (input.server().hasNativeSidecars() ? 0 : 1);
    }

    /** The volumes that the policy adds to the pod: its own, and the shared ones that no app already has. */
    List<ObjectNode> addedVolumes() {
        return Stream.concat(
                        shared.stream()
                                .filter(mount -> !mount.ofApp())
                                .map(mount -> mount.shared().volume()),
                        policy.volumes().stream())
                .toList();
    }

    /** Names of the volumes of the user's part: volumes of the template and claim templates. */
    Set<String> userVolumes() {
        Set<String> names = new HashSet<>(user.names("volumes"));
        names.addAll(input.claimNames());
        return names;
    }

    /** The shared volume of this name, as it was resolved; null when the policy has none of this name. */
    @Nullable
    SharedMount sharedNamed(String volume) {
        return shared.stream()
                .filter(mount -> mount.shared().name().equals(volume))
                .findFirst()
                .orElse(null);
    }

    /** Whether the container is a plain init container, which may have no probes. */
    boolean isPlainInit(ObjectNode container) {
        return user.initContainers().anyMatch(init -> init == container)
                && !"Always".equals(Json.textAt(container, "restartPolicy"));
    }

    /** Environment variables that every selected app container is to have, in order. */
    List<ObjectNode> wantedEnv() {
        return wantedEnv(policy);
    }

    /** The same for a policy alone. Of two variables with one name the first counts. */
    static List<ObjectNode> wantedEnv(CompiledPolicy policy) {
        Set<String> seen = new HashSet<>();
        return Stream.concat(
                        policy.sharedVolumes().stream().flatMap(PolicyContext::pathVariable),
                        policy.appContainers().env().stream())
                .filter(env -> seen.add(Json.nameOf(env)))
                .toList();
    }

    /** The variable that holds a shared volume's path, if the policy names one. */
    static Stream<ObjectNode> pathVariable(SharedVolume volume) {
        return volume.envVar() == null
                ? Stream.empty()
                : Stream.of(Json.object()
                        .put("name", volume.envVar())
                        .put("value", volume.path().path()));
    }
}
