package item

import (
	"context"
	"errors"
	"slices"

	"github.com/glencheck-dev/glencheck/internal/institution"
	"github.com/glencheck-dev/glencheck/internal/link"
	"github.com/glencheck-dev/glencheck/internal/plaid"
)

// actionResend asks the bank to send its code again.
const actionResend = "resend"

// begin opens a login at the bank. What the person has to do next is kept in the
// state; a refusal of the bank comes back as a Failure.
func (c *connect) begin(ctx context.Context, v *link.Visit) (*institution.Failure, error) {
	in, _ := c.items.catalogue.Get(v.Memory.Institution.ID)
	conn, err := c.items.connector(in.Connector)
	if err != nil {
		return nil, err
	}
	req := institution.BeginRequest{InstitutionID: in.ID, ReturnURL: v.ReturnURL}
	if c.renews != nil {
		if req.Renew, err = c.renews(ctx, v); err != nil {
			return nil, err
		}
	}
	ch, err := conn.Begin(ctx, req)
	var failed *institution.Failure
	switch {
	case errors.As(err, &failed):
		return failed, nil
	case err != nil:
		return nil, err
	case ch.Kind != institution.Credentials && ch.Kind != institution.OAuth:
		return &institution.Failure{Reason: institution.MFANotSupported, Final: true}, nil
	}
	st := connectOf(v)
	st.Login, st.Fields, st.Hints, st.Site, st.OAuth = ch.LoginID, ch.Fields, ch.Hints, in.Host, ch.Kind == institution.OAuth
	if st.OAuth {
		st.Challenge = ch
	}
	return nil, nil
}

// logIn passes the credentials on to the bank. They are held by this request
// alone.
func (c *connect) logIn(ctx context.Context, v *link.Visit) (link.Outcome, error) {
	st := connectOf(v)
	if spent, err := v.Spent(ctx); err != nil {
		return "", err
	} else if spent {
		closeLogin(v)
		return halt(v, plaid.InvalidLinkToken, link.Trouble{Final: true})
	}
	if st.Login == "" {
		if failed, err := c.begin(ctx, v); failed != nil || err != nil {
			return c.refused(v, failed, err)
		}
	}
	answers := map[string]string{}
	for _, f := range st.Fields {
		answers[f.Name] = v.Input.Field(f.Name)
	}
	return c.submit(ctx, v, answers)
}

// answer passes on to the bank what it asked for after the credentials.
func (c *connect) answer(ctx context.Context, v *link.Visit) (link.Outcome, error) {
	answers := map[string]string{}
	for _, name := range asked(connectOf(v).Challenge) {
		answers[name] = v.Input.Field(name)
	}
	return c.submit(ctx, v, answers)
}

// asked are the names of what a challenge wants.
func asked(ch institution.Challenge) []string {
	switch ch.Kind {
	case institution.Device:
		return []string{institution.DeviceAnswer}
	case institution.Code:
		return []string{institution.CodeAnswer}
	case institution.Recaptcha:
		return []string{institution.RecaptchaAnswer}
	}
	names := make([]string, len(ch.Questions))
	for i, q := range ch.Questions {
		names[i] = q.Name
	}
	return names
}

// submit gives the bank an answer and finds out what comes of it.
func (c *connect) submit(ctx context.Context, v *link.Visit, answers map[string]string) (link.Outcome, error) {
	conn, err := c.items.connector(c.connectorOf(v))
	if err != nil {
		return "", err
	}
	st := connectOf(v)
	st.Refused = nil
	ch, err := conn.Answer(ctx, st.Login, answers)
	var failed *institution.Failure
	switch {
	case errors.As(err, &failed):
		return c.denied(ctx, v, failed, ch)
	case err != nil:
		return "", err
	case ch.Kind != institution.Done:
		return c.challenged(v, ch)
	}
	closeLogin(v)
	c.spare(v) // of a login before, whose accounts could not be had
	st.Grant = ch.Grant
	return c.list(ctx, v, conn)
}

// challenged puts the bank's next question to the person.
func (c *connect) challenged(v *link.Visit, ch institution.Challenge) (link.Outcome, error) {
	if ch.Kind == institution.Recaptcha {
		v.Fail(plaid.RecaptchaRequired)
		connectOf(v).Challenge, v.Memory.MFAType = ch, ""
		return toRecaptcha, nil
	}
	if !slices.Contains([]institution.ChallengeKind{institution.Device, institution.Code, institution.Questions, institution.Selections}, ch.Kind) {
		return c.refused(v, &institution.Failure{Reason: institution.MFANotSupported, Final: true}, nil)
	}
	st := connectOf(v)
	st.Challenge, v.Memory.MFAType = ch, string(ch.Kind)
	return toMFA, nil
}

