/** Tests of the admission door. */
@NullMarked
package io.sidecaroperator.operator.admission;

import org.jspecify.annotations.NullMarked;
