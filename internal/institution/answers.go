package institution

// answer is schema Institution. Keys that depend on an option are absent
// without it.
type answer struct {
	ID             string        `json:"institution_id"`
	Name           string        `json:"name"`
	Products       []string      `json:"products"`
	CountryCodes   []string      `json:"country_codes"`
	URL            *string       `json:"url,omitempty"`
	PrimaryColor   *string       `json:"primary_color,omitempty"`
	Logo           *string       `json:"logo,omitempty"`
	RoutingNumbers []string      `json:"routing_numbers"`
	DTCNumbers     []string      `json:"dtc_numbers"`
	OAuth          bool          `json:"oauth"`
	Status         *statusAnswer `json:"status,omitempty"`
	Payments       *Payments     `json:"payment_initiation_metadata,omitempty"`
	Auth           *authAnswer   `json:"auth_metadata,omitempty"`
}

// authAnswer is schema AuthMetadata.
type authAnswer struct {
	SupportedMethods Methods `json:"supported_methods"`
}

// statusAnswer is schema InstitutionStatus. The simulated bank measures its
// logins only, as Plaid's sandbox did when its answer was recorded.
type statusAnswer struct {
	ItemLogins productStatus `json:"item_logins"`
}

// productStatus is schema ProductStatus.
type productStatus struct {
	Status           string    `json:"status"`
	LastStatusChange string    `json:"last_status_change"`
	Breakdown        breakdown `json:"breakdown"`
}

// breakdown is schema ProductStatusBreakdown; its three parts make 1.
type breakdown struct {
	Success          float64 `json:"success"`
	ErrorPlaid       float64 `json:"error_plaid"`
	ErrorInstitution float64 `json:"error_institution"`
}

// extras are the parts of an answer that a request may ask for.
type extras struct {
	metadata, status, auth, payments bool
}

func (c *Catalogue) answer(i Institution, want extras) answer {
	a := answer{
		ID: i.ID, Name: i.Name, Products: i.Products, CountryCodes: i.CountryCodes,
		RoutingNumbers: i.RoutingNumbers, DTCNumbers: i.DTCNumbers, OAuth: i.OAuth,
	}
	if want.metadata {
		logo := c.Logo(i.ID)
		a.URL, a.PrimaryColor, a.Logo = &i.URL, &i.PrimaryColor, &logo
	}
	if want.status {
		a.Status = status(i)
	}
	if want.auth {
		a.Auth = &authAnswer{i.Methods}
	}
	if want.payments {
		a.Payments = i.Payments
	}
	return a
}

func (c *Catalogue) answers(list []Institution, want extras) []answer {
	out := make([]answer, len(list))
	for n, i := range list {
		out[n] = c.answer(i, want)
	}
	return out
}

// status words the health of a bank.
func status(i Institution) *statusAnswer {
	logins := productStatus{Status: "HEALTHY", LastStatusChange: i.HealthSince, Breakdown: breakdown{Success: 1}}
	switch i.Health {
	case Degraded:
		logins.Status, logins.Breakdown = "DEGRADED", breakdown{Success: 0.5, ErrorInstitution: 0.5}
	case Down, Unsupported:
		logins.Status, logins.Breakdown = "DOWN", breakdown{ErrorInstitution: 1}
	}
	return &statusAnswer{logins}
}
