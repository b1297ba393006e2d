package institution

import (
	"bytes"
	_ "embed"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"sync"
)

//go:embed catalogue.json
var sandboxData []byte

// Catalogue is the list of banks. It does not change once it is loaded, so it
// needs no lock and is the same on every node. In a sandbox the health of a bank
// is what Outages says.
type Catalogue struct {
	outages func(id string) (Health, string, bool)
	list    []Institution // in the order of the data file
	index   map[string]int
	logos   []func() string        // base64, drawn on first use
	instant map[string]InstantRail // by routing number
}

// New returns the catalogue of the sandbox.
func New() *Catalogue {
	c, err := Load(sandboxData)
	if err != nil {
		panic("institution: " + err.Error()) // the file is ours and checked by tests
	}
	return c
}

// entry is an institution as the data file writes it.
type entry struct {
	ID             string   `json:"id"`
	Name           string   `json:"name"`
	Countries      []string `json:"countries"`
	URL            string   `json:"url"` // default https:// and host
	Host           string   `json:"host"`
	Color          string   `json:"color"` // default the ground of the mark
	OAuth          bool     `json:"oauth"`
	Products       string   `json:"products"` // name of a product set
	Without        []string `json:"without"`
	Methods        []string `json:"methods"`
	Payments       string   `json:"payments"` // name of a payment set
	RoutingNumbers []string `json:"routing_numbers"`
	DTCNumbers     []string `json:"dtc_numbers"`
	Health         Health   `json:"health"` // default healthy
	HealthSince    string   `json:"health_since"`
	Tokenized      bool     `json:"tokenized"`
	PersistentIDs  bool     `json:"persistent_ids"`
	Featured       bool     `json:"featured"`
	Connector      string   `json:"connector"` // default sandbank
	Mark           Mark     `json:"mark"`
}

// Load reads a catalogue file and checks it.
func Load(data []byte) (*Catalogue, error) {
	var file struct {
		About        string               `json:"about"`
		ProductSets  map[string][]string  `json:"product_sets"`
		PaymentSets  map[string]*Payments `json:"payment_sets"`
		Institutions []entry              `json:"institutions"`
		// InstantRails are the routing numbers that instant payments reach.
		InstantRails map[InstantRail][]string `json:"instant_rails"`
	}
	dec := json.NewDecoder(bytes.NewReader(data))
	dec.DisallowUnknownFields()
	if err := dec.Decode(&file); err != nil {
		return nil, fmt.Errorf("catalogue: %w", err)
	}
	c := &Catalogue{index: map[string]int{}}
	if err := c.reach(file.InstantRails); err != nil {
		return nil, fmt.Errorf("catalogue: %w", err)
	}
	for _, e := range file.Institutions {
		products, ok := file.ProductSets[e.Products]
		if !ok {
			return nil, fmt.Errorf("catalogue: %s: no product set %q", e.ID, e.Products)
		}
		payments, ok := file.PaymentSets[e.Payments]
		if !ok && e.Payments != "" {
			return nil, fmt.Errorf("catalogue: %s: no payment set %q", e.ID, e.Payments)
		}
		in, err := e.institution(products, payments)
		if err == nil && in.Methods.InstantMicroDeposits && !slices.ContainsFunc(in.RoutingNumbers, func(r string) bool { return c.instant[r] != "" }) {
			err = errors.New("no instant payment reaches its routing numbers")
		}
		if err != nil {
			return nil, fmt.Errorf("catalogue: %s: %w", e.ID, err)
		}
		if _, twice := c.index[in.ID]; twice {
			return nil, fmt.Errorf("catalogue: %s is there twice", in.ID)
		}
		c.index[in.ID] = len(c.list)
		c.list = append(c.list, in)
		c.logos = append(c.logos, sync.OnceValue(func() string { return drawLogo(in.mark) }))
	}
	return c, nil
}

// reach notes which routing numbers instant payments reach.
func (c *Catalogue) reach(rails map[InstantRail][]string) error {
	c.instant = map[string]InstantRail{}
	for _, rail := range []InstantRail{FedNow, RTP} { // RTP where both do
		for _, routing := range rails[rail] {
			if !IsRoutingNumber(routing) {
				return fmt.Errorf("routing number %q", routing)
			}
			c.instant[routing] = rail
		}
		delete(rails, rail)
	}
	if len(rails) > 0 {
		return fmt.Errorf("instant rails other than %s and %s", RTP, FedNow)
	}
	return nil
}

