package io.sidecaroperator.core.workload;

import io.fabric8.kubernetes.model.annotation.Group;
import io.fabric8.kubernetes.model.annotation.Kind;
import io.fabric8.kubernetes.model.annotation.Plural;
import io.fabric8.kubernetes.model.annotation.Version;

/** A StatefulSet whose spec and status stay JSON trees. */
@Group("apps")
@Version("v1")
@Kind("StatefulSet")
@Plural("statefulsets")
public class StatefulSetResource extends WorkloadResource {}
