package link

import (
	"context"
	"regexp"
	"slices"
	"strconv"
	"time"

	"github.com/glencheck-dev/glencheck/internal/api"
	"github.com/glencheck-dev/glencheck/internal/plaid"
	"github.com/glencheck-dev/glencheck/internal/team"
)

// draft turns a request into a token, or says which rule it breaks
// (plaid-server-api.md section 5.1). The shape of the request has been checked.
func (t *Tokens) draft(ctx context.Context, call api.Call, in createIn) (Token, error) {
	client, err := t.Teams.Client(ctx, call.Caller.ClientID)
	if err != nil {
		return Token{}, err
	}
	tok := Token{
		ClientID: client.ID, ClientName: in.ClientName, Language: in.Language, CountryCodes: unique(in.CountryCodes),
		Products: unique(in.Products), RequiredIfSupported: unique(in.RequiredIfSupported),
		Optional: unique(in.Optional), AdditionalConsented: unique(in.AdditionalConsented),
		AppearanceMode: in.AppearanceMode, MultiItem: in.EnableMultiItem,
	}
	if err := checkProducts(client, in); err != nil {
		return Token{}, err
	}
	if err := t.person(ctx, client, in, &tok); err != nil {
		return Token{}, err
	}
	if err := multiItem(in); err != nil {
		return Token{}, err
	}
	if err := t.surroundings(client, in, &tok); err != nil {
		return Token{}, err
	}
	if tok.AccountFilters, err = readFilters(in.AccountFilters); err != nil {
		return Token{}, err
	}
	if err := checkOptions(in.productOptions); err != nil {
		return Token{}, err
	}
	if err := t.mode(ctx, call, in, &tok); err != nil {
		return Token{}, err
	}
	if err := t.verifies(ctx, call, in, &tok); err != nil {
		return Token{}, err
	}
	if tok.Hosted, err = t.hosted(in.HostedLink); err != nil {
		return Token{}, err
	}
	tok.Auth = authOptions(in.Auth, tok)
	tok.Remarks = append(tok.Remarks, authRemarks(in.Auth, tok)...)
	tok.Remarks = append(tok.Remarks, filterRemarks(in.AccountFilters)...)
	if err := prerequisites(client, &tok); err != nil {
		return Token{}, err
	}
	tok.Request, err = echo(in)
	return tok, err
}

// noLinkProducts are words that look like products of /link/token/create and are
// never valid there (error page INVALID_PRODUCT).
var noLinkProducts = []string{"balance", "investments_refresh", "monitor", "recurring_transactions"}

// checkProducts looks at the four lists of products.
func checkProducts(c *team.Client, in createIn) error {
	lists := []struct {
		field    string
		products []string
	}{
		{"products", in.Products},
		{"required_if_supported_products", in.RequiredIfSupported},
		{"optional_products", in.Optional},
		{"additional_consented_products", in.AdditionalConsented},
	}
	if !in.updates() {
		switch {
		case in.Products == nil:
			return plaid.MissingFields("products")
		case len(in.Products) == 0:
			return plaid.InvalidField("products must be a list of strings containing at least one product")
		}
	}
	var all []string
	for _, l := range lists {
		for i, p := range l.products {
			if slices.Contains(noLinkProducts, p) {
				return plaid.InvalidProduct("invalid product in " + l.field + `: "` + p + `"`)
			}
			if !plaid.IsProduct(p) {
				return plaid.InvalidProduct("invalid product in " + l.field + ": " + l.field + "[" + strconv.Itoa(i) + "] is not a product")
			}
		}
		all = append(all, l.products...)
	}
	if refused := c.Unauthorized(all); refused != nil {
		return plaid.Unauthorized(refused...)
	}
	for i, a := range lists {
		for _, b := range lists[i+1:] {
			if overlap(a.products, b.products) {
				return plaid.InvalidField(b.field + " must not contain a product of " + a.field)
			}
		}
	}
	return nil
}

