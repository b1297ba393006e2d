package server_test

import (
	"bytes"
	"context"
	"database/sql"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"os"
	"path"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	_ "github.com/jackc/pgx/v5/stdlib" // to look into PostgreSQL past the store

	"github.com/glencheck-dev/glencheck/internal/contact"
	"github.com/glencheck-dev/glencheck/internal/decision"
	"github.com/glencheck-dev/glencheck/internal/link"
	"github.com/glencheck-dev/glencheck/internal/server/servertest"
	"github.com/glencheck-dev/glencheck/internal/store/storetest"
)

// Values that must not be found in a database or a log: they stand for what a
// person has and what opens a door.
const (
	canaryName    = "Canary Planted-Name"
	canaryStreet  = "4711 Planted Street"
	canaryEmail   = "planted.canary@example.com"
	canaryPhone   = "2025550165"
	canaryAccount = "47114711471147"
	canarySSN     = "471147114"

	canaryUser     = "planted_user_4711"
	canaryPassword = "planted_password_4711"
	canaryHook     = "planted-hook-4711"
	canaryReturn   = "planted4711://return"
)

// TestNothingPersonalLiesOpen walks through Link tokens, Link, Items, Auth,
// Identity and users with planted values, and looks for them, and for every token
// that was given out, in the raw database and in the log.
func TestNothingPersonalLiesOpen(t *testing.T) {
	t.Run("sqlite", func(t *testing.T) {
		file := filepath.Join(t.TempDir(), "state.db")
		secrets, log := plant(t, file)
		var raw []byte
		for _, name := range []string{file, file + "-wal"} {
			b, err := os.ReadFile(name)
			if err != nil && !os.IsNotExist(err) {
				t.Fatal(err)
			}
			raw = append(raw, b...)
		}
		lookFor(t, secrets, map[string][]byte{"the database file": raw, "the log": log})
	})
	t.Run("postgres", func(t *testing.T) {
		url := storetest.PostgresURL(t)
		secrets, log := plant(t, url)
		lookFor(t, secrets, map[string][]byte{"the database": dump(t, url), "the log": log})
	})
}

