/** What the documents say is true: their commands run, their links lead somewhere. */
@NullMarked
package io.sidecaroperator.docs;

import org.jspecify.annotations.NullMarked;
