/** What was added to a template and how it is taken out again: undo needs nothing else. */
@NullMarked
package io.sidecaroperator.core.receipt;

import org.jspecify.annotations.NullMarked;
