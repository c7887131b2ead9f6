/** The same random worlds through every door: one answer everywhere. */
@NullMarked
package io.sidecaroperator.doors;

import org.jspecify.annotations.NullMarked;
