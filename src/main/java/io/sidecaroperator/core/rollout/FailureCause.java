package io.sidecaroperator.core.rollout;

import java.util.Optional;

/**
 * Why a workload's rollout failed.
 *
 * @param container the sidecar that caused it; empty when no sidecar is known as the cause, and every policy of the
 *     write is suspected
 * @param reason as the kubelet or a Deployment says it: {@code CrashLoopBackOff}, {@code ImagePullBackOff},
 *     {@code OOMKilled}, {@code NotReady}, {@code ProgressDeadlineExceeded}
 * @param message the end of what the container wrote before it ended, or what the kubelet says; may be empty
 * @param pod the pod in which it was seen; empty when no pod shows it
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
