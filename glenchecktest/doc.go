// Package glenchecktest starts a Glencheck inside a Go test: a sandbox in memory on
// a port of the loopback interface, for one test alone, in a few milliseconds.
//
//	func TestCheckout(t *testing.T) {
//		t.Parallel()
//		gc := glenchecktest.Start(t)
//
//		cfg := plaid.NewConfiguration()
//		cfg.AddDefaultHeader("PLAID-CLIENT-ID", gc.ClientID)
//		cfg.AddDefaultHeader("PLAID-SECRET", gc.Secret)
//		cfg.UseEnvironment(plaid.Environment(gc.URL))
//		// … your program, with this client
//	}
//
// The program under test talks to the address as it would to Plaid. The test has
// handles for what no client can do: Link goes through Link as a person would,
// Clock moves the time, Faults break things, Webhooks shows what was sent, and Partner
// is the other side of a processor token. Call
// reaches every other lever of the sandbox (docs/sandbox.md).
// Webhooks are sent to any address that a link token names, such as that of a server
// of net/http/httptest, and can be read without one.
//
// Servers know nothing of each other: tests may run in parallel, each with its own.
// A Server is safe for concurrent use, a Session is not.
//
// # What stays
//
// Names and meanings in this package do not change within a major version. Structs
// may get new fields, so name the fields in literals. Members of Person and Fault,
// and the texts in sessions, are those of the API's levers.
package glenchecktest
