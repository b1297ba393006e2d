// Package snapshot saves the whole state of a sandbox and brings it back: in a file,
// or under a name in the database itself; and it takes a sandbox back to its start.
// It owns /sandbox/state/* and table snapshot.
//
// # What a state is
//
// The rows of every table as they are, personal data sealed as it is, with the keys
// of the vault, which the KEK has sealed; and where the clock stands. Link sessions
// that run, jobs, webhooks that wait and faults are rows, so they are part of it.
// Not part of it are the states that are kept, and what other servers know of this
// one. A file fits either database; one of an older version is brought up to date by
// the migrations that it lacks, and one of a newer version is refused.
//
// # How it comes back
//
// With the workers stopped, one transaction replaces every row; when it is durable
// the vault takes the keys that came along, the clock is moved, and everything that
// was kept in memory is forgotten (store.OnReplace). Then the workers start again. A
// load that fails changes nothing. Requests that are under way meanwhile find the
// state before or after it, so whoever loads should be alone.
//
// The identifiers of a seeded server begin a sequence of their own after a load, the
// same each time, so that none that is in the state comes up again. A reset takes
// them back to where they stood after the start: a program that runs twice with a
// reset between is answered the same.
//
// Of several nodes on PostgreSQL each other one hears of it within a second.
//
// # Decisions
//
// The server's own client is made anew after a load, so that its keys go on to
// work. A clock that runs keeps running: what fell due since the state was saved
// falls due at once; a clock that stands still stands where it stood. A file is as
// secret as the database it was made of, and a server with another KEK cannot read
// it.
package snapshot
