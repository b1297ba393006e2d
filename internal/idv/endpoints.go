package idv

import (
	"context"
	"encoding/base64"
	"encoding/json"
	"math"

	"github.com/glencheck-dev/glencheck/internal/api"
	"github.com/glencheck-dev/glencheck/internal/idv/person"
	"github.com/glencheck-dev/glencheck/internal/plaid"
	"github.com/glencheck-dev/glencheck/internal/team"
)

// product is what a client must be enabled for.
const product = "identity_verification"

// Endpoints are the paths this room answers.
func (s *Service) Endpoints() []api.Endpoint {
	return append([]api.Endpoint{
		api.Post("/identity_verification/create", s.create, api.Summary("Begin to verify a person")),
		api.Post("/identity_verification/get", s.get, api.Summary("Read an Identity Verification")),
		api.Post("/identity_verification/list", s.list, api.Summary("List the Identity Verifications of a person")),
		api.Post("/identity_verification/retry", s.retry, api.Summary("Let a person try again")),
		api.Post("/identity_verification/autofill/create", s.autofill, api.Summary("Find out the rest of what a person would have to type")),
	}, s.levers()...)
}

// allowed refuses a client that is not enabled for Identity Verification.
func (s *Service) allowed(ctx context.Context, call api.Call) error {
	return s.enabled(ctx, call.Caller.ClientID)
}

func (s *Service) enabled(ctx context.Context, clientID string) error {
	c, err := s.cfg.Teams.Client(ctx, clientID)
	if err != nil {
		return err
	}
	if refused := c.Unauthorized([]string{product}); refused != nil {
		return plaid.Unauthorized(refused...)
	}
	return nil
}

// createIn is schema IdentityVerificationCreateRequest. gave_consent is required
// there and left out by the official quickstart: its default is false.
type createIn struct {
	ClientUserID string    `json:"client_user_id" max:"1000"`
	UserID       *string   `json:"user_id" max:"1000"`
	Shareable    bool      `json:"is_shareable" required:"true"`
	TemplateID   string    `json:"template_id" required:"true" min:"1" must:"be filled."`
	GaveConsent  bool      `json:"gave_consent"`
	Idempotent   bool      `json:"is_idempotent"`
	User         *createUs `json:"user" open:"true"`
}

// createUs is schema IdentityVerificationCreateRequestUser.
type createUs struct {
	person.Input
	ClientUserID *string `json:"client_user_id" max:"1000"` // deprecated, and still what the quickstart sends
}

func (s *Service) create(ctx context.Context, call api.Call, in createIn) (Object, error) {
	if err := s.allowed(ctx, call); err != nil {
		return Object{}, err
	}
	who, path := in.ClientUserID, "client_user_id"
	if who == "" && in.User != nil && in.User.ClientUserID != nil {
		who, path = *in.User.ClientUserID, "user.client_user_id"
	}
	subject, err := s.subject(ctx, call, who, path, in.UserID)
	if err != nil {
		return Object{}, err
	}
	n := newAttempt{subject: subject, templateID: in.TemplateID, agreed: in.GaveConsent, shareable: in.Shareable, idempotent: in.Idempotent}
	if in.User != nil && in.User.given() {
		if in.UserID != nil {
			return Object{}, plaid.InvalidField("user must be null when user_id is provided: use /user/update instead")
		}
		if n.user, err = in.User.Check("user", s.clock.Now(), policy); err != nil {
			return Object{}, err
		}
		n.given = true
	}
	a, err := s.Create(ctx, n)
	if err != nil {
		return Object{}, err
	}
	return s.object(a), nil
}

// given reports whether there is more in the object than the deprecated name of
// the person.
func (u *createUs) given() bool { return u.Input != person.Input{} }

// subject is the person that a request is about.
type subject struct {
	clientID     string
	clientUserID string
	userID       string // usr_…, "" for none
	known        User   // what /user/create was told
}

// subject finds the person that a request names: by the client's own word, by a
// user_id, or by both, which must be of one person then.
func (s *Service) subject(ctx context.Context, call api.Call, clientUserID, path string, userID *string) (subject, error) {
	who := subject{clientID: call.Caller.ClientID, clientUserID: clientUserID}
	if userID == nil {
		if clientUserID == "" {
			return who, plaid.MissingFields("client_user_id")
		}
		return who, team.CheckClientUserID(path, clientUserID)
	}
	u, err := s.cfg.Users.ByUserID(ctx, who.clientID, *userID)
	if err != nil {
		return who, err
	}
	if clientUserID != "" && clientUserID != u.ClientUserID {
		return who, plaid.InvalidField("user_id must have been created from the client_user_id")
	}
	id, err := s.cfg.Users.Identity(u)
	if err != nil {
		return who, err
	}
	who.clientUserID, who.userID, who.known = u.ClientUserID, u.ID, s.known(id)
	return who, nil
}

type getIn struct {
	ID string `json:"identity_verification_id" required:"true" min:"1" must:"be filled."`
}

// answered is an attempt as get answers it, until it changes.
type answered struct {
	clientID string
	out      api.Encoded[Object]
}

