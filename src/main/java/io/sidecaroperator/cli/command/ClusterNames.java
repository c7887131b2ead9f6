package io.sidecaroperator.cli.command;

import io.sidecaroperator.cli.manifest.InputException;
import io.sidecaroperator.core.policy.validation.TextPattern;
import io.sidecaroperator.core.workload.WorkloadName;
import java.util.List;

/**
 * Checks names that become part of an API server path, before the request. For the API server, an empty namespace means
 * all namespaces. A variable that the user forgot to set must not mean that.
 */
final class ClusterNames {
    private ClusterNames() {}

    /** Rejects invalid namespace names. */
    static void checkNamespaces(List<String> namespaces) {
        namespaces.forEach(name -> check("--namespace", name, TextPattern.DNS_LABEL));
    }

    /** Rejects an invalid workload name. */
    static void checkWorkload(WorkloadName workload) {
        check(workload.kind().kind(), workload.name(), TextPattern.DNS_SUBDOMAIN);
    }

    /** Rejects an invalid name. The message says where it was given. */
    static void check(String where, String name, TextPattern pattern) {
        if (name.isEmpty()) {
            throw new InputException(where + ": the name is empty; give one, or leave it out (is a variable not set?)");
        } else if (!pattern.fits(name)) {
            throw new InputException(where + ": \"" + name + "\" is no name; expected " + pattern.words());
        }
    }
}
