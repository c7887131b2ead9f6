module io.sidecaroperator/example-programs/busybox-network

go 1.26.0
