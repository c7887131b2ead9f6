/** Names and values that all packages of the core share. */
@NullMarked
package io.sidecaroperator.core.model;

import org.jspecify.annotations.NullMarked;
