package server_test

import (
	"context"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/glencheck-dev/glencheck/internal/sandbank/statement"
	"github.com/glencheck-dev/glencheck/internal/server/servertest"
	"github.com/glencheck-dev/glencheck/internal/webhook"
)

// holder is an Item whose person uploads documents.
type holder struct {
	*servertest.Server
	t         *testing.T
	access    string
	account   string
	itemID    string
	delivered webhook.Cursor
}

// uploading makes an Item of user_good with a webhook.
func uploading(t *testing.T, opts ...servertest.Option) *holder {
	t.Helper()
	h := &holder{Server: servertest.Start(t, opts...), t: t}
	h.item(m{"webhook": "https://app.example/hook"})
	return h
}

func (h *holder) item(options m) {
	h.t.Helper()
	public := h.Call(h.t, "/sandbox/public_token/create", m{"institution_id": "ins_109508", "initial_products": []string{"auth"}, "options": options}).Text("public_token")
	out := h.Call(h.t, "/item/public_token/exchange", m{"public_token": public})
	h.access, h.itemID = out.Text("access_token"), out.Text("item_id")
	h.account = h.Call(h.t, "/accounts/get", m{"access_token": h.access}).Text("accounts", "0", "account_id")
}

// token makes the link token of a session of Identity Document Upload.
func (h *holder) token(configs ...string) string {
	h.t.Helper()
	return h.Call(h.t, "/link/token/create", h.request(configs...)).Text("link_token")
}

func (h *holder) request(configs ...string) m {
	identity := m{"is_document_upload": true, "account_ids": []string{h.account}}
	if configs != nil {
		identity["parsing_configs"] = configs
	}
	return m{
		"user": m{"client_user_id": "user-id"}, "client_name": "Wonderwallet", "products": []string{"identity"}, "country_codes": []string{"US"}, "language": "en",
		"access_token": h.access, "identity": identity,
	}
}

// print makes a file of a statement of user_good.
func (h *holder) print(specimen string) m {
	h.t.Helper()
	out := h.Call(h.t, "/sandbox/bank/statement/print", m{"specimen": specimen, "account": "0000"})
	return m{"file_name": out.Text("file_name"), "content": out.Text("content")}
}

// story is a session's events in short.
func storyOf(a servertest.Answer) string {
	var words []string
	for _, e := range a.Body["events"].([]any) {
		e := e.(m)
		word := strings.Replace(e["event_name"].(string), "TRANSITION_VIEW", "TV", 1)
		for _, key := range []string{"view_name", "error_code", "exit_status"} {
			if more, ok := e["metadata"].(m)[key].(string); ok {
				word += " " + more
			}
		}
		words = append(words, word)
	}
	return strings.Join(words, ", ")
}

// uploads are the documents of the account and their owners.
func (h *holder) uploads() (documents, owners []any) {
	h.t.Helper()
	account := h.Call(h.t, "/identity/documents/uploads/get", m{"access_token": h.access, "options": m{"account_ids": []string{h.account}}}).Body["accounts"].([]any)[0].(m)
	return account["documents"].([]any), account["owners"].([]any)
}

// told are the webhooks about documents since the last call.
func (h *holder) told() (bodies []string) {
	h.t.Helper()
	list, err := h.Delivered(h.delivered)
	if err != nil {
		h.t.Fatal(err)
	}
	for _, d := range list {
		h.delivered = d.Cursor()
		if d.Code == "DOCUMENT_UPDATE_AVAILABLE" {
			bodies = append(bodies, string(d.Body))
		}
	}
	return bodies
}

const wholeStory = "OPEN UPLOAD_DOCUMENTS, TV UPLOAD_DOCUMENTS, TV SUBMIT_DOCUMENTS, SUBMIT_DOCUMENTS, TV LOADING, " +
	"SUBMIT_DOCUMENTS_SUCCESS, TV SUBMIT_DOCUMENTS_SUCCESS, HANDOFF"

