package institution

import (
	"context"
	"time"
)

// Connector reaches the banks of one kind. The simulated bank and a real one
// look the same to every caller; institutiontest.Run checks that they are.
//
// A method that cannot do what it was asked because of the person or the bank
// returns a *Failure; any other error is trouble of our own.
type Connector interface {
	// Begin opens a login. The Challenge says what the person does next.
	Begin(ctx context.Context, in BeginRequest) (Challenge, error)
	// Answer continues a login with what the person gave. A wrong answer is a
	// *Failure; unless it is Final the login stays open, and the Challenge
	// returned with the Failure is the one to put to the person again.
	Answer(ctx context.Context, loginID string, answers map[string]string) (Challenge, error)
	// Accounts lists the open accounts that the grant covers.
	Accounts(ctx context.Context, g Grant) ([]Account, error)
	// Revoke ends the grant at the bank. Ending it twice is no error.
	Revoke(ctx context.Context, g Grant) error
}

// Numberer gives account numbers. A Connector without it leads a person to
// Instant Match or to micro-deposits.
type Numberer interface {
	// Numbers returns the numbers of the accounts named by refs, or of all for
	// none, in no particular order. Accounts that have none are left out.
	Numbers(ctx context.Context, g Grant, refs []string) ([]Numbers, error)
}

// Matcher compares account numbers that a person typed with those of an account,
// without telling them. Where a Connector lacks it, the mask of the account is all
// there is to compare with.
type Matcher interface {
	// Match says which of the two numbers is wrong. NumbersNotAvailable is the
	// Failure of a bank that cannot compare.
	Match(ctx context.Context, g Grant, ref, routing, account string) (Mismatch, error)
	// Sample is what a simulated bank takes for right, for the sandbox strip. Real
	// banks have none: false.
	Sample(ctx context.Context, g Grant, ref string) (ACH, bool, error)
}

// Mismatch names a number that is not the account's.
type Mismatch string

// What Match says.
const (
	Matched      Mismatch = ""
	WrongRouting Mismatch = "routing"
	WrongAccount Mismatch = "account"
)

// Owners says who holds an account.
type Owners interface {
	// Owners returns the holders of the accounts named by refs, or of all for
	// none, by ref.
	Owners(ctx context.Context, g Grant, refs []string) (map[string][]Owner, error)
}

// Statement shows what came in on an account, as its owner sees it in online banking.
type Statement interface {
	// Credits lists what the account named by ref has received since a time, in no
	// particular order. What went back is left out.
	Credits(ctx context.Context, g Grant, ref string, since time.Time) ([]Credit, error)
}

// Credit is one entry of a statement.
type Credit struct {
	Cents       int64
	Currency    string // ISO 4217
	Description string // as the bank prints it
	// Reference is the number by which the sender finds the payment (the trace number
	// of an ACH entry, the end-to-end id of a transfer), "" if the bank does not show
	// it.
	Reference string
	Posted    bool // rather than pending
}

// Importer logs a person in without asking anything back: the login of
// /sandbox/public_token/create and /item/import. Second factors are taken as
// answered.
type Importer interface {
	Import(ctx context.Context, institutionID, user, password string) (Grant, error)
}

// Sharer gives a further grant to what one grant opens, without asking the person
// again: a saved login that they use for another app. Each lives and ends by
// itself.
type Sharer interface {
	// Share refuses a grant that has expired or was revoked as Accounts does.
	Share(ctx context.Context, g Grant) (Grant, error)
}

// Expirer makes a grant stop working until the person logs in anew, which is
// what a changed password does (/sandbox/item/reset_login).
type Expirer interface {
	ExpireGrant(ctx context.Context, g Grant) error
}

// Grant is the bank's permission to read a person's accounts. It is opaque to
// its holder and as secret as a password: store it sealed, never log it.
type Grant string

// BeginRequest says where a login is wanted.
type BeginRequest struct {
	InstitutionID string
	// ReturnURL is where an OAuth bank sends the person back to. Without one a
	// login at such a bank is refused as OAuthNotAvailable.
	ReturnURL string
	// Renew is a grant that the login is to take the place of, live or expired. The
	// bank lets in nobody but the person who gave it (OtherUser), compared with
	// upper and lower case. The old grant stays what it is until it is revoked;
	// account numbers made for it alone are those of the new one too.
	Renew Grant
}

// ChallengeKind is what a login asks of the person next.
type ChallengeKind string

// The kinds of challenges, with the names under which Answer expects what the
// person gave.
const (
	// Credentials asks for the values of Fields, by Field.Name.
	Credentials ChallengeKind = "credentials"
	// Device asks where a code should go: "device" is a Device.ID.
	Device ChallengeKind = "device"
	// Code asks for the code that was sent: "code". A "resend" instead has it
	// sent again. Devices holds the place it went to, if the bank says.
	Code ChallengeKind = "code"
	// Questions asks for a text for each question, by Question.Name.
	Questions ChallengeKind = "questions"
	// Selections asks for one of the Options of each question, by Question.Name.
	Selections ChallengeKind = "selections"
	// Recaptcha asks for proof that a person logs in: "recaptcha" is what the
	// check gave. At a simulated bank it is RecaptchaPassed, and nothing is sent
	// to anybody.
	Recaptcha ChallengeKind = "recaptcha"
	// OAuth asks the person to visit URL. The bank sends the browser back to the
	// ReturnURL with "state" and either "code" or "error" in its query, and those
	// are the answers. State finds the login that came back.
	OAuth ChallengeKind = "oauth"
	// Done asks for nothing more: Grant is set.
	Done ChallengeKind = "done"
)

