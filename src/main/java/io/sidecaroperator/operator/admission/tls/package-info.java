/** The webhook's certificates. */
@NullMarked
package io.sidecaroperator.operator.admission.tls;

import org.jspecify.annotations.NullMarked;
