package sandbank

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/glencheck-dev/glencheck/internal/clock"
	"github.com/glencheck-dev/glencheck/internal/institution"
	"github.com/glencheck-dev/glencheck/internal/store"
)

const (
	// loginLife is how long a login may take.
	loginLife = 30 * time.Minute
	// attempts is how many wrong answers in a row the bank takes before it locks
	// the login. A new login starts afresh: test people share their login names,
	// and one client's slips must not lock out the others.
	attempts = 5
	// sweep is how many abandoned logins each new one clears away.
	sweep = 16
)

// login is a login under way.
type login struct {
	id      string
	version int64
	expires time.Time
	bank    institution.Institution
	state   state
}

// state is what a login remembers between steps.
type state struct {
	Step   institution.ChallengeKind `json:"step"`
	Round  int                       `json:"round,omitempty"`
	Wrong  int                       `json:"wrong,omitempty"` // answers to this step
	Device string                    `json:"device,omitempty"`
	OAuth  *oauthLogin               `json:"oauth,omitempty"`
	Renews *renewal                  `json:"renews,omitempty"`
	Visit  visit                     `json:"visit"`
}

// Begin opens a login.
func (b *Bank) Begin(ctx context.Context, in institution.BeginRequest) (institution.Challenge, error) {
	bank, err := b.reach(in.InstitutionID)
	if err != nil {
		return institution.Challenge{}, err
	}
	first := state{Step: institution.Credentials}
	if bank.OAuth {
		if first, err = b.beginOAuth(in.ReturnURL); err != nil {
			return institution.Challenge{}, err
		}
	}
	if in.Renew != "" {
		if first.Renews, err = b.renewalOf(ctx, bank, in.Renew); err != nil {
			return institution.Challenge{}, err
		}
	}
	now := b.clock.Now()
	l := login{id: b.ids.UUID(), version: 1, expires: now.Add(loginLife), bank: bank, state: first}
	sealed, err := b.vault.SealJSON(l.state, l.id)
	if err != nil {
		return institution.Challenge{}, err
	}
	err = b.db.Write(ctx, func(tx *store.Tx) error {
		if _, err := tx.Exec(ctx, sweepLogins, clock.Millis(now), sweep); err != nil {
			return err
		}
		_, err := tx.Exec(ctx, insertLogin, l.id, bank.ID, clock.Millis(now), clock.Millis(l.expires), sealed)
		return err
	})
	if err != nil {
		return institution.Challenge{}, fmt.Errorf("sandbank: begin: %w", err)
	}
	return b.challenge(l), nil
}

// errOvertaken reports that another answer to the same login was faster.
var errOvertaken = errors.New("sandbank: the login has moved on")

// Answer takes a step. Of several answers sent at once each is judged on the
// state that the one before left behind.
func (b *Bank) Answer(ctx context.Context, loginID string, answers map[string]string) (institution.Challenge, error) {
	for {
		l, err := b.loadLogin(ctx, loginID)
		if err != nil {
			return institution.Challenge{}, err
		}
		ch, err := b.step(ctx, l, answers)
		if !errors.Is(err, errOvertaken) {
			return ch, err
		}
	}
}

// step judges an answer and stores what follows from it.
func (b *Bank) step(ctx context.Context, l login, answers map[string]string) (institution.Challenge, error) {
	var failure *institution.Failure
	var made issue
	var err error
	if l.state.Step == institution.OAuth {
		made, failure, err = b.advanceOAuth(ctx, &l, answers)
	} else if failure = b.advance(&l, answers); failure == nil && l.state.Step == institution.Done {
		made, err = b.newGrant(l.bank, l.state.Visit, l.state.Renews)
	}
	if err != nil {
		return institution.Challenge{}, err
	}
	return b.settle(ctx, l, failure, made)
}

func (b *Bank) loadLogin(ctx context.Context, id string) (login, error) {
	l := login{id: id}
	var institutionID, sealed string
	var expires int64
	err := b.db.QueryRow(ctx, selectLogin, id).Scan(&institutionID, &l.version, &expires, &sealed)
	if errors.Is(err, store.ErrNoRows) || err == nil && !b.clock.Now().Before(clock.FromMillis(expires)) {
		return l, final(institution.InputTimeout, "") // finished, locked, too late, or never begun
	}
	if err != nil {
		return l, fmt.Errorf("sandbank: login: %w", err)
	}
	l.expires = clock.FromMillis(expires)
	if l.bank, err = b.reach(institutionID); err != nil {
		return l, err
	}
	if err := b.vault.OpenJSON(sealed, id, &l.state); err != nil {
		return l, fmt.Errorf("sandbank: login: %w", err)
	}
	return l, l.state.Visit.parse()
}

