/** The entry of the program: it joins the operator and the command line, which do not know each other. */
@NullMarked
package io.sidecaroperator;

import org.jspecify.annotations.NullMarked;
