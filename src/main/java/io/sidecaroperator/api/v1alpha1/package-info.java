/** The classes of the API group sidecar-operator.io/v1alpha1: data only. The CRDs are generated from them. */
@NullMarked
package io.sidecaroperator.api.v1alpha1;

import org.jspecify.annotations.NullMarked;
