/** Tests of the demonstration, as a process and in its parts. */
@NullMarked
package io.sidecaroperator.cli.demo;

import org.jspecify.annotations.NullMarked;
