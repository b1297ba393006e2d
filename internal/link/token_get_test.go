package link

import (
	"encoding/json"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/glencheck-dev/glencheck/internal/plaid"
	"github.com/glencheck-dev/glencheck/internal/store"
	"github.com/glencheck-dev/glencheck/internal/store/storetest"
	"github.com/glencheck-dev/glencheck/internal/team"
)

func (w *tokenWorld) get(secret string) map[string]any {
	w.t.Helper()
	status, out := w.post("/link/token/get", `{"link_token":"`+secret+`"}`)
	if status != 200 {
		w.t.Fatalf("%d %v", status, out)
	}
	return out
}

// TestGetEchoes is about the metadata: exactly what was sent.
func TestGetEchoes(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		w := newTokenWorld(t, db, "sandbox")
		for _, test := range []struct {
			body string
			want object
		}{
			{
				request("products", list{"auth", "transactions"}, "webhook", "https://webhook-uri.com", "country_codes", list{"US", "CA"}, "redirect_uri", "http://localhost:3000/oauth.html",
					"account_filters", object{"depository": object{"account_subtypes": list{"checking", "savings"}}, "note": "<kept>"}, "institution_data", object{"routing_number": "021000021"}),
				object{
					"initial_products": []any{"auth", "transactions"}, "webhook": "https://webhook-uri.com", "country_codes": []any{"US", "CA"}, "language": "en",
					"client_name": "Wonderwallet", "redirect_uri": "http://localhost:3000/oauth.html", "institution_data": object{"routing_number": "021000021"},
					"account_filters": object{"depository": object{"account_subtypes": []any{"checking", "savings"}}, "note": "<kept>"},
				},
			},
			{
				request(),
				object{"initial_products": []any{"auth"}, "webhook": nil, "country_codes": []any{"US"}, "language": "en", "client_name": "Wonderwallet", "redirect_uri": nil},
			},
			{
				request("products", list{"auth", "auth"}, "account_filters", object{}, "institution_data", object{}),
				object{"initial_products": []any{"auth", "auth"}, "webhook": nil, "country_codes": []any{"US"}, "language": "en", "client_name": "Wonderwallet", "redirect_uri": nil, "account_filters": object{}, "institution_data": object{}},
			},
		} {
			secret := w.create(test.body)["link_token"].(string)
			out := w.get(secret)
			if out["link_token"] != secret || out["created_at"] != "2026-03-07T12:00:00Z" || out["expiration"] != "2026-03-07T16:00:00Z" {
				t.Errorf("%v", out)
			}
			if sessions, ok := out["link_sessions"].([]any); !ok || len(sessions) != 0 {
				t.Errorf("sessions %v", out["link_sessions"])
			}
			if diff := cmp.Diff(test.want, out["metadata"]); diff != "" {
				t.Errorf("%s\n%s", test.body, diff)
			}
		}
	})
}

func TestGetKnowsOnlyTheCallersTokens(t *testing.T) {
	w := newTokenWorld(t, storetest.SQLite(t), "production")
	if err := w.teams.Ensure(t.Context(), team.Spec{ClientID: "second", Secret: "second-secret", Name: "Second"}); err != nil {
		t.Fatal(err)
	}
	secret := w.create(request())["link_token"].(string)
	w.get(secret)
	status, raw := w.postAs("second", "second-secret", "/link/token/get", `{"link_token":"`+secret+`"}`)
	if status != 400 || !containsAll(raw, "INVALID_LINK_TOKEN", "invalid link_token provided") {
		t.Errorf("%d %s", status, raw)
	}
	for body, want := range map[string]string{
		`{"link_token":"link-production-b0e2c4ee-a763-4df5-bfe9-46a46bce993d"}`: "INVALID_LINK_TOKEN",
		`{"link_token":"link-sandbox-b0e2c4ee-a763-4df5-bfe9-46a46bce993d"}`:    "INVALID_LINK_TOKEN",
		`{"link_token":""}`: "INVALID_LINK_TOKEN",
		`{"link_token":1}`:  "INVALID_FIELD",
		`{}`:                "MISSING_FIELDS",
	} {
		if _, out := w.post("/link/token/get", body); out["error_code"] != want {
			t.Errorf("%s: %v, want %s", body, out["error_code"], want)
		}
	}
}

