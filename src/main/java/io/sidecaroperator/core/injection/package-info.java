/** The pure decision: which policies reach a template, what they add to it, and how it is removed again. */
@NullMarked
package io.sidecaroperator.core.injection;

import org.jspecify.annotations.NullMarked;
