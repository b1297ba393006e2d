package link

// unsupported are the members of LinkTokenCreateRequest that ask Link for
// something it cannot do.
var unsupported = []struct {
	field string
	given func(createIn) bool
}{
	{"access_tokens", func(in createIn) bool { return len(in.AccessTokens) > 0 }},
	{"cra_enabled", func(in createIn) bool { return in.CRAEnabled }},
	{"eu_config.headless", func(in createIn) bool { return in.EUConfig != nil && in.EUConfig.Headless }},
	{"third_party_user_token", func(in createIn) bool { return in.ThirdPartyUserToken != nil }},
	{"transfer.authorization_id", func(in createIn) bool { return in.Transfer != nil && in.Transfer.AuthorizationID != nil }},
	{"transfer.intent_id", func(in createIn) bool { return in.Transfer != nil && in.Transfer.IntentID != nil }},
	{"transfer.payment_profile_token", func(in createIn) bool { return in.Transfer != nil && in.Transfer.PaymentProfileToken != nil }},
}

// Unsupported names the members of /link/token/create that are refused because
// Link cannot do what they ask for, for docs/coverage.md.
func (t *Tokens) Unsupported() []string {
	var names []string
	for _, u := range unsupported {
		names = append(names, u.field)
	}
	return names
}

// productOptions are the members of LinkTokenCreateRequest that belong to
// products with flows of their own. Their shapes are checked as documented; the
// products themselves are refused as long as Glencheck does not serve them (see
// team.Client.Unauthorized), so a well-formed option without its product is
// without effect, as it is in the real API.
type productOptions struct {
	EUConfig              *euConfigIn          `json:"eu_config"`
	PaymentConfiguration  *paymentConfigIn     `json:"payment_configuration"`
	PaymentInitiation     *paymentInitiationIn `json:"payment_initiation"`
	Employment            *employmentIn        `json:"employment"`
	IncomeVerification    *incomeIn            `json:"income_verification"`
	BaseReport            *baseReportIn        `json:"base_report"`
	CreditPartnerInsights *partnerInsightsIn   `json:"credit_partner_insights"`
	CRAOptions            *craIn               `json:"cra_options"`
	PermissiblePurpose    string               `json:"consumer_report_permissible_purpose" enum:"ACCOUNT_REVIEW_CREDIT,ACCOUNT_REVIEW_NON_CREDIT,EXTENSION_OF_CREDIT,LEGITIMATE_BUSINESS_NEED_TENANT_SCREENING,LEGITIMATE_BUSINESS_NEED_OTHER,WRITTEN_INSTRUCTION_PREQUALIFICATION,WRITTEN_INSTRUCTION_OTHER,ELIGIBILITY_FOR_GOVT_BENEFITS"`
	Transfer              *transferIn          `json:"transfer"`
	IdentityVerification  *identityVerifyIn    `json:"identity_verification"`
	Statements            *statementsIn        `json:"statements"`
	ThirdPartyUserToken   *string              `json:"third_party_user_token"`
	Investments           *investmentsIn       `json:"investments"`
	InvestmentsAuth       *investmentsAuthIn   `json:"investments_auth"`
	Transactions          *historyIn           `json:"transactions"`
	CashflowReport        *historyIn           `json:"cashflow_report"`
	CRAEnabled            bool                 `json:"cra_enabled"`
	Identity              *identityIn          `json:"identity"`
	FinanceKit            bool                 `json:"financekit_supported"`
	CardSwitch            *cardSwitchIn        `json:"card_switch"`
}

type euConfigIn struct {
	Headless bool `json:"headless"`
}

type paymentConfigIn struct {
	Amount      string  `json:"amount" required:"true"`
	Description *string `json:"description" max:"256"`
}

type paymentInitiationIn struct {
	PaymentID *string `json:"payment_id"`
	ConsentID *string `json:"consent_id"`
}

type employmentIn struct {
	SourceTypes    []string          `json:"employment_source_types" enum:"bank,payroll"`
	BankEmployment *bankEmploymentIn `json:"bank_employment"`
}

type bankEmploymentIn struct {
	DaysRequested int64 `json:"days_requested" required:"true"`
}

type incomeIn struct {
	IncomeVerificationID *string          `json:"income_verification_id"`
	AssetReportID        *string          `json:"asset_report_id"`
	AccessTokens         []string         `json:"access_tokens"`
	SourceTypes          []string         `json:"income_source_types" enum:"bank,payroll"`
	BankIncome           *bankIncomeIn    `json:"bank_income"`
	PayrollIncome        *payrollIncomeIn `json:"payroll_income"`
	StatedSources        []statedIncomeIn `json:"stated_income_sources"`
}

type bankIncomeIn struct {
	DaysRequested       int64 `json:"days_requested" required:"true" min:"1" max:"731"`
	EnableMultipleItems bool  `json:"enable_multiple_items"`
}

type payrollIncomeIn struct {
	FlowTypes      []string `json:"flow_types" enum:"payroll_digital_income,payroll_document_income"`
	IsUpdateMode   bool     `json:"is_update_mode"`
	ItemIDToUpdate *string  `json:"item_id_to_update"`
	ParsingConfig  []string `json:"parsing_config" enum:"ocr,risk_signals"`
}

