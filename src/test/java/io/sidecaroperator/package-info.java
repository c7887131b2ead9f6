/** What holds for the project as a whole. */
@NullMarked
package io.sidecaroperator;

import org.jspecify.annotations.NullMarked;
