//go:build unix

package store

import (
	"errors"
	"fmt"
	"os"
	"syscall"
)

// hold takes a database file for this process. A second process on the same
// file would make what Cache has read untrue, so it is refused. The lock is
// flock's, which is apart from those SQLite uses: a reader such as the sqlite3
// shell may still look at the file.
func hold(path string) (*os.File, error) {
	f, err := os.OpenFile(path, os.O_RDWR|os.O_CREATE, 0o600)
	if err != nil {
		return nil, fmt.Errorf("store: %w", err)
	}
	err = syscall.Flock(int(f.Fd()), syscall.LOCK_EX|syscall.LOCK_NB)
	if errors.Is(err, syscall.EWOULDBLOCK) {
		f.Close()
		return nil, fmt.Errorf("store: %s is in use by another glencheck; stop it, or give another --db", path)
	}
	if err != nil {
		f.Close()
		return nil, fmt.Errorf("store: lock %s: %w", path, err)
	}
	return f, nil
}

// alive reports whether a process runs under the id.
func alive(pid int) bool {
	err := syscall.Kill(pid, 0)
	return err == nil || errors.Is(err, syscall.EPERM)
}
