package io.sidecaroperator.core.rollout;

import java.util.Optional;

/**
 * Why a workload's rollout failed.
 *
 * @param container the sidecar that is to blame; empty when none of them is, and every policy of the write is suspected
 * @param reason as the kubelet or a Deployment says it: {@code CrashLoopBackOff}, {@code ImagePullBackOff},
 *     {@code OOMKilled}, {@code NotReady}, {@code ProgressDeadlineExceeded}
 * @param message the end of what the container said before it ended, or what the kubelet says; may be empty
 * @param pod the pod in which it was seen; empty when it was seen on no pod
 */
public record FailureCause(Optional<String> container, String reason, String message, String pod) {
    /** For a person: {@code container log-collector of pod web-1: CrashLoopBackOff: no such file}. */
    @Override
    public String toString() {
        String where = container
                .map(name -> "container " + name + " of pod " + pod + ": ")
                .orElse(pod.isEmpty() ? "" : "pod " + pod + ": ");
        return where + reason + (message.isEmpty() ? "" : ": " + message);
    }
}