func (s *Service) get(ctx context.Context, call api.Call, in getIn) (api.Encoded[Object], error) {
	if err := s.allowed(ctx, call); err != nil {
		return api.Encoded[Object]{}, err
	}
	held, ok, ticket := s.answers.Get(in.ID)
	if ok && held.clientID == call.Caller.ClientID {
		return held.out, nil
	}
	a, err := s.Get(ctx, call.Caller.ClientID, in.ID)
	if err != nil {
		return api.Encoded[Object]{}, err
	}
	told := s.object(a)
	out, err := api.Encode(&told)
	if err == nil && told.Documents == nil && told.Selfie == nil { // pictures have addresses that end
		s.answers.Put(ticket, a.ID, answered{a.ClientID, out})
	}
	return out, err
}

// listIn is schema IdentityVerificationListRequest.
type listIn struct {
	TemplateID   string  `json:"template_id" required:"true" min:"1" must:"be filled."`
	ClientUserID string  `json:"client_user_id" max:"1000"`
	UserID       *string `json:"user_id" max:"1000"`
	Cursor       *string `json:"cursor" max:"200"`
}

// listOut is schema IdentityVerificationListResponse.
type listOut struct {
	List []Object `json:"identity_verifications"`
	Next *string  `json:"next_cursor"`
}

// perPage is how many attempts a page has: the newest first.
const perPage = 25

// cursor is where the next page begins, as the documented example holds it.
type cursor struct {
	Direction string `json:"direction"`
	Offset    int64  `json:"offset"`
}

func (s *Service) list(ctx context.Context, call api.Call, in listIn) (listOut, error) {
	if err := s.allowed(ctx, call); err != nil {
		return listOut{}, err
	}
	who, err := s.subject(ctx, call, in.ClientUserID, "client_user_id", in.UserID)
	if err != nil {
		return listOut{}, err
	}
	if _, err := s.template(ctx, who.clientID, in.TemplateID); err != nil {
		return listOut{}, err
	}
	before := int64(math.MaxInt64)
	if in.Cursor != nil && *in.Cursor != "" {
		if before, err = readCursor(*in.Cursor); err != nil {
			return listOut{}, err
		}
	}
	page, err := s.page(ctx, who.clientID, who.clientUserID, in.TemplateID, before, perPage+1)
	if err != nil {
		return listOut{}, err
	}
	out := listOut{List: []Object{}}
	if len(page) > perPage {
		page = page[:perPage]
		next := writeCursor(page[perPage-1].Number)
		out.Next = &next
	}
	for _, a := range page {
		out.List = append(out.List, s.object(a))
	}
	return out, nil
}

func writeCursor(offset int64) string {
	raw, err := json.Marshal(cursor{"next", offset})
	if err != nil {
		panic("idv: " + err.Error()) // a word and a number: cannot happen
	}
	return base64.StdEncoding.EncodeToString(raw)
}

func readCursor(s string) (int64, error) {
	raw, err := base64.StdEncoding.DecodeString(s)
	var c cursor
	if err != nil || json.Unmarshal(raw, &c) != nil || c.Direction != "next" || c.Offset < 1 {
		return 0, plaid.InvalidField("cursor must be the next_cursor of an earlier answer")
	}
	return c.Offset, nil
}

// retryIn is schema IdentityVerificationRetryRequest.
type retryIn struct {
	ClientUserID string        `json:"client_user_id" required:"true" min:"1" must:"be filled."`
	TemplateID   string        `json:"template_id" required:"true" min:"1" must:"be filled."`
	Strategy     Strategy      `json:"strategy" required:"true" enum:"reset,incomplete,infer,custom"`
	User         *person.Input `json:"user" open:"true"`
	Steps        *retrySteps   `json:"steps" open:"true"` // the guide also speaks of steps.liveness, which no schema has
	Shareable    *bool         `json:"is_shareable"`
}

// retrySteps is schema IdentityVerificationRetryRequestStepsObject.
type retrySteps struct {
	VerifySMS bool `json:"verify_sms" required:"true"`
	KYC       bool `json:"kyc_check" required:"true"`
	Documents bool `json:"documentary_verification" required:"true"`
	Selfie    bool `json:"selfie_check" required:"true"`
}

func (s *Service) retry(ctx context.Context, call api.Call, in retryIn) (Object, error) {
	if err := s.allowed(ctx, call); err != nil {
		return Object{}, err
	}
	if (in.Strategy == Custom) != (in.Steps != nil) {
		return Object{}, plaid.InvalidField("steps must be provided when strategy is custom, and only then")
	}
	user, err := in.User.Check("user", s.clock.Now(), policy)
	if err != nil {
		return Object{}, err
	}
	r := retryOf{
		clientID: call.Caller.ClientID, clientUserID: in.ClientUserID, templateID: in.TemplateID,
		strategy: in.Strategy, steps: in.Steps, user: user, given: in.User != nil && *in.User != person.Input{}, shareable: in.Shareable,
	}
	a, err := s.Retry(ctx, r)
	if err != nil {
		return Object{}, err
	}
	return s.object(a), nil
}
