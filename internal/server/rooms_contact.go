package server

import (
	"cmp"
	"context"
	"net"
	"net/http"
	"os"
	"strings"

	"github.com/glencheck-dev/glencheck/internal/contact"
	"github.com/glencheck-dev/glencheck/internal/contact/graph"
	"github.com/glencheck-dev/glencheck/internal/explorer"
	"github.com/glencheck-dev/glencheck/internal/idv"
	"github.com/glencheck-dev/glencheck/internal/link"
	"github.com/glencheck-dev/glencheck/internal/plaid"
	"github.com/glencheck-dev/glencheck/internal/store"
)

// newContacts makes the contacts and their API. Production has them only with a key
// of its own; a sandbox always.
func (r *rooms) newContacts(ctx context.Context, g ground) (err error) {
	c := g.Config
	if c.Env != Sandbox && c.GraphKey == "" {
		return nil
	}
	cfg := contact.Config{
		Sandbox: c.Env == Sandbox, ClientID: c.ClientID, Key: c.GraphKey, Introspection: c.introspects(),
		DB: g.DB, Vault: g.Vault, Clock: g.Clock, IDs: g.IDs.Fork("contact"), Log: g.Log, Outbox: r.webhooks, Observe: g.Observe,
		HasTemplate: r.hasTemplate(c.Env == Sandbox), Open: r.openVerification,
	}
	if c.Env == Sandbox {
		cfg.At, cfg.Template = g.Scheduler.At, idv.SandboxTemplates()[0].ID
	}
	if cfg.Persisted, err = c.graphOperations(); err != nil {
		return err
	}
	r.contacts = contact.New(cfg)
	if r.graph, err = r.contacts.Server(); err != nil {
		return err
	}
	return ensured(ctx, r.contacts.Ensure)
}

// hasTemplate reports whether a client has a template of Identity Verification. What
// stands behind a ~ has to be magic inputs, and a sandbox alone has those.
func (r *rooms) hasTemplate(sandbox bool) func(ctx context.Context, clientID, id string) (bool, error) {
	return func(ctx context.Context, clientID, id string) (bool, error) {
		id, magic, found := strings.Cut(id, "~")
		if found && !(sandbox && idv.MagicInputs(magic)) {
			return false, nil
		}
		all, err := r.idv.Templates(ctx, clientID)
		return indexOfTemplate(all, id) >= 0, err
	}
}

func indexOfTemplate(all []idv.Template, id string) int {
	for i, t := range all {
		if t.ID == id {
			return i
		}
	}
	return -1
}

// openVerification drafts the link token of a contact's session. What is known of the
// contact is filled in as far as Identity Verification takes it.
func (r *rooms) openVerification(ctx context.Context, o contact.Opening) (contact.Opened, error) {
	var user link.VerificationUser
	for _, part := range []link.VerificationUser{
		{EmailAddress: plaid.OrNull(o.Person.Email)}, {PhoneNumber: plaid.OrNull(o.Person.Phone)},
		{Name: &link.VerificationName{GivenName: o.Person.GivenName, FamilyName: o.Person.FamilyName}},
	} {
		if _, err := r.idv.Prefill(part); err != nil {
			continue // Link asks for it then
		}
		user.EmailAddress, user.PhoneNumber = cmp.Or(part.EmailAddress, user.EmailAddress), cmp.Or(part.PhoneNumber, user.PhoneNumber)
		user.Name = cmp.Or(part.Name, user.Name)
	}
	token, err := r.tokens.Once(ctx, link.OnceSpec{
		ClientID: o.ClientID, ClientUserID: o.ClientUserID, ClientName: o.OrgName, TemplateID: o.TemplateID, User: user, Life: o.Life,
	})
	if err != nil {
		return contact.Opened{}, err
	}
	return contact.Opened{Token: token.Secret, ExpiresAt: token.ExpiresAt, Keep: token.Keep}, nil
}

// attemptStatuses are the statuses of verifications in the words of contacts.
var attemptStatuses = map[idv.Status]contact.Status{
	idv.Active: contact.Active, idv.Success: contact.Verified, idv.PendingReview: contact.PendingReview,
	idv.Failed: contact.Failed, idv.Expired: contact.Expired, idv.Canceled: contact.Canceled,
}

// tellContacts hands the change of a verification to the contacts, in its
// transaction.
func (r *rooms) tellContacts(ctx context.Context, tx *store.Tx, n idv.Notice) error {
	if r.contacts == nil {
		return nil
	}
	a, err := r.idv.InTx(ctx, tx, n.ClientID, n.AttemptID)
	if err != nil {
		return err
	}
	told := contact.Attempt{
		ID: a.ID, ClientID: a.ClientID, ClientUserID: a.ClientUserID, Status: attemptStatuses[a.Status], TemplateID: a.TemplateID,
		TemplateVersion: int32(a.Plan.Version), CreatedAt: a.CreatedAt, CompletedAt: a.CompletedAt,
	}
	for _, s := range idv.Steps {
		told.Steps = append(told.Steps, contact.IdentityStep{Name: string(s), Status: string(a.Steps[s])})
	}
	u, p := a.User, &told.Person
	if u.Name != nil {
		p.GivenName, p.FamilyName = u.Name.GivenName, u.Name.FamilyName
	}
	p.Email, p.Phone = valueOf(u.EmailAddress), valueOf(u.PhoneNumber)
	return r.contacts.Attempted(ctx, tx, told)
}

