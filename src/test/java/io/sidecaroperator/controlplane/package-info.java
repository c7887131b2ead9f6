/** The control plane that everything else is tested on. */
@NullMarked
package io.sidecaroperator.controlplane;

import org.jspecify.annotations.NullMarked;
