/**
 * The demonstration: a real control plane, the operator and an example, shown step by step and checked at each step.
 */
@NullMarked
package io.sidecaroperator.cli.demo;

import org.jspecify.annotations.NullMarked;
