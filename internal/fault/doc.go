// Package fault breaks a sandbox on purpose: errors and slow answers of single
// paths, banks that are down, the documented rate limits, and a mild chaos that
// no correct program minds. It owns /sandbox/fault/* and table fault; production
// has none of it.
//
// # What a fault is
//
// A Spec names one kind of trouble: a path (with what it answers), an outage, rate
// limits, or chaos. It comes from the API, from the profile file of --faults, or
// from the flags --rate-limits and --chaos; all are rows of one table, so that
// every node has them, a restart keeps those of the API, and a saved state has
// them too. Those of the file and the flags are replaced at each start.
//
// # How it reaches a request
//
// Faults is the Gate of package api: a request whose keys and body are in order
// passes it, and one that is not gets the error that it deserves. Limits are
// counted first, as a gateway would; then each fault has its turn, in the order in
// which they were set, until one of them answers; chaos is last. Only paths that
// Plaid documents are touched: the levers of the sandbox stay in the hand of whoever
// set the fault. While nothing is set, all this is one look at a flag.
//
// # Decisions where nothing is documented
//
//   - How often a fault was asked and has struck is counted in the database, in one
//     transaction with the decision: "the first two calls" are two, on however many
//     nodes.
//   - A draw depends on --seed, the fault's number and the number of the call, so
//     that a seeded run meets the same weather again.
//   - Latency is wall time, as it is the client's patience that is tested; what lasts
//     (for_seconds, the minute of a limit) is the sandbox's clock.
//   - A limit's minute begins with the first call that is counted. A call that was
//     refused is not counted. Each node counts by itself.
//   - Another node follows within a second.
//
// Package institution asks for outages, package webhook for lost deliveries; what
// a test login does to itself (error_<CODE>) and the rails are package sandbank's.
package fault
