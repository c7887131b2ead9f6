package io.sidecaroperator.core.workload;

import io.fabric8.kubernetes.model.annotation.Group;
import io.fabric8.kubernetes.model.annotation.Kind;
import io.fabric8.kubernetes.model.annotation.Plural;
import io.fabric8.kubernetes.model.annotation.Version;

/** A DaemonSet whose spec and status stay JSON trees. */
@Group("apps")
@Version("v1")
@Kind("DaemonSet")
@Plural("daemonsets")
public class DaemonSetResource extends WorkloadResource {}
