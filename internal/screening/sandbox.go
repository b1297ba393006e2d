package screening

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/glencheck-dev/glencheck/internal/api"
	"github.com/glencheck-dev/glencheck/internal/plaid"
	"github.com/glencheck-dev/glencheck/internal/screening/list"
)

// maxLoad bounds the body of /sandbox/watchlist/load: the lists of publishers have up
// to thirty megabytes.
const maxLoad = 64 << 20

// sandboxEndpoints are the levers. Plaid has nothing like them: its lists are its own,
// and programs are made in its dashboard.
func (s *Service) sandboxEndpoints() []api.Endpoint {
	return []api.Endpoint{
		api.Post("/sandbox/watchlist/load", s.sandboxLoad, api.Sandbox(), api.MaxBody(maxLoad), api.Summary("Load a watchlist")),
		api.Post("/sandbox/watchlist/list", s.sandboxList, api.Sandbox(), api.Summary("List the watchlists that were loaded")),
		api.Post("/sandbox/watchlist/program/set", s.sandboxProgram, api.Sandbox(), api.Summary("Make or change a program of screenings")),
	}
}

// LoadRequest is the request of /sandbox/watchlist/load: a list in the layout of its
// publisher, or entries in a short form.
type LoadRequest struct {
	Code    string      `json:"list_code" max:"10"`
	Content *string     `json:"content"`
	Entries []LoadEntry `json:"entries" max:"10000"`
}

// LoadEntry is an entry in a short form.
type LoadEntry struct {
	UID       string   `json:"source_uid" required:"true" min:"1" max:"100"`
	Kind      string   `json:"kind" enum:"individual,entity"`
	Name      string   `json:"name" required:"true" min:"1" max:"500"`
	Aliases   []string `json:"aliases" max:"100"`
	Weak      []string `json:"weak_aliases" max:"100"`
	Birth     string   `json:"date_of_birth" max:"50"` // also a year or a range, as the lists write it
	Country   string   `json:"country" max:"100"`
	Document  string   `json:"document_number" max:"100"`
	Email     string   `json:"email_address" max:"300"`
	Phone     string   `json:"phone_number" max:"50"`
	URL       string   `json:"url" max:"2000"`
	Programme string   `json:"program" max:"100"`
}

// LoadAnswer is a list as it is now.
type LoadAnswer struct {
	Code     string `json:"list_code"`
	Version  int64  `json:"version"`
	Entries  int64  `json:"entries"`
	Skipped  int    `json:"skipped"` // ships and aircraft
	Changed  bool   `json:"changed"`
	LoadedAt string `json:"loaded_at"`
}

func (s *Service) sandboxLoad(ctx context.Context, _ api.Call, in LoadRequest) (LoadAnswer, error) {
	if (in.Content == nil) == (in.Entries == nil) {
		return LoadAnswer{}, plaid.InvalidField("exactly one of content and entries must be provided")
	}
	if in.Code != "" && !known(in.Code) || in.Code == "" && in.Content == nil {
		return LoadAnswer{}, plaid.InvalidField("list_code must be the code of a watchlist")
	}
	var entries []list.Entry
	var report list.Report
	var err error
	if in.Content != nil {
		report, entries, err = readList(strings.NewReader(*in.Content))
		var bad *list.Error
		if errors.As(err, &bad) {
			return LoadAnswer{}, plaid.InvalidField(fmt.Sprintf("content must be a watchlist: line %d: %s", bad.Line, bad.What))
		}
		if in.Code == "" {
			in.Code = report.Format.Code()
		}
	} else {
		entries, err = shortEntries(in.Entries)
	}
	if err != nil {
		return LoadAnswer{}, err
	}
	l, changed, err := s.load(ctx, in.Code, "/sandbox/watchlist/load", entries)
	if err != nil {
		return LoadAnswer{}, err
	}
	return LoadAnswer{l.Code, l.Version, l.Entries, report.Skipped, changed, l.LoadedAt.UTC().Format(timeForm)}, nil
}

const timeForm = "2006-01-02T15:04:05Z"

