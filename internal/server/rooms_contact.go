package server

import (
	"context"
	"net"
	"net/http"

	"github.com/glencheck-dev/glencheck/internal/contact"
	"github.com/glencheck-dev/glencheck/internal/contact/graph"
	"github.com/glencheck-dev/glencheck/internal/idv"
)

// newContacts makes the contacts and their API. Production has them only with a key
// of its own; a sandbox always.
func (r *rooms) newContacts(ctx context.Context, g ground) (err error) {
	c := g.Config
	if c.Env != Sandbox && c.GraphKey == "" {
		return nil
	}
	cfg := contact.Config{
		Sandbox: c.Env == Sandbox, ClientID: c.ClientID, Key: c.GraphKey, Introspection: c.Env == Sandbox || c.GraphIntrospection,
		DB: g.DB, Vault: g.Vault, Clock: g.Clock, IDs: g.IDs.Fork("contact"), Log: g.Log, Outbox: r.webhooks, Observe: g.Observe,
		HasTemplate: r.hasTemplate,
	}
	if c.Env == Sandbox {
		cfg.At = g.Scheduler.At
	}
	r.contacts = contact.New(cfg)
	if r.graph, err = r.contacts.Server(); err != nil {
		return err
	}
	return r.contacts.Ensure(ctx)
}

// hasTemplate reports whether a client has a template of Identity Verification.
func (r *rooms) hasTemplate(ctx context.Context, clientID, id string) (bool, error) {
	all, err := r.idv.Templates(ctx, clientID)
	return indexOfTemplate(all, id) >= 0, err
}

func indexOfTemplate(all []idv.Template, id string) int {
	for i, t := range all {
		if t.ID == id {
			return i
		}
	}
	return -1
}

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
		s.graph, err = s.newSide(s.cfg.GraphAddr, "--graph-addr", atRoot(s.rooms.graph))
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
