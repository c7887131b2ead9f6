/**
 * The reconcilers, their queues, leader election, and {@link io.sidecaroperator.operator.controller.Manager}, which
 * starts them.
 */
@NullMarked
package io.sidecaroperator.operator.controller;

import org.jspecify.annotations.NullMarked;
