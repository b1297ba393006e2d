// Package schedule runs durable jobs when the clock reaches them. A room
// registers what a kind of job does, and schedules one in the transaction of the
// change that makes it due; the job is kept in table job until it is done.
//
// A job runs in one transaction together with its own removal: its effect in the
// database happens once, however many nodes compete for it and whenever one of
// them dies. A job that fails is tried again later, ever more rarely. Jobs that
// are due run in the order of their time and then of their id, so a clock that
// leaps seven days fires them as seven days would.
//
// # The clock as a lever
//
// /sandbox/clock/get, set and advance move the sandbox's clock, forward only, the
// running one as well as the one that stands still (--clock manual). On the way
// each job runs at its own time. Where the clock was moved to is kept in the
// database: a server that starts again on it goes on from there, and a node that
// shares it follows within five seconds. A fresh database has the machine's time.
// The header Glencheck-Clock of a call moves the clock before it (At): a call cannot
// have a time of its own that others do not see, as the rows that it writes are
// everybody's.
//
// Package webhook, which reaches out over the network, has its own table.
package schedule
