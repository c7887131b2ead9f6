/** What tests share: the real control plane, files of the checkout, and runs of real programs. */
@NullMarked
package io.sidecaroperator.support;

import org.jspecify.annotations.NullMarked;
