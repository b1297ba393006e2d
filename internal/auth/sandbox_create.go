package auth

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strconv"

	"github.com/glencheck-dev/glencheck/internal/api"
	"github.com/glencheck-dev/glencheck/internal/item"
	"github.com/glencheck-dev/glencheck/internal/link"
	"github.com/glencheck-dev/glencheck/internal/plaid"
)

// Do asks an endpoint of the API in the name of a caller: api.Server.Do.
type Do func(ctx context.Context, call api.Call, path string, in, out any) error

// Through lets levers call the API. It exists only once all endpoints do.
func (a *Auth) Through(do Do) { a.do = do }

// CreateRequest is the request of /sandbox/item/create_with_verification_status.
type CreateRequest struct {
	Status     item.Verification `json:"verification_status" required:"true"`
	ClientName string            `json:"client_name" min:"1" max:"30"`
	Webhook    *string           `json:"webhook" max:"2000"`
	LegalName  string            `json:"legal_name" max:"200"`
}

// CreateAnswer is an Item whose one account has the status.
type CreateAnswer struct {
	AccessToken string            `json:"access_token"`
	ItemID      string            `json:"item_id"`
	AccountID   string            `json:"account_id"`
	Status      item.Verification `json:"verification_status"`
	Routing     string            `json:"routing"`
	Account     string            `json:"account"`
	// Calls are the paths that were called to come here, in their order.
	Calls []string `json:"calls"`
}

// route leads an Item to a verification_status by calls that its developer could
// make.
type route struct {
	auth map[string]any // of the link token
	// inputs are what the person knows; the numbers are added.
	inputs  map[string]any
	routing string
	then    func(*trip) error
	rule    string // database_auth of a customization, where another one has to be worn
}

// routes are the statuses that can be reached, with the inputs that are documented
// for each (plaid-server-api.md section 11.6).
var routes = map[item.Verification]route{
	item.PendingAutomatic:      {houndstooth, automatedInputs, "021000021", nil, ""},
	item.AutomaticallyVerified: {houndstooth, automatedInputs, "021000021", (*trip).setStatus, ""},
	item.VerificationExpired:   {houndstooth, automatedInputs, "021000021", (*trip).setStatus, ""},
	item.PendingManual:         {byDeposit, typedInputs, "110000000", nil, ""},
	item.ManuallyVerified:      {byDeposit, typedInputs, "110000000", (*trip).enterCode, ""},
	item.VerificationFailed:    {byDeposit, typedInputs, "110000000", (*trip).enterWrongCodes, ""},
	item.InsightsPass:          {byInsights, knownInputs, "110000000", nil, ""},
	item.InsightsCaution:       {byInsights, map[string]any{"account_number": "1111222233333333", "name": knownName}, "110000000", nil, ""},
	item.InsightsFail:          {byInsights, map[string]any{"account_number": "1111222233332222", "name": knownName}, "110000000", nil, acceptAny},
	item.DatabaseMatched:       {map[string]any{"database_match_enabled": true}, knownInputs, "110000000", nil, ""},
}

// leverDress is the link_customization_name of Items whose numbers a network has
// nothing good to say of: by default no Item would be made.
const leverDress = "glencheck database_auth any"

var (
	byDeposit       = map[string]any{"same_day_microdeposits_enabled": true}
	typedInputs     = map[string]any{"account_number": "1111222233330000"}
	byInsights      = map[string]any{"database_insights_enabled": true}
	knownInputs     = map[string]any{"account_number": knownAccount, "name": knownName}
	houndstooth     = map[string]any{"automated_microdeposits_enabled": true}
	automatedInputs = map[string]any{
		"institution_id": "ins_109512", "username": "user_good", "password": "microdeposits_good",
		"accounts": map[string]any{"masks": []string{"0000"}}, "account_number": "1111222233330000",
	}
)

// trip is one use of the lever.
type trip struct {
	a    *Auth
	ctx  context.Context
	call api.Call
	in   CreateRequest
	out  CreateAnswer
}

func (a *Auth) create(ctx context.Context, call api.Call, in CreateRequest) (CreateAnswer, error) {
	r, ok := routes[in.Status]
	if !ok {
		known := slices.Sorted(maps.Keys(routes))
		return CreateAnswer{}, plaid.InvalidField(fmt.Sprintf("verification_status must be one of %v", known))
	}
	if in.ClientName == "" {
		in.ClientName = "Glencheck"
	}
	t := &trip{a: a, ctx: ctx, call: call, in: in, out: CreateAnswer{Routing: r.routing}}
	if err := t.link(r); err != nil {
		return CreateAnswer{}, err
	}
	if r.then != nil {
		if err := r.then(t); err != nil {
			return CreateAnswer{}, err
		}
	}
	return t.out, t.arrive()
}

// ask calls an endpoint.
func (t *trip) ask(path string, in map[string]any, out any) error {
	t.out.Calls = append(t.out.Calls, path)
	return t.a.do(t.ctx, t.call, path, in, out)
}

