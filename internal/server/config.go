package server

import (
	"cmp"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"net/netip"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"github.com/glencheck-dev/glencheck/internal/contact"
	"github.com/glencheck-dev/glencheck/internal/decision"
	"github.com/glencheck-dev/glencheck/internal/processor"
	"github.com/glencheck-dev/glencheck/internal/team"
	"github.com/glencheck-dev/glencheck/internal/vault"
)

// The environments a server can be. One process serves one of them.
const (
	Sandbox    = "sandbox"
	Production = "production"
)

// The sandbox's client_id and secret: published, the same on every machine, and
// refused by a production server.
const (
	SandboxClientID = team.SandboxClientID
	SandboxSecret   = team.SandboxSecret
)

// Config is everything a server is told from outside. Command glencheck fills
// it from flags; a zero field takes the default that its comment names.
type Config struct {
	Addr      string // host:port to listen on; 127.0.0.1:8484
	PublicURL string // what browsers reach the server by; http://localhost with the port of Addr
	DB        string // a file, :memory: or postgres://…; glencheck.db
	Env       string // Sandbox or Production; Sandbox
	ClientID  string // the client's id; in the sandbox SandboxClientID
	Secret    string // the client's secret; in the sandbox SandboxSecret
	Seed      uint64 // makes ids repeat themselves on each run; 0 for none
	Manual    bool   // the clock stands still until it is moved
	KEK       string // file with the key that encrypts the database's keys
	// ProcessorKeys is a file with the keys of processor partners, and Processors are
	// keys beside it. Without them a sandbox with the published keys has the partner
	// alloy, whose keys are published too.
	ProcessorKeys string
	Processors    []processor.Credentials
	// RedirectURIs are where banks may send people back to, besides those of the
	// client itself: https://example.com/oauth.html, https://*.example.com/oauth.html.
	RedirectURIs []string
	// Team is a file with what the client's team has: integrations, application
	// profile, redirect addresses, Link customizations.
	Team string
	// Watchlists is a directory with the files of watchlists, and programs.json.
	Watchlists string
	// LinkEvents is when Link tells the host page of events: buffered until the
	// end, as documented, or realtime; buffered.
	LinkEvents string
	// LinkWebhooks is which sessions of Link have the webhooks EVENTS and
	// SESSION_FINISHED: all, or documented for those that have them by default;
	// all in the sandbox, documented in production.
	LinkWebhooks string
	// Rail is how production pays micro-deposits; nothing is paid without a spool.
	Rail RailConfig
	// IDV is what Identity Verification has.
	IDV IDVConfig
	// PartnerToken and PartnerSecret are credentials of the partner's API at
	// /partners/alloy/v1: published ones in a sandbox whose secret is, too; none
	// elsewhere, and no such API in production without them.
	PartnerToken, PartnerSecret string
	// PartnerAddr is a second host:port to listen on, where that API is at /v1; none
	// unless given.
	PartnerAddr string
	// GraphKey is an API key of the contacts' GraphQL at /graphql: a published one in a
	// sandbox whose secret is, too; none elsewhere, and no such API in production
	// without one.
	GraphKey string
	// GraphAddr is another host:port to listen on, where that API is at the root; none
	// unless given.
	GraphAddr string
	// GraphIntrospection lets clients of production read the schema; those of a sandbox
	// may.
	GraphIntrospection bool
	// GraphOperations is "auto" where clients of the contacts' API may name documents by
	// their hash, the file of a manifest where only its documents may be run, and empty or
	// "off" for neither.
	GraphOperations string
	// ContactProd and ContactStage are the addresses at which <contact-idv-session> opens
	// its flow for env="prod" and env="stage"; PublicURL, both.
	ContactProd, ContactStage string
	// PrivateWebhooks lets the receivers of webhooks be on loopback and private
	// addresses; in the sandbox they may, in production not, unless it says so.
	PrivateWebhooks *bool
	// WebhookTransport carries webhooks, for tests; nil for the network.
	WebhookTransport http.RoundTripper

	// Faults is a file that says what to break; RateLimits is off, plaid or
	// plaid-production; Chaos is off or mild. Off, all of them, and only a sandbox
	// has them.
	Faults     string
	RateLimits string
	Chaos      string
	// Tesseract is the program that reads the text of pictures: a path, or
	// TesseractInPath for one that may be installed or not; none.
	Tesseract string
	// State is a file with the saved state that a sandbox begins with; what its
	// database held before is replaced.
	State string

	Log *slog.Logger // nil keeps quiet
}

// TesseractInPath is the name under which the program is installed, if it is.
const TesseractInPath = "tesseract"

// Which sessions of Link have webhooks.
const (
	webhooksOfAll      = "all"
	webhooksDocumented = "documented"
)

// off is the value of what is not wanted.
const off = "off"

// UsageError is a mistake in how the server was asked to run: nothing was
// started and nothing was stored.
type UsageError struct{ text string }

func (e *UsageError) Error() string { return e.text }