type statedIncomeIn struct {
	Employer     *string  `json:"employer"`
	Category     string   `json:"category" enum:"OTHER,SALARY,UNEMPLOYMENT,CASH,GIG_ECONOMY,RENTAL,CHILD_SUPPORT,MILITARY,RETIREMENT,LONG_TERM_DISABILITY,BANK_INTEREST"`
	PayPerCycle  *float64 `json:"pay_per_cycle"`
	PayAnnual    *float64 `json:"pay_annual"`
	PayType      string   `json:"pay_type" enum:"UNKNOWN,GROSS,NET"`
	PayFrequency string   `json:"pay_frequency" enum:"UNKNOWN,WEEKLY,BIWEEKLY,SEMI_MONTHLY,MONTHLY"`
}

type baseReportIn struct {
	DaysRequested  int64   `json:"days_requested" required:"true" min:"1" max:"730"`
	ClientReportID *string `json:"client_report_id"`
}

type partnerInsightsIn struct {
	DaysRequested *int64   `json:"days_requested" min:"1" max:"730"`
	PrismProducts []string `json:"prism_products" enum:"insights,scores"`
}

type craIn struct {
	DaysRequested      int64           `json:"days_requested" required:"true" max:"731"`
	DaysRequired       *int64          `json:"days_required" max:"184"`
	ClientReportID     *string         `json:"client_report_id"`
	PartnerInsights    *craPartnerIn   `json:"partner_insights"`
	BaseReport         *craBaseIn      `json:"base_report"`
	CashflowInsights   *craCashflowIn  `json:"cashflow_insights"`
	LendScore          *craLendScoreIn `json:"lend_score"`
	NetworkInsights    *craNetworkIn   `json:"network_insights"`
	IncludeInvestments *bool           `json:"include_investments"`
}

type craPartnerIn struct {
	PrismProducts []string         `json:"prism_products" enum:"insights,scores"`
	PrismVersions *prismVersionsIn `json:"prism_versions"`
	FICO          *ficoIn          `json:"fico"`
}

type prismVersionsIn struct {
	FirstDetect string `json:"firstdetect" enum:"3"`
	Detect      string `json:"detect" enum:"4"`
	CashScore   string `json:"cashscore" enum:"4,3_lite,3"`
	Extend      string `json:"extend" enum:"4"`
	Insights    string `json:"insights" enum:"4,3"`
}

type ficoIn struct {
	LenderID      string        `json:"fico_lender_id" required:"true"`
	ApplicationID string        `json:"lender_application_id" required:"true"`
	ScoreRequests []ficoScoreIn `json:"ultrafico_score_requests" required:"true"`
}

type ficoScoreIn struct {
	Version       string     `json:"ultrafico_score_version" required:"true" enum:"1.0"`
	RequestID     *string    `json:"fico_scoring_request_id"`
	CorrelationID *string    `json:"request_correlation_id"`
	BaseScore     ficoBaseIn `json:"base_fico_score" required:"true"`
}

type ficoBaseIn struct {
	Bureau     string  `json:"bureau" required:"true" enum:"EQUIFAX,EXPERIAN,TRANSUNION"`
	Score      int64   `json:"score" required:"true"`
	Reason1    *string `json:"reason_code_1"`
	Reason2    *string `json:"reason_code_2"`
	Reason3    *string `json:"reason_code_3"`
	Reason4    *string `json:"reason_code_4"`
	Inquiries  *bool   `json:"did_inquiries_adversely_affect_score"`
	ScoreModel string  `json:"base_fico_score_version" required:"true" enum:"8,9,10T"`
}

type craBaseIn struct {
	ClientReportID  *string `json:"client_report_id"`
	GSEOptions      *gseIn  `json:"gse_options"`
	RequireIdentity *bool   `json:"require_identity"`
}

type gseIn struct {
	ReportTypes []string `json:"report_types" required:"true" enum:"VOA,EMPLOYMENT_REFRESH"`
}

type craCashflowIn struct {
	ScoreVersion      string `json:"plaid_check_score_version" enum:"v1.0,v2.0"`
	AttributesVersion string `json:"attributes_version" enum:"v1.0,v2.0,CFI1"`
}

type craLendScoreIn struct {
	Version string `json:"lend_score_version" enum:"v1.0,v2.0,LS1"`
}

type craNetworkIn struct {
	Version string `json:"network_insights_version" enum:"NI1"`
}

type transferIn struct {
	IntentID            *string `json:"intent_id"`
	AuthorizationID     *string `json:"authorization_id"`
	PaymentProfileToken *string `json:"payment_profile_token"`
}

type identityVerifyIn struct {
	TemplateID  string `json:"template_id" required:"true"`
	Consent     bool   `json:"consent"`
	GaveConsent bool   `json:"gave_consent"`
}

type statementsIn struct {
	StartDate string `json:"start_date" required:"true"`
	EndDate   string `json:"end_date" required:"true"`
}

type investmentsIn struct {
	UnverifiedWallets bool `json:"allow_unverified_crypto_wallets"`
	ManualEntry       bool `json:"allow_manual_entry"`
}

type investmentsAuthIn struct {
	ManualEntry         bool `json:"manual_entry_enabled"`
	MaskedNumberMatch   bool `json:"masked_number_match_enabled"`
	StatedAccountNumber bool `json:"stated_account_number_enabled"`
	Rollover401k        bool `json:"rollover_401k_enabled"`
}

type historyIn struct {
	DaysRequested *int64 `json:"days_requested" min:"1" max:"730"`
}

type identityIn struct {
	IsDocumentUpload bool     `json:"is_document_upload"`
	AccountIDs       []string `json:"account_ids" max:"500"`
	ParsingConfigs   []string `json:"parsing_configs" enum:"ocr,risk_signals"`
}

type cardSwitchIn struct {
	CardBIN string `json:"card_bin" required:"true"`
}
