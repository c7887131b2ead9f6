/** Load programs, which are run by hand. Their results go to {@code docs/performance.md}. */
@NullMarked
package io.sidecaroperator.bench;

import org.jspecify.annotations.NullMarked;
