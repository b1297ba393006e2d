package sandbank

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/glencheck-dev/glencheck/internal/institution"
)

// Limits of a custom user (plaid-server-api.md section 11.5). Beyond them the
// login fails.
const (
	maxConfig   = 55 * 1024
	maxAccounts = 10
)

// config is the password of user_custom: a person made to measure. Members that
// this bank has no use for, such as transactions, are let through, and null
// stands for absent everywhere, as in the published template.
type config struct {
	Version    json.RawMessage `json:"version"`
	Seed       string          `json:"seed"`
	Accounts   []override      `json:"override_accounts"`
	MFA        *mfaConfig      `json:"mfa"`
	Recaptcha  string          `json:"recaptcha"`
	ForceError string          `json:"force_error"`
}

// override is one account of a custom user.
type override struct {
	Type            string          `json:"type"`
	Subtype         string          `json:"subtype"`
	StartingBalance json.Number     `json:"starting_balance"`
	ForceAvailable  json.Number     `json:"force_available_balance"`
	NullAvailable   bool            `json:"has_null_available_balance"`
	Currency        string          `json:"currency"`
	Meta            overrideMeta    `json:"meta"`
	Numbers         overrideNumbers `json:"numbers"`
	Identity        *identity       `json:"identity"`
	HolderCategory  string          `json:"holder_category"`
}

type overrideMeta struct {
	Name         string      `json:"name"`
	OfficialName string      `json:"official_name"`
	Limit        json.Number `json:"limit"`
	Mask         *string     `json:"mask"` // "" means that there is none
}

type overrideNumbers struct {
	Account           string `json:"account"`
	ACHRouting        string `json:"ach_routing"`
	ACHWireRouting    string `json:"ach_wire_routing"`
	EFTInstitution    string `json:"eft_institution"`
	EFTBranch         string `json:"eft_branch"`
	InternationalBIC  string `json:"international_bic"`
	InternationalIBAN string `json:"international_iban"`
	BACSSortCode      string `json:"bacs_sort_code"`
}

// mfaConfig asks for a second factor. The numbers are JSON numbers, whole.
type mfaConfig struct {
	Type                  string   `json:"type"`
	QuestionRounds        *float64 `json:"question_rounds"`
	QuestionsPerRound     *float64 `json:"questions_per_round"`
	SelectionRounds       *float64 `json:"selection_rounds"`
	SelectionsPerQuestion *float64 `json:"selections_per_question"`
}

// parseConfig reads and checks the password of a custom user. Its errors name
// members, never values.
func parseConfig(password string) (*config, error) {
	if len(password) > maxConfig {
		return nil, fmt.Errorf("the configuration must have at most %d bytes", maxConfig)
	}
	if !strings.HasPrefix(strings.TrimLeft(password, " \t\r\n"), "{") {
		return nil, errors.New("the configuration must be a JSON object")
	}
	var c config
	if err := json.Unmarshal([]byte(password), &c); err != nil {
		return nil, configError(err)
	}
	return &c, c.check()
}

// configError words an error of the JSON decoder without the values in it.
func configError(err error) error {
	var wrong *json.UnmarshalTypeError
	if errors.As(err, &wrong) && wrong.Field != "" {
		return fmt.Errorf("%s must be of another type", wrong.Field)
	}
	return errors.New("the configuration must be one JSON object without slips")
}

func (c *config) check() error {
	switch v := string(bytes.Trim(c.Version, `"`)); {
	case !slices.Contains([]string{"", "null", "1", "2"}, v):
		return errors.New("version must be 1 or 2")
	case !slices.Contains([]string{"", "good", "bad"}, c.Recaptcha):
		return errors.New("recaptcha must be good or bad")
	case len(c.Accounts) > maxAccounts:
		return fmt.Errorf("override_accounts must have at most %d entries", maxAccounts)
	}
	if _, ok := institution.ReasonForCode(c.ForceError); !ok && c.ForceError != "" {
		return errors.New("force_error must be one of the documented error codes")
	}
	if c.MFA != nil {
		if _, err := c.MFA.script(); err != nil {
			return fmt.Errorf("mfa.%w", err)
		}
	}
	for i := range c.Accounts {
		if err := c.Accounts[i].check(); err != nil {
			return fmt.Errorf("override_accounts[%d].%w", i, err)
		}
	}
	return nil
}

var (
	maskShape     = regexp.MustCompile(`^$|^[A-Za-z0-9]{2,4}$`)
	currencyShape = regexp.MustCompile(`^[A-Z]{3}$`)
	accountShape  = regexp.MustCompile(`^[A-Za-z0-9-]{1,34}$`)
	ibanShape     = regexp.MustCompile(`^[A-Z]{2}[0-9]{2}[A-Z0-9]{10,30}$`)
	bicShape      = regexp.MustCompile(`^[A-Z0-9]{8}([A-Z0-9]{3})?$`)
	sortCodeShape = regexp.MustCompile(`^[0-9]{2}-?[0-9]{2}-?[0-9]{2}$`)
)

