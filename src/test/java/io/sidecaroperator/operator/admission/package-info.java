/** Tests of the admission webhook. */
@NullMarked
package io.sidecaroperator.operator.admission;

import org.jspecify.annotations.NullMarked;
