package link

import (
	"cmp"

	"github.com/glencheck-dev/glencheck/internal/plaid"
)

// Trouble is what the ERROR pane says: what happened, whose side it is on, and
// the ways on. Every ERROR pane has at least one (ui/README.md section 1).
type Trouble struct {
	Code      string `json:"code,omitempty"` // error_code, "" when no error was told
	Title     string `json:"title"`          // text keys
	Lead      string `json:"lead"`
	Ways      []Way  `json:"ways"`             // the first is the primary button
	Site      string `json:"site,omitempty"`   // the bank's own pages, offered in a new window
	Final     bool   `json:"final,omitempty"`  // a red seal rather than an amber one
	Status    string `json:"status,omitempty"` // exit_status, where it is not the step's
	RequestID string `json:"request_id"`
}

// Way is one way on from the ERROR pane: an outcome of its step, and the text
// key of the button.
type Way struct {
	Outcome Outcome `json:"outcome"`
	Label   string  `json:"label"`
}

// Again is the outcome of the ERROR step that begins the login anew. The
// machine offers it after an interruption.
const Again Outcome = "again"

// interruption is what the person reads when a step of theirs was lost, with the
// outcome that begins it anew: Again for "".
func interruption(retry Outcome) Trouble {
	e := plaid.InternalServerError
	return Trouble{Code: e.Code, Title: "error." + e.Code + ".title", Lead: "error." + e.Code + ".lead", Ways: []Way{{cmp.Or(retry, Again), "error.try_again"}}}
}
