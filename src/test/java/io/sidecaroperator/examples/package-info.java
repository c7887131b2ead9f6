/** Tests of every file under {@code examples/}: by the engine, by a real API server, by the sidecars' own programs. */
@NullMarked
package io.sidecaroperator.examples;

import org.jspecify.annotations.NullMarked;
