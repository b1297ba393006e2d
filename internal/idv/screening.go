package idv

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/glencheck-dev/glencheck/internal/store"
)

// Screened is a person who is looked up on watchlists.
type Screened struct {
	ClientID, ClientUserID, AttemptID string
	ProgramID                         string
	// Name is the whole name; DateOfBirth, Country and Document are "" where they are
	// not known.
	Name, DateOfBirth, Country, Document string
}

// The longest name and the numbers that a screening takes.
const (
	maxScreenedName     = 100
	minScreenedDocument = 4
	maxScreenedDocument = 32
)

// checkScreening looks the person up on the watchlists of the template's program. Who
// may be on one waits for a person's decision, as does somebody without a name.
func (s *Service) checkScreening(ctx context.Context, a *Attempt) (StepStatus, error) {
	if s.cfg.Screen == nil || a.User.Name == nil {
		return StepPendingReview, nil
	}
	who := Screened{ClientID: a.ClientID, ClientUserID: a.ClientUserID, AttemptID: a.ID, ProgramID: a.Plan.Screening.ProgramID}
	name := []rune(strings.TrimSpace(a.User.Name.GivenName + " " + a.User.Name.FamilyName))
	who.Name = strings.TrimSpace(string(name[:min(len(name), maxScreenedName)]))
	if a.User.DateOfBirth != nil {
		who.DateOfBirth = *a.User.DateOfBirth
	}
	if a.User.Address != nil {
		who.Country = a.User.Address.Country
	}
	if n := a.User.IDNumber; n != nil && n.Type != "us_ssn_last_4" && len(n.Value) >= minScreenedDocument && len(n.Value) <= maxScreenedDocument {
		who.Document = n.Value
	}
	id, hit, err := s.cfg.Screen(ctx, who)
	if err != nil {
		return "", err
	}
	a.ScreeningID = id
	if hit {
		return StepPendingReview, nil
	}
	return StepSuccess, nil
}

// Reviewed goes on with an attempt whose screening a person has decided about, in the
// transaction of that decision. An attempt whose step waits for nobody stays as it is.
func (s *Service) Reviewed(ctx context.Context, tx *store.Tx, clientID, attemptID string, cleared bool) error {
	for range changeTries {
		a, err := s.find(ctx, tx, clientID, attemptID)
		if errors.Is(err, errUnknown) || err == nil && a.Steps[Screening] != StepPendingReview {
			return nil
		}
		if err != nil {
			return err
		}
		outcome := StepSuccess
		if !cleared {
			outcome = StepFailed
		}
		a.finish(Screening, outcome, s.clock.Now())
		if err := s.update(ctx, tx, a); !errors.Is(err, errMoved) {
			return err
		}
	}
	return fmt.Errorf("idv: %w, %d times", errMoved, changeTries)
}
