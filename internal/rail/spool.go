package rail

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"sort"
	"strings"

	"github.com/glencheck-dev/glencheck/internal/rail/nacha"
)

// Spool is a Network made of directories, for a bank's own transfer agent:
//
//	out/     files to send; the agent takes them away
//	in/      files that came back; the agent puts them here under a name that
//	         ends in .part until they are whole
//	read/    files of in/ that are read
//	ready/   files on their way to out/
//	made/    one empty file for each name that was ever handed over
//
// A file is in out/ exactly once, whenever the program or the machine stops: it
// is written to ready/, then its name is noted in made/, then it is moved, in one
// act, to out/. A name that is noted and not in ready/ has been handed over.
type Spool struct{ dir string }

// NewSpool makes the directories below dir, readable by this user alone.
func NewSpool(dir string) (*Spool, error) {
	for _, name := range []string{"out", "in", "read", "ready", "made"} {
		if err := os.MkdirAll(filepath.Join(dir, name), 0o700); err != nil {
			return nil, fmt.Errorf("rail: spool: %w", err)
		}
	}
	return &Spool{dir}, nil
}

func (s *Spool) path(room, name string) string { return filepath.Join(s.dir, room, name) }

// Deliver puts a file into out/.
func (s *Spool) Deliver(_ context.Context, name string, content []byte) error {
	if name != filepath.Base(name) || strings.HasPrefix(name, ".") {
		return fmt.Errorf("rail: spool: %q is no file name", name)
	}
	if _, err := os.Stat(s.path("made", name)); errors.Is(err, fs.ErrNotExist) {
		if err := s.prepare(name, content); err != nil {
			return fmt.Errorf("rail: spool: %w", err)
		}
	} else if err != nil {
		return fmt.Errorf("rail: spool: %w", err)
	}
	err := os.Rename(s.path("ready", name), s.path("out", name))
	if errors.Is(err, fs.ErrNotExist) {
		return nil // handed over before
	}
	if err != nil {
		return fmt.Errorf("rail: spool: %w", err)
	}
	return errors.Join(sync(s.path("out", "")), sync(s.path("ready", "")))
}

// prepare writes a file to ready/ and then notes its name, each to the disk.
func (s *Spool) prepare(name string, content []byte) error {
	if err := write(s.path("ready", name), content); err != nil {
		return err
	}
	if err := sync(s.path("ready", "")); err != nil {
		return err
	}
	if err := write(s.path("made", name), nil); err != nil {
		return err
	}
	return sync(s.path("made", ""))
}

func write(path string, content []byte) error {
	f, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_TRUNC, 0o600)
	if err != nil {
		return err
	}
	_, err = f.Write(content)
	return errors.Join(err, f.Sync(), f.Close())
}

// sync brings a directory's entries to the disk.
func sync(dir string) error {
	f, err := os.Open(dir)
	if err != nil {
		return err
	}
	return errors.Join(f.Sync(), f.Close())
}

// Collect reads the files of in/, by name.
func (s *Spool) Collect(context.Context) ([]Incoming, error) {
	entries, err := os.ReadDir(s.path("in", ""))
	if err != nil {
		return nil, fmt.Errorf("rail: spool: %w", err)
	}
	var list []Incoming
	for _, e := range entries {
		name := e.Name()
		if !e.Type().IsRegular() || strings.HasPrefix(name, ".") || strings.HasSuffix(name, ".part") {
			continue
		}
		content, err := readAtMost(s.path("in", name), nacha.MaxFile+1)
		if errors.Is(err, fs.ErrNotExist) {
			continue // another node was faster
		}
		if err != nil {
			return nil, fmt.Errorf("rail: spool: %w", err)
		}
		list = append(list, Incoming{name, content})
	}
	sort.Slice(list, func(i, j int) bool { return list[i].Name < list[j].Name })
	return list, nil
}

// readAtMost reads the beginning of a file: what is longer than any answer is
// refused for its length.
func readAtMost(path string, most int64) ([]byte, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	return io.ReadAll(io.LimitReader(f, most))
}

// Acknowledge moves a file from in/ to read/.
func (s *Spool) Acknowledge(_ context.Context, name string) error {
	err := os.Rename(s.path("in", filepath.Base(name)), s.path("read", filepath.Base(name)))
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return fmt.Errorf("rail: spool: %w", err)
	}
	return nil
}
