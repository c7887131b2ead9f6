@NullMarked
package io.sidecaroperator.core.workload;

import org.jspecify.annotations.NullMarked;