// Names under which Answer expects a device, a code, the wish for a new code, what
// a check for robots gave, and what else an OAuth bank sends the person back with
// (RFC 6749 section 4.1.2).
const (
	DeviceAnswer    = "device"
	CodeAnswer      = "code"
	ResendAnswer    = "resend"
	RecaptchaAnswer = "recaptcha"
	StateAnswer     = "state"
	ErrorAnswer     = "error"
)

// RecaptchaPassed is what the simulated check for robots gives.
const RecaptchaPassed = "passed"

// Challenge is the next step of a login.
type Challenge struct {
	LoginID string
	Kind    ChallengeKind
	// Prompt is the bank's own sentence, where it has one.
	Prompt    string
	Fields    []Field
	Devices   []DeviceOption
	Questions []Question
	// Round counts from 1 to Rounds where questions come in several rounds.
	Round, Rounds int
	// URL is the page of the bank that the person visits, State what the bank
	// sends back with them: a secret of this login.
	URL, State string
	// Hints are answers that a simulated bank takes, for the sandbox strip. Real
	// banks leave it empty.
	Hints map[string]string
	// AttemptsLeft is how many wrong answers the bank will still take.
	AttemptsLeft int
	ExpiresAt    time.Time
	Grant        Grant
}

// Field is an input of a credentials challenge.
type Field struct {
	Name  string // key of the answer
	Label string // in the bank's words
	Kind  string // FieldText or FieldPassword
}

// The kinds of credential fields.
const (
	FieldText     = "text"
	FieldPassword = "password"
)

// DeviceOption is a place that a code can be sent to, masked for display.
type DeviceOption struct {
	ID    string
	Kind  string // "phone" or "email"
	Label string
}

// Question is one question of a second factor. It has Options when one of them
// must be chosen.
type Question struct {
	Name    string // key of the answer
	Text    string
	Options []string
}

// Account is what a bank says of one account. Empty texts and nil amounts mean
// that the bank does not say.
type Account struct {
	// Ref is the bank's own key of the account: the same each time the same
	// person logs in, unique within a grant.
	Ref string
	// PersistentID names the account the same way on all grants; only some
	// banks give one.
	PersistentID   string
	Name           string
	OfficialName   string
	Mask           string // last two to four characters of the number
	Type           string
	Subtype        string
	Currency       string // ISO 4217
	HolderCategory string // "personal" or "business"
	Available      *Decimal
	Current        *Decimal
	Limit          *Decimal
	// BalancesAt is when the balances were last known to be true, at banks that
	// tell it.
	BalancesAt time.Time
	// Debitable accounts can be debited by account number.
	Debitable bool
}

// Numbers are the account numbers of one account, in each scheme that reaches
// it.
type Numbers struct {
	Ref           string
	ACH           *ACH
	EFT           *EFT
	International *International
	BACS          *BACS
}

// ACH reaches an account in the United States. WireRouting is empty where wires
// do not reach it; Tokenized numbers were made for one grant alone.
type ACH struct {
	Account, Routing, WireRouting string
	Tokenized                     bool
}

// EFT reaches an account in Canada.
type EFT struct{ Account, Institution, Branch string }

// International reaches an account by IBAN.
type International struct{ IBAN, BIC string }

// BACS reaches an account in the United Kingdom.
type BACS struct{ Account, SortCode string }

// Owner is what a bank says of the holders of an account. Several holders share
// one Owner with several names.
type Owner struct {
	Names     []string
	Phones    []Phone
	Emails    []Email
	Addresses []Address
}

// Phone is a telephone number: home, work, office, mobile, mobile1 or other.
type Phone struct {
	Data    string
	Primary bool
	Type    string
}

// Email is an e-mail address: primary, secondary or other.
type Email struct {
	Data    string
	Primary bool
	Type    string
}

// Address is a postal address; parts that the bank does not know are empty.
type Address struct {
	Street, City, Region, PostalCode, Country string
	Primary                                   bool
}

// Player does what a person would do on the pages of a simulated bank: it signs
// in at the URL of an OAuth Challenge, decides, and answers the address that the
// bank sends the person back to. Nothing is left out but the drawing of the pages.
type Player interface {
	Play(ctx context.Context, url string, in Play) (back string, err error)
}

// Play is what a person does on the pages of a bank.
type Play struct {
	Username, Password string
	// Decision is PlayAllow, PlayDeny or PlayError.
	Decision string
	// Masks name the accounts to share; none stand for all.
	Masks []string
}

// The decisions of Play: to share accounts, not to, or to meet a bank in trouble
// where it offers that.
const (
	PlayAllow = "allow"
	PlayDeny  = "deny"
	PlayError = "error"
)
