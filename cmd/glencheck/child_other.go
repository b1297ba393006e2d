//go:build !unix

package main

import (
	"os"
	"os/exec"
	"os/signal"
)

// signals are those that are meant for the program.
type signals struct{ come chan os.Signal }

func watchSignals() *signals {
	s := &signals{make(chan os.Signal, 16)}
	signal.Notify(s.come, os.Interrupt)
	return s
}

func (s *signals) stop() { signal.Stop(s.come) }

// child is the program under way. An interrupt at the console reaches it by
// itself; there is nothing else to pass on.
type child struct{ cmd *exec.Cmd }

func startProgram(cmd *exec.Cmd) (*child, error) { return &child{cmd}, cmd.Start() }

// wait waits until the program has ended, and returns its exit code.
func (c *child) wait(s *signals) int {
	ended := make(chan struct{})
	go func() {
		c.cmd.Wait() // what it says is in ProcessState
		close(ended)
	}()
	for {
		select {
		case <-s.come:
		case <-ended:
			return c.cmd.ProcessState.ExitCode()
		}
	}
}

// processLives reports true where it cannot know, so that nothing in use is
// removed.
func processLives(int) bool { return true }
