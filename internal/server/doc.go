// Package server puts the house together: it opens the database, makes every
// room, mounts their endpoints on one listener and stops them again.
//
// It owns no path of the Plaid API. It owns /healthz, /readyz and /metrics, the
// answer for paths nobody serves, the limits of the listener, and the log line
// of a request. The list of rooms is in rooms.go; whoever looks for an endpoint
// starts there. Which room may import which is checked by imports_test.go.
package server
