package item

import (
	"slices"
	"time"

	"github.com/glencheck-dev/glencheck/internal/api"
	"github.com/glencheck-dev/glencheck/internal/plaid"
)

// Object is an Item as every endpoint but /item/get answers it (schema Item).
type Object struct {
	AvailableProducts     []string   `json:"available_products"`
	BilledProducts        []string   `json:"billed_products"`
	ConsentExpirationTime *time.Time `json:"consent_expiration_time"`
	ConsentedProducts     []string   `json:"consented_products"`
	// Error is always null here; only /item/get tells what is wrong.
	Error           api.Raw  `json:"error"`
	InstitutionID   *string  `json:"institution_id"`
	InstitutionName *string  `json:"institution_name"`
	ItemID          string   `json:"item_id"`
	Products        []string `json:"products"`
	UpdateType      string   `json:"update_type"`
	Webhook         string   `json:"webhook"` // "" when none is set, never null
	// AuthMethod is left out until Auth numbers exist.
	AuthMethod string `json:"auth_method,omitempty"`
}

// FullObject is an Item as /item/get answers it (schema ItemWithConsentFields).
type FullObject struct {
	AvailableProducts     []string   `json:"available_products"`
	BilledProducts        []string   `json:"billed_products"`
	ConsentExpirationTime *time.Time `json:"consent_expiration_time"`
	ConsentedDataScopes   []string   `json:"consented_data_scopes"`
	ConsentedProducts     []string   `json:"consented_products"`
	ConsentedUseCases     []string   `json:"consented_use_cases"`
	CreatedAt             time.Time  `json:"created_at"`
	Error                 api.Raw    `json:"error"`
	InstitutionID         *string    `json:"institution_id"`
	InstitutionName       *string    `json:"institution_name"`
	ItemID                string     `json:"item_id"`
	Products              []string   `json:"products"`
	UpdateType            string     `json:"update_type"`
	Webhook               string     `json:"webhook"`
	AuthMethod            *string    `json:"auth_method"` // null until Auth numbers exist
}

// background: the bank can be asked without the person (schema Item,
// update_type).
const background = "background"

// snapshot puts an Item and its accounts together as readers share them.
func (s *Items) snapshot(it Item, all []Account) *Snapshot {
	sn := &Snapshot{Item: it, Accounts: make([]Account, 0, len(all))}
	for i := range all {
		if all[i].Closed {
			sn.closed = append(sn.closed, all[i])
			continue
		}
		all[i].render(it.InstitutionID)
		sn.Accounts = append(sn.Accounts, all[i])
	}
	sn.object = Object{
		AvailableProducts: s.available(it), BilledProducts: orEmpty(it.Billed), ConsentedProducts: orEmpty(it.Consented),
		InstitutionID: plaid.OrNull(it.InstitutionID), ItemID: it.ID, Products: orEmpty(it.Products),
		UpdateType: background, Webhook: it.Webhook, AuthMethod: it.AuthMethod,
	}
	if s.byConsent(&it) {
		sn.object.ConsentExpirationTime = &it.LoginUntil
	}
	if in, ok := s.catalogue.Get(it.InstitutionID); ok {
		sn.object.InstitutionName = plaid.OrNull(in.Name)
	}
	return sn
}

// available lists what the institution has and nobody has called yet: it shares
// no member with billed_products.
func (s *Items) available(it Item) []string {
	in, ok := s.catalogue.Get(it.InstitutionID)
	if !ok {
		return []string{}
	}
	return only(sorted(in.Products), func(p string) bool {
		return plaid.IsProduct(p) && !slices.Contains(it.Billed, p)
	})
}

// Object is the Item as most endpoints answer it. Its lists are shared: do not
// change them.
func (sn *Snapshot) Object() Object { return sn.object }

// full is the Item as /item/get answers it.
func (sn *Snapshot) full(problem *plaid.Error) FullObject {
	o := sn.object
	full := FullObject{
		AvailableProducts: o.AvailableProducts, BilledProducts: o.BilledProducts,
		ConsentedDataScopes: plaid.ScopesOf(sn.Consented...), ConsentedProducts: o.ConsentedProducts,
		ConsentExpirationTime: o.ConsentExpirationTime, ConsentedUseCases: orEmpty(sn.UseCases), CreatedAt: sn.CreatedAt,
		InstitutionID: o.InstitutionID, InstitutionName: o.InstitutionName, ItemID: o.ItemID, Products: o.Products,
		UpdateType: o.UpdateType, Webhook: o.Webhook, AuthMethod: plaid.OrNull(o.AuthMethod),
	}
	if problem != nil {
		full.Error = api.ErrorJSON(problem, "")
	}
	return full
}

func orEmpty(list []string) []string {
	if list == nil {
		return []string{}
	}
	return list
}
