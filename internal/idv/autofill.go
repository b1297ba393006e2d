package idv

import (
	"context"

	"github.com/glencheck-dev/glencheck/internal/api"
	"github.com/glencheck-dev/glencheck/internal/plaid"
)

// autofillOut is schema IdentityVerificationAutofillCreateResponse.
type autofillOut struct {
	Status string        `json:"status"` // success or failed
	User   *autofillUser `json:"user"`
}

// autofillUser is schema IdentityVerificationAutofillUserData.
type autofillUser struct {
	Name     *Name            `json:"name"`
	Address  *autofillAddress `json:"address"`
	IDNumber *IDNumber        `json:"id_number"`
}

// autofillAddress is schema IdentityVerificationAutofillAddress.
type autofillAddress struct {
	Address
	POBox string `json:"po_box"`
	Type  string `json:"type"`
}

// autofill finds out what the person would have to type, by their telephone number,
// birthday and country (identity-verification.md section 1.6). It is for people of
// the United States, needs a template with verify_sms and kyc_check, and the number
// must have been confirmed: anybody can type one. What it finds is not stored: the
// person has to confirm it.
func (s *Service) autofill(ctx context.Context, call api.Call, in getIn) (autofillOut, error) {
	failed := autofillOut{Status: "failed"}
	if err := s.allowed(ctx, call); err != nil {
		return failed, err
	}
	a, err := s.Get(ctx, call.Caller.ClientID, in.ID)
	if err != nil {
		return failed, err
	}
	if a.Plan.KYC == nil || !a.Plan.SMS {
		return failed, plaid.InvalidField("identity_verification_id must be that of an identity verification with verify_sms and kyc_check")
	}
	u := a.User
	known := u.PhoneNumber != nil && u.DateOfBirth != nil && u.Address != nil && u.Address.Country == "US"
	if !known || a.Steps[VerifySMS] != StepSuccess || s.cfg.Source == nil {
		return failed, nil
	}
	people, err := s.cfg.Source.People(ctx, User{PhoneNumber: u.PhoneNumber, DateOfBirth: u.DateOfBirth})
	if err != nil {
		return failed, err
	}
	for _, p := range people {
		if comparePhones(u.PhoneNumber, p.Phones).Summary == CodeMatch && p.DateOfBirth == *u.DateOfBirth {
			return autofillOut{"success", p.autofill(a.Plan.KYC.LastFour)}, nil
		}
	}
	return failed, nil
}

func (r Record) autofill(lastFour bool) *autofillUser {
	var out autofillUser
	if len(r.Names) > 0 {
		out.Name = &r.Names[0]
	}
	for _, a := range r.Addresses {
		if a.Country == "US" && a.Whole() {
			out.Address = &autofillAddress{Address: a, POBox: yesNo(poBox.MatchString(*a.Street)), Type: noData}
			break
		}
	}
	for _, n := range r.IDNumbers {
		if n.Type == ssnNine && len(n.Value) == 9 {
			out.IDNumber = &n
			if lastFour {
				out.IDNumber = &IDNumber{Type: ssnFour, Value: n.Value[5:]}
			}
			break
		}
	}
	return &out
}