func TestDocumentUpload(t *testing.T) {
	h := uploading(t)
	out := h.Call(t, "/sandbox/link/session/complete", m{"link_token": h.token("ocr", "risk_signals"), "inputs": m{"documents": []m{h.print("genuine"), h.print("edited")}}})
	if got := storyOf(out); got != wholeStory {
		t.Errorf("events\n got %s\nwant %s", got, wholeStory)
	}
	metadata, _ := json.Marshal(out.Body["done"].(m)["metadata"])
	if out.Text("done", "kind") != "success" || !strings.HasPrefix(out.Text("done", "public_token"), "public-sandbox-") ||
		!strings.Contains(string(metadata), `"institution_id":"ins_109508"`) || !strings.Contains(string(metadata), `"account_id":"`+h.account+`"`) {
		t.Errorf("done: %v", out.Body["done"])
	}
	documents, owners := h.uploads()
	if len(documents) != 2 || len(owners) != 2 {
		t.Fatalf("documents %v, owners %v", documents, owners)
	}
	good, bad := documents[0].(m), documents[1].(m)
	if score := good["risk_insights"].(m)["risk_summary"].(m)["risk_score"]; score != 0.0 {
		t.Errorf("the genuine one scores %v", score)
	}
	if score := bad["risk_insights"].(m)["risk_summary"].(m)["risk_score"].(float64); score < 80 {
		t.Errorf("the edited one scores %v", score)
	}
	for _, d := range []m{good, bad} {
		meta := d["metadata"].(m)
		if meta["document_type"] != "BANK_STATEMENT" || meta["is_account_number_match"] != true || meta["page_count"] != 1.0 || meta["uploaded_at"] != meta["last_updated"] {
			t.Errorf("metadata %v", meta)
		}
	}
	owner := owners[0].(m)
	address := owner["addresses"].([]any)[0].(m)
	if owner["document_id"] != good["document_id"] || fmt.Sprint(owner["names"]) != "[Alberta Bobbeth Charleson]" || address["primary"] != true ||
		fmt.Sprint(address["data"]) != "map[city:Malakoff country:US postal_code:14236 region:NY street:2992 Cameron Road]" {
		t.Errorf("owner %v", owner)
	}
	if got := fmt.Sprint(owners[1].(m)["names"]); got != "[John Michael Smith]" {
		t.Errorf("the edited one is of %s", got)
	}
	told := h.told()
	if len(told) != 2 || !strings.Contains(told[0], `"document_status": "OCR_PROCESSING_COMPLETE"`) || !strings.Contains(told[0], `"webhook_type": "IDENTITY"`) ||
		!strings.Contains(told[0], `"account_id": "`+h.account+`"`) || !strings.Contains(told[0], `"item_id": "`+h.itemID+`"`) || !strings.Contains(told[0], `"environment": "sandbox"`) {
		t.Errorf("webhooks %v", told)
	}
}

// The same file again is the same document, updated; with other options it is told
// without the signals. Without risk_signals there are none.
func TestDocumentUploadAgain(t *testing.T) {
	h := uploading(t)
	file := h.print("genuine")
	send := func(configs ...string) {
		t.Helper()
		if out := h.Call(t, "/sandbox/link/session/complete", m{"link_token": h.token(configs...), "inputs": m{"documents": []m{file}}}); out.Text("done", "kind") != "success" {
			t.Fatal(out.Body)
		}
	}
	send("ocr")
	first, _ := h.uploads()
	h.Call(t, "/sandbox/clock/advance", m{"minutes": 5})
	send()
	second, owners := h.uploads()
	a, b := first[0].(m), second[0].(m)
	if len(second) != 1 || len(owners) != 1 || a["document_id"] != b["document_id"] || a["risk_insights"] != nil || b["risk_insights"] != nil {
		t.Errorf("first %v, then %v", a, second)
	}
	if meta := b["metadata"].(m); meta["uploaded_at"] != a["metadata"].(m)["uploaded_at"] || meta["last_updated"] == meta["uploaded_at"] {
		t.Errorf("times %v", meta)
	}
	if told := h.told(); len(told) != 2 {
		t.Errorf("webhooks %v", told)
	}
}

