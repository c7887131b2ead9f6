package io.sidecaroperator.core.workload;

import io.fabric8.kubernetes.model.annotation.Group;
import io.fabric8.kubernetes.model.annotation.Kind;
import io.fabric8.kubernetes.model.annotation.Plural;
import io.fabric8.kubernetes.model.annotation.Version;

/** A ReplicaSet whose spec and status stay JSON trees. */
@Group("apps")
@Version("v1")
@Kind("ReplicaSet")
@Plural("replicasets")
public class ReplicaSetResource extends WorkloadResource {}