// plant makes a server deal with the planted values and stops it. It returns
// them with every token that the server gave out, and the log.
func plant(t *testing.T, db string) (secrets []string, log []byte) {
	t.Helper()
	var buf bytes.Buffer
	s, err := servertest.Open(servertest.DB(db), servertest.Log(&buf))
	if err != nil {
		t.Fatal(err)
	}
	custom := fmt.Sprintf(`{"override_accounts":[{"type":"depository","subtype":"checking","starting_balance":10,
		"numbers":{"account":%q,"ach_routing":"011401533"},
		"identity":{"names":[%q],"emails":[{"primary":true,"type":"primary","data":%q}],
		"phone_numbers":[{"primary":true,"type":"mobile","data":%q}],
		"addresses":[{"primary":true,"data":{"city":"Malakoff","region":"NY","street":%q,"postal_code":"14236","country":"US"}}]}}]}`,
		canaryAccount, canaryName, canaryEmail, canaryPhone, canaryStreet)
	public := s.Call(t, "/sandbox/public_token/create", map[string]any{
		"institution_id": "ins_109508", "initial_products": []string{"auth", "identity"},
		"options": map[string]any{"override_username": "user_custom", "override_password": custom},
	}).Text("public_token")
	access := s.Call(t, "/item/public_token/exchange", map[string]any{"public_token": public}).Text("access_token")
	if a := s.Call(t, "/auth/get", map[string]any{"access_token": access}); a.Text("numbers", "ach", "0", "account") != canaryAccount {
		t.Errorf("the planted account number did not arrive: %v", a.Body)
	}
	if a := s.Call(t, "/identity/get", map[string]any{"access_token": access}); a.Text("accounts", "0", "owners", "0", "names", "0") != canaryName {
		t.Errorf("the planted name did not arrive: %v", a.Body)
	}
	screened := s.Call(t, "/watchlist_screening/entity/create", map[string]any{"search_terms": map[string]any{
		"entity_watchlist_program_id": "entprg_egdF5fGjY8fWqk", "legal_name": canaryName, "email_address": canaryEmail, "phone_number": "+1" + canaryPhone, "document_number": canaryAccount,
	}}).Text("id")
	s.Call(t, "/watchlist_screening/entity/update", map[string]any{"entity_watchlist_screening_id": screened, "search_terms": map[string]any{
		"entity_watchlist_program_id": "entprg_egdF5fGjY8fWqk", "legal_name": "Somebody Else",
	}})
	s.Call(t, "/watchlist_screening/entity/review/create", map[string]any{
		"entity_watchlist_screening_id": screened, "confirmed_hits": []string{}, "dismissed_hits": []string{}, "comment": canaryStreet,
	})
	user := s.Call(t, "/user/create", map[string]any{
		"client_user_id": "user-4711", "identity": map[string]any{
			"name":   map[string]any{"given_name": "Canary", "family_name": "Planted-Name"},
			"emails": []any{map[string]any{"data": canaryEmail, "primary": true}},
		},
	})
	created := s.Call(t, "/link/token/create", map[string]any{
		"client_name": "App", "language": "en", "country_codes": []string{"US"}, "products": []string{"auth"},
		"user":        map[string]any{"client_user_id": "user-4711", "legal_name": canaryName, "email_address": canaryEmail, "phone_number": canaryPhone},
		"hosted_link": map[string]any{"completion_redirect_uri": canaryReturn},
	})
	token, page := created.Text("link_token"), created.Text("hosted_link_url")
	opened, err := s.Client.Get(s.URL + link.HostedPath + path.Base(page))
	if err != nil {
		t.Fatal(err)
	}
	if opened.Body.Close(); opened.StatusCode != http.StatusOK {
		t.Errorf("the planted page answers %d", opened.StatusCode)
	}
	s.Call(t, "/link/token/get", map[string]any{"link_token": token})
	session := s.Call(t, "/sandbox/link/session/open", map[string]any{"link_token": token, "institution_id": "ins_109508"}).Text("session")
	for _, fields := range []map[string]any{{}, {"phone": canaryPhone}, {"otp": "123456"}} {
		s.Call(t, "/sandbox/link/session/step", map[string]any{"session": session, "fields": fields})
	}
	for range 2 {
		a := s.Call(t, "/sandbox/link/session/step", map[string]any{"session": session, "fields": map[string]any{"username": canaryUser, "password": canaryPassword}})
		if a.Text("view") != "CREDENTIAL" {
			t.Errorf("the planted login led to %s", a.Text("view"))
		}
	}
	verification := s.Call(t, "/identity_verification/create", map[string]any{
		"client_user_id": "user-4711", "template_id": "flwtmp_aWogUuKsL6NEHU", "is_shareable": true, "gave_consent": true,
		"user": map[string]any{"email_address": canaryEmail, "name": map[string]any{"given_name": "Canary", "family_name": canaryName}},
	})
	shared := s.Call(t, "/sandbox/link/session/open", map[string]any{"shareable_url": verification.Text("shareable_url")})
	for _, fields := range []map[string]any{
		{"phone_country": "US", "phone": canaryPhone}, {"otp": "11111"}, {"country": "US"},
		{"street": canaryStreet, "city": "Malakoff", "region": "NY", "postal_code": "14236"}, {"date_of_birth": "1975-01-18"}, {"value": canarySSN},
	} {
		s.Call(t, "/sandbox/link/session/step", map[string]any{"session": shared.Text("session"), "fields": fields})
	}
	picture := plantPicture(t, s, verification.Text("id"), shared.Text("session"))
	told := s.Call(t, "/identity_verification/get", map[string]any{"identity_verification_id": verification.Text("id")})
	if told.Text("user", "id_number", "value") != canarySSN || told.Text("user", "address", "street") != canaryStreet {
		t.Errorf("what was typed did not arrive: %v", told.Body["user"])
	}
	key := strings.SplitN(verification.Text("shareable_url"), "key=", 2)[1]
	processor := s.Call(t, "/processor/token/create", map[string]any{
		"access_token": access, "account_id": s.Call(t, "/accounts/get", map[string]any{"access_token": access}).Text("accounts", "0", "account_id"), "processor": "alloy",
	}).Text("processor_token")
	s.Call(t, "/processor/token/webhook/update", map[string]any{"processor_token": processor, "webhook": "https://app.example/" + canaryHook})
	if a := s.Call(t, "/processor/identity/get", map[string]any{"processor_token": processor}); a.Text("account", "owners", "0", "names", "0") != canaryName {
		t.Errorf("the planted name did not arrive at the partner: %v", a.Body)
	}
	plantAtPartner(t, s, processor)
	contacts := plantAtContacts(t, s)
	open := s.Call(t, "/sandbox/public_token/create", map[string]any{"institution_id": "ins_109508", "initial_products": []string{"auth"}})
	if err := s.Stop(); err != nil {
		t.Fatal(err)
	}
	return append(append(contacts, picture...),
		canaryName, "Planted-Name", canaryStreet, canaryEmail, canaryPhone, canaryAccount,
		canarySSN, key, shared.Text("session"), canaryUser, canaryPassword, canaryReturn, canaryHook, processor, path.Base(page), session, token, public, access, open.Text("public_token"), user.Text("user_token"), servertest.Secret,
	), buf.Bytes()
}

