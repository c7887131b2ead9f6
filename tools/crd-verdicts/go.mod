module io.sidecaroperator/crd-verdicts

go 1.21

require (
	k8s.io/apiextensions-apiserver v0.37.2
	k8s.io/apimachinery v0.37.2
	sigs.k8s.io/yaml v1.4.0
)
