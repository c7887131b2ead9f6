/** The HTTPS door: AdmissionReview in, JSON Patch out; certificates. */
@NullMarked
package io.sidecaroperator.admission;

import org.jspecify.annotations.NullMarked;
