package processor

import (
	"context"
	"crypto/sha256"
	"crypto/subtle"
	"fmt"

	"github.com/glencheck-dev/glencheck/internal/api"
	"github.com/glencheck-dev/glencheck/internal/plaid"
)

// The partner that a fresh sandbox has, with keys that everybody knows (design.md
// section 3). Production refuses them.
const (
	SandboxPartner  = "alloy"
	SandboxClientID = "616c6c6f79706172746e6572"
	SandboxSecret   = "616c6c6f792d7365637265742d3135"
)

// Credentials are the keys of a partner.
type Credentials struct {
	Processor string `json:"processor" required:"true" min:"1" max:"64"`
	ClientID  string `json:"client_id" required:"true" min:"1" max:"200"`
	Secret    string `json:"secret" required:"true" min:"1" max:"200"`
}

// Published are the keys of the partner of a fresh sandbox.
var Published = Credentials{SandboxPartner, SandboxClientID, SandboxSecret}

// Partners knows the partners that have keys of their own. It is made when the
// server starts and never changes.
type Partners struct{ byID map[string]partner }

// partner is kept in memory alone, with the hash of its keys. A vault's index would do
// no longer once another state is loaded, which brings keys of its own.
type partner struct {
	processor string
	title     string
	keys      [sha256.Size]byte
}

// NewPartners returns the partners with these keys. A processor that there is not, one
// named twice, and a client_id used twice are mistakes.
func NewPartners(list []Credentials) (*Partners, error) {
	p := &Partners{map[string]partner{}}
	named := map[string]bool{}
	for _, c := range list {
		if !plaid.IsProcessor(c.Processor) {
			return nil, fmt.Errorf("processor: %q is no processor that /processor/token/create knows", c.Processor)
		}
		if named[c.Processor] {
			return nil, fmt.Errorf("processor: %s has keys twice", c.Processor)
		}
		if _, ok := p.byID[c.ClientID]; ok {
			return nil, fmt.Errorf("processor: the client_id of %s is another partner's too", c.Processor)
		}
		known, _ := plaid.PartnerByName(c.Processor)
		named[c.Processor] = true
		p.byID[c.ClientID] = partner{c.Processor, known.Title, hashOf(c.ClientID, c.Secret)}
	}
	return p, nil
}

func hashOf(clientID, secret string) [sha256.Size]byte {
	return sha256.Sum256([]byte(clientID + "\x00" + secret))
}

// Knows reports whether a client_id is a partner's.
func (p *Partners) Knows(clientID string) bool {
	_, ok := p.byID[clientID]
	return ok
}

// Authenticate checks the keys of a partner.
func (p *Partners) Authenticate(_ context.Context, clientID, secret string) (api.Caller, error) {
	known, ok := p.byID[clientID]
	given := hashOf(clientID, secret)
	if subtle.ConstantTimeCompare(known.keys[:], given[:]) != 1 || !ok {
		return api.Caller{}, plaid.InvalidAPIKeys
	}
	return api.Caller{ClientID: clientID, Name: known.title, Partner: known.processor}, nil
}

// clientOf is the client_id of a processor that has keys, "" for one without.
func (p *Partners) clientOf(processor string) string {
	for id, known := range p.byID {
		if known.processor == processor {
			return id
		}
	}
	return ""
}

// ReadCredentials reads the file of --processor-keys; what is wrong with it is said in the
// words of the API.
func ReadCredentials(raw []byte) ([]Credentials, error) {
	in, err := api.Read[struct {
		Partners []Credentials `json:"partners" required:"true" min:"1" max:"100"`
	}](raw)
	return in.Partners, err
}
