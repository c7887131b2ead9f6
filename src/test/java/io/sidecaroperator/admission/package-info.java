/** Tests of the admission door. */
@NullMarked
package io.sidecaroperator.admission;

import org.jspecify.annotations.NullMarked;
