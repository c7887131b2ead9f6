/**
 * How a change of a policy reaches its workloads: the rollout planner, the last write of a workload, health. Pure
 * functions of values.
 */
@NullMarked
package io.sidecaroperator.core.rollout;

import org.jspecify.annotations.NullMarked;
