package rail

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
)

// Spool is a Network made of directories, for a bank's own transfer agent:
//
//	out/     files to send; the agent takes them away
//	ready/   files on their way to out/
//	made/    for each name that was ever handed over, which file it was
//	id       which database's payments these are
//
// and for what comes back, below another directory or in/ of this one:
//
//	(itself)      files that came back; the agent puts them here under a name
//	              that ends in .part until they are whole
//	read/         files that were read
//	quarantine/   files that were not believed, each with its reason beside it
//
// A file is in out/ exactly once, whenever a program or the machine stops, and
// also where two nodes of one database hand over the same file at once: it is
// written to ready/ under a name of its own; made/ notes that name, if it notes
// none yet; then the file that made/ names is moved, in one act, to out/. One that
// is noted and not in ready/ has been handed over. The file system needs hard
// links, which all of Linux's own have.
type Spool struct{ dir, inbox string }

// NewSpool makes the directories below dir, readable by this user alone. What
// comes back is read from inbox, in/ below dir if it is "".
func NewSpool(dir, inbox string) (*Spool, error) {
	s := &Spool{dir: dir, inbox: inbox}
	if inbox == "" {
		s.inbox = filepath.Join(dir, "in")
	}
	for _, path := range []string{s.path("out", ""), s.path("ready", ""), s.path("made", ""), s.inbox, s.read(""), s.aside("")} {
		if err := os.MkdirAll(path, 0o700); err != nil {
			return nil, fmt.Errorf("rail: spool: %w", err)
		}
	}
	return s, nil
}

func (s *Spool) path(room, name string) string { return filepath.Join(s.dir, room, name) }

// handover is one attempt to put a file into out/. Its steps may stop after any
// of them.
type handover struct {
	spool   *Spool
	name    string
	content []byte
	staged  string // what this attempt has in ready/, "" once it is noted or gone
	noted   string // what made/ says is the file
}

// steps are in their order. Each is done to the disk before the next begins.
func (h *handover) steps() []func() error { return []func() error{h.stage, h.note, h.move, h.sweep} }

// Deliver puts a file into out/. Another content under a name that was handed
// over is refused: such names come from a database older than the spool.
func (s *Spool) Deliver(_ context.Context, name string, content []byte) error {
	if name != filepath.Base(name) || strings.HasPrefix(name, ".") {
		return fmt.Errorf("rail: spool: %q is no file name", name)
	}
	h := &handover{spool: s, name: name, content: content}
	for _, step := range h.steps() {
		if err := step(); err != nil {
			return errors.Join(fmt.Errorf("rail: spool: %w", err), h.drop())
		}
	}
	return nil
}

// stage writes the file to ready/, unless its name is noted already.
func (h *handover) stage() error {
	if known, err := h.known(); known || err != nil {
		return err
	}
	f, err := os.CreateTemp(h.spool.path("ready", ""), h.name+".*")
	if err != nil {
		return err
	}
	h.staged = filepath.Base(f.Name())
	_, err = f.Write(h.content)
	return errors.Join(err, f.Sync(), f.Close(), flush(h.spool.path("ready", "")))
}

// note says in made/ that the staged file is the one; of several attempts the
// first wins. The note appears whole or not at all.
func (h *handover) note() error {
	if h.staged == "" {
		return nil
	}
	draft := h.spool.path("ready", h.staged+".note")
	if err := write(draft, []byte(fingerprint(h.content)+" "+h.staged+"\n")); err != nil {
		return err
	}
	err := os.Link(draft, h.spool.path("made", h.name))
	if err = errors.Join(ignore(err, fs.ErrExist), os.Remove(draft), flush(h.spool.path("made", ""))); err != nil {
		return err
	}
	_, err = h.known()
	return err
}

// known reads what made/ says about the name.
func (h *handover) known() (bool, error) {
	text, err := os.ReadFile(h.spool.path("made", h.name))
	if errors.Is(err, fs.ErrNotExist) {
		return false, nil
	}
	if err != nil {
		return false, err
	}
	print, staged, ok := strings.Cut(strings.TrimSpace(string(text)), " ")
	if !ok || print != fingerprint(h.content) {
		return false, fmt.Errorf("another file was handed over as %s before; is the database older than the spool?", h.name)
	}
	h.noted = staged
	return true, nil
}

// move brings the noted file to out/. If it is not in ready/, it was there before.
func (h *handover) move() error {
	err := os.Rename(h.spool.path("ready", h.noted), h.spool.path("out", h.name))
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	return errors.Join(err, flush(h.spool.path("out", "")), flush(h.spool.path("ready", "")))
}

// sweep removes what other attempts have left in ready/. None of it can leave it
// any more, as made/ names another.
func (h *handover) sweep() error {
	h.staged = ""
	left, err := filepath.Glob(h.spool.path("ready", h.name+".*"))
	for _, path := range left {
		err = errors.Join(err, ignore(os.Remove(path), fs.ErrNotExist))
	}
	return err
}

// drop removes what a failed attempt has staged, unless it is the one that counts.
func (h *handover) drop() error {
	if known, err := h.known(); err != nil || known && h.noted == h.staged || h.staged == "" {
		return err
	}
	return ignore(os.Remove(h.spool.path("ready", h.staged)), fs.ErrNotExist)
}

func fingerprint(content []byte) string {
	sum := sha256.Sum256(content)
	return hex.EncodeToString(sum[:])
}

// ignore is err unless it is the one that does not matter.
func ignore(err, unless error) error {
	if errors.Is(err, unless) {
		return nil
	}
	return err
}

func write(path string, content []byte) error {
	f, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_TRUNC, 0o600)
	if err != nil {
		return err
	}
	_, err = f.Write(content)
	return errors.Join(err, f.Sync(), f.Close())
}

// flush brings a directory's entries to the disk.
func flush(dir string) error {
	f, err := os.Open(dir)
	if err != nil {
		return err
	}
	return errors.Join(f.Sync(), f.Close())
}
