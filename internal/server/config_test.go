package server

import (
	"errors"
	"net"
	"strings"
	"testing"
	"time"

	"github.com/glencheck-dev/glencheck/internal/contact"
	"github.com/glencheck-dev/glencheck/internal/decision"
)

// keyOf32 has the form of a token of the partner's API.
const keyOf32 = "abcdefghijklmnopqrstuvwxyz012345"

func TestConfigRefusals(t *testing.T) {
	good := Config{Env: Production, ClientID: "0123456789abcdef01234567", Secret: "a secret of their own", KEK: "kek.json"}
	paying := RailConfig{Spool: "spool", ODFI: "110000000", ODFIName: "First Bank", CompanyID: "1234567890"}
	with := func(change func(*RailConfig)) Config {
		c := good
		c.Rail = paying
		change(&c.Rail)
		return c
	}
	for name, tc := range map[string]struct {
		config Config
		want   string // "" means it may start
	}{
		"a spool":               {with(func(*RailConfig) {}), ""},
		"no spool":              {with(func(r *RailConfig) { r.Spool = "" }), "--rail-spool"},
		"no company":            {with(func(r *RailConfig) { r.CompanyID = "" }), "--rail-company-id"},
		"a wrong check digit":   {with(func(r *RailConfig) { r.ODFI = "110000001" }), "origin is not one"},
		"a long name":           {with(func(r *RailConfig) { r.ODFIName = strings.Repeat("x", 24) }), "origin does not fit"},
		"half an operator":      {with(func(r *RailConfig) { r.Operator = "021000021" }), "--rail-operator"},
		"a wrong operator":      {with(func(r *RailConfig) { r.Operator, r.OperatorName = "12345678", "x" }), "--rail"},
		"a whole operator":      {with(func(r *RailConfig) { r.Operator, r.OperatorName = "021000021", "Clearing" }), ""},
		"a lead of a day":       {with(func(r *RailConfig) { r.Lead = 24 * time.Hour }), "--rail-lead"},
		"instant without payer": {with(func(r *RailConfig) { r.Instant = []string{"rtp"} }), "--rail-company"},
		"an unknown rail":       {with(func(r *RailConfig) { r.Instant, r.Company, r.Account = []string{"swift"}, "Us", "1" }), "swift"},
		"instant":               {with(func(r *RailConfig) { r.Instant, r.Company, r.Account = []string{"rtp", "fednow"}, "Us", "1" }), ""},
		"a wrong member":        {with(func(r *RailConfig) { r.Instant, r.Company, r.Account, r.Member = []string{"rtp"}, "Us", "1", "1" }), "DbtrAgt"},
		"a webhook":             {with(func(r *RailConfig) { r.Webhook = "https://example.com/hook" }), ""},
		"no webhook":            {with(func(r *RailConfig) { r.Webhook = "example.com" }), "--rail-webhook"},
		"a sandbox with rails":  {Config{Rail: paying}, "--rail"},

		"defaults":                 {Config{}, ""},
		"loopback by name":         {Config{Addr: "localhost:0"}, ""},
		"loopback by version 6":    {Config{Addr: "[::1]:0"}, ""},
		"everywhere":               {Config{Addr: ":8484"}, "--secret"},
		"everywhere by number":     {Config{Addr: "0.0.0.0:8484"}, "--secret"},
		"a name that is not ours":  {Config{Addr: "gate.example:8484"}, "--secret"},
		"open with own secret":     {Config{Addr: "0.0.0.0:8484", Secret: "mine"}, ""},
		"no port":                  {Config{Addr: "127.0.0.1"}, "--addr"},
		"no such environment":      {Config{Env: "development"}, "neither sandbox nor production"},
		"public url with a path":   {Config{PublicURL: "https://a.example/x"}, "--public-url"},
		"public url without one":   {Config{PublicURL: "a.example"}, "--public-url"},
		"public url":               {Config{PublicURL: "https://a.example/"}, ""},
		"redirect addresses":       {Config{RedirectURIs: []string{"https://a.example/back", "https://*.a.example/back"}}, ""},
		"redirect with a query":    {Config{RedirectURIs: []string{"https://a.example/back?x=1"}}, "--redirect-uri"},
		"production":               {good, ""},
		"production without keys":  {Config{Env: Production, KEK: "k"}, "--client-id"},
		"production, sandbox id":   {Config{Env: Production, KEK: "k", ClientID: SandboxClientID, Secret: "s"}, "published"},
		"production, sandbox key":  {Config{Env: Production, KEK: "k", ClientID: "c", Secret: SandboxSecret}, "published"},
		"production without a kek": {Config{Env: Production, ClientID: "c", Secret: "s"}, "--kek"},
		"production, manual clock": {Config{Env: Production, ClientID: "c", Secret: "s", KEK: "k", Manual: true}, "--clock"},
		"production, seeded":       {Config{Env: Production, ClientID: "c", Secret: "s", KEK: "k", Seed: 1}, "--seed"},
		"production, faults":       {Config{Env: Production, ClientID: "c", Secret: "s", KEK: "k", Faults: "f"}, "--faults"},
		"production, limits":       {Config{Env: Production, ClientID: "c", Secret: "s", KEK: "k", RateLimits: "plaid"}, "--rate-limits"},
		"production, chaos":        {Config{Env: Production, ClientID: "c", Secret: "s", KEK: "k", Chaos: "mild"}, "--chaos"},
		"production, a state":      {Config{Env: Production, ClientID: "c", Secret: "s", KEK: "k", State: "s"}, "--state"},
		"partner's half a pair":    {Config{PartnerToken: keyOf32}, "--partner-secret"},
		"partner's address":        {Config{PartnerAddr: "127.0.0.1"}, "--partner-addr"},
		"partner open, published":  {Config{PartnerAddr: ":8486"}, "--partner-token"},
		"partner open, own keys":   {Config{PartnerAddr: ":8486", PartnerToken: keyOf32, PartnerSecret: keyOf32}, ""},
		"open, published partner":  {Config{Addr: ":0", Secret: "mine", PartnerToken: decision.SandboxToken, PartnerSecret: keyOf32}, "--partner-token"},
		"production, partner's":    {Config{Env: Production, ClientID: "c", Secret: "s", KEK: "k", PartnerToken: decision.SandboxToken, PartnerSecret: keyOf32}, "published"},
		"production, no partner":   {Config{Env: Production, ClientID: "c", Secret: "s", KEK: "k", PartnerAddr: ":1"}, "--partner-token"},
		"a short key of contacts":  {Config{GraphKey: "short"}, "--graph-key"},
		"contacts' address":        {Config{GraphAddr: "127.0.0.1"}, "--graph-addr"},
		"contacts open, published": {Config{GraphAddr: ":8487"}, "--graph-key"},
		"contacts open, own key":   {Config{GraphAddr: ":8487", GraphKey: keyOf32}, ""},
		"no address of an element": {Config{ContactStage: "link.example.org"}, "--contact-stage"},
		"production, sandbox's":    {Config{Env: Production, ClientID: "c", Secret: "s", KEK: "k", GraphKey: contact.SandboxKey}, "published"},
		"production, no contacts":  {Config{Env: Production, ClientID: "c", Secret: "s", KEK: "k", GraphAddr: ":1"}, "--graph-key"},
		"limits of another":        {Config{RateLimits: "theirs"}, "--rate-limits"},
		"wild chaos":               {Config{Chaos: "wild"}, "--chaos"},
	} {
		err := tc.config.withDefaults().check()
		if tc.want == "" {
			if err != nil {
				t.Errorf("%s: refused: %v", name, err)
			}
			continue
		}
		var wrongUse *UsageError
		if !errors.As(err, &wrongUse) || !strings.Contains(err.Error(), tc.want) {
			t.Errorf("%s: %v does not speak of %s", name, err, tc.want)
		}
	}
}

