/** How to reach a cluster: kubeconfig and the account of a pod. */
@NullMarked
package io.sidecaroperator.kube;

import org.jspecify.annotations.NullMarked;
