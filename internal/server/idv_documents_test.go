package server_test

import (
	"bytes"
	"encoding/base64"
	"image/jpeg"
	"strconv"
	"strings"
	"testing"

	"github.com/glencheck-dev/glencheck/internal/idv/raster"
	"github.com/glencheck-dev/glencheck/internal/idv/reader/specimentest"
	"github.com/glencheck-dev/glencheck/internal/server/servertest"
)

// The documents of the sandbox's Leslie Knope, and some of other people.
var (
	lesliesPassport = specimentest.Person{
		Surname: "KNOPE", GivenNames: "LESLIE BARBARA", Number: "L898902C3", Issuer: "UTO", Nationality: "UTO",
		Birth: "750118", Expiry: "340415", Sex: "F", Optional: "ZE184226B",
	}
	expiredPassport = with(lesliesPassport, func(p *specimentest.Person) { p.Expiry = "240415" })
	aprilsPassport  = with(lesliesPassport, func(p *specimentest.Person) { p.Surname, p.GivenNames = "LUDGATE", "APRIL" })
)

func with(p specimentest.Person, change func(*specimentest.Person)) specimentest.Person {
	change(&p)
	return p
}

// passportOf is the data page of a passport on a table, with a face.
func passportOf(p specimentest.Person) *raster.Gray {
	page := specimentest.Page(p.TD3(), 14)
	specimentest.Face(page, 0.165*float64(page.W), 0.36*float64(page.H), 100, 0)
	return onTable(page)
}

func jpegOf(t testing.TB, g *raster.Gray) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := jpeg.Encode(&b, g.Image(), &jpeg.Options{Quality: 88}); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func inJSON(file []byte) map[string]any {
	return map[string]any{"file_name": "page.jpg", "content": base64.StdEncoding.EncodeToString(file)}
}

// verifying is a session of Link for a person whose documents are looked at.
func verifying(t *testing.T, s *servertest.Server, who, template, country string) string {
	t.Helper()
	return s.Call(t, "/link/token/create", map[string]any{
		"client_name": "App", "language": "en", "country_codes": []string{"US"}, "products": []string{"identity_verification"},
		"user": map[string]any{
			"client_user_id": who, "name": map[string]any{"given_name": "Leslie", "family_name": "Knope"}, "date_of_birth": "1975-01-18",
			"address": map[string]any{"country": country},
		},
		"identity_verification": map[string]any{"template_id": template, "gave_consent": true},
	}).Text("link_token")
}

const papersAlone = "idvtmp_PapersAlone1"

// papers is a server with a template that asks for documents and nothing else.
func papers(t *testing.T, rules map[string]any) *servertest.Server {
	t.Helper()
	s := servertest.Start(t)
	s.Call(t, "/sandbox/identity_verification/template/set", map[string]any{"template_id": papersAlone, "name": "Documents", "documentary_verification": rules})
	return s
}

// TestDocumentsOfALinkSession: what people hand in is read and judged, in one call of
// the headless driver.
func TestDocumentsOfALinkSession(t *testing.T) {
	if testing.Short() {
		t.Skip("pictures are read, which other tests here do beside each other")
	}
	s := papers(t, map[string]any{"name_match": true, "date_of_birth_match": true, "least_age": 18})
	good := jpegOf(t, passportOf(lesliesPassport))
	blurred := jpegOf(t, specimentest.Blurred(passportOf(lesliesPassport), 5))
	front := jpegOf(t, onTable(specimentest.Page([]string{strings.Repeat(" ", 44)}, 14))) // a portrait and lines, no zone
	rear := jpegOf(t, onTable(specimentest.Page([]string{strings.Repeat(" ", 40)}, 15)))
	for name, c := range map[string]struct {
		files    [][]byte
		kind     string
		step     string
		statuses string // of the documents
		events   string
		why      string
	}{
		"a passport":        {[][]byte{good}, "passport", "success", "success", "PASS_STEP PASS_SESSION", ""},
		"blurred at first":  {[][]byte{blurred, good}, "passport", "success", "failed success", "PASS_STEP PASS_SESSION", ""},
		"blurred":           {[][]byte{blurred, blurred, blurred}, "passport", "failed", "failed failed failed", "FAIL_STEP FAIL_SESSION", "blurred"},
		"expired":           {[][]byte{jpegOf(t, passportOf(expiredPassport))}, "passport", "failed", "failed", "FAIL_STEP FAIL_SESSION", "expired"},
		"somebody else's":   {[][]byte{jpegOf(t, passportOf(aprilsPassport))}, "passport", "failed", "failed", "FAIL_STEP FAIL_SESSION", "name on the document is another"},
		"without a zone":    {[][]byte{front, front, front}, "passport", "pending_review", "", "PENDING_REVIEW_STEP PENDING_REVIEW_SESSION", "was not found"},
		"a card to look at": {[][]byte{front, rear}, "drivers_license", "pending_review", "", "PENDING_REVIEW_STEP PENDING_REVIEW_SESSION", "nothing that a machine can read"},
	} {
		if testing.Short() && name != "a passport" {
			continue // reading takes its time under the race detector
		}
		var files []any
		for _, f := range c.files {
			files = append(files, inJSON(f))
		}
		a := s.Call(t, "/sandbox/link/session/complete", map[string]any{
			"link_token": verifying(t, s, "user-"+name, papersAlone, map[bool]string{true: "US", false: "GB"}[c.kind == "passport"]),
			"inputs":     map[string]any{"documents": files, "fields": map[string]any{"document_kind": c.kind}},
		})
		if got, want := toldOf(a), "OPEN OPEN_UI CREATE_SESSION START_STEP:DOCUMENTARY_VERIFICATION "+strings.Replace(c.events, "_STEP", "_STEP:DOCUMENTARY_VERIFICATION", 1)+" CLOSE_UI"; got != want {
			t.Errorf("%s: told\n%s, want\n%s", name, got, want)
		}
		id := map[string]any{"identity_verification_id": a.Text("link_session_id")}
		got := s.Call(t, "/identity_verification/get", id)
		if step := got.Text("steps", "documentary_verification"); step != c.step {
			t.Errorf("%s: %s, want %s", name, step, c.step)
		}
		var statuses []string
		for i := range 3 {
			if status := got.Text("documentary_verification", "documents", strconv.Itoa(i), "status"); status != "" {
				statuses = append(statuses, status)
			}
		}
		if got := strings.Join(statuses, " "); got != c.statuses {
			t.Errorf("%s: documents are %s, want %s", name, got, c.statuses)
		}
		why := s.Call(t, "/sandbox/identity_verification/explain", id)
		if got := why.Text("steps", "3", "why"); !strings.Contains(got, c.why) || (c.why == "") != (got == "") {
			t.Errorf("%s: explained by %q, want %q", name, got, c.why)
		}
	}
}

// onTable is a document on a dark ground.
func onTable(g *raster.Gray) *raster.Gray {
	return specimentest.Noisy(specimentest.On(g, g.W+120, g.H+100, 70), 3, 1)
}

// toldOf are the events of a session, without what is the same in all names.
func toldOf(a servertest.Answer) string {
	var names []string
	for _, e := range a.Body["events"].([]any) {
		e := e.(map[string]any)
		name := strings.TrimPrefix(e["event_name"].(string), "IDENTITY_VERIFICATION_")
		if view, ok := e["metadata"].(map[string]any)["view_name"].(string); ok {
			name += ":" + view
		}
		names = append(names, name)
	}
	return strings.Join(names, " ")
}
