/** Load programs: run by hand, their results go to {@code docs/performance.md}. */
@NullMarked
package io.sidecaroperator.bench;

import org.jspecify.annotations.NullMarked;
