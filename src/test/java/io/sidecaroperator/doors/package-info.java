/** The same random worlds through every adapter: one result everywhere. */
@NullMarked
package io.sidecaroperator.doors;

import org.jspecify.annotations.NullMarked;
