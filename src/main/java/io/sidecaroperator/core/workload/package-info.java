/** The kinds that have a pod template: where the template is, and when a rollout is complete. */
@NullMarked
package io.sidecaroperator.core.workload;

import org.jspecify.annotations.NullMarked;
