module io.sidecaroperator/example-programs/nc

go 1.26.0
