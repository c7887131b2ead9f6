/** The commands of the command line. */
@NullMarked
package io.sidecaroperator.cli;

import org.jspecify.annotations.NullMarked;
