package link

import "github.com/glencheck-dev/glencheck/internal/api"

// createIn is schema LinkTokenCreateRequest, complete: every documented member
// is accepted and its shape checked. What a member means is decided in
// token_rules.go; members for products of their own are in token_options.go. The
// upper bounds are ours: what is stored has to end somewhere.
type createIn struct {
	ClientName   string   `json:"client_name" required:"true" min:"1" max:"1000" must:"be a non-empty string of at most 1000 characters"`
	Language     string   `json:"language" required:"true" enum:"da,de,en,es,et,fr,hi,it,lt,lv,nl,no,pl,pt,ro,sv,vi"`
	CountryCodes []string `json:"country_codes" required:"true" min:"1" max:"100" enum:"AT,BE,CA,DE,DK,EE,ES,FI,FR,GB,IE,IT,LT,LV,NL,NO,PL,PT,SE,US" must:"be a list of strings containing at least one supported country code and no other value"`

	User      *createUser `json:"user"`
	UserID    *string     `json:"user_id" max:"1000"`
	UserToken *string     `json:"user_token" max:"1000"`

	Products            []string `json:"products" max:"100" must:"be a list of strings containing at least one product"`
	RequiredIfSupported []string `json:"required_if_supported_products" max:"100" must:"be a list of strings"`
	Optional            []string `json:"optional_products" max:"100" must:"be a list of strings"`
	AdditionalConsented []string `json:"additional_consented_products" max:"100" must:"be a list of strings"`

	Webhook           *string            `json:"webhook" must:"be a non-empty string URL"`
	CustomizationName *string            `json:"link_customization_name" max:"1000"`
	AppearanceMode    string             `json:"appearance_mode" enum:"LIGHT,DARK,SYSTEM"`
	RedirectURI       *string            `json:"redirect_uri" max:"1000"`
	AndroidPackage    *string            `json:"android_package_name" max:"1000"`
	InstitutionID     *string            `json:"institution_id" max:"1000"`
	InstitutionData   *institutionDataIn `json:"institution_data"`
	AccountFilters    api.Raw            `json:"account_filters"`
	Auth              *authIn            `json:"auth"`

	AccessToken  *string   `json:"access_token" min:"1"`
	AccessTokens []string  `json:"access_tokens"`
	Update       *updateIn `json:"update"`

	HostedLink      *hostedLinkIn `json:"hosted_link" open:"true"`
	EnableMultiItem bool          `json:"enable_multi_item_link"`

	productOptions
}

// createUser is schema LinkTokenCreateRequestUser.
type createUser struct {
	ClientUserID      string       `json:"client_user_id" required:"true" min:"1" max:"1000" must:"be a non-empty string of at most 1000 characters"`
	LegalName         *string      `json:"legal_name" max:"1000"`
	Name              *userName    `json:"name"`
	PhoneNumber       *string      `json:"phone_number" max:"1000"`
	PhoneVerifiedTime *string      `json:"phone_number_verified_time"`
	EmailAddress      *string      `json:"email_address" max:"1000"`
	EmailVerifiedTime *string      `json:"email_address_verified_time"`
	SSN               *string      `json:"ssn"` // deprecated and not used: never kept
	DateOfBirth       *string      `json:"date_of_birth"`
	Address           *userAddress `json:"address" open:"true"`
	IDNumber          *userID      `json:"id_number" open:"true"`
}

// userName is schema IdentityVerificationRequestUserName.
type userName struct {
	GivenName  string `json:"given_name" required:"true"`
	FamilyName string `json:"family_name" required:"true"`
}

// userAddress is schema UserAddress.
type userAddress struct {
	Street     string `json:"street" max:"1000"`
	Street2    string `json:"street2" max:"1000"`
	City       string `json:"city" max:"1000"`
	Region     string `json:"region" max:"1000"`
	PostalCode string `json:"postal_code" max:"1000"`
	Country    string `json:"country" required:"true"`
}

// userID is schema UserIDNumber.
type userID struct {
	Value string `json:"value" required:"true"`
	Type  string `json:"type" required:"true" enum:"ar_dni,au_drivers_license,au_passport,br_cpf,ca_sin,cl_run,cn_resident_card,co_nit,dk_cpr,eg_national_id,es_dni,es_nie,hk_hkid,in_pan,it_cf,jo_civil_id,jp_my_number,ke_huduma_namba,kw_civil_id,mx_curp,mx_rfc,my_nric,ng_nin,nz_drivers_license,om_civil_id,ph_psn,pl_pesel,ro_cnp,sa_national_id,se_pin,sg_nric,tr_tc_kimlik,us_ssn,us_ssn_last_4,za_smart_id"`
}

// institutionDataIn is schema LinkTokenCreateInstitutionData. It is echoed as
// sent.
type institutionDataIn struct {
	RoutingNumber *string `json:"routing_number,omitzero" max:"1000"`
}

// authIn is schema LinkTokenCreateRequestAuth.
type authIn struct {
	TypeSelect             *bool  `json:"auth_type_select_enabled"`
	AutomatedMicrodeposits *bool  `json:"automated_microdeposits_enabled"`
	InstantMatch           *bool  `json:"instant_match_enabled"`
	SameDayMicrodeposits   *bool  `json:"same_day_microdeposits_enabled"`
	InstantMicrodeposits   *bool  `json:"instant_microdeposits_enabled"`
	RerouteToCredentials   string `json:"reroute_to_credentials" enum:"OFF,OPTIONAL,FORCED"`
	DatabaseMatch          *bool  `json:"database_match_enabled"`
	DatabaseInsights       *bool  `json:"database_insights_enabled"`
	FlowType               string `json:"flow_type" enum:"FLEXIBLE_AUTH"`
	SMSVerification        *bool  `json:"sms_microdeposits_verification_enabled"`
}

// updateIn is schema LinkTokenCreateRequestUpdate.
type updateIn struct {
	AccountSelection bool     `json:"account_selection_enabled"`
	Reauthorization  *bool    `json:"reauthorization_enabled"`
	User             bool     `json:"user"`
	ItemIDs          []string `json:"item_ids" max:"500"`
}

// hostedLinkIn is schema LinkTokenCreateHostedLink.
type hostedLinkIn struct {
	DeliveryMethod        string  `json:"delivery_method" enum:"sms,email"`
	CompletionRedirectURI *string `json:"completion_redirect_uri"`
	URLLifetimeSeconds    *int64  `json:"url_lifetime_seconds" min:"1" max:"1814400"`
	IsMobileApp           bool    `json:"is_mobile_app"`
}
