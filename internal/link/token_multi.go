package link

import "github.com/glencheck-dev/glencheck/internal/plaid"

// multiItem checks enable_multi_item_link: it needs a user whom the Items belong
// to, "You must call /user/create … if you are using Multi-Item Link"
// (description of /user/create), and does not go with the flows of typed account
// numbers (link-web.md section 4.13). Those that are on by default are off.
func multiItem(in createIn) error {
	if !in.EnableMultiItem {
		return nil
	}
	const rule = " when enable_multi_item_link is true"
	if in.UserID == nil && in.UserToken == nil {
		return plaid.InvalidField("user_id must be that of a user of /user/create" + rule)
	}
	if in.AccessToken != nil {
		return plaid.InvalidField("access_token must be omitted" + rule)
	}
	if a := in.Auth; a != nil {
		for _, f := range []struct {
			name  string
			given *bool
		}{
			{"same_day_microdeposits_enabled", a.SameDayMicrodeposits},
			{"instant_microdeposits_enabled", a.InstantMicrodeposits},
			{"database_match_enabled", a.DatabaseMatch},
			{"database_insights_enabled", a.DatabaseInsights},
		} {
			if f.given != nil && *f.given {
				return plaid.InvalidField("auth." + f.name + " must be false" + rule)
			}
		}
	}
	return nil
}
