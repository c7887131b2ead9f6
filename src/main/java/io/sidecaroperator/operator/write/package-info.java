/** Every write of the operator, and the events that tell of it. */
@NullMarked
package io.sidecaroperator.operator.write;

import org.jspecify.annotations.NullMarked;
