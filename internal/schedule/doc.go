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
// Package webhook, which reaches out over the network, has its own table.
package schedule
