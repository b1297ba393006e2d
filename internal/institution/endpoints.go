package institution

import (
	"context"
	"encoding/json"
	"slices"

	"github.com/glencheck-dev/glencheck/internal/api"
	"github.com/glencheck-dev/glencheck/internal/plaid"
)

// searchLimit is the most that a search answers.
const searchLimit = 10

// Endpoints are the paths this room answers.
func (c *Catalogue) Endpoints() []api.Endpoint {
	return []api.Endpoint{
		api.Post("/institutions/get", c.get, api.Partners(), api.Summary("List institutions")),
		api.Post("/institutions/get_by_id", c.getByID, api.Partners(), api.Summary("Get one institution")),
		api.Post("/institutions/search", c.searchByName, api.Partners(), api.Summary("Find institutions by name")),
		api.Post("/categories/get", categoriesGet, api.Public(), api.Summary("List the categories of transactions")),
	}
}

type getRequest struct {
	Count        int        `json:"count" required:"true" must:"be an integer"`
	Offset       int        `json:"offset" required:"true" must:"be an integer"`
	CountryCodes []string   `json:"country_codes" required:"true"`
	Options      getOptions `json:"options"`
}

type getOptions struct {
	Products        []string `json:"products" min:"1"`
	RoutingNumbers  []string `json:"routing_numbers"`
	OAuth           *bool    `json:"oauth"`
	Metadata        bool     `json:"include_optional_metadata"`
	AuthMetadata    bool     `json:"include_auth_metadata"`
	PaymentMetadata bool     `json:"include_payment_initiation_metadata"`
}

type getResponse struct {
	Institutions []answer `json:"institutions"`
	Total        int      `json:"total"`
}

func (c *Catalogue) get(_ context.Context, _ api.Call, in getRequest) (getResponse, error) {
	filter, err := in.filter()
	if err != nil {
		return getResponse{}, err
	}
	list := c.List(filter)
	total := len(list)
	list = list[min(in.Offset, total):]
	list = list[:min(in.Count, len(list))]
	want := extras{metadata: in.Options.Metadata, auth: in.Options.AuthMetadata, payments: in.Options.PaymentMetadata}
	return getResponse{c.answers(list, want), total}, nil
}

// filter checks what the tags cannot say. Routing numbers that are none are left
// out of the filter unless all are (field options.routing_numbers).
func (in getRequest) filter() (Filter, error) {
	f := Filter{Countries: in.CountryCodes, Products: in.Options.Products, OAuth: in.Options.OAuth}
	switch {
	case in.Count < 1 || in.Count > 500:
		return f, plaid.InvalidField("count must be an integer between 1 and 500")
	case in.Offset < 0:
		return f, plaid.InvalidField("offset must be an integer of at least 0")
	}
	if err := checkCountries(in.CountryCodes); err != nil {
		return f, err
	}
	if err := checkProducts("options.products", in.Options.Products); err != nil {
		return f, err
	}
	for _, r := range in.Options.RoutingNumbers {
		if IsRoutingNumber(r) {
			f.RoutingNumbers = append(f.RoutingNumbers, r)
		}
	}
	if len(in.Options.RoutingNumbers) > 0 && len(f.RoutingNumbers) == 0 {
		return f, plaid.InvalidField("options.routing_numbers must contain at least one valid routing number")
	}
	return f, nil
}

type getByIDRequest struct {
	InstitutionID string         `json:"institution_id" required:"true" min:"1"`
	CountryCodes  []string       `json:"country_codes" required:"true"`
	Options       getByIDOptions `json:"options" notnull:"true"`
}

type getByIDOptions struct {
	Metadata        bool `json:"include_optional_metadata"`
	Status          bool `json:"include_status"`
	AuthMetadata    bool `json:"include_auth_metadata"`
	PaymentMetadata bool `json:"include_payment_initiation_metadata"`
}

type getByIDResponse struct {
	Institution answer `json:"institution"`
}

