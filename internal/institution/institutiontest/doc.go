// Package institutiontest is the conformance suite of institution.Connector:
// what the rooms above rely on, whichever bank stands behind the interface. The
// simulated bank passes it, and so must any connector that is added.
package institutiontest
