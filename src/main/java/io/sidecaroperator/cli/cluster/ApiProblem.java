package io.sidecaroperator.cli.cluster;

import io.fabric8.kubernetes.client.KubernetesClientException;
import java.net.ConnectException;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.net.http.HttpTimeoutException;
import java.nio.channels.UnresolvedAddressException;

/** Says why an API server could not be read, in a sentence for the person at the terminal. */
final class ApiProblem {
    private ApiProblem() {}

    /** Returns the sentence for a failed GET. */
    static String of(String server, String path, KubernetesClientException failure) {
        if (failure.getCode() == 401) {
            return server + " does not know the user of this context (401 Unauthorized): log in again";
        } else if (failure.getCode() == 410) {
            return "reading " + path + " took so long that the server forgot the list; try again";
        }
        return failure.getCode() > 0
                ? server + " refuses GET " + path + ": " + reason(failure)
                : server + " does not answer: " + reason(failure);
    }

    /**
     * Returns the cause that says most: the JDK's exceptions about connections often have only a name and no message.
     */
    static String reason(Throwable failure) {
        String message = String.valueOf(failure.getMessage());
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof UnknownHostException || cause instanceof UnresolvedAddressException) {
                return "its host name is not known; check the server in the kubeconfig, and the network";
            } else if (cause instanceof HttpTimeoutException || cause instanceof SocketTimeoutException) {
                return "it takes too long; check the server in the kubeconfig, and the network";
            } else if (cause instanceof ConnectException && !saysMore(cause)) {
                return "the connection is refused; check the server in the kubeconfig, and whether it runs";
            }
            message = cause.getMessage() == null ? message : cause.getMessage();
        }
        return message.replaceAll("\\s+", " ").strip();
    }

    /** Whether an inner cause says more than that the connection failed. */
    private static boolean saysMore(Throwable connect) {
        String message = connect.getMessage();
        Throwable cause = connect.getCause();
        return cause instanceof UnresolvedAddressException
                || cause instanceof ConnectException
                || message != null && !message.contains("refused");
    }
}
