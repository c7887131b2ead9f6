/** The HTTPS door: AdmissionReview in, JSON Patch out; certificates. */
@NullMarked
package io.sidecaroperator.operator.admission;

import org.jspecify.annotations.NullMarked;
