package io.sidecaroperator.core.workload;

import io.fabric8.kubernetes.model.annotation.Group;
import io.fabric8.kubernetes.model.annotation.Kind;
import io.fabric8.kubernetes.model.annotation.Plural;
import io.fabric8.kubernetes.model.annotation.Version;

/** A Deployment whose spec and status stay JSON trees: every field is kept, whatever Kubernetes adds to it. */
@Group("apps")
@Version("v1")
@Kind("Deployment")
@Plural("deployments")
public class DeploymentResource extends WorkloadResource {}
