/** What tests share: the real control plane, files of the checkout, programs run for real. */
@NullMarked
package io.sidecaroperator.support;

import org.jspecify.annotations.NullMarked;
