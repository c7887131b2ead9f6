/** The admission webhook over HTTPS: AdmissionReview in, JSON Patch out. */
@NullMarked
package io.sidecaroperator.operator.admission;

import org.jspecify.annotations.NullMarked;
