/** How to reach a cluster: kubeconfig files and the ServiceAccount of a pod. */
@NullMarked
package io.sidecaroperator.kube;

import org.jspecify.annotations.NullMarked;
