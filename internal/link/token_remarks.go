package link

import (
	"encoding/json"
	"maps"
	"slices"
	"strings"

	"github.com/glencheck-dev/glencheck/internal/api"
	"github.com/glencheck-dev/glencheck/internal/plaid"
	"github.com/glencheck-dev/glencheck/internal/team"
)

// authRemarks names the auth options that the client switched on and that its
// countries or products switch off, which Plaid does without a word (seed 001;
// link-web.md section 9 no. 12).
func authRemarks(in *authIn, tok Token) []string {
	if in == nil {
		return nil
	}
	var login, alone []string
	for _, o := range []struct {
		name  string
		asked *bool
		is    bool
		list  *[]string
	}{
		{"instant_match_enabled", in.InstantMatch, tok.Auth.InstantMatch, &login},
		{"automated_microdeposits_enabled", in.AutomatedMicrodeposits, tok.Auth.AutomatedMicrodeposits, &login},
		{"auth_type_select_enabled", in.TypeSelect, tok.Auth.TypeSelect, &alone},
		{"same_day_microdeposits_enabled", in.SameDayMicrodeposits, tok.Auth.SameDayMicrodeposits, &alone},
		{"instant_microdeposits_enabled", in.InstantMicrodeposits, tok.Auth.InstantMicrodeposits, &alone},
		{"database_match_enabled", in.DatabaseMatch, tok.Auth.DatabaseMatch, &alone},
		{"database_insights_enabled", in.DatabaseInsights, tok.Auth.DatabaseInsights, &alone},
		{"sms_microdeposits_verification_enabled", in.SMSVerification, tok.Auth.SMSVerification, &alone},
	} {
		if o.asked != nil && *o.asked && !o.is {
			*o.list = append(*o.list, "auth."+o.name)
		}
	}
	reason := "need auth or transfer among the products"
	if !tok.USOnly() {
		reason = `need country_codes to be ["US"] and nothing else`
	}
	var remarks []string
	if len(login) > 0 {
		remarks = append(remarks, without(login)+"they "+reason)
	}
	if len(alone) > 0 {
		if tok.USOnly() {
			reason = "need auth or transfer to be the only product in products"
		}
		remarks = append(remarks, without(alone)+"they "+reason)
	}
	return remarks
}

// customizationRemark says why the customization that a token names is not the
// one it wears; "" if it is.
func customizationRemark(c *team.Client, tok Token, worn team.Customization) string {
	if worn.Name == tok.CustomizationName {
		return ""
	}
	for _, named := range c.Customizations {
		if named.Name == tok.CustomizationName {
			return "link_customization_name is without effect: that customization is for language " + named.Language + " and country_codes " +
				strings.Join(named.CountryCodes, ", ") + ", exactly, and the link token is for " + tok.Language + " and " + strings.Join(tok.CountryCodes, ", ")
		}
	}
	return ""
}

// filterRemarks tells of members of account_filters that are no account types. The
// schema lets them through, and a misspelled type filters nothing.
func filterRemarks(raw api.Raw) []string {
	var byType map[string]json.RawMessage
	if len(raw) == 0 || json.Unmarshal(raw, &byType) != nil {
		return nil
	}
	known := slices.Sorted(maps.Keys(plaid.AccountTypes))
	for name := range byType {
		if !slices.Contains(known, name) {
			return []string{"account_filters has members that are no account types, which are without effect; the types are " + strings.Join(known, ", ")}
		}
	}
	return nil
}

func without(options []string) string {
	return "these options of the link token are without effect: " + strings.Join(options, ", ") + "; "
}
