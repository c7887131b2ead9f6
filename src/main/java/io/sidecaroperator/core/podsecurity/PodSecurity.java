package io.sidecaroperator.core.podsecurity;

import static io.sidecaroperator.core.podsecurity.PodSecurityCheck.baseline;
import static io.sidecaroperator.core.podsecurity.PodSecurityCheck.restricted;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.sidecaroperator.core.json.Json;
import java.util.ArrayList;
import java.util.List;

/**
 * The Pod Security Standards as the API server's admission enforces them, so that an injection never turns a pod that
 * the server accepts into one that it rejects. Exemptions and defaults of the server's own configuration are unknown
 * here.
 */
public final class PodSecurity {
    /** The published checks, baseline first, each with the versions of Kubernetes 1.x in which it applies. */
    private static final List<PodSecurityCheck> CHECKS = List.of(
            // a Windows container is not a process of its node
            baseline(BaselineRules::hostProcess).andRestricted(),
            // a pod has its own network, processes and IPC
            baseline(BaselineRules::hostNamespaces).andRestricted(),
            // a container does not have all the rights of its node
            baseline(BaselineRules::privileged).andRestricted(),
            // no capability beyond what a container runtime gives; restricted requires more since 1.22
            baseline(BaselineRules::addedCapabilities),
            restricted(BaselineRules::addedCapabilities).before(22),
            // no directory of the node; restricted allows few volume sources and so not this one
            baseline(BaselineRules::hostPath),
            // no port of the node
            baseline(BaselineRules::hostPorts).andRestricted(),
            // the kubelet calls only the pod
            baseline(BaselineRules::hostsOfProbesAndHooks).andRestricted().since(34),
            // the default AppArmor profile or one of the node, never unconfined
            baseline(BaselineRules::appArmor).andRestricted(),
            // no other SELinux type, user or role than a container's
            baseline(BaselineRules::seLinux).andRestricted(),
            // the masks over /proc stay, but for baseline in a user namespace
            baseline(BaselineRules::procMount).unlessInUserNamespace(),
            restricted(BaselineRules::procMount),
            // the default seccomp profile or one of the node, never unconfined
            baseline(BaselineRules::seccompAnnotations).andRestricted().before(19),
            baseline(BaselineRules::seccompProfile).since(19),
            // only sysctls that stay inside the pod
            baseline(BaselineRules::sysctls).andRestricted(),
            // only volumes that cannot reach into the node
            restricted(RestrictedRules::volumes),
            // no way to more rights than the process started with
            restricted(RestrictedRules::privilegeEscalation).unlessForWindows().since(8),
            // not root
            restricted(RestrictedRules::runAsNonRoot).unlessInUserNamespace(),
            restricted(RestrictedRules::runAsUser).unlessInUserNamespace().since(23),
            // a seccomp profile, set by the pod or by each container
            restricted(RestrictedRules::seccompProfile).unlessForWindows().since(19),
            // only the capability to bind a low port
            restricted(RestrictedRules::capabilities).unlessForWindows().since(22));

    private PodSecurity() {}

    /**
     * Returns what the standard forbids in a pod or pod template, in a fixed order; empty when the API server accepts
     * it.
     */
    public static List<Violation> violations(PodSecurityStandard standard, ObjectNode pod) {
        List<Violation> found = new ArrayList<>();
        if (standard.level() != PodSecurityLevel.PRIVILEGED) {
            SecuredPod secured = SecuredPod.of(pod);
            for (PodSecurityCheck check : CHECKS) {
                if (check.holds(standard, secured)) {
                    check.rule().check(secured, standard.version().minor(), found);
                }
            }
        }
        return List.copyOf(found);
    }

    /** The strictest level that accepts the pod or pod template. */
    public static PodSecurityLevel levelOf(PodSecurityVersion version, ObjectNode pod) {
        for (PodSecurityLevel level : List.of(PodSecurityLevel.RESTRICTED, PodSecurityLevel.BASELINE)) {
            if (violations(new PodSecurityStandard(level, version), pod).isEmpty()) {
                return level;
            }
        }
        return PodSecurityLevel.PRIVILEGED;
    }

    /**
     * Returns a pod that consists of these parts only, to find the level of containers and volumes without a pod's
     * settings.
     */
    public static ObjectNode podOf(List<ObjectNode> containers, List<ObjectNode> volumes) {
        ObjectNode pod = Json.object();
        ObjectNode spec = pod.putObject("spec");
        ArrayNode containerList = spec.putArray("containers");
        containers.forEach(container -> containerList.add(container.deepCopy()));
        ArrayNode volumeList = spec.putArray("volumes");
        volumes.forEach(volume -> volumeList.add(volume.deepCopy()));
        return pod;
    }
}
