/** Views over JSON trees as Kubernetes means them: pod templates, keyed lists, quantities, selectors, patches. */
@NullMarked
package io.sidecaroperator.core.json;

import org.jspecify.annotations.NullMarked;
