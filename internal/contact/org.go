package contact

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/glencheck-dev/glencheck/internal/clock"
	"github.com/glencheck-dev/glencheck/internal/contact/graph"
	"github.com/glencheck-dev/glencheck/internal/store"
)

// SandboxOrg is the organisation of a fresh sandbox, which seed 002 names.
const SandboxOrg = "35dHMM4pFzIykUsys1CDyZ9Xtkz"

// The statuses of an organisation.
const (
	OrgActive    = "active"
	OrgSuspended = "suspended" // nobody is verified for it
)

// Org is an organisation that contacts belong to.
type Org struct {
	ID       string
	ClientID string // its agency
	Name     string
	Status   string
	// TemplateID is the template by which its contacts are verified, "" for the
	// server's own choice.
	TemplateID string
	// Overwrite lets a verification replace an email address and a phone number that a
	// contact has.
	Overwrite bool
	CreatedAt time.Time
	UpdatedAt time.Time
	number    int64
}

// errOrg is the answer for an organisation of somebody else, too.
var errOrg = graph.Refuse(graph.CodeNotFound, "there is no such organisation")

// orgFor finds an organisation that a key may act on. One of the same agency is
// known to be there; of others nothing is told.
func (c *Contacts) orgFor(ctx context.Context, from reader, by graph.Caller, id string) (Org, error) {
	o, err := scanOrg(from.QueryRow(ctx, orgByID, id))
	switch {
	case errors.Is(err, store.ErrNoRows) || err == nil && o.ClientID != by.Client:
		return o, errOrg
	case err != nil:
		return o, fmt.Errorf("contact: organisation: %w", err)
	case by.Org != "" && by.Org != o.ID:
		return o, graph.Refuse(graph.CodeForbidden, "this key is for another organisation")
	}
	return o, nil
}

func (c *Contacts) orgs(ctx context.Context, by graph.Caller, s span) ([]numbered[Org], error) {
	return list(ctx, c.db, s, orgsDown, orgsUp, func(row scanner) (numbered[Org], error) {
		o, err := scanOrg(row)
		return numbered[Org]{o.number, o}, err
	}, by.Client, by.Org)
}

// OrgEdit is what is to change; nil for what is not.
type OrgEdit struct {
	Name, Status, TemplateID *string
	Overwrite                *bool
}

func (e OrgEdit) apply(o *Org) error {
	if e.Name != nil {
		if o.Name = strings.TrimSpace(*e.Name); !wordsOK(o.Name, 200) || o.Name == "" {
			return graph.Input("name", "must be a text of up to 200 characters")
		}
	}
	if e.Status != nil {
		if o.Status = *e.Status; o.Status != OrgActive && o.Status != OrgSuspended {
			return graph.Input("status", "must be "+OrgActive+" or "+OrgSuspended)
		}
	}
	if e.TemplateID != nil {
		if o.TemplateID = *e.TemplateID; !wordsOK(o.TemplateID, 255) {
			return graph.Input("templateId", "must be the id of a template")
		}
	}
	if e.Overwrite != nil {
		o.Overwrite = *e.Overwrite
	}
	return nil
}

// CreateOrg makes an organisation of an agency.
func (c *Contacts) CreateOrg(ctx context.Context, by graph.Caller, e OrgEdit) (o Org, err error) {
	if by.Org != "" {
		return o, graph.Refuse(graph.CodeForbidden, "this key is for one organisation; only a key of the agency makes others")
	}
	now := c.clock.Now()
	o = Org{ID: c.newID(), ClientID: by.Client, Status: OrgActive, CreatedAt: now, UpdatedAt: now}
	if err := e.apply(&o); err != nil {
		return o, err
	}
	if err := c.checkTemplate(ctx, o); err != nil {
		return o, err
	}
	err = c.write(ctx, func(tx *store.Tx) error { return c.addOrg(ctx, tx, &o) })
	return o, err
}

func (c *Contacts) addOrg(ctx context.Context, tx *store.Tx, o *Org) (err error) {
	if o.number, err = store.NextNumber(ctx, tx, "contact.org:"+o.ClientID); err != nil {
		return err
	}
	_, err = tx.Exec(ctx, insertOrg, o.ID, o.ClientID, o.number, o.Name, o.Status, o.TemplateID, o.Overwrite, clock.Millis(o.CreatedAt))
	if err != nil {
		return fmt.Errorf("contact: organisation: %w", err)
	}
	return nil
}

// checkTemplate refuses a template that the agency does not have.
func (c *Contacts) checkTemplate(ctx context.Context, o Org) error {
	if o.TemplateID == "" || c.cfg.HasTemplate == nil {
		return nil
	}
	ok, err := c.cfg.HasTemplate(ctx, o.ClientID, o.TemplateID)
	if err == nil && !ok {
		where := ""
		if c.cfg.Sandbox {
			where = ", in a sandbox perhaps with magic inputs such as ~kyc_check=failed"
		}
		err = graph.Input("templateId", "must be the id of a template of this agency"+where)
	}
	return err
}

// UpdateOrg changes an organisation, and tells of a status that is another one.
func (c *Contacts) UpdateOrg(ctx context.Context, by graph.Caller, id string, e OrgEdit) (o Org, err error) {
	if e.TemplateID != nil {
		if err := c.checkTemplate(ctx, Org{ClientID: by.Client, TemplateID: *e.TemplateID}); err != nil {
			return o, err
		}
	}
	err = c.write(ctx, func(tx *store.Tx) error {
		if o, err = c.orgFor(ctx, tx, by, id); err != nil {
			return err
		}
		before := o.Status
		if err := e.apply(&o); err != nil {
			return err
		}
		o.UpdatedAt = c.clock.Now()
		if err := tx.ExecOne(ctx, updateOrg, o.ID, o.Name, o.Status, o.TemplateID, o.Overwrite, clock.Millis(o.UpdatedAt)); err != nil {
			return fmt.Errorf("contact: organisation: %w", err)
		}
		if o.Status == before {
			return nil
		}
		return c.tell(ctx, tx, o, EventOrgStatus, o.ID, fact{Status: o.Status, Previous: &before})
	})
	return o, err
}

// handOver gives an organisation to another agency, with its keys and its
// subscriptions. Its sessions stay those of the client whose verifications they are,
// and its template, which may be the other client's alone, is forgotten.
func (c *Contacts) handOver(ctx context.Context, tx *store.Tx, orgID, clientID string) error {
	for _, part := range []struct{ ids, update, numbers string }{
		{orgIDs, orgTo, "contact.org:"}, {orgKeyIDs, keyTo, "contact.key:"}, {orgHookIDs, hookTo, "contact.hook:"},
	} {
		ids, err := idsOf(ctx, tx, part.ids, orgID)
		if err != nil {
			return err
		}
		for _, id := range ids {
			n, err := store.NextNumber(ctx, tx, part.numbers+clientID)
			if err != nil {
				return err
			}
			if _, err := tx.Exec(ctx, part.update, id, clientID, n); err != nil {
				return fmt.Errorf("contact: organisation: %w", err)
			}
		}
	}
	return nil
}
