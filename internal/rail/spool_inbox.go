package rail

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/glencheck-dev/glencheck/internal/rail/nacha"
)

// mostCollected bounds the files that are read at a time.
const mostCollected = 100

// reasonSuffix ends the name of the text that says why a file is in quarantine/.
const reasonSuffix = ".reason"

func (s *Spool) read(name string) string  { return filepath.Join(s.inbox, "read", name) }
func (s *Spool) aside(name string) string { return filepath.Join(s.inbox, "quarantine", name) }

// Collect reads the files that came back, in the order of their names.
func (s *Spool) Collect(context.Context) ([]Incoming, error) {
	names, err := waiting(s.inbox)
	if err != nil {
		return nil, fmt.Errorf("rail: spool: %w", err)
	}
	var list []Incoming
	for _, name := range names[:min(len(names), mostCollected)] {
		content, err := readAtMost(filepath.Join(s.inbox, name), nacha.MaxFile+1)
		if errors.Is(err, fs.ErrNotExist) {
			continue // another node was faster
		}
		if err != nil {
			return nil, fmt.Errorf("rail: spool: %w", err)
		}
		list = append(list, Incoming{name, content})
	}
	return list, nil
}

// waiting lists the whole files of a directory by name.
func waiting(dir string) ([]string, error) {
	entries, err := os.ReadDir(dir)
	if err != nil {
		return nil, err
	}
	var names []string
	for _, e := range entries {
		if name := e.Name(); e.Type().IsRegular() && !strings.HasPrefix(name, ".") && !strings.HasSuffix(name, ".part") {
			names = append(names, name)
		}
	}
	slices.Sort(names)
	return names, nil
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

// Acknowledge moves a file to read/.
func (s *Spool) Acknowledge(_ context.Context, name string) error {
	_, err := s.put(name, s.read(""))
	return err
}

// SetAside moves a file to quarantine/ and writes the reason beside it. The reason
// comes first: a file is not there without one.
func (s *Spool) SetAside(_ context.Context, name, reason string) error {
	name = filepath.Base(name)
	as := vacant(s.aside(""), name)
	if err := write(s.aside(as+reasonSuffix), []byte(reason+"\n")); err != nil {
		return fmt.Errorf("rail: spool: %w", err)
	}
	err := os.Rename(filepath.Join(s.inbox, name), s.aside(as))
	if errors.Is(err, fs.ErrNotExist) { // another node was faster
		return ignore(os.Remove(s.aside(as+reasonSuffix)), fs.ErrNotExist)
	}
	if err != nil {
		return fmt.Errorf("rail: spool: %w", err)
	}
	return nil
}

// put moves a file out of the inbox under a name that is free.
func (s *Spool) put(name, dir string) (as string, err error) {
	name = filepath.Base(name)
	as = vacant(dir, name)
	err = os.Rename(filepath.Join(s.inbox, name), filepath.Join(dir, as))
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return as, fmt.Errorf("rail: spool: %w", err)
	}
	return as, nil
}

// vacant is the name, or the name with a number if a file has it: agents use names
// anew.
func vacant(dir, name string) string {
	as := name
	for n := 2; ; n++ {
		if _, err := os.Lstat(filepath.Join(dir, as)); err != nil {
			return as
		}
		as = fmt.Sprintf("%s.%d", name, n)
	}
}

// Quarantined is a file that was not believed.
type Quarantined struct {
	Name   string
	Reason string
	At     time.Time
}

// SpoolState is what lies in a spool.
type SpoolState struct {
	Out         []string // waits for the transfer agent
	In          []string // waits to be read
	Quarantined []Quarantined
}

// State looks at a spool, also while a server works on it.
func (s *Spool) State() (SpoolState, error) {
	var st SpoolState
	var errs [3]error
	st.Out, errs[0] = waiting(s.path("out", ""))
	st.In, errs[1] = waiting(s.inbox)
	entries, err := os.ReadDir(s.aside(""))
	errs[2] = err
	for _, e := range entries {
		info, err := e.Info()
		if err != nil || strings.HasSuffix(e.Name(), reasonSuffix) {
			continue
		}
		reason, err := readAtMost(s.aside(e.Name()+reasonSuffix), 1000)
		if err != nil {
			reason = []byte("nobody knows why")
		}
		st.Quarantined = append(st.Quarantined, Quarantined{e.Name(), strings.TrimSpace(string(reason)), info.ModTime()})
	}
	return st, errors.Join(errs[:]...)
}

// Release puts a file of quarantine/ back, to be read once more.
func (s *Spool) Release(name string) error {
	if name == "" || name != filepath.Base(name) || strings.HasSuffix(name, reasonSuffix) {
		return fmt.Errorf("rail: spool: %q is no file of the quarantine", name)
	}
	if _, err := os.Lstat(filepath.Join(s.inbox, name)); err == nil {
		return fmt.Errorf("rail: spool: a file %s waits to be read already", name)
	}
	if err := os.Rename(s.aside(name), filepath.Join(s.inbox, name)); err != nil {
		return fmt.Errorf("rail: spool: %w", err)
	}
	return ignore(os.Remove(s.aside(name+reasonSuffix)), fs.ErrNotExist)
}
