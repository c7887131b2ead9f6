/** Turns observations into conditions, counts and problems of a policy: pure functions. */
@NullMarked
package io.sidecaroperator.core.status;

import org.jspecify.annotations.NullMarked;
