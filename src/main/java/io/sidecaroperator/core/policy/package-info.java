/** Policies as the engine reads them, and which of them select a workload. */
@NullMarked
package io.sidecaroperator.core.policy;

import org.jspecify.annotations.NullMarked;