// surroundings are the addresses, the customization and the institution.
func (t *Tokens) surroundings(c *team.Client, in createIn, tok *Token) error {
	android := in.AndroidPackage != nil && *in.AndroidPackage != ""
	switch {
	case android && in.RedirectURI != nil && *in.RedirectURI != "":
		return plaid.InvalidField("android_package_name must not be provided together with redirect_uri")
	case android:
		if !androidPackage.MatchString(*in.AndroidPackage) {
			return plaid.InvalidField("android_package_name must be a valid Android package name")
		}
		tok.AndroidPackage = *in.AndroidPackage
	case in.RedirectURI != nil:
		if err := t.Teams.CheckRedirect(c, *in.RedirectURI); err != nil {
			return err
		}
		tok.RedirectURI = *in.RedirectURI
	}
	if in.Webhook != nil {
		if !plaid.WebhookOK(*in.Webhook) {
			return plaid.InvalidField("webhook must be a non-empty string URL")
		}
		if !in.updates() { // in update mode that of the Item counts
			tok.Webhook = *in.Webhook
		}
	}
	if in.InstitutionID != nil {
		if !t.Institution(*in.InstitutionID) {
			return plaid.InvalidInstitution
		}
		tok.InstitutionID = *in.InstitutionID
	}
	if d := in.InstitutionData; d != nil && d.RoutingNumber != nil {
		tok.RoutingNumber = *d.RoutingNumber
	}
	tok.CustomizationName = team.DefaultCustomization
	if in.CustomizationName != nil {
		tok.CustomizationName = *in.CustomizationName
	}
	custom, known := c.Customization(tok.CustomizationName, tok.Language, tok.CountryCodes)
	if !known {
		return plaid.InvalidField("link_customization_name must be the name of a Link customization")
	}
	tok.AccountSelect, tok.Custom = custom.AccountSelect, custom.Settings
	tok.Transparency = transparency(c, custom.Settings, *tok)
	if remark := customizationRemark(c, *tok, custom); remark != "" {
		tok.Remarks = append(tok.Remarks, remark)
	}
	return nil
}

var androidPackage = regexp.MustCompile(`^[A-Za-z][A-Za-z0-9_]*(\.[A-Za-z][A-Za-z0-9_]*)+$`)

// checkOptions looks at members that are more than a shape.
func checkOptions(o productOptions) error {
	if s := o.Statements; s != nil {
		for _, d := range []struct{ field, value string }{{"statements.start_date", s.StartDate}, {"statements.end_date", s.EndDate}} {
			if _, err := time.Parse(time.DateOnly, d.value); err != nil {
				return plaid.InvalidField(d.field + " must be a string of the format 'YYYY-MM-DD'")
			}
		}
		if s.EndDate < s.StartDate {
			return plaid.InvalidField("statements.end_date must not be before statements.start_date")
		}
	}
	if p := o.PaymentConfiguration; p != nil {
		if _, err := plaid.ParseDecimal(p.Amount); err != nil {
			return plaid.InvalidField("payment_configuration.amount must be a decimal string with two digits of precision")
		}
	}
	return nil
}

// notYet names a member of the request that Link does not follow.
func notYet(field string) error { return plaid.NotSupported(field + " of /link/token/create") }

// authOptions fills in the defaults and switches off what the countries and
// products rule out: everything but Instant Auth needs exactly the United
// States; what works without a login also needs auth or transfer to be the only
// product (seed 001; plaid-server-api.md section 5.1).
func authOptions(in *authIn, tok Token) AuthOptions {
	o := DefaultAuth()
	if in != nil {
		set(&o.TypeSelect, in.TypeSelect)
		set(&o.AutomatedMicrodeposits, in.AutomatedMicrodeposits)
		set(&o.InstantMatch, in.InstantMatch)
		set(&o.SameDayMicrodeposits, in.SameDayMicrodeposits)
		set(&o.InstantMicrodeposits, in.InstantMicrodeposits)
		set(&o.SMSVerification, in.SMSVerification)
		set(&o.DatabaseMatch, in.DatabaseMatch)
		set(&o.DatabaseInsights, in.DatabaseInsights)
		o.TypeSelect = o.TypeSelect || in.FlowType == "FLEXIBLE_AUTH"
		if in.RerouteToCredentials != "" {
			o.RerouteToCredentials = in.RerouteToCredentials
		}
	}
	o.DatabaseInsights = o.DatabaseInsights || tok.Custom.DatabaseAuth != ""
	auth := tok.HasProduct("auth") || tok.HasProduct("transfer")
	login := tok.USOnly() && auth
	o.InstantMatch = o.InstantMatch && login
	o.AutomatedMicrodeposits = o.AutomatedMicrodeposits && login
	alone := login && !tok.MultiItem && !slices.ContainsFunc(tok.Products, func(p string) bool { return p != "auth" && p != "transfer" })
	for _, f := range []*bool{&o.TypeSelect, &o.SameDayMicrodeposits, &o.InstantMicrodeposits, &o.DatabaseMatch, &o.DatabaseInsights, &o.SMSVerification} {
		*f = *f && alone
	}
	return o
}

func set(to *bool, from *bool) {
	if from != nil {
		*to = *from
	}
}

// unique drops repeats and keeps the order.
func unique(list []string) []string {
	var out []string
	for _, s := range list {
		if !slices.Contains(out, s) {
			out = append(out, s)
		}
	}
	return out
}

func overlap(a, b []string) bool {
	return slices.ContainsFunc(a, func(s string) bool { return slices.Contains(b, s) })
}
