/** The composition root. */
@NullMarked
package io.sidecaroperator.app;

import org.jspecify.annotations.NullMarked;
