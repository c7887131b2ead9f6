/** Names and values that all rooms of the core share. */
@NullMarked
package io.sidecaroperator.core.model;

import org.jspecify.annotations.NullMarked;
