// Command glencheck is the server and everything around it.
//
// Each subcommand has a file of its own (serve.go, demo.go, …); main.go reads
// the flags and turns what went wrong into an exit code: 2 for wrong use, 1 for
// a failure. What a server is made of is in internal/server.
package main
