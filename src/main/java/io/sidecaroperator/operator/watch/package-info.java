/** What the operator knows about the cluster from its watches. */
@NullMarked
package io.sidecaroperator.operator.watch;

import org.jspecify.annotations.NullMarked;
