@NullMarked
package io.sidecaroperator.workload;

import org.jspecify.annotations.NullMarked;
