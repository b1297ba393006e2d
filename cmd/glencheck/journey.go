package main

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/glencheck-dev/glencheck/internal/clock"
)

// The request of the guides to Auth and to Identity: the fields of the one, the
// products of both.
const linkTokenRequest = `{
	"user": {"client_user_id": "user-id"},
	"client_name": "Plaid Test App",
	"products": ["auth", "identity"],
	"country_codes": ["US"],
	"language": "en",
	"webhook": "https://webhook.example.com",
	"redirect_uri": "https://domainname.com/oauth-page.html"}`

// walk links an account as the guides tell it, in the order they tell it. It
// goes to the end even if something is not as it should be, unless the next
// step has nothing to stand on.
func (j *journey) walk() error {
	for _, part := range []func(){j.linkToken, j.link, j.exchange, j.numbers, j.owners, j.end} {
		if part(); j.lost != nil {
			return j.lost
		}
	}
	if j.wrong > 0 {
		return fmt.Errorf("%d of %d checks did not come true", j.wrong, j.checks)
	}
	return nil
}

func (j *journey) linkToken() {
	j.title("Your server asks for a Link token")
	now := clock.Real().Now()
	a := j.call("/link/token/create", linkTokenRequest)
	j.token = a.text("link_token")
	j.check(strings.HasPrefix(j.token, "link-sandbox-"), "a Link token of the sandbox")
	expires, err := time.Parse(time.RFC3339, a.text("expiration"))
	j.check(err == nil && expires.Sub(now).Round(time.Minute) == 4*time.Hour, "it is good for four hours")
}

func (j *journey) link() {
	j.title("A person goes through Link")
	a := j.pane("open", fmt.Sprintf(`{"link_token": %q}`, j.token))
	session := a.text("session")
	step := func(rest string) answer { return j.pane("step", fmt.Sprintf(`{"session": %q, %s}`, session, rest)) }
	step(`"action": "submit"`)
	step(`"action": "search", "value": "platypus"`)
	a = step(`"action": "pick", "value": "ins_109508"`)
	j.check(a.text("view") == "CREDENTIAL" && a.text("institution", "name") == "First Platypus Bank", "the bank asks for credentials")
	a = step(`"fields": {"username": "user_good", "password": "wrong"}`)
	j.check(a.text("view") == "CREDENTIAL" && slices.Contains(j.events, "ERROR INVALID_CREDENTIALS"), "wrong ones are refused, with a second chance")
	a = step(`"fields": {"username": "user_good", "password": "pass_good"}`)
	j.check(a.text("view") == "SELECT_ACCOUNT", "right ones lead to the accounts")
	a = step(fmt.Sprintf(`"fields": {"account": [%q]}`, a.accountWithMask("0000")))
	j.check(a.text("view") == "CONNECTED", "an account is chosen")
	a = step(`"action": "submit"`)
	j.public = a.text("done", "public_token")
	j.account = a.text("done", "metadata", "accounts", "0", "id")
	j.check(a.text("done", "kind") == "success" && strings.HasPrefix(j.public, "public-sandbox-"), "Link hands over a public token")
	j.check(a.text("done", "metadata", "accounts", "0", "mask") == "0000", "and the account that was chosen")
	j.check(slices.Equal(j.events, wantEvents), "the events came in the documented order")
	if j.public == "" {
		j.lost = errors.New("a Link session without a public token")
	}
}

// wantEvents is the order of the guide to Instant Auth, with one wrong password
// on the way.
var wantEvents = []string{
	"OPEN CONSENT", "TRANSITION_VIEW SELECT_INSTITUTION", "SEARCH_INSTITUTION", "SELECT_INSTITUTION",
	"TRANSITION_VIEW CREDENTIAL", "SUBMIT_CREDENTIALS", "TRANSITION_VIEW LOADING", "ERROR INVALID_CREDENTIALS",
	"TRANSITION_VIEW CREDENTIAL", "SUBMIT_CREDENTIALS", "TRANSITION_VIEW LOADING",
	"TRANSITION_VIEW SELECT_ACCOUNT", "TRANSITION_VIEW LOADING", "TRANSITION_VIEW CONNECTED", "HANDOFF",
}

func (j *journey) exchange() {
	j.title("Your server exchanges the public token")
	a := j.call("/item/public_token/exchange", fmt.Sprintf(`{"public_token": %q}`, j.public))
	j.access = a.text("access_token")
	j.check(strings.HasPrefix(j.access, "access-sandbox-") && a.text("item_id") != "", "an access token and an Item")
	again := j.call("/item/public_token/exchange", fmt.Sprintf(`{"public_token": %q}`, j.public))
	j.check(again.text("error_code") == "INVALID_PUBLIC_TOKEN", "a public token is good for one exchange")
	if j.access == "" {
		j.lost = errors.New("an exchange without an access token")
	}
}

func (j *journey) numbers() {
	j.title("Auth: the account's numbers")
	a := j.call("/auth/get", fmt.Sprintf(`{"access_token": %q}`, j.access))
	j.check(a.text("numbers", "ach", "0", "account") == "1111222233330000" && a.text("numbers", "ach", "0", "routing") == "011401533",
		"account and routing number of the account that was chosen")
	j.check(a.text("numbers", "ach", "0", "account_id") == j.account && a.length("accounts") == 1, "of that account only")
}

func (j *journey) owners() {
	j.title("Identity: who holds it")
	a := j.call("/identity/get", fmt.Sprintf(`{"access_token": %q}`, j.access))
	j.check(a.text("accounts", "0", "owners", "0", "names", "0") == "Alberta Bobbeth Charleson", "the owner's name")
	j.check(a.text("accounts", "0", "owners", "0", "emails", "0", "data") == "accountholder0@example.com", "and how to reach the owner")
}

func (j *journey) end() {
	j.title("The end of the Item")
	j.call("/item/remove", fmt.Sprintf(`{"access_token": %q}`, j.access))
	a := j.call("/item/get", fmt.Sprintf(`{"access_token": %q}`, j.access))
	j.check(a.text("error_code") == "ITEM_NOT_FOUND", "a removed Item is gone")
}