// institution fills in the defaults of an entry and checks it.
func (e entry) institution(products []string, payments *Payments) (Institution, error) {
	mark := defaultMark(e.Mark, e.ID, e.Name)
	in := Institution{
		ID: e.ID, Name: e.Name, URL: e.URL, Host: e.Host, PrimaryColor: e.Color,
		CountryCodes: e.Countries, OAuth: e.OAuth, Health: e.Health, HealthSince: e.HealthSince,
		RoutingNumbers: append([]string{}, e.RoutingNumbers...),
		DTCNumbers:     append([]string{}, e.DTCNumbers...),
		Payments:       payments, Tokenized: e.Tokenized, PersistentIDs: e.PersistentIDs,
		Connector: e.Connector, Featured: e.Featured, mark: mark, folded: fold(e.Name),
	}
	in.Products = slices.DeleteFunc(slices.Clone(products), func(p string) bool { return slices.Contains(e.Without, p) })
	setDefault(&in.URL, "https://"+e.Host)
	setDefault(&in.Health, Healthy)
	setDefault(&in.HealthSince, "2026-01-01T00:00:00Z")
	setDefault(&in.Connector, "sandbank")
	for _, m := range e.Methods {
		switch m {
		case "instant_auth":
			in.Methods.InstantAuth = true
		case "instant_match":
			in.Methods.InstantMatch = true
		case "automated_micro_deposits":
			in.Methods.AutomatedMicroDeposits = true
		case "instant_micro_deposits":
			in.Methods.InstantMicroDeposits = true
		default:
			return in, fmt.Errorf("unknown method %q", m)
		}
	}
	if mark.Ground < 1 || mark.Ground > len(grounds) {
		return in, fmt.Errorf("ground %d", mark.Ground)
	}
	setDefault(&in.PrimaryColor, grounds[mark.Ground-1])
	return in, in.check()
}

func setDefault[T ~string](field *T, value T) {
	if *field == "" {
		*field = value
	}
}

// Get finds an institution by its id.
func (c *Catalogue) Get(id string) (Institution, bool) {
	i, ok := c.index[id]
	if !ok {
		return Institution{}, false
	}
	return c.now(c.list[i]), true
}

// Outages lets f say how a bank is doing at present, and since when, where that is
// not what the catalogue has. Call it before the catalogue is used.
func (c *Catalogue) Outages(f func(id string) (health Health, since string, ok bool)) { c.outages = f }

// now is an institution as it is doing at present.
func (c *Catalogue) now(i Institution) Institution {
	if c.outages == nil {
		return i
	}
	if health, since, ok := c.outages(i.ID); ok {
		i.Health, i.HealthSince = health, since
	}
	return i
}

// Logo is the base64 text of a 152x152 PNG with the mark of an institution, or
// "" for an unknown id.
func (c *Catalogue) Logo(id string) string {
	i, ok := c.index[id]
	if !ok {
		return ""
	}
	return c.logos[i]()
}

// Filter narrows a list of institutions. Zero fields do not.
type Filter struct {
	Countries      []string // serves one of them
	Products       []string // lists all of them; auth means Instant Auth
	RoutingNumbers []string // has all of them
	OAuth          *bool
}

func (f Filter) match(i Institution) bool {
	return (len(f.Countries) == 0 || i.In(f.Countries)) &&
		i.Lists(f.Products) &&
		(f.OAuth == nil || *f.OAuth == i.OAuth) &&
		!slices.ContainsFunc(f.RoutingNumbers, func(r string) bool { return !slices.Contains(i.RoutingNumbers, r) })
}

// List returns the institutions that pass the filter, in the catalogue's order.
func (c *Catalogue) List(f Filter) []Institution {
	out := []Institution{}
	for _, i := range c.list {
		if f.match(i) {
			out = append(out, c.now(i))
		}
	}
	return out
}

// Featured returns what Link offers before a search: at most eight banks that
// serve one of the countries and all products.
func (c *Catalogue) Featured(countries, products []string) []Institution {
	const most = 8
	out := []Institution{}
	for _, i := range c.list {
		if len(out) < most && i.Featured && i.In(countries) && i.Serves(products) {
			out = append(out, c.now(i))
		}
	}
	return out
}
