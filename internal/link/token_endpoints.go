package link

import (
	"context"
	"encoding/json"
	"time"

	"github.com/glencheck-dev/glencheck/internal/api"
	"github.com/glencheck-dev/glencheck/internal/plaid"
)

// Endpoints lists what link tokens serve. sessions tells which Link sessions ran
// on a token.
func (t *Tokens) Endpoints(sessions SessionReader) []api.Endpoint {
	get := func(ctx context.Context, call api.Call, in getIn) (getOut, error) {
		return t.get(ctx, call, in, sessions)
	}
	return []api.Endpoint{
		api.Post("/link/token/create", t.create, api.Summary("Create the link token that Link is opened with")),
		api.Post("/link/token/get", get, api.Summary("Read a link token and the Link sessions that ran on it")),
	}
}

// createOut is schema LinkTokenCreateResponse.
type createOut struct {
	LinkToken     string `json:"link_token"`
	Expiration    string `json:"expiration"`
	UserID        string `json:"user_id,omitzero"`
	HostedLinkURL string `json:"hosted_link_url,omitzero"`
}

func (t *Tokens) create(ctx context.Context, call api.Call, in createIn) (createOut, error) {
	tok, err := t.draft(ctx, call, in)
	if err != nil {
		return createOut{}, err
	}
	secret, err := t.issue(ctx, &tok)
	if err != nil {
		return createOut{}, err
	}
	out := createOut{LinkToken: secret, Expiration: stamp(tok.ExpiresAt), UserID: tok.UserID}
	if tok.Hosted != nil {
		out.HostedLinkURL = tok.Hosted.URL(t.PublicURL)
	}
	return out, nil
}

// getIn is schema LinkTokenGetRequest.
type getIn struct {
	LinkToken string `json:"link_token" required:"true"`
}

// getOut is schema LinkTokenGetResponse.
type getOut struct {
	LinkToken  string       `json:"link_token"`
	CreatedAt  string       `json:"created_at"`
	Expiration string       `json:"expiration"`
	Sessions   []sessionOut `json:"link_sessions"`
	Metadata   api.Raw      `json:"metadata"`
	UserID     string       `json:"user_id,omitzero"`
}

// metadataOut is schema LinkTokenGetMetadataResponse: what the create call said,
// in its own words.
type metadataOut struct {
	InitialProducts []string           `json:"initial_products"`
	Webhook         *string            `json:"webhook"`
	CountryCodes    []string           `json:"country_codes"`
	Language        string             `json:"language"`
	InstitutionData *institutionDataIn `json:"institution_data,omitempty"`
	AccountFilters  json.RawMessage    `json:"account_filters,omitempty"`
	RedirectURI     *string            `json:"redirect_uri"`
	ClientName      string             `json:"client_name"`
}

// echo renders the metadata of a request once, when the token is made.
func echo(in createIn) ([]byte, error) {
	m := metadataOut{
		InitialProducts: in.Products, Webhook: in.Webhook, CountryCodes: in.CountryCodes, Language: in.Language,
		InstitutionData: in.InstitutionData, AccountFilters: json.RawMessage(in.AccountFilters),
		RedirectURI: in.RedirectURI, ClientName: in.ClientName,
	}
	if m.InitialProducts == nil {
		m.InitialProducts = []string{}
	}
	return json.Marshal(m)
}

// get reads a token of the caller, also one that has expired: the sessions that
// ran on it are told for six hours after they ended.
func (t *Tokens) get(ctx context.Context, call api.Call, in getIn, sessions SessionReader) (getOut, error) {
	row, err := t.find(ctx, in.LinkToken)
	if err != nil {
		return getOut{}, err
	}
	if row.clientID != call.Caller.ClientID {
		return getOut{}, plaid.InvalidLinkToken
	}
	tok, err := t.unseal(row)
	if err != nil {
		return getOut{}, err
	}
	records, err := sessions.ForToken(ctx, tok.ID)
	if err != nil {
		return getOut{}, err
	}
	out := getOut{
		LinkToken: in.LinkToken, CreatedAt: stamp(tok.CreatedAt), Expiration: stamp(tok.ExpiresAt),
		Sessions: make([]sessionOut, len(records)), Metadata: api.Raw(tok.Request), UserID: tok.UserID,
	}
	for i, r := range records {
		out.Sessions[i] = sessionAnswer(r)
	}
	return out, nil
}

// stamp prints a time as the API does, in whole seconds.
func stamp(t time.Time) string { return t.UTC().Format("2006-01-02T15:04:05Z") }
