/** What the operator knows of the cluster from its watches. */
@NullMarked
package io.sidecaroperator.operator.watch;

import org.jspecify.annotations.NullMarked;