// linked is a session that linked an Item; left is one that ended in an error.
func linked() SessionRecord {
	mask := "0000"
	return SessionRecord{
		LinkSessionID: "43face8b-a5c2-42a4-adec-4a4ec589eb46", StartedAt: tokenStart, FinishedAt: tokenStart.Add(time.Minute),
		Items: []ItemAdded{{
			PublicToken: "public-sandbox-3b9687f0-3abd-4913-9889-f0ba816d4a3a",
			Institution: &InstitutionRef{Name: "First Platypus Bank", ID: "ins_109508"},
			Accounts:    []AccountRef{{ID: "DXzZ94ZG9vhaZy8BvyZRSQ4jJwwlkNS3RwoeX", Name: "Plaid Checking", Mask: &mask, Type: "depository", Subtype: "checking"}},
		}},
		Events: []EventRecord{
			{ID: "e-1", Name: "OPEN", At: tokenStart, Metadata: EventMetadata{RequestID: "WFgwgGivjBbwOb9", ViewName: "CONSENT"}},
			{ID: "e-2", Name: "HANDOFF", At: tokenStart.Add(time.Minute), Metadata: EventMetadata{RequestID: "WFgwgGivjBbwOb9", InstitutionID: "ins_109508", InstitutionName: "First Platypus Bank"}},
		},
	}
}

func left() SessionRecord {
	return SessionRecord{
		LinkSessionID: "1daca4d5-9a0d-4e85-a2e9-1e905ecaa32e", StartedAt: tokenStart.Add(time.Hour), FinishedAt: tokenStart.Add(2 * time.Hour),
		Exit: &SessionExit{Error: plaid.InvalidCredentials, RequestID: "u1HcAeiCKtz3qmm", Status: "requires_credentials", Institution: &InstitutionRef{Name: "First Platypus Bank", ID: "ins_109508"}},
		Events: []EventRecord{{ID: "e-3", Name: "EXIT", At: tokenStart.Add(2 * time.Hour), Metadata: EventMetadata{
			ErrorCode: "INVALID_CREDENTIALS", ErrorType: "ITEM_ERROR", ErrorMessage: "the provided credentials were not correct", ExitStatus: "requires_credentials", RequestID: "u1HcAeiCKtz3qmm",
		}}},
	}
}

func underWay() SessionRecord {
	return SessionRecord{LinkSessionID: "8b2b5d28-79ec-468b-bbce-f8bd34be635a", StartedAt: tokenStart.Add(3 * time.Hour)}
}

// closed is a session that was closed without an error, before any institution.
func closed() SessionRecord {
	r := underWay()
	r.FinishedAt, r.Exit = r.StartedAt, &SessionExit{RequestID: "u1HcAeiCKtz3qmm"}
	return r
}

