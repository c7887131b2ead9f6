/** All writes of the operator, and the events about them. */
@NullMarked
package io.sidecaroperator.operator.write;

import org.jspecify.annotations.NullMarked;