// denied decides what a refused answer means: another try, or the end of the
// login.
func (c *connect) denied(ctx context.Context, v *link.Visit, f *institution.Failure, ch institution.Challenge) (link.Outcome, error) {
	st := connectOf(v)
	atMFA := st.Challenge.Kind != ""
	if f.Reason == institution.InvalidCredentials || f.Reason == institution.OtherUser || f.Reason == institution.Locked && !atMFA {
		spent, err := v.WrongCredentials(ctx)
		if err != nil {
			return "", err
		}
		if spent {
			v.Fail(f.Plaid())
			closeLogin(v)
			return halt(v, plaid.InvalidLinkToken, link.Trouble{Final: true})
		}
	}
	switch {
	case f.Final:
	case f.Reason == institution.InvalidCredentials && !atMFA:
		v.Fail(f.Plaid())
		st.Refused = &refusal{Key: "credentials.wrong", Count: ch.AttemptsLeft}
		return wrong, nil
	case f.Reason == institution.OtherUser && !atMFA:
		v.Fail(f.Plaid())
		st.Refused = &refusal{Key: otherUser}
		return wrong, nil
	case f.Reason == institution.RecaptchaBad && st.Challenge.Kind == institution.Recaptcha:
		v.Fail(f.Plaid())
		st.Refused = &refusal{Key: "recaptcha.wrong", Count: ch.AttemptsLeft}
		return wrong, nil
	case f.Reason == institution.InvalidMFA && atMFA:
		v.Fail(f.Plaid())
		if ch.Kind != "" {
			st.Challenge, v.Memory.MFAType = ch, string(ch.Kind)
		}
		st.Refused = &refusal{Key: "mfa." + v.Memory.MFAType + ".wrong", Count: ch.AttemptsLeft}
		return wrong, nil
	}
	return c.refused(v, f, nil)
}

// refused ends the login with an ERROR pane. An error that is no Failure is
// trouble of ours and goes up, unless it is the Item that is gone.
func (c *connect) refused(v *link.Visit, f *institution.Failure, err error) (link.Outcome, error) {
	if errors.Is(err, plaid.ItemNotFound) {
		closeLogin(v)
		v.Explain("the Item of the link token was removed while the session ran")
		return halt(v, plaid.ItemNotFound, link.Trouble{Final: true})
	}
	if f == nil {
		return "", err
	}
	closeLogin(v)
	return haltFor(v, f, c.site(v))
}

// resend has the code sent again.
func (c *connect) resend(ctx context.Context, v *link.Visit) (*link.Fragment, error) {
	st := connectOf(v)
	conn, err := c.items.connector(c.connectorOf(v))
	if err != nil {
		return nil, err
	}
	ch, err := conn.Answer(ctx, st.Login, map[string]string{institution.ResendAnswer: "true"})
	var failed *institution.Failure
	if err != nil && !errors.As(err, &failed) {
		return nil, err
	}
	if failed == nil && ch.Kind == institution.Code {
		st.Challenge, st.Refused, st.resent = ch, nil, true
	}
	return nil, nil // a bank that will not send again says so at the next answer
}

// list asks the bank for the accounts behind the grant.
func (c *connect) list(ctx context.Context, v *link.Visit, conn institution.Connector) (link.Outcome, error) {
	st := connectOf(v)
	all, err := conn.Accounts(ctx, st.Grant)
	var failed *institution.Failure
	if errors.As(err, &failed) {
		return c.refused(v, failed, nil)
	}
	if err != nil {
		return "", err
	}
	st.Accounts = all
	return c.judge(ctx, v)
}

// anyUsable lets the person go on who has accounts that the token lets them
// choose, for each of its products.
func anyUsable(_ context.Context, v *link.Visit) (link.Outcome, error) {
	all := connectOf(v).Accounts
	usable, _ := connectOf(v).usable(v.Token)
	lacks := unmet(v.Token.Products, usable)
	if len(usable) > 0 && lacks == "" {
		return granted, nil
	}
	explainNoAccounts(v, all, lacks)
	e := noAccounts[lacks]
	switch {
	case len(all) > 0 && connectOf(v).OAuth:
		return withheld(v)
	case e == nil || len(all) == 0:
		return halt(v, plaid.NoAccounts, link.Trouble{})
	case e == plaid.NoAuthAccounts:
		return halt(v, e, link.Trouble{})
	}
	words := link.TroubleOf(plaid.NoAccounts) // which kind is missing says the code; the person has not heard of kinds
	return halt(v, e, link.Trouble{Title: words.Title, Lead: words.Lead})
}

// site is the address of the bank's own pages, "" if none is known.
func (c *connect) site(v *link.Visit) string {
	if v.Memory.Institution == nil {
		return ""
	}
	in, _ := c.items.catalogue.Get(v.Memory.Institution.ID)
	return in.URL
}
