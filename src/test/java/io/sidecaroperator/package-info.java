/** Tests of rules for the whole project. */
@NullMarked
package io.sidecaroperator;

import org.jspecify.annotations.NullMarked;
