package item

import (
	"context"
	"maps"
	"slices"

	"github.com/glencheck-dev/glencheck/internal/institution"
	"github.com/glencheck-dev/glencheck/internal/link"
	"github.com/glencheck-dev/glencheck/internal/plaid"
	"github.com/glencheck-dev/glencheck/internal/store"
)

// connect is the flow that makes an Item of a login with credentials (Instant
// Auth, seed 001). It ends with an Item for every product; which pane shows which
// accounts depends on the products of the link token.
type connect struct {
	items *Items
	// judge decides what the accounts behind a new grant are good for.
	judge func(context.Context, *link.Visit) (link.Outcome, error)
	// renews is the grant that a login is to take the place of; nil for none.
	renews func(context.Context, *link.Visit) (institution.Grant, error)
}

// The outcomes of the connect flow's steps.
const (
	goOn        link.Outcome = "go on"     // nothing stands in the way
	toLogin     link.Outcome = "login"     // the bank asks for credentials
	toMFA       link.Outcome = "mfa"       // the bank asks for more
	toRecaptcha link.Outcome = "recaptcha" // the bank asks whether this is a person
	granted     link.Outcome = "granted"   // the bank has let us in
	settled     link.Outcome = "settled"   // and nothing is left to choose
	wrong       link.Outcome = "wrong"     // the bank refused the input; the login stays open
	toNumbers   link.Outcome = "numbers"   // the person types the numbers of the account
	toManual    link.Outcome = "manual"    // and does not log in
	toForm      link.Outcome = "form"      // the same, all on one pane
	toType      link.Outcome = "type"      // the person says which of both they want
	stopped     link.Outcome = "stopped"   // an ERROR pane says why
	another     link.Outcome = "another"   // the person wants another bank
	giveUp      link.Outcome = "give up"   // nothing is left but to close
)

// connectState is what the flow keeps between steps. It holds the bank's grant, and
// nothing that the person typed but the account numbers that the Item is to have.
type connectState struct {
	Selected  bool                  `json:"selected,omitempty"` // the event of the bank's choice is out
	Login     string                `json:"login,omitempty"`    // at the connector, while it is open
	Fields    []institution.Field   `json:"fields,omitempty"`   // of the credentials
	Hints     map[string]string     `json:"hints,omitempty"`    // for the credentials
	Site      string                `json:"site,omitempty"`     // where else the person logs in with them
	OAuth     bool                  `json:"oauth,omitempty"`    // the bank has pages of its own instead
	Challenge institution.Challenge `json:"challenge,omitzero"`
	Refused   *refusal              `json:"refused,omitempty"`
	Grant     institution.Grant     `json:"grant,omitempty"`
	Accounts  []institution.Account `json:"accounts,omitempty"` // behind the grant
	Picked    []string              `json:"picked,omitempty"`   // refs of those to share
	// Typing is there where the person types the account numbers.
	Typing *Typing `json:"typing,omitempty"`
	// Spare are grants of banks that the person turned away from.
	Spare []spareGrant `json:"spare,omitempty"`
	// Came is where the person was who types numbers instead of logging in, and
	// Banks are those that the routing number belongs to.
	Came  link.View `json:"came,omitempty"`
	Banks []string  `json:"banks,omitempty"`

	resent bool // by this request: the bank has sent its code again
}

type spareGrant struct {
	Connector string            `json:"connector"`
	Grant     institution.Grant `json:"grant"`
}

// otherUser is the key of the refusal that is about the username alone.
const otherUser = "credentials.other_user"

// refusal is why the pane that is shown again did not lead on.
type refusal struct {
	Key   string `json:"key"`   // of the sentence
	Count int    `json:"count"` // tries left, or answers refused
}

// connecting is the part of a flow's state that the steps of this room work on. A
// flow that keeps more embeds connectState.
func (st *connectState) connecting() *connectState { return st }

func connectOf(v *link.Visit) *connectState {
	return v.State.(interface{ connecting() *connectState }).connecting()
}

// ConnectFlow is the flow of a link token that makes a new Item.
func (s *Items) ConnectFlow() link.Flow {
	c := &connect{items: s, judge: anyUsable}
	f := link.Flow{
		Name:  "connect",
		Start: link.Consent, Embedded: link.Embedded,
		Offered: func(t link.Token) bool { return !t.UpdateMode() && len(t.AllProducts()) > 0 },
		State:   func() any { return new(connectState) },
		Finish:  c.finish,
		Abandon: c.abandon,
		Holds:   c.holds,
		Steps:   c.loginSteps(link.SelectAccount, link.SelectInstitution),
	}
	maps.Copy(f.Steps, map[link.View]link.Step{
		link.Consent: {
			Pane: link.ConsentPane, Status: "requires_credentials", Do: c.accept,
			Next: link.Next{goOn: link.SelectInstitution, toLogin: link.Credential, toOAuth: link.OAuth, stopped: link.Error},
		},
		link.SelectInstitution: {
			Pane: selectInstitutionPane(c), Status: "institution_not_found",
			Enter: c.forget, Actions: []string{link.ActionPick}, Do: c.pick,
			Next:   link.Next{toLogin: link.Credential, toOAuth: link.OAuth, stopped: link.Error},
			Asides: map[string]link.Aside{link.ActionSearch: c.search, link.ActionSubmit: c.search},
			Back:   link.Consent,
		},
		link.SelectAccount: {
			Pane: selectAccountPane, Status: "requires_account_selection", Check: checkAccounts, Loading: true, Do: c.chooseAccounts,
			Next: link.Next{goOn: link.Connected, stopped: link.Error},
			Back: link.SelectInstitution,
		},
		link.Embedded:  c.embeddedStep(),
		link.Connected: sayingPending(link.ConnectedStep()),
		link.Error: link.ErrorStep(link.Next{
			another: link.SelectInstitution, link.Again: link.Credential, goOn: link.Credential, toOAuth: link.OAuth, giveUp: link.Leave,
		}, link.SelectInstitution),
	})
	c.withTyped(f.Steps)
	c.withOwnerCheck(f.Steps)
	if c.manual() != nil {
		f.Instead = c.instead()
	}
	return f
}

