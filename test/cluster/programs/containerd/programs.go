// SPDX-License-Identifier: Apache-2.0

//go:build tools

// Package programs pins the container runtime of the test cluster's nodes: the daemon and the shim that it starts for each pod.
package programs

import (
	_ "github.com/containerd/containerd/v2/cmd/containerd"
	_ "github.com/containerd/containerd/v2/cmd/containerd-shim-runc-v2"
)
