/** The certificates of the webhook. */
@NullMarked
package io.sidecaroperator.operator.admission.tls;

import org.jspecify.annotations.NullMarked;