// A person chooses and drops files; each that is refused says why, and what was
// taken stays.
func TestDocumentUploadPane(t *testing.T) {
	if testing.Short() {
		t.Skip("pictures are read, which other tests here do beside each other")
	}
	h := uploading(t)
	opened := h.Call(t, "/sandbox/link/session/open", m{"link_token": h.token("ocr", "risk_signals")})
	session := opened.Text("session")
	if fmt.Sprint(opened.Body["actions"]) != "[remove submit upload]" || opened.Text("fields", "0", "kind") != "file" || opened.Text("exit_status") != "requires_credentials" {
		t.Errorf("first pane %v", opened.Body)
	}
	upload := func(file m) servertest.Answer {
		t.Helper()
		return h.Call(t, "/sandbox/link/session/upload", m{"session": session, "file_name": file["file_name"], "content": file["content"]})
	}
	if out := h.Call(t, "/sandbox/link/session/step", m{"session": session}); out.Text("fields", "0", "error") != "Add a file first." || len(out.Body["events"].([]any)) != 0 {
		t.Errorf("nothing to submit: %v", out.Body)
	}
	h.Refused(t, "/sandbox/link/session/step", m{"session": session, "action": "upload"}, "INVALID_FIELD")
	h.Refused(t, "/sandbox/link/session/upload", m{"session": session, "content": "***"}, "INVALID_FIELD")
	for specimen, words := range map[string]string{
		"encrypted": "This file has a password. Save it without one and try again.", "script": "This file has a script or another file inside. Print it to a new PDF and try again.",
		"bomb": "There is too much in this file. Print it to a new PDF and try again.", "many_pages": "This file has more than 60 pages. Upload the statement alone.",
		"polyglot": "This file has a script or another file inside. Print it to a new PDF and try again.", "loop": "This file is damaged. Download or scan it again.",
		"damaged": "This file is damaged. Download or scan it again.", "attachment": "This file has a script or another file inside. Print it to a new PDF and try again.",
	} {
		file := h.print(specimen)
		if got := upload(file).Text("fields", "0", "error"); got != file["file_name"].(string)+": "+words {
			t.Errorf("%s: %q", specimen, got)
		}
	}
	for _, c := range []struct{ name, content, words string }{
		{"a.txt", "Alberta Bobbeth Charleson", "a.txt: This is not a PDF, JPEG or PNG file."},
		{"", "", "document: This file is empty."},
		{`C:\photos\IMG_1.HEIC`, "\x00\x00\x00\x18ftypheic....", "IMG_1.HEIC: We can’t read HEIC. Save it as JPEG or PNG."},
		{"large.pdf", "%PDF-1.4\n" + strings.Repeat(" ", 10<<20), "large.pdf: This file is larger than 10 MB."},
	} {
		out := upload(m{"file_name": c.name, "content": base64.StdEncoding.EncodeToString([]byte(c.content))})
		if got := out.Text("fields", "0", "error"); got != c.words || len(out.Body["choices"].([]any)) != 0 {
			t.Errorf("%q: %q", c.name, got)
		}
	}
	good := h.print("genuine")
	out := upload(good)
	if out.Text("choices", "0", "label") != "statement-0000.pdf" || !strings.HasPrefix(out.Text("choices", "0", "detail"), "PDF · 1 page · ") || out.Text("fields", "0", "error") != "" {
		t.Errorf("taken: %v", out.Body)
	}
	if got := upload(good).Text("fields", "0", "error"); got != "statement-0000.pdf: You have added this file already." {
		t.Errorf("twice: %q", got)
	}
	scan := upload(h.print("scan"))
	out = h.Call(t, "/sandbox/link/session/step", m{"session": session, "action": "remove", "value": scan.Text("choices", "0", "value")})
	if out.Text("choices", "0", "label") != "statement-0000-scan.jpg" || len(out.Body["choices"].([]any)) != 1 {
		t.Errorf("removed: %v", out.Body["choices"])
	}
	if out := h.Call(t, "/sandbox/link/session/step", m{"session": session}); out.Text("view") != "SUBMIT_DOCUMENTS" {
		t.Fatalf("review: %v", out.Body)
	}
	out = h.Call(t, "/sandbox/link/session/step", m{"session": session})
	if out.Text("view") != "SUBMIT_DOCUMENTS_SUCCESS" || out.Text("exit_status") != "connected" {
		t.Fatalf("handed in: %v", out.Body)
	}
	// What was handed in is there, whatever becomes of the window.
	documents, owners := h.uploads()
	insights := documents[0].(m)["risk_insights"].(m)
	if meta := documents[0].(m)["metadata"].(m); len(documents) != 1 || len(owners) != 0 || meta["document_type"] != nil || meta["is_account_number_match"] != nil || insights["risk_summary"].(m)["risk_score"] != nil {
		t.Errorf("an unread picture: %v, %v", documents, owners)
	}
	if told := h.told(); len(told) != 1 || !strings.Contains(told[0], `"document_status": "OCR_PROCESSING_FAILED"`) {
		t.Errorf("webhooks %v", told)
	}
	if out := h.Call(t, "/sandbox/link/session/exit", m{"session": session}); out.Text("done", "kind") != "success" {
		t.Errorf("closing the last pane: %v", out.Body["done"])
	}
}

