/** How far each policy has come at each workload, and which workload may change next. */
@NullMarked
package io.sidecaroperator.operator.progress;

import org.jspecify.annotations.NullMarked;
