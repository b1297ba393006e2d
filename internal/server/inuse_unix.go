//go:build unix

package server

import (
	"errors"
	"syscall"
)

// inUse reports whether listening failed because somebody else does.
func inUse(err error) bool { return errors.Is(err, syscall.EADDRINUSE) }