// plantPicture uploads a passport, made out to the person of a verification whose data
// the source does not know. It returns what the file could be found by: parts of it as
// they are, and as a database that keeps text would have them.
func plantPicture(t *testing.T, s *servertest.Server, verification, session string) (parts []string) {
	t.Helper()
	made := s.Call(t, "/sandbox/identity_verification/specimen/create", map[string]any{"identity_verification_id": verification, "category": "passport"})
	content := made.Text("files", "0", "content")
	file, err := base64.StdEncoding.DecodeString(content)
	if err != nil || len(file) < 10_000 {
		t.Fatalf("%d bytes %v: %v", len(file), err, made.Body)
	}
	kind := s.Call(t, "/sandbox/link/session/step", map[string]any{"session": session, "fields": map[string]any{"document_kind": "passport"}})
	taken := s.Call(t, "/sandbox/link/session/upload", map[string]any{"session": session, "file_name": canaryHook + ".jpg", "content": content})
	if taken.Status != http.StatusOK {
		t.Fatalf("the planted picture was not taken: %v, after %v", taken.Body, kind.Body)
	}
	for at := 2000; at < 2000+8*500; at += 500 {
		part := file[at : at+24]
		parts = append(parts, string(part), hex.EncodeToString(part), content[at:at+32])
	}
	return append(parts, canaryHook+".jpg")
}

// plantAtContacts makes a contact of the planted values and tells a receiver of it. It
// returns the secrets that were given out.
func plantAtContacts(t *testing.T, s *servertest.Server) []string {
	t.Helper()
	ask := func(query string, input m) string {
		t.Helper()
		body, err := json.Marshal(m{"query": query, "variables": m{"input": input}})
		if err != nil {
			t.Fatal(err)
		}
		a := postGraph(t, s, s.URL+"/graphql", contact.SandboxKey, string(body))
		var it struct{ Value string }
		if err := json.Unmarshal(a.Data["it"], &it); err != nil || it.Value == "" || len(a.Errors) > 0 {
			t.Fatalf("%s: %+v", query, a)
		}
		return it.Value
	}
	hook := ask(`mutation ($input: WebhookCreateInput!) { it: webhookCreate(input: $input) { value: signingSecret } }`,
		m{"ownerId": contact.SandboxOrg, "url": "https://app.example/" + canaryHook, "events": contact.Events, "description": canaryName})
	key := ask(`mutation ($input: ApiKeyCreateInput!) { it: apiKeyCreate(input: $input) { value: secret } }`, m{"name": "CRM", "scopes": contact.Scopes})
	who := ask(`mutation ($input: CreateContactInput!) { it: createContact(input: $input) { value: id } }`,
		m{"orgId": contact.SandboxOrg, "givenName": "Canary", "familyName": canaryName, "email": canaryEmail})
	if got := ask(`mutation ($input: UpdateContactInput!) { it: updateContact(input: $input) { value: name } }`, m{"orgId": contact.SandboxOrg, "id": who, "name": canaryName}); got != canaryName {
		t.Errorf("the planted name did not arrive: %s", got)
	}
	token := ask(`mutation ($input: ContactCreateIdvSession!) { it: contactCreateIdvSession(input: $input) { value: token } }`, m{"orgId": contact.SandboxOrg, "contactId": who})
	refused, err := json.Marshal(m{"query": `{ contacts(input: {orgId: "` + canaryName + `", email: "` + canaryEmail + `"}) { ` + "nope } }"})
	if err != nil {
		t.Fatal(err)
	}
	postGraph(t, s, s.URL+"/graphql", contact.SandboxKey, string(refused))
	return []string{hook, key, token, contact.SandboxKey}
}