func valueOf(s *string) string {
	if s == nil {
		return ""
	}
	return *s
}

// contactPages are the API, the element's script, and in a sandbox of this machine the
// live demo.
func (r *rooms) contactPages(g ground, mux *http.ServeMux) {
	mux.Handle(graph.Path, looksAround(r.graph, g.Config.Env == Sandbox, g.PublicURL))
	element := contact.Element(cmp.Or(g.Config.ContactProd, g.PublicURL), cmp.Or(g.Config.ContactStage, g.PublicURL))
	for _, path := range contact.Scripts {
		mux.Handle(path, element)
	}
	if !g.Config.hasDemo() {
		return
	}
	page := r.contacts.Demo(g.PublicURL)
	mux.Handle(contact.DemoPath, page)
	mux.Handle(contact.DemoPath+"/", page)
}

// graphExplorer is what the page for the contacts' API shows. It fills in a key only
// where everybody knows it.
func (r *rooms) graphExplorer(c Config) *explorer.Graph {
	e := &explorer.Graph{Path: graph.Path, Sandbox: c.Env == Sandbox}
	if c.introspects() {
		e.Schema = contact.Schema()
	}
	if e.Sandbox {
		e.Org = contact.SandboxOrg
	}
	if e.Sandbox && c.GraphKey == contact.SandboxKey {
		e.Key = c.GraphKey
	}
	if c.hasDemo() {
		e.Demo = contact.DemoPath
	}
	return e
}

// graphOperations reads what --graph-operations names.
func (c Config) graphOperations() (*graph.Persisted, error) {
	switch c.GraphOperations {
	case "", off:
		return nil, nil
	case "auto":
		return graph.Automatic(), nil
	}
	manifest, err := os.ReadFile(c.GraphOperations)
	if err != nil {
		return nil, usage("--graph-operations: %v", err)
	}
	p, err := graph.Listed(manifest)
	if err != nil {
		return nil, usage("--graph-operations %s: %v", c.GraphOperations, err)
	}
	return p, nil
}

// introspects reports whether clients of the contacts' API may read its schema.
func (c Config) introspects() bool { return c.Env == Sandbox || c.GraphIntrospection }

// side is a listener beside the server's own, for one API at its root.
type side struct {
	flag     string
	listener net.Listener
	http     *http.Server
}

// newSide takes the port of a flag; nil without an address.
func (s *Server) newSide(addr, flag string, h http.Handler) (*side, error) {
	if addr == "" {
		return nil, nil
	}
	l, err := listenOn(addr, flag)
	if err != nil {
		return nil, err
	}
	mux := http.NewServeMux()
	mux.Handle("/", h)
	return &side{flag, l, newHTTPServer(mux, s.log)}, nil
}

// addr is where it listens; "" for none.
func (s *side) addr() string {
	if s == nil {
		return ""
	}
	return s.listener.Addr().String()
}

// newSides takes the ports of the other listeners.
func (s *Server) newSides() (err error) {
	if s.rooms.decisions != nil {
		if s.partner, err = s.newSide(s.cfg.PartnerAddr, "--partner-addr", s.rooms.partnerAPI); err != nil {
			return err
		}
	}
	if s.rooms.contacts != nil {
		s.graph, err = s.newSide(s.cfg.GraphAddr, "--graph-addr", atRoot(looksAround(s.rooms.graph, s.cfg.Env == Sandbox, s.PublicURL())))
	}
	return err
}

// atRoot serves GraphQL at the root and at its path on any address, and nothing else.
func atRoot(h http.Handler) http.Handler {
	mux := http.NewServeMux()
	mux.Handle("/{$}", h)
	mux.Handle(graph.Path, h)
	return mux
}

// looksAround sends a browser that comes to look, in a sandbox, from the API to its
// explorer.
func looksAround(h http.Handler, sandbox bool, publicURL string) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if sandbox && r.Method == http.MethodGet && r.URL.RawQuery == "" && strings.Contains(r.Header.Get("Accept"), "text/html") {
			http.Redirect(w, r, publicURL+explorer.GraphPage, http.StatusFound)
			return
		}
		h.ServeHTTP(w, r)
	})
}

// sides are the other listeners there are.
func (s *Server) sides() (all []*side) {
	for _, o := range []*side{s.partner, s.graph} {
		if o != nil {
			all = append(all, o)
		}
	}
	return all
}

// GraphAddr is the address at whose root the contacts' API answers; "" for none.
func (s *Server) GraphAddr() string { return s.graph.addr() }

// GraphPath is where the contacts' API is on the server's own address; "" without
// one.
func (s *Server) GraphPath() string {
	if s.rooms.contacts == nil {
		return ""
	}
	return graph.Path
}

// ShownGraphKey is the key of the contacts' API if it is the published one of the
// sandbox, and "" otherwise.
func (s *Server) ShownGraphKey() string {
	if s.rooms.contacts != nil && s.cfg.GraphKey == contact.SandboxKey {
		return contact.SandboxKey
	}
	return ""
}
