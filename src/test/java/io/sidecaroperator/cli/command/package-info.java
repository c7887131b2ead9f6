/** Tests of the commands in process, and of the launchers as processes. */
@NullMarked
package io.sidecaroperator.cli.command;

import org.jspecify.annotations.NullMarked;