func TestGetTellsOfSessions(t *testing.T) {
	w := newTokenWorld(t, storetest.SQLite(t), "sandbox")
	secret := w.create(request())["link_token"].(string)
	tok, err := w.tokens.ByToken(t.Context(), secret)
	if err != nil {
		t.Fatal(err)
	}
	w.sessions[tok.ID] = []SessionRecord{linked(), left(), underWay(), closed()}
	w.clock.Advance(5 * time.Hour) // the token has expired, its sessions are told all the same
	sessions := w.get(secret)["link_sessions"].([]any)
	if len(sessions) != 4 {
		t.Fatalf("%d sessions", len(sessions))
	}
	institution := object{"name": "First Platypus Bank", "institution_id": "ins_109508"}
	accounts := []any{object{"id": "DXzZ94ZG9vhaZy8BvyZRSQ4jJwwlkNS3RwoeX", "name": "Plaid Checking", "mask": "0000", "type": "depository", "subtype": "checking", "verification_status": nil, "class_type": nil}}
	public := "public-sandbox-3b9687f0-3abd-4913-9889-f0ba816d4a3a"
	want := object{
		"link_session_id": "43face8b-a5c2-42a4-adec-4a4ec589eb46", "started_at": "2026-03-07T12:00:00Z", "finished_at": "2026-03-07T12:01:00Z",
		"on_exit": nil, "exit": nil,
		"on_success": object{"public_token": public, "metadata": object{"institution": institution, "accounts": accounts, "link_session_id": "43face8b-a5c2-42a4-adec-4a4ec589eb46", "transfer_status": nil}},
		"results": object{
			"item_add_results":     []any{object{"public_token": public, "accounts": accounts, "institution": institution}},
			"cra_item_add_results": []any{}, "cra_update_results": []any{}, "bank_income_results": []any{}, "payroll_income_results": []any{}, "document_income_results": nil,
		},
		"events": []any{
			object{"event_id": "e-1", "event_name": "OPEN", "timestamp": "2026-03-07T12:00:00.000Z", "event_metadata": object{"request_id": "WFgwgGivjBbwOb9", "view_name": "CONSENT"}},
			object{"event_id": "e-2", "event_name": "HANDOFF", "timestamp": "2026-03-07T12:01:00.000Z", "event_metadata": object{"request_id": "WFgwgGivjBbwOb9", "institution_id": "ins_109508", "institution_name": "First Platypus Bank"}},
		},
	}
	if diff := cmp.Diff(want, sessions[0]); diff != "" {
		t.Errorf("linked: %s", diff)
	}
	exit := sessions[1].(object)["exit"].(object)
	if diff := cmp.Diff(object{"status": "requires_credentials", "request_id": "u1HcAeiCKtz3qmm", "link_session_id": "1daca4d5-9a0d-4e85-a2e9-1e905ecaa32e", "institution": institution}, exit["metadata"]); diff != "" {
		t.Errorf("left: %s", diff)
	}
	if e := exit["error"].(object); e["error_code"] != "INVALID_CREDENTIALS" || e["request_id"] != "u1HcAeiCKtz3qmm" || e["display_message"] == nil {
		t.Errorf("left: %v", e)
	}
	if diff := cmp.Diff(exit, sessions[1].(object)["on_exit"]); diff != "" {
		t.Errorf("exit and on_exit: %s", diff)
	}
	if s := sessions[2].(object); s["finished_at"] != nil || s["results"] != nil || s["exit"] != nil || len(s["events"].([]any)) != 0 {
		t.Errorf("under way: %v", s)
	}
	if e := sessions[3].(object)["exit"].(object); e["error"] != nil || e["metadata"].(object)["institution"] != nil {
		t.Errorf("closed: %v", e)
	}
}

// TestGetEchoesOfEarlier is about a token whose request an earlier version kept apart.
func TestGetEchoesOfEarlier(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		w := newTokenWorld(t, db, "sandbox")
		secret := w.create(request())["link_token"].(string)
		id := w.tokens.id(secret)
		want := map[string]any{
			"client_name": "Wonderwallet", "language": "fr", "country_codes": []any{"FR"}, "initial_products": []any{"auth"},
			"webhook": nil, "redirect_uri": nil,
		}
		echo, err := json.Marshal(want)
		if err != nil {
			t.Fatal(err)
		}
		apart, err := w.tokens.Vault.Seal(echo, sealedRequest+id)
		if err != nil {
			t.Fatal(err)
		}
		err = db.Write(t.Context(), func(tx *store.Tx) error {
			_, err := tx.Exec(t.Context(), "UPDATE link_token SET request = $1 WHERE id = $2", apart, id)
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(want, w.get(secret)["metadata"]); diff != "" {
			t.Error(diff)
		}
	})
}
