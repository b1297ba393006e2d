//go:build unix

package main

import (
	"context"
	"errors"
	"os"
	"os/exec"
	"os/signal"
	"syscall"
	"time"

	"golang.org/x/sys/unix"

	"github.com/glencheck-dev/glencheck/internal/clock"
)

// signals are those that are meant for the program.
type signals struct{ come chan os.Signal }

func watchSignals() *signals {
	s := &signals{make(chan os.Signal, 16)}
	signal.Notify(s.come, syscall.SIGINT, syscall.SIGTERM, syscall.SIGHUP, syscall.SIGQUIT, syscall.SIGUSR1, syscall.SIGUSR2)
	return s
}

func (s *signals) stop() { signal.Stop(s.come) }

// child is the program under way. At a terminal it shares the process group of
// this command, so that the keys that interrupt, stop and continue reach both as
// they would without it. Elsewhere it has a group of its own, which is what is
// signalled and cleared up: what it has started in the background too.
type child struct {
	cmd   *exec.Cmd
	group bool // has one of its own
}

func startProgram(cmd *exec.Cmd) (*child, error) {
	c := &child{cmd, !atTerminal()}
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: c.group}
	return c, cmd.Start()
}

// atTerminal reports whether the keys of a terminal reach this process.
func atTerminal() bool {
	tty, err := os.Open("/dev/tty")
	if err != nil {
		return false
	}
	defer tty.Close()
	front, err := unix.IoctlGetInt(int(tty.Fd()), unix.TIOCGPGRP)
	return err == nil && front == syscall.Getpgrp()
}

// wait passes signals on until the program has ended, and returns its exit code:
// that of a shell, 128 and the signal, where one has ended it.
func (c *child) wait(s *signals) int {
	ended := make(chan struct{})
	go func() {
		c.cmd.Wait() // what it says is in ProcessState
		close(ended)
	}()
	for {
		select {
		case sig := <-s.come:
			c.pass(sig.(syscall.Signal))
		case <-ended:
			if c.group {
				c.clear()
			}
			return exitStatus(c.cmd.ProcessState)
		}
	}
}

// pass sends a signal on. The keys of a terminal have reached the program by
// themselves.
func (c *child) pass(sig syscall.Signal) {
	switch {
	case c.group:
		syscall.Kill(-c.cmd.Process.Pid, sig)
	case sig != syscall.SIGINT && sig != syscall.SIGQUIT:
		c.cmd.Process.Signal(sig)
	}
}

// How long what the program has left running may take to end when it is asked
// to, and how often it is looked at.
const (
	clearTime = 2 * time.Second
	clearLook = 20 * time.Millisecond
)

// clear ends what is left of the program's group.
func (c *child) clear() {
	group := -c.cmd.Process.Pid
	if syscall.Kill(group, syscall.SIGTERM) != nil {
		return // nothing is left
	}
	real, watch := clock.Real(), clock.Stopwatch()
	for watch() < clearTime {
		if syscall.Kill(group, 0) != nil {
			return
		}
		real.Wait(context.Background(), real.Now().Add(clearLook))
	}
	syscall.Kill(group, syscall.SIGKILL)
}

func exitStatus(s *os.ProcessState) int {
	if status, ok := s.Sys().(syscall.WaitStatus); ok && status.Signaled() {
		return exitSignalled + int(status.Signal())
	}
	return s.ExitCode()
}

// processLives reports whether a process runs under the id.
func processLives(pid int) bool {
	err := syscall.Kill(pid, 0)
	return err == nil || errors.Is(err, syscall.EPERM)
}
