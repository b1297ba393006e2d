package screening

import (
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/glencheck-dev/glencheck/internal/plaid"
	"github.com/glencheck-dev/glencheck/internal/screening/list"
)

// Sensitivity is how alike a name must be (schema ProgramNameSensitivity).
type Sensitivity string

// The sensitivities.
const (
	Coarse   Sensitivity = "coarse"
	Balanced Sensitivity = "balanced"
	Strict   Sensitivity = "strict"
	Exact    Sensitivity = "exact"
)

// thresholds are the lowest scores of hits (identity-verification.md section 6.5).
var thresholds = map[Sensitivity]int{Coarse: 70, Balanced: 80, Strict: 90, Exact: 100}

// The lists that there can be (schemas IndividualWatchlistCode, EntityWatchlistCode).
var codes = map[list.Kind][]string{
	list.Individual: {
		"AU_CON", "CA_CON", "EU_CON", "IZ_CIA", "IZ_IPL", "IZ_PEP", "IZ_UNC", "IZ_WBK", "UK_HMC", "US_DPL", "US_DTC", "US_FBI", "US_FSE", "US_ISN",
		"US_MBS", "US_PLC", "US_SAM", "US_SDN", "US_SSI", "SG_SOF", "TR_TWL", "TR_DFD", "TR_FOR", "TR_WMD", "TR_CMB",
	},
	list.Entity: {
		"CA_CON", "EU_CON", "IZ_SOE", "IZ_UNC", "IZ_WBK", "US_CAP", "US_FSE", "US_MBS", "US_SDN", "US_SSI", "US_CMC", "US_UVL", "US_SAM", "US_TEL", "AU_CON", "UK_HMC",
	},
}

// known reports whether a code is that of a list.
func known(code string) bool {
	return slices.Contains(codes[list.Individual], code) || slices.Contains(codes[list.Entity], code)
}

// Program says which lists are searched and how.
type Program struct {
	ID          string      `json:"watchlist_program_id,omitempty"`
	Kind        list.Kind   `json:"kind,omitempty"`
	Name        string      `json:"name"`
	Sensitivity Sensitivity `json:"name_sensitivity"`
	Lists       []string    `json:"lists_enabled"`
	Rescanning  bool        `json:"is_rescanning_enabled"`
	Archived    bool        `json:"is_archived"`

	CreatedAt int64 `json:"created_at,omitempty"`
	Audit     Audit `json:"audit,omitzero"`
	number    int64
}

// Audit is what last changed something, and when (schema WatchlistScreeningAuditTrail).
type Audit struct {
	Source string `json:"source"`
	At     int64  `json:"at"`
}

// The sources of changes.
const (
	byAPI       = "api"
	byLink      = "link"
	bySystem    = "system"
	byDashboard = "dashboard" // what Plaid has no endpoint for
)

// prefixes are how ids of a kind begin.
type prefixes struct{ program, screening, hit, review string }

var idsOf = map[list.Kind]prefixes{
	list.Individual: {"prg_", "scr_", "scrhit_", "rev_"},
	list.Entity:     {"entprg_", "entscr_", "enthit_", "entrev_"},
}

// sandboxPrograms are those that a sandbox has: the first one is what the tests of the
// official clients ask for.
func sandboxPrograms() []Program {
	made := time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC).UnixMilli()
	p := Program{
		ID: "prg_egdF5fGjY8fWqk", Kind: list.Individual, Name: "Sandbox", Sensitivity: Balanced, Lists: []string{"US_SDN", "IZ_UNC", "EU_CON", "UK_HMC"},
		Rescanning: true, CreatedAt: made, Audit: Audit{bySystem, made},
	}
	e := p
	e.ID, e.Kind = "entprg_egdF5fGjY8fWqk", list.Entity
	return []Program{p, e}
}

// check reports what is wrong with a program.
func (p *Program) check() error {
	switch {
	case p.Kind != list.Individual && p.Kind != list.Entity:
		return errors.New("kind must be one of: individual, entity")
	case p.Name == "" || len([]rune(p.Name)) > 200:
		return errors.New("name must be a string of 1 to 200 characters")
	case thresholds[p.Sensitivity] == 0:
		return errors.New("name_sensitivity must be one of: coarse, balanced, strict, exact")
	}
	for i, code := range p.Lists {
		if !slices.Contains(codes[p.Kind], code) {
			return fmt.Errorf("lists_enabled must be a list of codes of %s watchlists", p.Kind)
		}
		if slices.Contains(p.Lists[:i], code) {
			return errors.New("lists_enabled must name each list once")
		}
	}
	return nil
}

// wants reports whether the program searches a list.
func (p *Program) wants(code string) bool { return slices.Contains(p.Lists, code) }

var errNoProgram = plaid.NotFound.WithMessage("could not find matching watchlist program")
