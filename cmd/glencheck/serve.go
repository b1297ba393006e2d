package main

import (
	"context"
	"io"
	"log/slog"
	"os"
	"time"

	"github.com/glencheck-dev/glencheck/internal/clock"
	"github.com/glencheck-dev/glencheck/internal/server"
)

// serveCommand are the flags of serve. Their defaults are the sandbox on this
// machine; --help prints them.
type serveCommand struct {
	Addr      string `default:"127.0.0.1:8484" help:"Listen on this host and port."`
	PublicURL string `placeholder:"URL" help:"What browsers reach the server by; http://localhost and the port unless given."`
	DB        string `name:"db" default:"glencheck.db" help:"A file, :memory: or postgres://user@host/name."`
	Env       string `enum:"sandbox,production" default:"sandbox" help:"The environment: sandbox or production."`
	ClientID  string `placeholder:"ID" help:"The client's id; the sandbox has a published one."`
	Secret    string `placeholder:"SECRET" help:"The client's secret; the sandbox has a published one. Better given as GLENCHECK_SECRET."`
	Seed      uint64 `placeholder:"N" help:"Make ids that repeat themselves on each fresh start."`
	Clock     string `enum:"real,manual" default:"real" help:"real, or manual: time stands still until it is moved."`
	LogLevel  string `enum:"debug,info,warn,error" default:"info" help:"The least that is printed: debug, info, warn or error."`
	LogFormat string `enum:"text,json" default:"text" help:"text for people or json for machines."`
	KEK       string `name:"kek" placeholder:"FILE" help:"The key that encrypts the keys in the database; production needs it."`

	LinkEvents string `enum:"buffered,realtime" default:"buffered" help:"When onEvent is told: buffered until Link ends, as documented, or realtime, for test authors."`

	LinkWebhooks string `enum:",all,documented" default:"" placeholder:"WHICH" help:"Which sessions of Link have webhooks: all (the sandbox), or documented (production): Hosted Link and several Items."`

	PartnerAddr   string `placeholder:"HOST:PORT" help:"Listen here too, with the partner's decision API at /v1; it is at /partners/alloy/v1 of --addr anyway."`
	PartnerToken  string `placeholder:"TOKEN" help:"A token for the partner's API, 32 letters and digits; the sandbox has a published one."`
	PartnerSecret string `placeholder:"SECRET" help:"Its secret. Better given as GLENCHECK_PARTNER_SECRET."`

	GraphAddr          string `placeholder:"HOST:PORT" help:"Listen here too, with the contacts' GraphQL at the root; it is at /graphql of --addr anyway."`
	GraphKey           string `placeholder:"KEY" help:"An API key for contacts; the sandbox has a published one. Better given as GLENCHECK_GRAPH_KEY."`
	GraphIntrospection bool   `help:"Let clients read the GraphQL schema in production, as they may in the sandbox."`

	GraphOperations string `placeholder:"WHICH" help:"Documents by their hash: auto (persisted queries), or a manifest's FILE, whose operations alone are run; off unless given."`

	ContactProd  string `placeholder:"URL" help:"Where <contact-idv-session> opens its flow for env=prod; this server unless given."`
	ContactStage string `placeholder:"URL" help:"Where it opens its flow for env=stage; this server unless given."`

	AllowPrivateWebhooks *bool `name:"allow-private-webhooks" negatable:"" help:"Let webhooks go to loopback and private addresses: yes in the sandbox, no in production, unless given."`

	State string `placeholder:"FILE" help:"Begin with a saved state (glencheck state save); what the database held is replaced."`

	Faults     string `placeholder:"FILE" help:"A file of faults to begin with, for tests: errors, latency, outages."`
	RateLimits string `enum:"off,plaid,plaid-production" default:"off" help:"Count calls by the documented limits of the sandbox (plaid) or of production (plaid-production)."`
	Chaos      string `enum:"off,mild" default:"off" help:"Let the sandbox do now and then what the API does not promise not to do."`

	RedirectURIs []string `name:"redirect-uri" placeholder:"URL" help:"Where banks may send people back to; may be repeated, https://*.example.com/oauth.html stands for every subdomain."`

	ProcessorKeys string `name:"processor-keys" placeholder:"FILE" help:"A file with the keys of processor partners: {\"partners\": [{\"processor\", \"client_id\", \"secret\"}]}; a sandbox with the published keys has a partner without it."`

	Team string `placeholder:"FILE" help:"What the client's team has: integrations, application profile, redirect URIs, Link customizations."`

	Tesseract string `placeholder:"PROGRAM" default:"tesseract" help:"The program that reads the text of pictures that people upload; without it, or with none named, pictures stay unread."`

	Watchlists string `placeholder:"DIR" help:"Watchlists as OFAC, the UN, the EU and the UK publish them (XML, CSV), read at the start and each day; programs.json says who is looked for how."`

	StopWithStdin bool `help:"Stop when standard input ends: for a program that starts a server and must leave none behind."`

	IDV  idvFlags  `embed:"" prefix:"idv-"`
	Rail railFlags `embed:"" prefix:"rail-"`
}

