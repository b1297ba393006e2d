// Package clienttest holds Glencheck against its two outside judges: the
// official OpenAPI document and the official Go client with its own tests.
//
// Contract checks one request with its answer against the document, also for
// fields that the document does not list. Transport puts the check under any
// http.Client, Proxy puts it in front of a server for programs of others. The
// tests are in official_test.go (plaid-go's tests, unmodified) and
// stories_test.go (the stories of internal/server/testdata).
//
// It is a module of its own so that a user of Glencheck downloads neither
// plaid-go nor its five megabytes of YAML.
package clienttest
