/** Tests of the composition root. */
@NullMarked
package io.sidecaroperator.operator.app;

import org.jspecify.annotations.NullMarked;
