/** The composition root: reads settings, builds the object graph, starts and stops the process. */
@NullMarked
package io.sidecaroperator.operator.app;

import org.jspecify.annotations.NullMarked;