// idvFlags are what Identity Verification has.
type idvFlags struct {
	Templates string   `placeholder:"FILE" help:"Identity Verification: templates, a JSON list."`
	People    string   `placeholder:"FILE" help:"The data source of kyc_check: a JSON list of people; a sandbox knows them besides its own."`
	Source    string   `placeholder:"URL" help:"The data source of kyc_check: an address that is sent the user and answers {\"people\": [...]}."`
	SMS       string   `name:"sms" placeholder:"URL" help:"Production: hand text messages to this address, as {\"to\", \"text\"}; templates with verify_sms need it."`
	Faces     string   `placeholder:"WHO" help:"Who compares the face of a selfie with that of a document: local, networks in this program, a sandbox's default; off, so that a person has to, production's; or an address that is sent {\"portrait\", \"face\"} and answers {\"outcome\", \"likeness\"}."`
	Receivers []string `name:"receivers" placeholder:"URL" help:"Where the webhooks of Identity Verification go; may be repeated."`
}

// railFlags are how production pays micro-deposits.
type railFlags struct {
	Spool        string        `placeholder:"DIR" help:"Production: hand payment files over in this directory; no micro-deposits without it."`
	Inbox        string        `placeholder:"DIR" help:"Where the bank's answers are put; in/ of the spool unless given."`
	ODFI         string        `name:"odfi" placeholder:"ROUTING" help:"The bank that payments go through (ODFI)."`
	ODFIName     string        `name:"odfi-name" placeholder:"NAME" help:"Its name, up to 23 characters."`
	Operator     string        `placeholder:"ROUTING" help:"Whom ACH files are addressed to; the Federal Reserve, 061000146, unless given."`
	OperatorName string        `placeholder:"NAME" help:"Its name, up to 23 characters."`
	CompanyID    string        `name:"company-id" placeholder:"ID" help:"The company identification of ACH batches, up to 10 characters."`
	Lead         time.Duration `placeholder:"TIME" help:"How long before the Federal Reserve's deadlines the bank wants Same Day files, such as 45m."`
	Instant      []string      `placeholder:"RAIL" help:"An instant rail that the bank carries, rtp or fednow; may be repeated."`
	Company      string        `placeholder:"NAME" help:"Who pays instant transfers."`
	Account      string        `placeholder:"NUMBER" help:"The account that they are paid from."`
	Member       string        `placeholder:"ROUTING" help:"Their clearing member; that of --rail-odfi unless given."`
	Webhook      string        `placeholder:"URL" help:"Where the webhook of new micro-deposit events goes."`
}

// Run serves until the program is asked to stop.
func (c *serveCommand) Run(env *environment) error {
	log, err := c.log(env.out)
	if err != nil {
		return err
	}
	ctx, stop := context.WithCancel(env.ctx)
	defer stop()
	if c.StopWithStdin {
		go func() {
			io.Copy(io.Discard, os.Stdin)
			stop()
		}()
	}
	s, err := server.New(ctx, server.Config{
		Addr: c.Addr, PublicURL: c.PublicURL, DB: c.DB, Env: c.Env, ClientID: c.ClientID, Secret: c.Secret,
		Seed: c.Seed, Manual: c.Clock == "manual", KEK: c.KEK, RedirectURIs: c.RedirectURIs, Team: c.Team, Watchlists: c.Watchlists, LinkEvents: c.LinkEvents, LinkWebhooks: c.LinkWebhooks,
		PartnerAddr: c.PartnerAddr, PartnerToken: c.PartnerToken, PartnerSecret: c.PartnerSecret, ProcessorKeys: c.ProcessorKeys,
		GraphAddr: c.GraphAddr, GraphKey: c.GraphKey, GraphIntrospection: c.GraphIntrospection, GraphOperations: c.GraphOperations,
		ContactProd: c.ContactProd, ContactStage: c.ContactStage,
		Tesseract: c.Tesseract,
		Faults:    c.Faults, RateLimits: c.RateLimits, Chaos: c.Chaos, State: c.State,
		IDV: server.IDVConfig(c.IDV), Rail: server.RailConfig(c.Rail), PrivateWebhooks: c.AllowPrivateWebhooks, Log: log,
	})
	if err != nil {
		return err
	}
	if ms := env.started(); c.LogFormat == "json" {
		log.Info("ready", "version", version, "env", s.Env(), "addr", s.Addr(), "ms", ms)
	} else {
		firstScreen(env.out, s, colours(env.out), ms)
	}
	go settle(ctx)
	return s.Run(ctx)
}

// settled is how long after the start its last work, that of the rooms' workers, is
// done.
const settled = 250 * time.Millisecond

// settle lets go of what only the start has needed.
func settle(ctx context.Context) {
	if clock.Real().Wait(ctx, clock.Real().Now().Add(settled)) == nil {
		letGoOfStart()
	}
}

func (c *serveCommand) log(w io.Writer) (*slog.Logger, error) {
	var level slog.Level
	if err := level.UnmarshalText([]byte(c.LogLevel)); err != nil {
		return nil, &wrongUse{err.Error()}
	}
	if c.LogFormat == "json" {
		return slog.New(slog.NewJSONHandler(w, &slog.HandlerOptions{Level: level})), nil
	}
	return server.NewConsole(w, level), nil
}
