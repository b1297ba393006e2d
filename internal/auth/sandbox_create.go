package auth

import (
	"context"
	"fmt"
	"maps"
	"slices"

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
}

// routes are the statuses that can be reached, with the inputs that are documented
// for each (plaid-server-api.md section 11.6).
var routes = map[item.Verification]route{
	item.PendingAutomatic:      {houndstooth, automatedInputs, "021000021", nil},
	item.AutomaticallyVerified: {houndstooth, automatedInputs, "021000021", (*trip).setStatus},
	item.VerificationExpired:   {houndstooth, automatedInputs, "021000021", (*trip).setStatus},
	item.PendingManual:         {byDeposit, typedInputs, "110000000", nil},
	item.ManuallyVerified:      {byDeposit, typedInputs, "110000000", (*trip).enterCode},
	item.VerificationFailed:    {byDeposit, typedInputs, "110000000", (*trip).enterWrongCodes},
}

var (
	byDeposit       = map[string]any{"same_day_microdeposits_enabled": true}
	typedInputs     = map[string]any{"account_number": "1111222233330000"}
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
	if in.LegalName == "" {
		in.LegalName = "Alberta Bobbeth Charleson"
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
	inputs := map[string]any{"name": t.in.LegalName, "routing_number": r.routing}
	maps.Copy(inputs, r.inputs)
	t.out.Account, _ = inputs["account_number"].(string)
	done, err := t.session(request, map[string]any{"inputs": inputs})
	if err != nil {
		return err
	}
	if done == nil || done.Kind != "success" {
		return fmt.Errorf("auth: the session to %s did not succeed", t.in.Status)
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
		return fmt.Errorf("auth: the way to %s led to %q", t.in.Status, t.out.Status)
	}
	return nil
}