func usage(format string, args ...any) error { return &UsageError{fmt.Sprintf(format, args...)} }

// withDefaults fills in what was not given.
func (c Config) withDefaults() Config {
	def := func(s *string, value string) {
		if *s == "" {
			*s = value
		}
	}
	def(&c.Addr, "127.0.0.1:8484")
	def(&c.DB, "glencheck.db")
	def(&c.Env, Sandbox)
	def(&c.LinkEvents, team.EventsBuffered)
	def(&c.RateLimits, off)
	def(&c.Chaos, off)
	if c.Env == Sandbox {
		def(&c.LinkWebhooks, webhooksOfAll)
	}
	def(&c.LinkWebhooks, webhooksDocumented)
	if c.Env == Sandbox {
		def(&c.ClientID, SandboxClientID)
		def(&c.Secret, SandboxSecret)
	}
	if c.Env == Sandbox && c.Secret == SandboxSecret && c.PartnerToken == "" && c.PartnerSecret == "" {
		c.PartnerToken, c.PartnerSecret = decision.SandboxToken, decision.SandboxSecret
	}
	if c.Env == Sandbox && c.Secret == SandboxSecret && c.GraphKey == "" {
		c.GraphKey = contact.SandboxKey
	}
	if c.Log == nil {
		c.Log = slog.New(slog.NewTextHandler(io.Discard, &slog.HandlerOptions{Level: slog.LevelError + 1}))
	}
	return c
}

// check refuses what must not be started. It runs on a Config with defaults.
func (c Config) check() error {
	host, _, err := net.SplitHostPort(c.Addr)
	if err != nil {
		return usage("--addr %q is not host:port, for example 127.0.0.1:8484", c.Addr)
	}
	if err := checkPublicURL(c.PublicURL); err != nil {
		return err
	}
	for _, uri := range c.RedirectURIs {
		if !team.RedirectEntryOK(uri) {
			return usage("--redirect-uri %q is not an address such as https://example.com/oauth.html or https://*.example.com/oauth.html", uri)
		}
	}
	if c.LinkEvents != team.EventsBuffered && c.LinkEvents != team.EventsRealtime {
		return usage("--link-events %q is neither buffered nor realtime", c.LinkEvents)
	}
	if c.LinkWebhooks != webhooksOfAll && c.LinkWebhooks != webhooksDocumented {
		return usage("--link-webhooks %q is neither all nor documented", c.LinkWebhooks)
	}
	if !slices.Contains([]string{off, "plaid", "plaid-production"}, c.RateLimits) {
		return usage("--rate-limits %q is neither off, plaid nor plaid-production", c.RateLimits)
	}
	if c.Chaos != off && c.Chaos != "mild" {
		return usage("--chaos %q is neither off nor mild", c.Chaos)
	}
	if err := c.IDV.check(c.Env); err != nil {
		return err
	}
	switch c.Env {
	case Sandbox:
		if c.Rail.given() {
			return usage("a sandbox pays into its simulated bank: leave out --rail-*")
		}
		if !loopback(host) && c.Secret == SandboxSecret {
			return usage("a sandbox that listens on %s is open to the network, and its secret is published: give one of your own with --secret", c.Addr)
		}
		if err := c.checkPartner(); err != nil {
			return err
		}
		return c.checkGraph()
	case Production:
		return c.checkProduction()
	}
	return usage("--env %q is neither sandbox nor production", c.Env)
}

// checkPartner refuses credentials of the partner's API that cannot be.
func (c Config) checkPartner() error {
	switch {
	case c.PartnerToken == "" && c.PartnerSecret == "":
		if c.PartnerAddr != "" && c.Env == Production {
			return usage("--partner-addr needs --partner-token and --partner-secret in production")
		}
		return nil
	case !decision.KeyOK(c.PartnerToken) || !decision.KeyOK(c.PartnerSecret):
		return usage("--partner-token and --partner-secret are 32 letters and digits each")
	case c.PartnerToken != decision.SandboxToken && c.PartnerSecret != decision.SandboxSecret:
		return nil
	case c.Env == Production:
		return usage("production refuses the sandbox's credentials of the partner's API: they are published; make your own")
	}
	for _, addr := range []string{c.Addr, cmp.Or(c.PartnerAddr, c.Addr)} {
		host, _, err := net.SplitHostPort(addr)
		if err != nil {
			return usage("--partner-addr %q is not host:port, for example 127.0.0.1:8486", addr)
		}
		if !loopback(host) {
			return usage("the sandbox's credentials of the partner's API are published: give others with --partner-token and --partner-secret before it listens on %s", addr)
		}
	}
	return nil
}

// minGraphKey is the least length of a key, which is a secret.
const minGraphKey = 24

