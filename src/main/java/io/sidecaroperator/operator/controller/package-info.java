/** The reconcilers, their event sources, the writer and the events. */
@NullMarked
package io.sidecaroperator.operator.controller;

import org.jspecify.annotations.NullMarked;
