//go:build !unix

package server

import "strings"

// inUse reports whether listening failed because somebody else does. Windows
// has a number of its own for it (WSAEADDRINUSE), which the text names.
func inUse(err error) bool {
	return strings.Contains(err.Error(), "Only one usage of each socket address")
}
