// Package storetest runs a test on each database engine: on SQLite always, on
// PostgreSQL where its server programs are installed or where
// GLENCHECK_TEST_POSTGRES names a server. With CI set, a missing PostgreSQL
// fails the test rather than skipping it.
package storetest
