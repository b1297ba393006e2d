package item

import (
	"context"

	"github.com/glencheck-dev/glencheck/internal/link"
	"github.com/glencheck-dev/glencheck/internal/plaid"
)

// blockPane says that an account is somebody else's, as far as the bank's records
// say. It tells nothing of what they say.
var blockPane = link.NewPane(`<div class="outcome"><span class="seal seal-warn">{{template "icon-warn"}}</span>
{{template "top" .}}</div>`, showBlock)

func showBlock(v *link.Visit) link.Screen {
	return link.Screen{
		Title: v.T("owner.title"), Lead: v.T("owner.lead", "app", v.App(), "bank", v.Bank()),
		Primary: v.T("error.another_bank"), Secondary: &link.Button{Label: v.T("error.close"), Value: string(giveUp)},
	}
}

// fromBlock goes on to another bank, or ends the session.
func fromBlock(_ context.Context, v *link.Visit) (link.Outcome, error) {
	switch v.Input.Value {
	case "":
		return another, nil
	case string(giveUp):
		return giveUp, nil
	}
	return "", plaid.InvalidField("value must be one of the ways that the pane offers")
}