// Every specimen is reached by the headless driver, and what it comes to is told.
func TestDocumentSpecimens(t *testing.T) {
	if testing.Short() {
		t.Skip("pictures are read, which other tests here do beside each other")
	}
	h := uploading(t)
	seen := map[string]bool{}
	for _, x := range statement.Specimens() {
		out := h.Call(t, "/sandbox/link/session/complete", m{"link_token": h.token("ocr", "risk_signals"), "inputs": m{"documents": []m{h.print(x.Name)}}})
		if out.Text("done", "kind") != "success" {
			if got := storyOf(out); got != "OPEN UPLOAD_DOCUMENTS, TV UPLOAD_DOCUMENTS, TV EXIT, EXIT requires_credentials" {
				t.Errorf("%s: %s", x.Name, got)
			}
		}
	}
	documents, _ := h.uploads()
	for _, d := range documents {
		for _, s := range d.(m)["risk_insights"].(m)["risk_signals"].([]any) {
			seen[s.(m)["type"].(string)] = true
		}
	}
	explained := h.Call(t, "/sandbox/identity/document/explain", m{"access_token": h.access}).Body["documents"].([]any)
	if len(explained) != len(documents) || len(documents) < 25 {
		t.Fatalf("%d explained, %d documents", len(explained), len(documents))
	}
	for _, c := range explained[0].(m)["checks"].([]any) {
		c := c.(m)
		if kind := c["type"].(string); c["checked"].(bool) && !seen[kind] {
			t.Errorf("%s is looked for, and no specimen has it", kind)
		}
	}
	first := explained[0].(m)
	owners := first["owners"].(m)["scores"].(m)["legal_name"].(m)
	if owners["score"] != 100.0 || first["text_from"] != "pdf" || first["found"].(m)["period_end"] == "" {
		t.Errorf("explained: %v", first)
	}
	refused := h.Call(t, "/sandbox/bank/statement/print", m{"username": "user_credit_joint_account", "account": "1111"})
	if refused.Text("file_name") != "statement-1111.pdf" {
		t.Errorf("printed: %v", refused.Body["file_name"])
	}
	for _, in := range []m{{"specimen": "unheard of"}, {"username": "nobody"}, {"account": "99999"}, {"username": "user_custom", "password": "{"}} {
		h.Refused(t, "/sandbox/bank/statement/print", in, "INVALID_FIELD")
	}
	h.Refused(t, "/sandbox/bank/statement/print", m{"institution_id": "ins_0"}, "INVALID_INSTITUTION")
}

func TestDocumentTokenRules(t *testing.T) {
	h := uploading(t)
	with := func(key string, value any) m { r := h.request(); r[key] = value; return r }
	in := func(key string, value any) m { r := h.request(); r["identity"].(m)[key] = value; return r }
	for name, r := range map[string]m{
		"no products": with("products", nil), "other products": with("products", []string{"auth"}), "more products": with("products", []string{"identity", "auth"}),
		"optional products": with("optional_products", []string{"auth"}), "several accounts": in("account_ids", []string{h.account, h.account}), "no account": in("account_ids", []string{}),
		"a strange config": in("parsing_configs", []string{"all"}), "new accounts": with("update", m{"account_selection_enabled": true}), "no Item": with("access_token", nil),
		"several Items": with("enable_multi_item_link", true), "filters": with("account_filters", m{"depository": m{"account_subtypes": []string{"checking"}}}),
	} {
		t.Run(name, func(t *testing.T) { h.Refused(t, "/link/token/create", r, "INVALID_FIELD") })
	}
	h.Refused(t, "/link/token/create", with("access_token", "access-sandbox-00000000-0000-4000-8000-000000000000"), "INVALID_ACCESS_TOKEN")
	foreign := h.request()
	h.item(m{"webhook": "https://app.example/hook"})
	foreign["access_token"] = h.access
	h.Refused(t, "/link/token/create", foreign, "INVALID_ACCOUNT_ID")
	h.Refused(t, "/identity/documents/uploads/get", m{"access_token": h.access, "options": m{"account_ids": []string{foreign["identity"].(m)["account_ids"].([]string)[0]}}}, "INVALID_ACCOUNT_ID")
	h.item(m{})
	if a := h.Refused(t, "/link/token/create", h.request(), "INVALID_FIELD"); !strings.Contains(a.Text("error_message"), "webhook") {
		t.Errorf("without a webhook: %v", a.Body)
	}
	h.Call(t, "/item/webhook/update", m{"access_token": h.access, "webhook": "https://app.example/hook"})
	h.token()
}