// getByID answers INVALID_INSTITUTION also for a bank of another country than
// those asked for.
func (c *Catalogue) getByID(_ context.Context, _ api.Call, in getByIDRequest) (getByIDResponse, error) {
	if err := checkCountries(in.CountryCodes); err != nil {
		return getByIDResponse{}, err
	}
	i, ok := c.Get(in.InstitutionID)
	if !ok || !i.In(in.CountryCodes) {
		return getByIDResponse{}, plaid.InvalidInstitution
	}
	want := extras{
		metadata: in.Options.Metadata, status: in.Options.Status,
		auth: in.Options.AuthMetadata, payments: in.Options.PaymentMetadata,
	}
	return getByIDResponse{c.answer(i, want)}, nil
}

type searchRequest struct {
	Query        string        `json:"query" required:"true" min:"1"`
	Products     api.Raw       `json:"products"`
	CountryCodes []string      `json:"country_codes" required:"true"`
	Options      searchOptions `json:"options"`
}

type searchOptions struct {
	OAuth           *bool             `json:"oauth"`
	Metadata        bool              `json:"include_optional_metadata"`
	AuthMetadata    bool              `json:"include_auth_metadata"`
	PaymentMetadata bool              `json:"include_payment_initiation_metadata"`
	Payment         *searchForPayment `json:"payment_initiation"`
}

type searchForPayment struct {
	PaymentID string `json:"payment_id"`
	ConsentID string `json:"consent_id"`
}

type searchResponse struct {
	Institutions []answer `json:"institutions"`
}

// searchByName checks the products before the countries: the official tests
// send a bad product with a bad country and expect INVALID_PRODUCT.
func (c *Catalogue) searchByName(_ context.Context, _ api.Call, in searchRequest) (searchResponse, error) {
	products, err := searchProducts(in.Products)
	if err != nil {
		return searchResponse{}, err
	}
	if err := checkCountries(in.CountryCodes); err != nil {
		return searchResponse{}, err
	}
	if p := in.Options.Payment; p != nil {
		switch {
		case p.PaymentID != "":
			return searchResponse{}, plaid.InvalidField("options.payment_initiation.payment_id must be the ID of a payment")
		case p.ConsentID != "":
			return searchResponse{}, plaid.InvalidField("options.payment_initiation.consent_id must be the ID of a payment consent")
		}
	}
	list := c.search(in.Query, searchLimit, func(i Institution) bool {
		return i.In(in.CountryCodes) && i.Serves(products) && (in.Options.OAuth == nil || *in.Options.OAuth == i.OAuth)
	})
	want := extras{metadata: in.Options.Metadata, auth: in.Options.AuthMetadata, payments: in.Options.PaymentMetadata}
	return searchResponse{c.answers(list, want)}, nil
}

const badProducts = "products must either be null or a list of strings containing at least one valid product"

// searchProducts reads the field products of a search. Its errors are those of
// plaid-server-api.md section 3.2; for a value of a wrong type the recordings of
// 2019 and the tests of today differ in the error type, and today's hold.
func searchProducts(raw api.Raw) ([]string, error) {
	var products *[]string
	if len(raw) == 0 {
		return nil, nil
	}
	if err := json.Unmarshal(raw, &products); err != nil {
		return nil, plaid.InvalidField(badProducts)
	}
	if products == nil {
		return nil, nil
	}
	if len(*products) == 0 {
		return nil, plaid.InvalidProduct(badProducts)
	}
	return *products, checkProducts("products", *products)
}

// checkProducts names the first product that does not exist. The name is
// repeated in the answer, as Plaid does, only if it could be a product's.
func checkProducts(field string, products []string) error {
	for _, p := range products {
		switch {
		case plaid.IsProduct(p):
		case plaid.Repeatable(p):
			return plaid.InvalidProduct("invalid product in " + field + `: "` + p + `"`)
		default:
			return plaid.InvalidProduct("invalid product in " + field)
		}
	}
	return nil
}

func checkCountries(codes []string) error {
	if len(codes) == 0 || slices.ContainsFunc(codes, func(c string) bool { return !plaid.IsCountryCode(c) }) {
		return plaid.InvalidField("country_codes must be a non-empty array of valid country codes")
	}
	return nil
}
