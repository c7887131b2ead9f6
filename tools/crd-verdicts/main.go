// Asks the API server of one minor of Kubernetes what it makes of CRDs, without a server: it calls the very function
// that the server calls on "create". The minor is that of the modules it is built with.
package main

import (
	"context"
	"fmt"
	"os"

	"k8s.io/apiextensions-apiserver/pkg/apis/apiextensions"
	"k8s.io/apiextensions-apiserver/pkg/apis/apiextensions/install"
	v1 "k8s.io/apiextensions-apiserver/pkg/apis/apiextensions/v1"
	"k8s.io/apiextensions-apiserver/pkg/apis/apiextensions/validation"
	"k8s.io/apimachinery/pkg/runtime"
	"sigs.k8s.io/yaml"
)

// Prints every error with the name of its file. Exits with 1 where there is one, and with 2 where a file cannot be read.
func main() {
	scheme := runtime.NewScheme()
	install.Install(scheme)
	exit := 0
	for _, file := range os.Args[1:] {
		errs, err := verdict(scheme, file)
		if err != nil {
			fmt.Fprintf(os.Stderr, "%s: %v\n", file, err)
			os.Exit(2)
		}
		for _, e := range errs {
			fmt.Printf("%s: %s\n", file, e)
			exit = 1
		}
	}
	os.Exit(exit)
}

func verdict(scheme *runtime.Scheme, file string) ([]string, error) {
	text, err := os.ReadFile(file)
	if err != nil {
		return nil, err
	}
	var versioned v1.CustomResourceDefinition
	if err := yaml.UnmarshalStrict(text, &versioned); err != nil {
		return nil, err
	}
	scheme.Default(&versioned)
	var crd apiextensions.CustomResourceDefinition
	if err := scheme.Convert(&versioned, &crd, nil); err != nil {
		return nil, err
	}
	var errs []string
	for _, e := range validation.ValidateCustomResourceDefinition(context.Background(), &crd) {
		errs = append(errs, e.Error())
	}
	return errs, nil
}