// What was uploaded goes with the Item, and a session that is open then says so.
func TestDocumentsGoWithTheItem(t *testing.T) {
	h := uploading(t)
	h.Call(t, "/sandbox/link/session/complete", m{"link_token": h.token(), "inputs": m{"documents": []m{h.print("genuine")}}})
	token := h.token()
	session := h.Call(t, "/sandbox/link/session/open", m{"link_token": token}).Text("session")
	h.Call(t, "/sandbox/link/session/upload", m{"session": session, "file_name": "b.pdf", "content": h.print("another_owner")["content"]})
	h.Call(t, "/sandbox/link/session/step", m{"session": session})
	count := func() (n int) {
		if err := h.Store().QueryRow(context.Background(), `SELECT COUNT(*) FROM identity_document`).Scan(&n); err != nil {
			t.Fatal(err)
		}
		return n
	}
	if count() != 1 {
		t.Fatalf("%d documents", count())
	}
	h.Call(t, "/item/remove", m{"access_token": h.access})
	if count() != 0 {
		t.Errorf("%d documents of an Item that is gone", count())
	}
	out := h.Call(t, "/sandbox/link/session/step", m{"session": session})
	if out.Text("view") != "SUBMIT_DOCUMENTS_ERROR" || storyOf(out) != "SUBMIT_DOCUMENTS, ERROR ITEM_NOT_FOUND, TV LOADING, SUBMIT_DOCUMENTS_ERROR, TV SUBMIT_DOCUMENTS_ERROR" {
		t.Errorf("handing in: %s %v", storyOf(out), out.Body)
	}
	out = h.Call(t, "/sandbox/link/session/step", m{"session": session})
	if out.Text("done", "error", "error_code") != "ITEM_NOT_FOUND" || out.Text("done", "metadata", "status") != "requires_credentials" {
		t.Errorf("the end: %v", out.Body["done"])
	}
	if out := h.Call(t, "/sandbox/link/session/open", m{"link_token": token}); out.Text("done", "error", "error_code") != "ITEM_NOT_FOUND" {
		t.Errorf("opening: %v", out.Body)
	}
	h.Refused(t, "/identity/documents/uploads/get", m{"access_token": h.access}, "ITEM_NOT_FOUND")
}

// An Item without a login is what the product is for.
func TestDocumentsOfTypedNumbers(t *testing.T) {
	h := uploading(t)
	token := h.Call(t, "/link/token/create", m{
		"user": m{"client_user_id": "user-id", "legal_name": "Alberta Charleson"}, "client_name": "Wonderwallet", "products": []string{"auth"}, "country_codes": []string{"US"}, "language": "en",
		"webhook": "https://app.example/hook", "auth": m{"same_day_microdeposits_enabled": true, "auth_type_select_enabled": true},
	}).Text("link_token")
	linked := h.Call(t, "/sandbox/link/session/complete", m{"link_token": token, "inputs": m{"routing_number": "110000000", "account_number": "1111222233330000", "name": "Alberta Charleson"}})
	out := h.Call(t, "/item/public_token/exchange", m{"public_token": linked.Text("done", "public_token")})
	h.access = out.Text("access_token")
	h.account = h.Call(t, "/accounts/get", m{"access_token": h.access}).Text("accounts", "0", "account_id")
	done := h.Call(t, "/sandbox/link/session/complete", m{"link_token": h.token(), "inputs": m{"documents": []m{h.print("genuine"), h.print("another_account"), h.print("masked_number")}}})
	if done.Text("done", "kind") != "success" {
		t.Fatal(done.Body)
	}
	documents, _ := h.uploads()
	var matches []any
	for _, d := range documents {
		matches = append(matches, d.(m)["metadata"].(m)["is_account_number_match"])
	}
	slices.SortFunc(matches, func(a, b any) int { return strings.Compare(fmt.Sprint(a), fmt.Sprint(b)) })
	if fmt.Sprint(matches) != "[false true true]" {
		t.Errorf("numbers match: %v", matches)
	}
}

