// Package linktest checks panes: the rooms that hand flows to link use it in
// their tests.
package linktest
