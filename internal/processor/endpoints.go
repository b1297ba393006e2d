package processor

import (
	"context"
	"slices"

	"github.com/glencheck-dev/glencheck/internal/api"
	"github.com/glencheck-dev/glencheck/internal/item"
	"github.com/glencheck-dev/glencheck/internal/plaid"
	"github.com/glencheck-dev/glencheck/internal/store"
)

// Endpoints are the paths this room answers.
func (s *Processors) Endpoints() []api.Endpoint {
	return []api.Endpoint{
		api.Post("/processor/token/create", s.create, api.Summary("Hand an account to a partner")),
		api.Post("/processor/apex/processor_token/create", s.createApex, api.Summary("Hand an account to Apex Clearing")),
		api.Post("/processor/stripe/bank_account_token/create", s.createStripe, api.Summary("Hand an account to Stripe")),
		api.Post("/processor/token/permissions/set", s.setPermissions, api.Summary("Narrow what a partner may read")),
		api.Post("/processor/token/permissions/get", s.getPermissions, api.Partners(), api.Summary("What a partner may read")),
		api.Post("/processor/token/webhook/update", s.updateWebhook, api.Partners(), api.Summary("Change where a partner's webhooks go")),
		api.Post("/processor/account/get", s.account, api.Partners(), api.Summary("The account of a processor token")),
		api.Post("/processor/auth/get", s.auth, api.Partners(), api.Summary("Its account numbers")),
		api.Post("/processor/balance/get", s.balance, api.Partners(), api.Summary("It with balances asked anew")),
		api.Post("/processor/identity/get", s.identity, api.Partners(), api.Summary("Its owners")),
		api.Post("/processor/identity/match", s.match, api.Partners(), api.Summary("How well what a partner knows of a person fits its owners")),
		api.Post("/sandbox/processor_token/create", s.sandboxCreate, api.Sandbox(), api.Partners(), api.Summary("Make an Item of a test login and a processor token of its first checking account")),
		api.Post("/sandbox/processor/stripe/redeem", s.redeem, api.Sandbox(), api.Summary("Use a Stripe bank account token once, as Stripe would")),
	}
}

// accountRequest is the body of the calls that hand an account to one partner.
type accountRequest struct {
	AccessToken string `json:"access_token" required:"true"`
	AccountID   string `json:"account_id" required:"true"`
}

// createRequest is schema ProcessorTokenCreateRequest.
type createRequest struct {
	accountRequest
	Processor string `json:"processor" required:"true"`
}

type tokenResponse struct {
	ProcessorToken string `json:"processor_token"`
}

// create hands an account to the partner that the request names. A name that is none
// of the document's is INVALID_FIELD.
func (s *Processors) create(ctx context.Context, call api.Call, in createRequest) (tokenResponse, error) {
	if !plaid.IsProcessor(in.Processor) {
		return tokenResponse{}, plaid.InvalidField("processor must be one of the documented processors")
	}
	return s.handOver(ctx, call, in.accountRequest, in.Processor)
}

// apex is the processor of /processor/apex/processor_token/create.
const apex = "apex_clearing"

func (s *Processors) createApex(ctx context.Context, call api.Call, in accountRequest) (tokenResponse, error) {
	return s.handOver(ctx, call, in, apex)
}

func (s *Processors) handOver(ctx context.Context, call api.Call, in accountRequest, processor string) (out tokenResponse, err error) {
	sn, account, err := s.handed(ctx, call, in, processor)
	if err != nil {
		return out, err
	}
	err = s.DB.Write(ctx, func(tx *store.Tx) error {
		out.ProcessorToken, err = s.newToken(ctx, tx, grant{clientID: sn.ClientID, itemID: sn.ID, accountID: account.ID, processor: processor})
		return err
	})
	return out, err
}

// handed is the account that a request hands over, if its client may: the account is
// one of the Item's, the integration is on, and the partner takes the account's
// country. It may have a login that needs repair: nothing is read yet.
func (s *Processors) handed(ctx context.Context, call api.Call, in accountRequest, processor string) (*item.Snapshot, *item.Account, error) {
	sn, err := s.Items.ByAccessToken(ctx, call, in.AccessToken)
	if err != nil {
		return nil, nil, err
	}
	if !plaid.AccountIDOK(in.AccountID) {
		return nil, nil, plaid.InvalidField("account_id must be a valid account ID")
	}
	picked, err := sn.Pick([]string{in.AccountID})
	if err != nil {
		return nil, nil, err
	}
	partner, _ := plaid.PartnerByName(processor)
	client, err := s.Teams.Client(ctx, sn.ClientID)
	if err != nil {
		return nil, nil, err
	}
	if err := client.IntegrationError(partner); err != nil {
		return nil, nil, err
	}
	if !s.takes(partner, sn, &picked[0]) {
		return nil, nil, plaid.ItemNotSupported
	}
	return sn, &picked[0], nil
}

// takes reports whether a partner takes an account. Where nobody has logged in, the
// numbers of an account are Canadian if its money is, and else American.
func (s *Processors) takes(p plaid.Partner, sn *item.Snapshot, a *item.Account) bool {
	if in, ok := s.Catalogue.Get(sn.InstitutionID); ok {
		return len(p.Countries) == 0 || in.In(p.Countries)
	}
	if a.Currency == "CAD" {
		return p.Takes("CA")
	}
	return p.Takes("US")
}

type permissionsRequest struct {
	ProcessorToken string   `json:"processor_token" required:"true"`
	Products       []string `json:"products" required:"true" max:"100" must:"be a list of products"`
}

// setPermissions narrows a token to some products, or with none of them makes it as
// wide as the Item again.
func (s *Processors) setPermissions(ctx context.Context, call api.Call, in permissionsRequest) (struct{}, error) {
	for _, p := range in.Products {
		if !plaid.IsProduct(p) {
			return struct{}{}, unknownProduct(p)
		}
	}
	g, err := s.asOwner(ctx, call, in.ProcessorToken)
	if err != nil {
		return struct{}{}, err
	}
	products := slices.Clone(in.Products)
	slices.Sort(products)
	return struct{}{}, s.narrow(ctx, g.index, slices.Compact(products))
}

func unknownProduct(name string) error {
	if !plaid.Repeatable(name) {
		return plaid.InvalidProduct("invalid product in products")
	}
	return plaid.InvalidProduct(`invalid product in products: "` + name + `"`)
}

// tokenRequest is the body of a call that needs nothing but a token.
type tokenRequest struct {
	ProcessorToken string `json:"processor_token" required:"true"`
}

type permissionsResponse struct {
	Products []string `json:"products"`
}

// getPermissions answers the client of a token, in every environment, and its partner.
func (s *Processors) getPermissions(ctx context.Context, call api.Call, in tokenRequest) (permissionsResponse, error) {
	who := s.asOwner
	if call.Caller.Partner != "" {
		who = s.asLivingPartner
	}
	g, err := who(ctx, call, in.ProcessorToken)
	if err != nil {
		return permissionsResponse{}, err
	}
	return permissionsResponse{g.products}, nil
}

// asLivingPartner is asPartner for a token whose Item lives.
func (s *Processors) asLivingPartner(ctx context.Context, call api.Call, token string) (*grant, error) {
	g, err := s.asPartner(ctx, call, token)
	if err != nil {
		return nil, err
	}
	_, err = s.Items.ByID(ctx, g.itemID)
	return g, err
}