// check fills in the kind of the account and refuses what cannot be.
func (o *override) check() error {
	o.kind()
	if !institution.IsAccountType(o.Type, o.Subtype) {
		return errors.New("subtype must be one of the account's type")
	}
	o.Currency = strings.ToUpper(o.Currency)
	switch {
	case o.Currency != "" && !currencyShape.MatchString(o.Currency):
		return errors.New("currency must be an ISO 4217 code")
	case o.Meta.Mask != nil && !maskShape.MatchString(*o.Meta.Mask):
		return errors.New("meta.mask must be empty or 2 to 4 letters and digits")
	case o.NullAvailable && o.ForceAvailable != "":
		return errors.New("has_null_available_balance must not be set together with force_available_balance")
	}
	for _, amount := range []struct {
		name  string
		value json.Number
	}{
		{"starting_balance", o.StartingBalance}, {"force_available_balance", o.ForceAvailable}, {"meta.limit", o.Meta.Limit},
	} {
		if _, err := amountOf(amount.value); err != nil {
			return fmt.Errorf("%s must be a decimal number with at most 12 digits before the point and 4 behind", amount.name)
		}
	}
	if err := o.Numbers.check(); err != nil {
		return fmt.Errorf("numbers.%w", err)
	}
	return o.Identity.check()
}

// kind completes type and subtype: the default is a checking account, and a
// type alone means its most common subtype.
func (o *override) kind() {
	if o.Type == "" {
		o.Type = "depository"
	}
	if o.Type == "payroll" {
		o.Type, o.Subtype = "other", "other"
	}
	if o.Subtype == "" {
		o.Subtype = map[string]string{
			"depository": "checking", "credit": "credit card", "loan": "loan", "investment": "brokerage", "other": "other",
		}[o.Type]
	}
}

func (n overrideNumbers) check() error {
	switch {
	case n.Account != "" && !accountShape.MatchString(n.Account):
		return errors.New("account must be 1 to 34 letters and digits")
	case n.ACHRouting != "" && !institution.IsRoutingNumber(n.ACHRouting):
		return errors.New("ach_routing must be a valid routing number")
	case n.ACHWireRouting != "" && !institution.IsRoutingNumber(n.ACHWireRouting):
		return errors.New("ach_wire_routing must be a valid routing number")
	case (n.EFTInstitution == "") != (n.EFTBranch == ""):
		return errors.New("eft_institution and eft_branch must be given together")
	case n.EFTInstitution != "" && (!isDigits(n.EFTInstitution, 3) || !isDigits(n.EFTBranch, 5)):
		return errors.New("eft_institution must have 3 digits and eft_branch 5")
	case (n.InternationalIBAN == "") != (n.InternationalBIC == ""):
		return errors.New("international_iban and international_bic must be given together")
	case n.InternationalIBAN != "" && !ibanShape.MatchString(n.InternationalIBAN):
		return errors.New("international_iban must be an IBAN")
	case n.InternationalBIC != "" && !bicShape.MatchString(n.InternationalBIC):
		return errors.New("international_bic must be a BIC")
	case n.BACSSortCode != "" && !sortCodeShape.MatchString(n.BACSSortCode):
		return errors.New("bacs_sort_code must have 6 digits")
	}
	return nil
}

var (
	phoneTypes = []string{"home", "work", "office", "mobile", "mobile1", "other"}
	emailTypes = []string{"primary", "secondary", "other"}
)

// check drops empty entries, which the published template is full of, and gives
// contacts without a type their first one.
func (i *identity) check() error {
	if i == nil {
		return nil
	}
	i.Names = slices.DeleteFunc(i.Names, func(s string) bool { return s == "" })
	i.Addresses = slices.DeleteFunc(i.Addresses, func(a address) bool { return a == address{Primary: a.Primary} })
	for _, kind := range []struct {
		name  string
		list  *[]contact
		types []string
	}{{"phone_numbers", &i.Phones, phoneTypes}, {"emails", &i.Emails, emailTypes}} {
		*kind.list = slices.DeleteFunc(*kind.list, func(c contact) bool { return c.Data == "" })
		for n := range *kind.list {
			c := &(*kind.list)[n]
			if c.Type == "" {
				c.Type = kind.types[0]
			}
			if !slices.Contains(kind.types, c.Type) {
				return fmt.Errorf("identity.%s[%d].type must be one of %s", kind.name, n, strings.Join(kind.types, ", "))
			}
		}
	}
	return nil
}

var amountShape = regexp.MustCompile(`^-?[0-9]{1,12}(\.[0-9]{1,4}0*)?$`)

// amountOf reads an optional amount; nil for none. The bound leaves room to
// reckon with it.
func amountOf(n json.Number) (*institution.Decimal, error) {
	if n == "" {
		return nil, nil
	}
	if !amountShape.MatchString(n.String()) {
		return nil, errors.New("amount out of bounds")
	}
	d, err := institution.ParseDecimal(n.String())
	return &d, err
}

func isDigits(s string, n int) bool {
	_, err := strconv.ParseUint(s, 10, 64) // takes no sign
	return err == nil && len(s) == n
}
