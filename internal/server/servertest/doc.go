// Package servertest starts a whole Glencheck inside a test and talks to it
// over real HTTP on the loopback interface: single calls with Call, whole
// stories from text files with Stories.
package servertest