func TestPortTaken(t *testing.T) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	_, err = Config{Addr: l.Addr().String()}.withDefaults().listen()
	if err == nil || !strings.Contains(err.Error(), "another program listens on "+l.Addr().String()) || strings.Contains(err.Error(), "\n") {
		t.Errorf("a port that is taken: %v", err)
	}
}

func TestPublicURL(t *testing.T) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	_, port, _ := net.SplitHostPort(l.Addr().String())
	if got, want := (Config{}).publicURL(l), "http://localhost:"+port; got != want {
		t.Errorf("public URL %s, want %s", got, want)
	}
	if got := (Config{PublicURL: "https://a.example/"}).publicURL(l); got != "https://a.example" {
		t.Errorf("public URL %s", got)
	}
}

// TestDemoIsForThisMachine: Link Demo acts with the client's keys for whoever
// opens it.
func TestDemoIsForThisMachine(t *testing.T) {
	for _, tt := range []struct {
		addr, env string
		want      bool
	}{
		{"127.0.0.1:8484", Sandbox, true},
		{"localhost:8484", Sandbox, true},
		{"[::1]:8484", Sandbox, true},
		{"0.0.0.0:8484", Sandbox, false},
		{":8484", Sandbox, false},
		{"192.0.2.1:8484", Sandbox, false},
		{"127.0.0.1:8484", Production, false},
	} {
		if got := (Config{Addr: tt.addr, Env: tt.env}).hasDemo(); got != tt.want {
			t.Errorf("%s on %s: %v", tt.env, tt.addr, got)
		}
	}
}
