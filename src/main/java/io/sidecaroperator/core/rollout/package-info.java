/** How a change of a policy reaches its workloads: the gate, the record on a workload, health. Pure functions of values. */
@NullMarked
package io.sidecaroperator.core.rollout;

import org.jspecify.annotations.NullMarked;
