/** Tests of the control plane on which everything else is tested. */
@NullMarked
package io.sidecaroperator.controlplane;

import org.jspecify.annotations.NullMarked;
