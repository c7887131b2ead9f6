/** The same random worlds through every adapter: one result everywhere. */
@NullMarked
package io.sidecaroperator.adapters;

import org.jspecify.annotations.NullMarked;
