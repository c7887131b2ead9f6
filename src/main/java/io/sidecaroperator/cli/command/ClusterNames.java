package io.sidecaroperator.cli.command;

import io.sidecaroperator.cli.manifest.InputException;
import io.sidecaroperator.core.policy.validation.TextPattern;
import io.sidecaroperator.core.workload.WorkloadName;
import java.util.List;

/**
 * Names that become part of a path at the API server. They are checked before it is asked: there, an empty namespace
 * means all of them, and a variable that somebody forgot to set must not mean that.
 */
final class ClusterNames {
    private ClusterNames() {}

    /** Refuses what no namespace can be called. */
    static void checkNamespaces(List<String> namespaces) {
        namespaces.forEach(name -> check("--namespace", name, TextPattern.DNS_LABEL));
    }

    /** Refuses what no workload can be called. */
    static void checkWorkload(WorkloadName workload) {
        check(workload.kind().kind(), workload.name(), TextPattern.DNS_SUBDOMAIN);
    }

    /** Refuses a name that is none, in the words of where it was given. */
    static void check(String where, String name, TextPattern pattern) {
        if (name.isEmpty()) {
            throw new InputException(where + ": the name is empty; give one, or leave it out (is a variable not set?)");
        } else if (!pattern.fits(name)) {
            throw new InputException(where + ": \"" + name + "\" is no name; expected " + pattern.words());
        }
    }
}
