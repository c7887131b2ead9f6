/** What policies would change at a workload, and what holds that back: pure functions. */
@NullMarked
package io.sidecaroperator.preview;

import org.jspecify.annotations.NullMarked;
