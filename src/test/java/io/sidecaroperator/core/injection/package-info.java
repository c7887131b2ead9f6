/** The engine's laws and cases. */
@NullMarked
package io.sidecaroperator.core.injection;

import org.jspecify.annotations.NullMarked;
