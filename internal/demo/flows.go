package demo

import "github.com/glencheck-dev/glencheck/web"

// A flow is one choice on the page: what the link token asks for, and what is
// read once the account is connected.
type flow struct {
	ID       string
	Products []string
	Reads    []string // paths that take an access_token
	Bank     string   // the institution that Link opens at, "" for the list
	Repairs  bool     // Link opens for an Item whose login has ended
	Several  bool     // one session connects several banks
	Returns  bool     // Link asks for a phone number and finds what is saved with it
}

// flows are those that work; the first is the one the page opens with.
var flows = []flow{
	{ID: "auth", Products: []string{"auth"}, Reads: []string{"/auth/get"}},
	{ID: "auth_identity", Products: []string{"auth", "identity"}, Reads: []string{"/auth/get", "/identity/get"}},
	{ID: "identity", Products: []string{"identity"}, Reads: []string{"/identity/get"}},
	{ID: "oauth", Products: []string{"auth"}, Reads: []string{"/auth/get"}, Bank: "ins_127287"},
	{ID: "update", Products: []string{"auth"}, Reads: []string{"/auth/get"}, Repairs: true},
	{ID: "several", Products: []string{"auth"}, Reads: []string{"/auth/get"}, Several: true},
	{ID: "returning", Products: []string{"auth"}, Reads: []string{"/auth/get"}, Returns: true},
}

// findFlow answers the flow of an id.
func findFlow(id string) (flow, bool) {
	for _, f := range flows {
		if f.ID == id {
			return f, true
		}
	}
	return flow{}, false
}

// Title is the flow's name on the page.
func (f flow) Title(t web.Texter) string { return t("demo." + f.ID + ".title") }

// Text says in a line what the flow does.
func (f flow) Text(t web.Texter) string { return t("demo." + f.ID + ".text") }