// checkGraph refuses a key of the contacts' API that cannot be.
func (c Config) checkGraph() error {
	if checkPublicURL(c.ContactProd) != nil || checkPublicURL(c.ContactStage) != nil {
		return usage("--contact-prod and --contact-stage are origins such as https://link.example.org")
	}
	switch {
	case c.GraphKey == "":
		if c.GraphAddr != "" && c.Env == Production {
			return usage("--graph-addr needs --graph-key in production")
		}
	case len(c.GraphKey) < minGraphKey || len(c.GraphKey) > 200 || strings.ContainsFunc(c.GraphKey, func(r rune) bool { return r <= ' ' || r > '~' }):
		return usage("--graph-key is a secret of %d to 200 letters, digits and signs without spaces", minGraphKey)
	case c.GraphKey == contact.SandboxKey && c.Env == Production:
		return usage("production refuses the sandbox's key of the contacts' API: it is published; make your own")
	}
	for _, addr := range []string{c.Addr, cmp.Or(c.GraphAddr, c.Addr)} {
		host, _, err := net.SplitHostPort(addr)
		if err != nil {
			return usage("--graph-addr %q is not host:port, for example 127.0.0.1:8487", addr)
		}
		if c.GraphKey == contact.SandboxKey && !loopback(host) {
			return usage("the sandbox's key of the contacts' API is published: give another with --graph-key before it listens on %s", addr)
		}
	}
	return nil
}

func (c Config) checkProduction() error {
	switch {
	case c.ClientID == "" || c.Secret == "":
		return usage("production needs --client-id and --secret (or GLENCHECK_CLIENT_ID and GLENCHECK_SECRET)")
	case c.ClientID == SandboxClientID || c.Secret == SandboxSecret:
		return usage("production refuses the sandbox's client_id and secret: they are published; make your own")
	case c.KEK == "":
		return usage("production needs --kek, the file with the key that encrypts the keys in the database")
	case c.Manual:
		return usage("production runs on the real clock: leave out --clock manual")
	case c.Seed != 0:
		return usage("production makes its ids from real randomness: leave out --seed")
	case c.State != "":
		return usage("production begins with what its database holds: leave out --state")
	case c.Faults != "" || c.RateLimits != off || c.Chaos != off:
		return usage("production breaks nothing on purpose: leave out --faults, --rate-limits and --chaos")
	}
	if err := c.checkPartner(); err != nil {
		return err
	}
	if err := c.checkGraph(); err != nil {
		return err
	}
	return c.Rail.check()
}

func checkPublicURL(raw string) error {
	if raw == "" {
		return nil
	}
	u, err := url.Parse(raw)
	if err != nil || (u.Scheme != "http" && u.Scheme != "https") || u.Host == "" || strings.Trim(u.Path, "/") != "" || u.RawQuery != "" || u.User != nil {
		return usage("--public-url %q is not an origin such as https://bank.example.org", raw)
	}
	return nil
}

// allowPrivateWebhooks reports whether receivers may be on addresses that are not
// public.
func (c Config) allowPrivateWebhooks() bool {
	if c.PrivateWebhooks != nil {
		return *c.PrivateWebhooks
	}
	return c.Env == Sandbox
}

// hasDemo reports whether Link Demo is served. It calls the API with the
// client's keys for whoever opens it, so it is for this machine alone.
func (c Config) hasDemo() bool {
	host, _, err := net.SplitHostPort(c.Addr)
	return err == nil && c.Env == Sandbox && loopback(host)
}

// loopback reports whether only this machine can reach host.
func loopback(host string) bool {
	if host == "localhost" {
		return true
	}
	ip, err := netip.ParseAddr(host)
	return err == nil && ip.IsLoopback()
}

// listen takes the port, and says what to do when it cannot.
func (c Config) listen() (net.Listener, error) { return listenOn(c.Addr, "--addr") }

// listenOn takes the port of a flag.
func listenOn(addr, flag string) (net.Listener, error) {
	l, err := net.Listen("tcp", addr)
	if err == nil {
		return l, nil
	}
	if inUse(err) {
		return nil, fmt.Errorf("another program listens on %s; stop it, or choose another port with %s %s", addr, flag, otherPort(addr))
	}
	var op *net.OpError
	if errors.As(err, &op) {
		err = op.Err
	}
	return nil, fmt.Errorf("cannot listen on %s: %w", addr, err)
}

// otherPort is the next one up.
func otherPort(addr string) string {
	host, port, _ := net.SplitHostPort(addr)
	n, _ := strconv.Atoi(port)
	return net.JoinHostPort(host, strconv.Itoa(n%65535+1))
}

// publicURL is the origin that browsers use, without a final slash.
func (c Config) publicURL(l net.Listener) string {
	if c.PublicURL != "" {
		return strings.TrimRight(c.PublicURL, "/")
	}
	_, port, _ := net.SplitHostPort(l.Addr().String())
	return "http://localhost:" + port
}

// kek is the key that seals the vault's own keys.
func (c Config) kek() (vault.KEK, error) {
	if c.KEK == "" {
		return vault.SandboxKEK(), nil // check lets only a sandbox come here
	}
	k, err := vault.LoadKEK(c.KEK)
	if err != nil {
		return k, usage("--kek: %v", err)
	}
	return k, nil
}
