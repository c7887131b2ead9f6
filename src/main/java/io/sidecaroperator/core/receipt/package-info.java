/** What was added to a template and how it is removed again: undo needs only the receipt. */
@NullMarked
package io.sidecaroperator.core.receipt;

import org.jspecify.annotations.NullMarked;
