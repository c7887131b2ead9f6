package io.sidecaroperator.core.workload;

import io.fabric8.kubernetes.model.annotation.Group;
import io.fabric8.kubernetes.model.annotation.Kind;
import io.fabric8.kubernetes.model.annotation.Plural;
import io.fabric8.kubernetes.model.annotation.Version;

/** A CronJob whose spec and status stay JSON trees. */
@Group("batch")
@Version("v1")
@Kind("CronJob")
@Plural("cronjobs")
public class CronJobResource extends WorkloadResource {}