// plantAtPartner lets the partner's service deal with the planted values: in an entity
// with a note and a document, and in a journey that ends with a person.
func plantAtPartner(t *testing.T, s *servertest.Server, processor string) {
	t.Helper()
	ask := func(method, path, body string) string {
		t.Helper()
		req, err := http.NewRequest(method, s.URL+"/partners/alloy"+path, strings.NewReader(body))
		if err != nil {
			t.Fatal(err)
		}
		req.SetBasicAuth(decision.SandboxToken, decision.SandboxSecret)
		req.Header.Set("Content-Type", "application/json")
		resp, err := s.Client.Do(req)
		if err != nil {
			t.Fatal(err)
		}
		defer resp.Body.Close()
		raw, err := io.ReadAll(resp.Body)
		if err != nil || resp.StatusCode > 201 {
			t.Fatalf("%s %s: %d %s %v", method, path, resp.StatusCode, raw, err)
		}
		return string(raw)
	}
	ask("PUT", "/v1/settings/webhook", fmt.Sprintf(`{"url": "https://app.example/%s", "auth": "hmac", "secret": %q}`, canaryHook, canaryPassword))
	answer := ask("POST", "/v1/journeys/"+decision.OwnershipJourney+"/applications", fmt.Sprintf(`{"external_application_id": %q, "application_meta": {"x": %q}, "entities": [{"external_entity_id": %q,
		"data": {"name_first": %q, "name_last": "Review", "document_ssn": "471147114", "email_address": %q, "phone_number": %q, "address_line_1": %q, "plaid_processor_token": %q}}]}`,
		canaryUser, canaryStreet, canaryUser, canaryName, canaryEmail, canaryPhone, canaryStreet, processor))
	entity := regexp.MustCompile(`P-[0-9A-Za-z]{20}`).FindString(answer)
	ask("POST", "/v1/entities/"+entity+"/notes", fmt.Sprintf(`{"note": "lives in %s", "note_author_agent_email": %q}`, canaryStreet, canaryEmail))
	document := regexp.MustCompile(`D-[0-9A-Za-z]{20}`).FindString(ask("POST", "/v1/entities/"+entity+"/documents", fmt.Sprintf(`{"name": %q, "extension": "pdf", "type": "bank_statement"}`, canaryName)))
	ask("PUT", "/v1/entities/"+entity+"/documents/"+document, "%PDF-1.7 "+canaryAccount)
	ask("POST", "/v1/events", fmt.Sprintf(`{"event_type": "person_updated", "external_event_id": %q, "data": {"timestamp": "2026-01-05T09:00:00Z", "entity_token": %q, "name_middle": "Planted-Name"}}`, canaryUser, entity))
	if got := ask("GET", "/v1/entities/"+entity, ""); !strings.Contains(got, canaryStreet) {
		t.Errorf("the planted note did not arrive: %s", got)
	}
}

func lookFor(t *testing.T, secrets []string, places map[string][]byte) {
	t.Helper()
	for where, raw := range places {
		if len(raw) == 0 {
			t.Errorf("%s is empty: nothing was looked at", where)
		}
		for _, secret := range secrets {
			if secret == "" {
				continue // an answer without this token
			}
			if i := bytes.Index(raw, []byte(secret)); i >= 0 {
				t.Errorf("%q lies open in %s: …%q…", secret, where, raw[max(0, i-60):min(len(raw), i+len(secret)+20)])
			}
		}
	}
}

// dump reads every table of a PostgreSQL database as text.
func dump(t *testing.T, url string) []byte {
	t.Helper()
	db, err := sql.Open("pgx", url)
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	var out bytes.Buffer
	for _, table := range column(t, db, "SELECT table_name FROM information_schema.tables WHERE table_schema = 'public'") {
		rows := column(t, db, `SELECT row_to_json(r)::text FROM "`+table+`" r`)
		fmt.Fprintf(&out, "%s\n%s\n", table, strings.Join(rows, "\n"))
	}
	return out.Bytes()
}

func column(t *testing.T, db *sql.DB, query string) (all []string) {
	t.Helper()
	rows, err := db.QueryContext(context.Background(), query)
	if err != nil {
		t.Fatal(err)
	}
	defer rows.Close()
	for rows.Next() {
		var s string
		if err := rows.Scan(&s); err != nil {
			t.Fatal(err)
		}
		all = append(all, s)
	}
	if err := rows.Err(); err != nil {
		t.Fatal(err)
	}
	return all
}
