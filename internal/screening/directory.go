package screening

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/glencheck-dev/glencheck/internal/schedule"
	"github.com/glencheck-dev/glencheck/internal/screening/list"
	"github.com/glencheck-dev/glencheck/internal/store"
)

// programsFile is the file of a directory that has programs and no list.
const programsFile = "programs.json"

// readEvery is how often the directory is read again.
const readEvery = 24 * time.Hour

// Start reads the directory of lists, for a client that its programs are for, and has
// it read again each day.
func (s *Service) Start(ctx context.Context, clientID string) error {
	if s.cfg.Dir == "" {
		return nil
	}
	if err := s.readDirectory(ctx); err != nil {
		return err
	}
	if err := s.readPrograms(ctx, clientID); err != nil {
		return err
	}
	return s.db.Write(ctx, func(tx *store.Tx) error {
		if err := s.cfg.Scheduler.Cancel(ctx, tx, jobRead, s.cfg.Dir); err != nil {
			return err
		}
		return s.cfg.Scheduler.Schedule(ctx, tx, s.clock.Now().Add(readEvery), jobRead, s.cfg.Dir, "")
	})
}

// readJob reads the directory again. A file that cannot be used leaves the list as it
// was, and the operator is told.
func (s *Service) readJob(ctx context.Context, job schedule.Job) (schedule.Func, error) {
	if job.Subject != s.cfg.Dir {
		return nothing, nil // that of a server that was told another one
	}
	if err := s.readDirectory(ctx); err != nil && s.cfg.Warn != nil {
		s.cfg.Warn("watchlists are as they were", "error", err)
	}
	return func(ctx context.Context, tx *store.Tx, job schedule.Job) error {
		return s.cfg.Scheduler.Schedule(ctx, tx, job.DueAt.Add(readEvery), jobRead, job.Subject, "")
	}, nil
}

// readDirectory loads every list of the directory. Nothing is loaded where one of the
// files cannot be used.
func (s *Service) readDirectory(ctx context.Context) error {
	files, err := os.ReadDir(s.cfg.Dir)
	if err != nil {
		return fmt.Errorf("watchlists: %w", err)
	}
	type loadable struct {
		source  string
		entries []list.Entry
	}
	all := map[string]loadable{}
	var supplements []string
	for _, f := range files {
		name := f.Name()
		if f.IsDir() || strings.HasPrefix(name, ".") || name == programsFile {
			continue
		}
		switch strings.ToLower(filepath.Ext(name)) {
		case ".xml", ".csv":
		default:
			continue
		}
		if isSupplement(name) {
			supplements = append(supplements, name)
			continue
		}
		code, entries, err := s.readFile(name)
		if err != nil {
			return fmt.Errorf("watchlists: %s: %w", name, err)
		}
		if other, ok := all[code]; ok {
			return fmt.Errorf("watchlists: %s and %s are both of list %s", other.source, name, code)
		}
		all[code] = loadable{name, entries}
	}
	for _, name := range supplements {
		l, ok := all[list.OFACCSV.Code()]
		if !ok {
			return fmt.Errorf("watchlists: %s belongs to an sdn.csv, which is not there", name)
		}
		if err := s.supplement(name, l.entries); err != nil {
			return fmt.Errorf("watchlists: %s: %w", name, err)
		}
	}
	for code, l := range all {
		if _, _, err := s.load(ctx, code, l.source, l.entries); err != nil {
			return err
		}
	}
	return nil
}

// isSupplement reports whether a file adds to sdn.csv.
func isSupplement(name string) bool {
	name = strings.ToLower(name)
	return name == "alt.csv" || name == "add.csv"
}

// readFile reads a list. A file whose name begins with the code of a list is of that
// list, whatever its layout: US_FSE.xml.
func (s *Service) readFile(name string) (code string, entries []list.Entry, err error) {
	f, err := os.Open(filepath.Join(s.cfg.Dir, name))
	if err != nil {
		return "", nil, err
	}
	defer f.Close()
	report, entries, err := readList(f)
	if err != nil {
		return "", nil, err
	}
	code = report.Format.Code()
	if len(name) > 6 && known(name[:6]) {
		code = name[:6]
	}
	return code, entries, nil
}

func readList(r io.Reader) (list.Report, []list.Entry, error) {
	var entries []list.Entry
	report, err := list.Read(r, func(e list.Entry) error {
		entries = append(entries, e)
		return nil
	})
	return report, entries, err
}

func (s *Service) supplement(name string, entries []list.Entry) error {
	f, err := os.Open(filepath.Join(s.cfg.Dir, name))
	if err != nil {
		return err
	}
	defer f.Close()
	byID := make(map[string]*list.Entry, len(entries))
	for i := range entries {
		byID[entries[i].UID] = &entries[i]
	}
	return list.Supplement(byID, f)
}

// readPrograms makes the programs of the directory those of the client.
func (s *Service) readPrograms(ctx context.Context, clientID string) error {
	raw, err := os.ReadFile(filepath.Join(s.cfg.Dir, programsFile))
	if errors.Is(err, os.ErrNotExist) {
		return nil
	}
	if err != nil {
		return fmt.Errorf("watchlists: %w", err)
	}
	var all []Program
	d := json.NewDecoder(bytes.NewReader(raw))
	d.DisallowUnknownFields()
	if err := d.Decode(&all); err != nil {
		return fmt.Errorf("watchlists: %s: %w", programsFile, err)
	}
	for i := range all {
		p := &all[i]
		p.Audit = Audit{}
		p.CreatedAt = 0
		if err := p.check(); err != nil {
			return fmt.Errorf("watchlists: %s: program %d: %w", programsFile, i+1, err)
		}
		if !programID(p) {
			return fmt.Errorf("watchlists: %s: program %d: watchlist_program_id must begin with %s and have 8 to 40 letters and digits", programsFile, i+1, idsOf[p.Kind].program)
		}
		if _, err := s.setProgram(ctx, clientID, p, bySystem); err != nil {
			return err
		}
	}
	return nil
}

// programID reports whether a program has an id of its kind.
func programID(p *Program) bool {
	rest, ok := strings.CutPrefix(p.ID, idsOf[p.Kind].program)
	return ok && len(rest) >= 8 && len(rest) <= 40 && !strings.ContainsFunc(rest, func(r rune) bool {
		return !(r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r >= '0' && r <= '9')
	})
}

// setProgram makes a program, or changes the one of its id. What it finds may change,
// so all screenings are searched for anew.
func (s *Service) setProgram(ctx context.Context, clientID string, p *Program, source string) (*Program, error) {
	err := s.db.Write(ctx, func(tx *store.Tx) error {
		had, err := s.program(ctx, tx, clientID, p.Kind, p.ID)
		if err != nil && !errors.Is(err, errNoProgram) {
			return err
		}
		p.Audit = s.audit(source)
		p.CreatedAt, p.number = p.Audit.At, 0
		if err == nil {
			p.CreatedAt, p.number = had.CreatedAt, had.number
			if same(had, p) {
				p.Audit = had.Audit
				return nil
			}
		}
		if err := s.keepProgram(ctx, tx, clientID, p); err != nil {
			return err
		}
		return s.sweepSoon(ctx, tx)
	})
	return p, err
}

func same(a, b *Program) bool {
	return a.Name == b.Name && a.Sensitivity == b.Sensitivity && slices.Equal(a.Lists, b.Lists) && a.Rescanning == b.Rescanning && a.Archived == b.Archived
}
