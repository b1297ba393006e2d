package glenchecktest_test

import (
	"errors"
	"fmt"
	"log"
	"time"

	"github.com/glencheck-dev/glencheck/glenchecktest"
)

// linkToken asks for a Link token as a program under test would.
func linkToken(gc *glenchecktest.Server, products ...string) string {
	var out struct {
		LinkToken string `json:"link_token"`
	}
	err := gc.Call("/link/token/create", map[string]any{
		"client_name": "Wonderwallet", "language": "en", "country_codes": []string{"US"},
		"products": products, "user": map[string]string{"client_user_id": "user-1"},
	}, &out)
	if err != nil {
		log.Fatal(err)
	}
	return out.LinkToken
}

// accessToken exchanges a public token as a program under test would.
func accessToken(gc *glenchecktest.Server, publicToken string) string {
	var out struct {
		AccessToken string `json:"access_token"`
	}
	if err := gc.Call("/item/public_token/exchange", map[string]string{"public_token": publicToken}, &out); err != nil {
		log.Fatal(err)
	}
	return out.AccessToken
}

// In a test, Start takes the place of Open and Close.
func Example() {
	gc, err := glenchecktest.Open()
	if err != nil {
		log.Fatal(err)
	}
	defer gc.Close()

	session, err := gc.Link.Complete(linkToken(gc, "auth"), glenchecktest.UserGood())
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(session.Done.Success, session.Done.Metadata["institution"].(map[string]any)["name"])

	var auth struct {
		Numbers struct {
			ACH []struct{ Account, Routing string }
		}
	}
	if err := gc.Call("/auth/get", map[string]string{"access_token": accessToken(gc, session.Done.PublicToken)}, &auth); err != nil {
		log.Fatal(err)
	}
	fmt.Println(auth.Numbers.ACH[0].Account)
	// Output:
	// true First Platypus Bank
	// 1111222233330000
}

func ExampleLink_Open() {
	gc, err := glenchecktest.Open()
	if err != nil {
		log.Fatal(err)
	}
	defer gc.Close()

	s, err := gc.Link.Open(linkToken(gc, "auth"))
	if err != nil {
		log.Fatal(err)
	}
	for _, step := range []func() error{
		func() error { return s.Submit(nil) },
		func() error { return s.Do("pick", "ins_109508") },
		func() error { return s.Submit(map[string]any{"username": "user_good", "password": "wrong"}) },
		func() error { return s.Exit(true) },
	} {
		if err := step(); err != nil {
			log.Fatal(err)
		}
	}
	fmt.Println(s.Story())
	fmt.Println(s.Done.Error.Code)
	// Output:
	// OPEN CONSENT
	// TRANSITION_VIEW SELECT_INSTITUTION
	// SELECT_INSTITUTION
	// TRANSITION_VIEW CREDENTIAL
	// SUBMIT_CREDENTIALS
	// TRANSITION_VIEW LOADING
	// ERROR INVALID_CREDENTIALS
	// TRANSITION_VIEW CREDENTIAL
	// EXIT requires_credentials
	// INVALID_CREDENTIALS
}

func ExampleClock_Advance() {
	gc, err := glenchecktest.Open(glenchecktest.WithManualClock(time.Date(2026, time.March, 2, 12, 0, 0, 0, time.UTC)))
	if err != nil {
		log.Fatal(err)
	}
	defer gc.Close()

	token := linkToken(gc, "auth")
	if err := gc.Clock.Advance(4*time.Hour + time.Second); err != nil {
		log.Fatal(err)
	}
	fmt.Println(gc.Clock.Now().Format(time.DateTime))
	session, err := gc.Link.Complete(token, glenchecktest.UserGood())
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(session.Done.Error.Code)
	// Output:
	// 2026-03-02 16:00:01
	// INVALID_LINK_TOKEN
}

func ExampleFaults_Set() {
	gc, err := glenchecktest.Open()
	if err != nil {
		log.Fatal(err)
	}
	defer gc.Close()

	id, err := gc.Faults.Set(glenchecktest.Fault{Path: "/institutions/*", ErrorCode: "INSTITUTIONS_GET_BY_ID_LIMIT", Count: 1})
	if err != nil {
		log.Fatal(err)
	}
	ask := map[string]any{"institution_id": "ins_109508", "country_codes": []string{"US"}}
	for range 2 {
		var refused *glenchecktest.Error
		err := gc.Call("/institutions/get_by_id", ask, nil)
		fmt.Println(errors.As(err, &refused) && refused.Status == 429)
	}
	struck, err := gc.Faults.Struck(id)
	fmt.Println(struck, err)
	// Output:
	// true
	// false
	// 1 <nil>
}

// The app hands an account to its partner, which looks at the owners.
func ExamplePartner_Call() {
	gc, err := glenchecktest.Open()
	if err != nil {
		log.Fatal(err)
	}
	defer gc.Close()
	session, err := gc.Link.Complete(linkToken(gc, "identity"), glenchecktest.UserGood())
	if err != nil {
		log.Fatal(err)
	}
	access, account := accessToken(gc, session.Done.PublicToken), session.Done.Metadata["accounts"].([]any)[0].(map[string]any)["id"].(string)
	token, err := gc.Partner.Token(access, account)
	if err != nil {
		log.Fatal(err)
	}

	var match struct {
		Account struct {
			LegalName struct{ Score int } `json:"legal_name"`
		}
	}
	err = gc.Partner.Call("/processor/identity/match", map[string]any{
		"processor_token": token, "user": map[string]string{"legal_name": "Alberta B. Charleson"},
	}, &match)
	fmt.Println(match.Account.LegalName.Score >= 70, err)

	err = gc.Partner.Call("/identity/get", map[string]string{"access_token": access}, nil)
	var refused *glenchecktest.Error
	fmt.Println(errors.As(err, &refused), refused.Code)
	// Output:
	// true <nil>
	// true UNAUTHORIZED_ROUTE_ACCESS
}
