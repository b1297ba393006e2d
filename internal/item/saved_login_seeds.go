package item

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"github.com/glencheck-dev/glencheck/internal/institution"
	"github.com/glencheck-dev/glencheck/internal/store"
)

// seed is a login that the sandbox plants for one of its own numbers.
type seed struct {
	institutionID string
	masks         []string // of the accounts that were saved
	expired       bool     // the bank wants the person to log in anew
}

// seededPhones are the documented numbers of the sandbox (link-web.md section 5).
// Their logins are those of user_good, made at the bank when the number is first
// confirmed.
var seededPhones = map[string][]seed{
	"+14155550010": nil, // always new
	"+14155550011": {{institutionID: "ins_109508", masks: []string{"0000", "1111"}}},
	"+14155550012": {{institutionID: "ins_109508", masks: []string{"0000", "1111"}}, {institutionID: "ins_109511", masks: []string{"0000"}}},
	"+14155550013": {{institutionID: "ins_127287", masks: []string{"0000", "1111"}}},
	"+14155550014": {{institutionID: "ins_109508", masks: []string{"0000", "1111"}, expired: true}},
	"+14155550015": {{institutionID: "ins_109508", masks: []string{"0000"}}},
}

// plant makes one of the sandbox's own numbers what the table says: what people
// have saved under it since goes, what is missing is planted.
func (s *Items) plant(ctx context.Context, phone string) error {
	seeds, ours := seededPhones[phone]
	if !ours || s.env != sandbox {
		return nil
	}
	if _, err := s.endSavedOf(ctx, phone, false); err != nil {
		return err
	}
	have, err := s.savedLogins(ctx, phone)
	if err != nil {
		return err
	}
	for _, sd := range seeds {
		if slices.ContainsFunc(have, func(l savedLogin) bool { return l.InstitutionID == sd.institutionID }) {
			continue
		}
		if err := s.plantOne(ctx, phone, sd); err != nil {
			return fmt.Errorf("item: plant a saved login: %w", err)
		}
	}
	return nil
}

// plantOne logs in at the bank and saves that. Where somebody else has just done
// the same, the grant goes back.
func (s *Items) plantOne(ctx context.Context, phone string, sd seed) error {
	in, ok := s.catalogue.Get(sd.institutionID)
	if !ok {
		return nil // this server's catalogue has no such bank
	}
	conn, err := s.connector(in.Connector)
	if err != nil {
		return err
	}
	importer, ok := conn.(institution.Importer)
	if !ok {
		return nil
	}
	l := savedLogin{InstitutionID: in.ID, Connector: in.Connector, Seeded: true}
	if l.Grant, err = importer.Import(ctx, in.ID, UserGood, PassGood); err != nil {
		return err
	}
	kept := false
	all, err := conn.Accounts(ctx, l.Grant)
	for _, a := range all {
		if slices.Contains(sd.masks, a.Mask) {
			l.Refs = append(l.Refs, a.Ref)
		}
	}
	if e, ok := conn.(institution.Expirer); ok && sd.expired && err == nil {
		err = e.ExpireGrant(ctx, l.Grant)
	}
	if err == nil {
		err = s.db.Write(ctx, func(tx *store.Tx) error {
			kept, err = s.insertSaved(ctx, tx, phone, l)
			return err
		})
	}
	if err != nil || !kept {
		return errors.Join(err, conn.Revoke(ctx, l.Grant))
	}
	return nil
}