// link goes through Link as the person would, and exchanges the public token.
func (t *trip) link(r route) error {
	request := map[string]any{
		"user": map[string]any{"client_user_id": t.call.RequestID}, "client_name": t.in.ClientName, "language": "en",
		"country_codes": []string{"US"}, "products": []string{product}, "auth": r.auth,
	}
	if t.in.Webhook != nil {
		request["webhook"] = *t.in.Webhook
	}
	if r.rule != "" {
		dress := map[string]any{"name": leverDress, "database_auth": r.rule}
		if err := t.ask("/sandbox/team/customization/set", dress, &struct{}{}); err != nil {
			return err
		}
		request["link_customization_name"] = leverDress
	}
	inputs := map[string]any{"name": sampleName, "routing_number": r.routing}
	maps.Copy(inputs, r.inputs)
	if t.in.LegalName != "" {
		inputs["name"] = t.in.LegalName
	}
	t.out.Account, _ = inputs["account_number"].(string)
	done, err := t.session(request, map[string]any{"inputs": inputs})
	if err != nil {
		return err
	}
	if done == nil || done.Kind != "success" {
		return t.unreached("Link came to no success")
	}
	t.out.AccountID = done.Metadata.AccountID
	var item struct {
		AccessToken string `json:"access_token"`
		ItemID      string `json:"item_id"`
	}
	err = t.ask("/item/public_token/exchange", map[string]any{"public_token": done.PublicToken}, &item)
	t.out.AccessToken, t.out.ItemID = item.AccessToken, item.ItemID
	return err
}

// ended is how a session ended.
type ended struct {
	Kind        string `json:"kind"`
	PublicToken string `json:"public_token"`
	Metadata    struct {
		AccountID string `json:"account_id"`
	} `json:"metadata"`
}

// session makes a link token and lets a person go through Link: script is what they
// know or do. It is nil if they did not come to an end.
func (t *trip) session(token, script map[string]any) (*ended, error) {
	var made struct {
		LinkToken string `json:"link_token"`
	}
	if err := t.ask("/link/token/create", token, &made); err != nil {
		return nil, err
	}
	script["link_token"] = made.LinkToken
	var answer struct {
		Done *ended `json:"done"`
	}
	return answer.Done, t.ask("/sandbox/link/session/complete", script, &answer)
}

// back is the link token of a person who comes back with a code.
func (t *trip) back() map[string]any {
	return map[string]any{
		"user": map[string]any{"client_user_id": t.call.RequestID}, "client_name": t.in.ClientName, "language": "en",
		"country_codes": []string{"US"}, "access_token": t.out.AccessToken,
	}
}

// enterCode lets the deposit be posted, reads the code on the statement of the
// account, and has the person enter it.
func (t *trip) enterCode() error {
	var events struct {
		List []struct {
			Transfer string `json:"bank_transfer_id"`
		} `json:"bank_transfer_events"`
	}
	if err := t.ask("/bank_transfer/event/list", map[string]any{"account_id": t.out.AccountID}, &events); err != nil {
		return err
	}
	posted := map[string]any{"bank_transfer_id": events.List[0].Transfer, "event_type": "posted"}
	if err := t.ask("/sandbox/bank_transfer/simulate", posted, &struct{}{}); err != nil {
		return err
	}
	var statement struct {
		Deposits []struct {
			Code *string `json:"code"`
		} `json:"deposits"`
	}
	if err := t.ask("/sandbox/bank/statement/get", map[string]any{"account": t.out.Account}, &statement); err != nil {
		return err
	}
	for _, d := range statement.Deposits { // the newest first; other deposits have none
		if d.Code != nil {
			_, err := t.session(t.back(), map[string]any{"inputs": map[string]any{"code": *d.Code}})
			return err
		}
	}
	return plaid.InvalidField("verification_status cannot be manually_verified now: the deposit has not come to the account (/sandbox/bank/rails/set, /sandbox/bank/account/set)")
}

// enterWrongCodes has the person guess until there are no more tries.
func (t *trip) enterWrongCodes() error {
	guess := map[string]any{"view": string(link.SameDayCode), "fields": map[string]any{"code": "XYZ"}}
	steps := slices.Repeat([]map[string]any{guess}, maxCodes)
	_, err := t.session(t.back(), map[string]any{"steps": append(steps, map[string]any{"action": "exit", "value": "force"})})
	return err
}

// setStatus ends the wait for a deposit with the lever that Plaid has.
func (t *trip) setStatus() error {
	return t.ask("/sandbox/item/set_verification_status", map[string]any{
		"access_token": t.out.AccessToken, "account_id": t.out.AccountID, "verification_status": string(t.in.Status),
	}, &struct{}{})
}

// arrive reads what the account says, as the developer would.
func (t *trip) arrive() error {
	var answer struct {
		Accounts []struct {
			Status item.Verification `json:"verification_status"`
		} `json:"accounts"`
	}
	if err := t.ask("/accounts/get", map[string]any{"access_token": t.out.AccessToken}, &answer); err != nil {
		return err
	}
	if t.out.Status = answer.Accounts[0].Status; t.out.Status != t.in.Status {
		return t.unreached("the way led to " + strconv.Quote(string(t.out.Status)))
	}
	return nil
}

// unreached says that the levers that are set, or the name, led somewhere else.
func (t *trip) unreached(why string) error {
	return plaid.InvalidField(fmt.Sprintf("verification_status cannot be %s now: %s, by legal_name or by a lever that is set (/sandbox/bank/network/set, /sandbox/bank/account/set)", t.in.Status, why))
}
