package item

import "github.com/glencheck-dev/glencheck/internal/link"

// SeveralFlow is the flow of a link token that may make several Items in one
// session (link-web.md section 4.13): the connect flow, whose last pane also leads
// to another bank. It comes before ConnectFlow in the list of flows.
func (s *Items) SeveralFlow() link.Flow {
	f := s.ConnectFlow()
	offered := f.Offered
	f.Name, f.Offered = "several", func(t link.Token) bool { return t.MultiItem && offered(t) }
	f.Steps[link.Connected] = sayingPending(link.SeveralStep(link.SelectInstitution))
	return f
}