// The frame sends a file as it is, with the session in headers.
func TestUploadOfTheFrame(t *testing.T) {
	h := uploading(t)
	post := func(path, kind string, headers map[string]string, body string) (int, m) {
		t.Helper()
		req, err := http.NewRequest(http.MethodPost, h.URL+path, strings.NewReader(body))
		if err != nil {
			t.Fatal(err)
		}
		req.Header.Set("Content-Type", kind)
		for k, v := range headers {
			req.Header.Set(k, v)
		}
		resp, err := h.Client.Do(req)
		if err != nil {
			t.Fatal(err)
		}
		defer resp.Body.Close()
		raw, err := io.ReadAll(resp.Body)
		if err != nil {
			t.Fatal(err)
		}
		out := m{}
		if err := json.Unmarshal(raw, &out); err != nil {
			t.Fatalf("%s: %v", raw, err)
		}
		return resp.StatusCode, out
	}
	status, opened := post("/link/session/open", "application/json", nil, `{"link_token":"`+h.token()+`"}`)
	if status != 200 {
		t.Fatal(opened)
	}
	const binary = "application/octet-stream"
	session := opened["session"].(string)
	seq := fmt.Sprint(opened["pane"].(m)["seq"])
	file, err := base64.StdEncoding.DecodeString(h.print("genuine")["content"].(string))
	if err != nil {
		t.Fatal(err)
	}
	headers := map[string]string{"Glencheck-Session": session, "Glencheck-Seq": seq, "Glencheck-Seen": "2", "Glencheck-File": "%C3%9Cbersicht%20%3Cb%3E.pdf"}
	status, out := post("/link/session/upload", binary, headers, string(file))
	html, _ := out["pane"].(m)["html"].(string)
	if status != 200 || !strings.Contains(html, "Übersicht &lt;b&gt;.pdf") || !strings.Contains(html, "PDF · 1 page") || len(out["request_id"].(string)) != 15 {
		t.Errorf("%d %v", status, out)
	}
	if status, out = post("/link/session/upload", binary, headers, string(file)); status != 200 || strings.Contains(out["pane"].(m)["html"].(string), "already") {
		t.Errorf("a repeated request did something: %d %v", status, out)
	}
	headers["Glencheck-Seq"] = fmt.Sprint(out["pane"].(m)["seq"])
	if _, out = post("/link/session/upload", binary, headers, strings.Repeat("x", 10<<20+5)); !strings.Contains(out["pane"].(m)["html"].(string), "larger than 10 MB") {
		t.Errorf("too large: %v", out)
	}
	for _, c := range []struct {
		kind    string
		headers map[string]string
		code    string
	}{
		{binary, nil, "INVALID_HEADERS"},
		{"text/plain", headers, "INVALID_HEADERS"},
		{"multipart/form-data; boundary=x", headers, "INVALID_HEADERS"},
		{binary, map[string]string{"Glencheck-Session": session, "Glencheck-Seq": "two"}, "INVALID_HEADERS"},
		{binary, map[string]string{"Glencheck-Session": "unknown", "Glencheck-Seq": seq}, "INVALID_LINK_TOKEN"},
	} {
		if status, out := post("/link/session/upload", c.kind, c.headers, "x"); status != 400 || out["error_code"] != c.code {
			t.Errorf("%s %v: %d %v", c.kind, c.headers, status, out)
		}
	}
}

// Many files at once are taken in, each in its own session; those that wait for a place
// come to it.
func TestUploadsAtOnce(t *testing.T) {
	h := uploading(t)
	bomb, good := h.print("bomb"), h.print("genuine")
	var wg sync.WaitGroup
	for i := range 12 {
		session := h.Call(t, "/sandbox/link/session/open", m{"link_token": h.token()}).Text("session")
		wg.Go(func() {
			file, taken := good, 1
			if i%3 == 0 {
				file, taken = bomb, 0
			}
			out, err := h.Post(context.Background(), "/sandbox/link/session/upload", m{"session": session, "content": file["content"]})
			if err != nil || out.Status != 200 || len(out.Body["choices"].([]any)) != taken {
				t.Errorf("%d: %v %v", i, out, err)
			}
		})
	}
	wg.Wait()
}