// shortEntries makes entries of the short form. A list may be empty here: that is how
// a test takes everybody off it.
func shortEntries(in []LoadEntry) ([]list.Entry, error) {
	seen := map[string]bool{}
	all := make([]list.Entry, 0, len(in))
	for i, l := range in {
		if seen[l.UID] {
			return nil, plaid.InvalidField(fmt.Sprintf("entries[%d].source_uid must not be that of another entry", i))
		}
		seen[l.UID] = true
		e := list.Entry{UID: l.UID, Kind: list.Individual, Names: []list.Name{{Full: l.Name, Primary: true}}}
		if l.Kind != "" {
			e.Kind = list.Kind(l.Kind)
		}
		for _, n := range l.Aliases {
			e.Names = append(e.Names, list.Name{Full: n})
		}
		for _, n := range l.Weak {
			e.Names = append(e.Names, list.Name{Full: n, Weak: true})
		}
		if l.Birth != "" {
			r, ok := list.Dates(l.Birth)
			if !ok {
				return nil, plaid.InvalidField(fmt.Sprintf("entries[%d].date_of_birth must be a date, a month, a year or a range of years", i))
			}
			e.Births = []list.Range{r}
		}
		if l.Country != "" {
			e.Locations = []list.Location{{Full: l.Country, Country: list.Country(l.Country)}}
		}
		if l.Document != "" {
			e.Documents = []list.Document{{Type: "other", Number: l.Document}}
		}
		appendIf(&e.Emails, l.Email)
		appendIf(&e.Phones, l.Phone)
		appendIf(&e.URLs, l.URL)
		appendIf(&e.Programs, l.Programme)
		all = append(all, e)
	}
	return all, nil
}

func appendIf(list *[]string, s string) {
	if s != "" {
		*list = append(*list, s)
	}
}

// ListsAnswer are the lists that were loaded.
type ListsAnswer struct {
	Lists []ListAnswer `json:"lists"`
}

// ListAnswer is one of them.
type ListAnswer struct {
	Code     string `json:"list_code"`
	Version  int64  `json:"version"`
	Entries  int64  `json:"entries"`
	Source   string `json:"source"`
	LoadedAt string `json:"loaded_at"`
}

func (s *Service) sandboxList(ctx context.Context, _ api.Call, _ struct{}) (ListsAnswer, error) {
	loaded, err := s.Lists(ctx)
	return ListsAnswer{mapped(loaded, func(l Loaded) ListAnswer {
		return ListAnswer{l.Code, l.Version, l.Entries, l.Source, l.LoadedAt.UTC().Format(timeForm)}
	})}, err
}

// ProgramRequest is the request of /sandbox/watchlist/program/set. Without an id a new
// program is made; of one with an id only what is given changes.
type ProgramRequest struct {
	ID          *string      `json:"watchlist_program_id" min:"1" max:"60"`
	Kind        string       `json:"kind" enum:"individual,entity"`
	Name        *string      `json:"name"`
	Sensitivity *Sensitivity `json:"name_sensitivity" enum:"coarse,balanced,strict,exact"`
	Lists       []string     `json:"lists_enabled" max:"50"`
	Rescanning  *bool        `json:"is_rescanning_enabled"`
	Archived    *bool        `json:"is_archived"`
}

func (s *Service) sandboxProgram(ctx context.Context, call api.Call, in ProgramRequest) (programOut, error) {
	p := &Program{Kind: list.Individual, Name: "Program", Sensitivity: Balanced, Lists: []string{"US_SDN"}, Rescanning: true}
	if in.Kind != "" {
		p.Kind = list.Kind(in.Kind)
	}
	if in.ID != nil {
		had, err := s.anyProgram(ctx, call.Caller.ClientID, *in.ID)
		if err != nil {
			return programOut{}, err
		}
		if in.Kind != "" && had.Kind != p.Kind {
			return programOut{}, plaid.InvalidField("kind must be that of the program")
		}
		p = had
	} else {
		p.ID = s.newID(idsOf[p.Kind].program)
	}
	set(&p.Name, in.Name)
	set(&p.Sensitivity, in.Sensitivity)
	set(&p.Rescanning, in.Rescanning)
	set(&p.Archived, in.Archived)
	if in.Lists != nil {
		p.Lists = in.Lists
	}
	if err := p.check(); err != nil {
		return programOut{}, plaid.InvalidField(err.Error())
	}
	kept, err := s.setProgram(ctx, call.Caller.ClientID, p, byDashboard)
	if err != nil {
		return programOut{}, err
	}
	return kept.out(), nil
}

// anyProgram finds a program of either kind.
func (s *Service) anyProgram(ctx context.Context, clientID, id string) (*Program, error) {
	p, err := s.program(ctx, s.db, clientID, list.Individual, id)
	if errors.Is(err, errNoProgram) {
		return s.program(ctx, s.db, clientID, list.Entity, id)
	}
	return p, err
}
