// Package store opens the database, migrates it and runs transactions. It knows
// no noun: each room writes its own SQL in its sql.go.
//
// There is one SQL text for both engines and no dialect layer. What makes that
// true: columns are TEXT, BIGINT (Unix milliseconds) or BOOLEAN; structured
// values are JSON text that is never queried inside; the clock is ours; search
// runs on folded columns that we write; rows are locked by a conditional UPDATE
// … RETURNING that repeats its condition in the outer WHERE.
//
// SQLite has one writer connection. Transactions that arrive while a commit is
// on its way to the disk share the next one (group commit), each under a
// savepoint of its own, so one that fails takes nothing with it. A database file
// is held by one process at a time, which is what lets Cache keep what it read.
//
// PostgreSQL serves any number of processes; there Cache keeps nothing.
package store
