/** The control plane that everything else is tested on. */
@NullMarked
package io.sidecaroperator.cluster;

import org.jspecify.annotations.NullMarked;
