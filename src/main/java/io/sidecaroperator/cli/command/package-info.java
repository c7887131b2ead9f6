/** The commands of the command line. */
@NullMarked
package io.sidecaroperator.cli.command;

import org.jspecify.annotations.NullMarked;
