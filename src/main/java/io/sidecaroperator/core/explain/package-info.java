/** Why a workload is injected, skipped or refused: the full explanation as values, before anything is printed. */
@NullMarked
package io.sidecaroperator.core.explain;

import org.jspecify.annotations.NullMarked;