// accept goes on from the consent pane: to the institution that was chosen in the
// host's page or that the token names, or to the list.
func (c *connect) accept(ctx context.Context, v *link.Visit) (link.Outcome, error) {
	id := v.Token.InstitutionID
	switch {
	case connectOf(v).typesAlone(): // in the host's page they chose so
		return c.manually(v, link.Consent)
	case c.asksType(v):
		return toType, nil
	}
	c.explainType(v)
	if v.Memory.Institution != nil {
		id = v.Memory.Institution.ID
	}
	in, ok := c.items.catalogue.Get(id)
	if !ok {
		return goOn, nil
	}
	return c.choose(ctx, v, in)
}

// forget clears what belongs to the bank that the person turns away from. Its
// grant is given back when the session ends.
func (c *connect) forget(v *link.Visit) {
	st := connectOf(v)
	closeLogin(v)
	c.spare(v)
	*st = connectState{Spare: st.Spare}
	v.Choose(nil)
}

// spare puts a grant aside that the session no longer wants.
func (c *connect) spare(v *link.Visit) {
	st := connectOf(v)
	if st.Grant != "" {
		st.Spare = append(st.Spare, spareGrant{c.connectorOf(v), st.Grant})
		st.Grant = ""
	}
}

// connectorOf names the connector of the chosen institution.
func (c *connect) connectorOf(v *link.Visit) string {
	return c.chosen(v).Connector
}

// chosen is the institution of the session, empty for none.
func (c *connect) chosen(v *link.Visit) institution.Institution {
	if v.Memory.Institution == nil {
		return institution.Institution{}
	}
	in, _ := c.items.catalogue.Get(v.Memory.Institution.ID)
	return in
}

// finish makes the Item and its public token.
func (c *connect) finish(ctx context.Context, tx *store.Tx, v *link.Visit) (link.Success, error) {
	st, t := connectOf(v), v.Token
	in := c.chosen(v)
	n := NewItem{
		ClientID: t.ClientID, ClientUserID: t.ClientUserID, UserID: t.UserID,
		InstitutionID: in.ID, Connector: in.Connector, Grant: st.Grant,
		Webhook: t.Webhook, LinkSessionID: v.ID, Accounts: st.picked(), AuthMethod: st.typedMethod(),
		Verification: st.verification(),
	}
	ref := v.Memory.Institution.Ref()
	if st.typesAlone() { // "will be null" (schema LinkSessionSuccessMetadataInstitution)
		n.InstitutionID, n.Connector, ref = "", "", nil
	}
	if st.Typing != nil && st.Typing.Status != "" {
		n.AccountID, n.VerifiedName, n.Insights = st.Typing.AccountID, st.Typing.Name, st.Typing.Insights
	}
	initialize(&n, in, t)
	sn, err := c.items.Create(ctx, tx, n)
	if err != nil {
		return link.Success{}, err
	}
	if st.Typing != nil {
		if err := c.items.typed.Finish(ctx, tx, v, sn); err != nil {
			return link.Success{}, err
		}
	}
	token, _, err := c.items.IssuePublicToken(ctx, tx, sn.ID)
	if err != nil {
		return link.Success{}, err
	}
	st.Grant = "" // the Item has it now
	return link.Success{ItemID: sn.ID, PublicToken: token, Institution: ref, Accounts: Refs(sn)}, nil
}

// Refs are the accounts of an Item as Link's callbacks name them.
func Refs(sn *Snapshot) []link.AccountRef {
	var refs []link.AccountRef
	for _, a := range sn.Accounts {
		refs = append(refs, link.AccountRef{ID: a.ID, Name: a.Name, Mask: plaid.OrNull(a.Mask), Type: a.Type, Subtype: a.Subtype, VerificationStatus: plaid.OrNull(string(a.Verification))})
	}
	return refs
}

// holds reports whether abandon has a grant to give back.
func (c *connect) holds(v *link.Visit) bool {
	st := connectOf(v)
	return st.Grant != "" || len(st.Spare) > 0
}

// abandon gives back every grant that no Item holds.
func (c *connect) abandon(ctx context.Context, v *link.Visit) error {
	st := connectOf(v)
	all := st.Spare
	if st.Grant != "" {
		all = append(slices.Clone(all), spareGrant{c.connectorOf(v), st.Grant})
	}
	for _, g := range all {
		conn, err := c.items.connector(g.Connector)
		if err != nil {
			return err
		}
		if err := conn.Revoke(ctx, g.Grant); err != nil {
			return err
		}
	}
	return nil
}

// errPick answers a pick of an institution that is not in the catalogue.
var errPick = plaid.InvalidField("value must be the institution_id of an institution that the pane lists")
