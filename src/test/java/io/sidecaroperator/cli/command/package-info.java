/** The commands in process, and the launchers as processes. */
@NullMarked
package io.sidecaroperator.cli.command;

import org.jspecify.annotations.NullMarked;
