/** From the ledger to conditions, counts and exceptions of a policy: pure functions. */
@NullMarked
package io.sidecaroperator.core.status;

import org.jspecify.annotations.NullMarked;