// advance judges the answers and moves the login on. The failure it returns is
// what the person is told; nil means that the step was passed.
func (b *Bank) advance(l *login, answers map[string]string) *institution.Failure {
	s := &l.state
	switch s.Step {
	case institution.Credentials:
		username := strings.TrimSpace(answers["username"])
		if !s.Renews.by(username) {
			return s.slip(institution.Failure{Reason: institution.OtherUser})
		}
		v, refused := b.recognize(l.bank, username, answers["password"])
		if refused != nil {
			if !refused.counted {
				return &refused.Failure
			}
			return s.slip(refused.Failure)
		}
		s.Visit = v
		s.next()
	case institution.Recaptcha:
		if answers[institution.RecaptchaAnswer] != institution.RecaptchaPassed || s.Visit.Recaptcha == badRecaptcha {
			if s.Wrong++; s.Wrong >= attempts {
				return final(institution.RecaptchaBad, "")
			}
			return &institution.Failure{Reason: institution.RecaptchaBad}
		}
		s.Visit.Recaptcha = ""
		s.next()
	case institution.Device:
		options := devices(b.holderOf(l))
		i := slices.IndexFunc(options, func(o institution.DeviceOption) bool { return o.ID == answers[institution.DeviceAnswer] })
		if i < 0 {
			return s.slip(institution.Failure{Reason: institution.InvalidSendMethod})
		}
		s.Step, s.Device, s.Wrong = institution.Code, options[i].ID, 0
	case institution.Code:
		switch {
		case answers[institution.ResendAnswer] != "":
		case strings.TrimSpace(answers[institution.CodeAnswer]) != goodCode:
			return s.slip(institution.Failure{Reason: institution.InvalidMFA})
		default:
			s.Step = institution.Done
		}
	case institution.Questions, institution.Selections:
		if !s.Visit.MFA.right(s.Round, answers) {
			return s.slip(institution.Failure{Reason: institution.InvalidMFA})
		}
		s.Round, s.Wrong = s.Round+1, 0
		if s.Round == s.Visit.MFA.Rounds {
			s.Step = institution.Done
		}
	}
	return nil
}

// badRecaptcha is a check for robots that nobody passes.
const badRecaptcha = "bad"

// next goes from the credentials to the check for robots and on to the second
// factor, as far as there are such.
func (s *state) next() {
	s.Step, s.Wrong = institution.Done, 0
	switch {
	case s.Visit.Recaptcha != "":
		s.Step = institution.Recaptcha
	case !s.Visit.MFA.empty():
		s.Step = s.Visit.MFA.Kind
	}
}

// slip counts a wrong answer and locks the login at the last one.
func (s *state) slip(f institution.Failure) *institution.Failure {
	if s.Wrong++; s.Wrong >= attempts {
		return final(institution.Locked, "")
	}
	return &f
}

// settle stores what was decided about an answer, with the grant that a finished
// login made.
func (b *Bank) settle(ctx context.Context, l login, failure *institution.Failure, made issue) (institution.Challenge, error) {
	var change func(context.Context, *store.Tx) error
	switch {
	case failure != nil && failure.Final:
		change = func(ctx context.Context, tx *store.Tx) error { return tx.ExecOne(ctx, deleteLogin, l.id, l.version) }
	case l.state.Step == institution.Done:
		change = func(ctx context.Context, tx *store.Tx) error {
			if err := tx.ExecOne(ctx, deleteLogin, l.id, l.version); err != nil {
				return err
			}
			return made.store(ctx, tx)
		}
	default:
		sealed, err := b.vault.SealJSON(l.state, l.id)
		if err != nil {
			return institution.Challenge{}, err
		}
		change = func(ctx context.Context, tx *store.Tx) error {
			return tx.ExecOne(ctx, updateLogin, sealed, l.id, l.version)
		}
	}
	err := b.db.Write(ctx, func(tx *store.Tx) error { return change(ctx, tx) })
	switch {
	case errors.Is(err, store.ErrNoRows):
		return institution.Challenge{}, errOvertaken
	case err != nil:
		return institution.Challenge{}, fmt.Errorf("sandbank: answer: %w", err)
	case failure != nil && failure.Final:
		return institution.Challenge{}, failure
	}
	ch := b.challenge(l)
	ch.Grant = made.grant
	if failure != nil {
		return ch, failure
	}
	return ch, nil
}

// holderOf is whom the bank sends a code to: the holder of the first account.
func (b *Bank) holderOf(l *login) institution.Owner {
	list := b.data.accounts(l.bank, l.state.Visit)
	if len(list) == 0 {
		return institution.Owner{}
	}
	return list[0].owner
}

// challenge is what a login asks next.
func (b *Bank) challenge(l login) institution.Challenge {
	s := l.state
	ch := institution.Challenge{LoginID: l.id, Kind: s.Step, AttemptsLeft: attempts - s.Wrong, ExpiresAt: l.expires}
	switch s.Step {
	case institution.Credentials:
		ch.Fields = []institution.Field{
			{Name: "username", Label: "Username", Kind: institution.FieldText},
			{Name: "password", Label: "Password", Kind: institution.FieldPassword},
		}
		ch.Hints = b.data.hint(s.Renews)
	case institution.OAuth:
		ch.URL, ch.State = b.pages.authorizeURL(l.bank.ID, s.OAuth.request()), s.OAuth.State
		ch.Hints = map[string]string{"username": "", "password": ""} // any will do
	case institution.Recaptcha:
		ch.Hints = map[string]string{institution.RecaptchaAnswer: institution.RecaptchaPassed}
	case institution.Device:
		ch.Prompt = "Where should the code be sent?"
		ch.Devices = devices(b.holderOf(&l))
		ch.Hints = map[string]string{institution.DeviceAnswer: ch.Devices[0].ID}
	case institution.Code:
		for i, d := range devices(b.holderOf(&l)) {
			if d.ID == s.Device || s.Device == "" && i == 0 {
				ch.Devices = []institution.DeviceOption{d}
				ch.Prompt = "A code was sent to " + d.Label + "."
			}
		}
		ch.Hints = map[string]string{institution.CodeAnswer: goodCode}
	case institution.Questions, institution.Selections:
		ch.Round, ch.Rounds = s.Round+1, s.Visit.MFA.Rounds
		ch.Questions = s.Visit.MFA.questions(s.Round)
		ch.Hints = s.Visit.MFA.hints(s.Round)
	}
	return ch
}
