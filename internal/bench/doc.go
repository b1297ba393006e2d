// Package bench measures the server against what the machine could do without
// it, in one run: `glencheck bench` prints the table of docs/benchmarks.md.
//
// Reads are set against a bare net/http server that answers the same bytes.
// Durable writes are set against the store's own group commit of one row, both
// called directly and behind a bare net/http server. Candidates are measured in
// turns, so that a noisy neighbour slows all of them, and what is reported is
// the median of the turns. The load comes from the same process over loopback
// TCP, through a client that does as little as a client can.
//
// Everything is bounded in connections and time and ends by itself.
package bench
