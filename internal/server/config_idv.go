package server

import (
	"net/url"
	"os"

	"github.com/glencheck-dev/glencheck/internal/idv"
	"github.com/glencheck-dev/glencheck/internal/plaid"
)

// IDVConfig is what Identity Verification has besides what a sandbox is born with.
type IDVConfig struct {
	Templates string   // file of templates: a JSON list
	People    string   // file of people, as the data source of kyc_check
	Source    string   // address that is asked for people instead
	SMS       string   // address that text messages are handed to; none are sent without it
	Faces     string   // who compares faces: local, off or an address; local in a sandbox, off in production
	Receivers []string // where the webhooks go, for the client of the server
}

// check refuses what cannot be used.
func (c IDVConfig) check(env string) error {
	switch {
	case c.People != "" && c.Source != "":
		return usage("--idv-people and --idv-source exclude each other: kyc_check has one data source")
	case c.SMS != "" && env == Sandbox:
		return usage("a sandbox sends no text messages: leave out --idv-sms")
	case c.Source != "" && !callable(c.Source):
		return usage("--idv-source %q is not an address such as https://example.com/people", c.Source)
	case c.SMS != "" && !callable(c.SMS):
		return usage("--idv-sms %q is not an address such as https://example.com/sms", c.SMS)
	}
	switch c.Faces {
	case "", facesLocal, facesOff:
	default:
		if !callable(c.Faces) {
			return usage("--idv-faces %q is neither local nor off, nor an address such as https://example.com/faces", c.Faces)
		}
	}
	for _, u := range c.Receivers {
		if !plaid.WebhookOK(u) {
			return usage("--idv-receivers %q is not an address such as https://example.com/webhook", u)
		}
	}
	return nil
}

func callable(address string) bool {
	u, err := url.Parse(address)
	return err == nil && (u.Scheme == "https" || u.Scheme == "http") && u.Host != ""
}

// read reads the files, and adds to what the environment has: in a sandbox its own
// templates and people.
func (c IDVConfig) read(env string, cfg *idv.Config) error {
	if env == Sandbox {
		cfg.Templates = idv.SandboxTemplates()
	}
	if c.Templates != "" {
		data, err := os.ReadFile(c.Templates)
		if err != nil {
			return usage("--idv-templates: %v", err)
		}
		list, err := idv.ParseTemplates(data)
		if err != nil {
			return usage("--idv-templates %s: %v", c.Templates, err)
		}
		cfg.Templates = idv.WithTemplates(cfg.Templates, list)
	}
	switch {
	case c.Source != "":
		cfg.Source = source{newGateway(c.Source)}
	case c.People != "":
		data, err := os.ReadFile(c.People)
		if err != nil {
			return usage("--idv-people: %v", err)
		}
		people, err := idv.ParsePeople(data)
		if err != nil {
			return usage("--idv-people %s: %v", c.People, err)
		}
		cfg.Source = people
		if env == Sandbox {
			cfg.Source = idv.SandboxPeople().And(people)
		}
	case env == Sandbox:
		cfg.Source = idv.SandboxPeople()
	}
	if c.SMS != "" {
		cfg.Texts = texts{newGateway(c.SMS)}
	}
	cfg.Faces = c.faces(env)
	return nil
}
