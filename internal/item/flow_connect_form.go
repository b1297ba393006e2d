package item

import (
	"github.com/glencheck-dev/glencheck/internal/institution"
	"github.com/glencheck-dev/glencheck/internal/link"
)

// hasForm reports whether the accounts of a bank are had without a login there.
func (c *connect) hasForm(in institution.Institution, t link.Token) bool {
	m := c.manual()
	if m == nil || !typesNumbers(in, t) {
		return false
	}
	open, _ := m.AtBank(t, in)
	return open
}

// form leads to the one pane on which the numbers of an account at a chosen bank are
// typed, where nobody logs in (link-web.md section 4.4, "primary"). closed says what
// closes the ways with a login.
func (c *connect) form(v *link.Visit, in institution.Institution, closed string) (link.Outcome, error) {
	_, why := c.manual().AtBank(v.Token, in)
	v.Explain("%s (%s): %s; %s", in.Name, in.ID, why, closed)
	st := connectOf(v)
	st.Typing, st.Came = &Typing{Manual: true, Form: true}, link.SelectInstitution
	return toForm, c.manual().Begin(v)
}
