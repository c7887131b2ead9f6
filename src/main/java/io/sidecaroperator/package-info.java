/** The entry point of the program. It joins the operator and the command line, which do not depend on each other. */
@NullMarked
package io.sidecaroperator;

import org.jspecify.annotations.NullMarked;
