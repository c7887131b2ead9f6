/** The engine's laws and cases. */
@NullMarked
package io.sidecaroperator.engine;

import org.jspecify.annotations.NullMarked;
