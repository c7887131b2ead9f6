/** The demonstration, as a process and in its parts. */
@NullMarked
package io.sidecaroperator.demo;

import org.jspecify.annotations.NullMarked;
