/** Runs the golden cases of {@code src/test/resources/cases} through every adapter. */
@NullMarked
package io.sidecaroperator.cases;

import org.jspecify.annotations.NullMarked;
