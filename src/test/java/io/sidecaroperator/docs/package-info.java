/** The documents are true: their commands run, and their links lead to existing files. */
@NullMarked
package io.sidecaroperator.docs;

import org.jspecify.annotations.NullMarked;
