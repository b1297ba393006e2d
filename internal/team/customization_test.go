package team

import (
	"bytes"
	"encoding/base64"
	"encoding/json"
	"image"
	"image/color"
	"image/png"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/glencheck-dev/glencheck/internal/store"
	"github.com/glencheck-dev/glencheck/internal/store/storetest"
)

type object = map[string]any

// onlyIns1 stands in for the catalogue.
func onlyIns1(id string) bool { return id == "ins_1" }

// picture is a square PNG of one colour in base64.
func picture(t *testing.T, side int, c color.Color) string {
	t.Helper()
	img := image.NewNRGBA(image.Rect(0, 0, side, side))
	for y := range side {
		for x := range side {
			img.Set(x, y, c)
		}
	}
	var b bytes.Buffer
	if err := png.Encode(&b, img); err != nil {
		t.Fatal(err)
	}
	return base64.StdEncoding.EncodeToString(b.Bytes())
}

func text(t *testing.T, v any) string {
	t.Helper()
	b, err := json.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

func TestCustomizationIsKept(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		w := sandbox(t, db)
		if _, err := w.teams.Client(t.Context(), SandboxClientID); err != nil { // in memory from here on
			t.Fatal(err)
		}
		logo := picture(t, 512, color.NRGBA{R: 200, A: 255})
		status, out := w.post(t, "/sandbox/team/customization/set", text(t, object{
			"name": "wallet", "language": "de", "country_codes": []string{"DE", "AT"}, "account_select": "single",
			"appearance":        object{"accent_color": "#FF8800", "mode": "dark", "company_name": "Wonder & Wallet", "logo": logo},
			"texts":             []object{{"pane": "CONNECTED", "title": "Fer\u00adtig"}, {"pane": "CONSENT", "lead": "Nur einmal.", "button": "Los"}},
			"data_transparency": object{"use_cases": []string{"Verify your account", "Pay your bills"}},
			"institutions":      []string{"ins_1"}, "returning_user": true, "events": "realtime", "identity_match": map[string]any{"legal_name": 70, "address": 90}, "database_auth": "any",
		}))
		if status != 200 {
			t.Fatalf("%d %v", status, out)
		}
		c := out["customization"].(object)
		kept := c["appearance"].(object)["logo"].(string)
		want := object{
			"name": "wallet", "language": "de", "country_codes": []any{"DE", "AT"}, "account_select": "single",
			"appearance": object{"accent_color": "#ff8800", "mode": "dark", "company_name": "Wonder & Wallet", "logo": kept},
			"texts": []any{
				object{"pane": "CONSENT", "title": nil, "lead": "Nur einmal.", "button": "Los"},
				object{"pane": "CONNECTED", "title": "Fer\u00adtig", "lead": nil, "button": nil},
			},
			"data_transparency": object{"use_cases": []any{"Verify your account", "Pay your bills"}},
			"institutions":      []any{"ins_1"}, "returning_user": true, "events": "realtime",
			"identity_match": map[string]any{"legal_name": 70.0, "phone_number": nil, "email_address": nil, "address": 90.0}, "database_auth": "any",
		}
		if diff := cmp.Diff(want, c); diff != "" {
			t.Error(diff)
		}
		if _, got := w.post(t, "/sandbox/team/customization/get", `{"name":"wallet"}`); cmp.Diff(want, got["customization"]) != "" {
			t.Errorf("get: %v", got)
		}
		client, err := w.teams.Client(t.Context(), SandboxClientID)
		if err != nil {
			t.Fatal(err)
		}
		if got, known := client.Customization("wallet", "de", []string{"AT", "DE"}); !known || got.Appearance.Accent != "#ff8800" || !got.ReturningUser || got.Texts["CONSENT"].Button != "Los" {
			t.Errorf("a link token would get %+v", got)
		}
		if got, known := client.Customization("wallet", "de", []string{"DE"}); !known || got.Name != DefaultCustomization || got.Appearance.Accent != "" {
			t.Errorf("other countries: %+v", got)
		}
		raw, err := w.teams.Logo(t.Context(), client.Customizations[len(client.Customizations)-1].Appearance.Logo)
		if err != nil {
			t.Fatal(err)
		}
		if cfg, err := png.DecodeConfig(bytes.NewReader(raw)); err != nil || cfg.Width != logoSide || base64.StdEncoding.EncodeToString(raw) != kept {
			t.Errorf("the logo is %+v, %v", cfg, err)
		}
	})
}

func TestSetReplacesTheWhole(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		w := sandbox(t, db)
		w.post(t, "/sandbox/team/customization/set", `{"name":"default","appearance":{"accent_color":"#ff8800"},"returning_user":true}`)
		_, out := w.post(t, "/sandbox/team/customization/set", `{"name":"default","account_select":"all"}`)
		want := object{
			"name": "default", "language": nil, "country_codes": []any{}, "account_select": "all",
			"appearance": object{"accent_color": nil, "mode": "system", "company_name": nil, "logo": nil},
			"texts":      []any{}, "data_transparency": nil, "institutions": []any{}, "returning_user": false, "events": nil, "identity_match": nil, "database_auth": nil,
		}
		if diff := cmp.Diff(want, out["customization"]); diff != "" {
			t.Error(diff)
		}
		_, list := w.post(t, "/sandbox/team/customization/list", `{}`)
		var names []string
		for _, c := range list["customizations"].([]any) {
			names = append(names, c.(object)["name"].(string))
		}
		if diff := cmp.Diff([]string{"all", "default", "multiple", "single"}, names); diff != "" {
			t.Error(diff)
		}
		if _, out := w.post(t, "/sandbox/team/customization/remove", `{"name":"all"}`); out["removed"] != true {
			t.Errorf("remove: %v", out)
		}
		for _, path := range []string{"remove", "get"} {
			if status, out := w.post(t, "/sandbox/team/customization/"+path, `{"name":"all"}`); status != 400 || out["error_message"] != errNoCustomization.Message {
				t.Errorf("%s: %d %v", path, status, out)
			}
		}
	})
}

func TestCustomizationRefusals(t *testing.T) {
	w := sandbox(t, storetest.SQLite(t))
	long := strings.Repeat("ä", 301)
	narrow := base64.StdEncoding.EncodeToString([]byte("GIF89a"))
	for body, want := range map[string]string{
		`{}`:                                  "the following required fields are missing: name",
		`{"name":"x","css":"*{}"}`:            "the following fields are not recognized by this endpoint: css",
		`{"name":" "}`:                        "name must have 1 to 100 characters",
		`{"name":"a\nb"}`:                     "name must be one line without control characters",
		`{"name":"x","language":"de"}`:        "language and country_codes must be given together, or neither for a customization that fits every link token",
		`{"name":"x","country_codes":["US"]}`: "language and country_codes must be given together, or neither for a customization that fits every link token",
		`{"name":"x","account_select":"two"}`: "account_select must be one of: single, multiple, all",
		`{"name":"x","appearance":{"accent_color":"red"}}`:                                                                            "appearance.accent_color must be a colour of the form #rrggbb",
		`{"name":"x","appearance":{"accent_color":"#12345g"}}`:                                                                        "appearance.accent_color must be a colour of the form #rrggbb",
		`{"name":"x","appearance":{"company_name":"1234567890123456789012345678901"}}`:                                                "appearance.company_name must have 1 to 30 characters",
		`{"name":"x","appearance":{"company_name":"a<b>"}}`:                                                                           "appearance.company_name must be plain text without < and >",
		`{"name":"x","appearance":{"company_name":"abc\u202edef"}}`:                                                                   "appearance.company_name must be one line without control characters",
		`{"name":"x","appearance":{"logo":"<svg/>"}}`:                                                                                 "appearance.logo must be a PNG image in base64",
		`{"name":"x","appearance":{"logo":"` + narrow + `"}}`:                                                                         "appearance.logo must be a PNG image in base64",
		`{"name":"x","appearance":{"logo":"` + picture(t, 31, color.Black) + `"}}`:                                                    errLogoSize.Message,
		`{"name":"x","appearance":{"logo":"` + picture(t, 1025, color.Black) + `"}}`:                                                  errLogoSize.Message,
		`{"name":"x","texts":[{"pane":"CONSENT","title":"Hi"}]}`:                                                                      "texts must come with language and country_codes: words are in one language",
		`{"name":"x","language":"en","country_codes":["US"],"texts":[{"pane":"EXIT","title":"Hi"}]}`:                                  "texts[0].pane must be one of: CONSENT, SELECT_INSTITUTION, OAUTH, SELECT_ACCOUNT, CONNECTED, RECONNECTED",
		`{"name":"x","language":"en","country_codes":["US"],"texts":[{"pane":"CONSENT"}]}`:                                            "texts[0] must have a title, a lead or a button",
		`{"name":"x","language":"en","country_codes":["US"],"texts":[{"pane":"CONSENT","lead":"` + long + `"}]}`:                      "texts[0].lead must have 1 to 300 characters",
		`{"name":"x","language":"en","country_codes":["US"],"texts":[{"pane":"CONSENT","title":"a"},{"pane":"CONSENT","title":"b"}]}`: "texts[1].pane must not be one that an earlier text has",
		`{"name":"x","language":"en","country_codes":["US"],"texts":[{"pane":"SELECT_INSTITUTION","button":"Go"}]}`:                   "texts[0].button must not be given: the pane has no button",
		`{"name":"x","data_transparency":{"use_cases":[]}}`:                                                                           "data_transparency.use_cases must be a list of one to three use cases",
		`{"name":"x","data_transparency":{"use_cases":["Sell data"]}}`:                                                                `data_transparency.use_cases[0] must be a use case of the list in docs/customization.md, such as "Verify your account"`,
		`{"name":"x","identity_match":{}}`:                                                                                            `identity_match must have a lowest score for legal_name, phone_number, email_address or address`,
		`{"name":"x","identity_match":{"legal_name":101}}`:                                                                            `identity_match.legal_name must be an integer between 1 and 100`,
		`{"name":"x","data_transparency":{"use_cases":["Pay your bills","Get rewards","Pay down debt","Verify your income"]}}`:        "data_transparency.use_cases must be a list of one to three use cases",
		`{"name":"x","institutions":["ins_2"]}`:                                                                                       "institutions[0] must be the institution_id of an institution",
	} {
		status, out := w.post(t, "/sandbox/team/customization/set", body)
		if status != 400 || out["error_message"] != want {
			t.Errorf("%.120s: %d %v; want %q", body, status, out["error_message"], want)
		}
	}
}

func TestAClientHasAtMostAHundred(t *testing.T) {
	w := sandbox(t, storetest.SQLite(t))
	for i := range maxCustomizations - 4 {
		if status, out := w.post(t, "/sandbox/team/customization/set", `{"name":"c`+strconv.Itoa(i)+`"}`); status != 200 {
			t.Fatalf("%d: %d %v", i, status, out)
		}
	}
	if status, out := w.post(t, "/sandbox/team/customization/set", `{"name":"one more"}`); status != 400 || out["error_message"] != errTooMany.Message {
		t.Errorf("%d %v", status, out)
	}
	if status, _ := w.post(t, "/sandbox/team/customization/set", `{"name":"c1","returning_user":true}`); status != 200 {
		t.Errorf("one of them cannot be changed: %d", status)
	}
}

// A logo that was replaced serves the link tokens that know it, and then goes.
func TestReplacedLogosGo(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		w := sandbox(t, db)
		set := func(c color.Color) {
			t.Helper()
			if status, out := w.post(t, "/sandbox/team/customization/set", `{"name":"default","appearance":{"logo":"`+picture(t, 64, c)+`"}}`); status != 200 {
				t.Fatalf("%d %v", status, out)
			}
		}
		count := func() (n int) {
			t.Helper()
			if err := db.QueryRow(t.Context(), `SELECT COUNT(*) FROM team_logo`).Scan(&n); err != nil {
				t.Fatal(err)
			}
			return n
		}
		set(color.Black)
		set(color.Black)
		set(color.White)
		if n := count(); n != 2 {
			t.Errorf("%d logos, want the replaced one kept", n)
		}
		w.teams.clock.Advance(keepLogo + time.Hour)
		set(color.NRGBA{G: 99, A: 255})
		if n := count(); n != 1 {
			t.Errorf("%d logos after a day, want 1", n)
		}
	})
}

func FuzzLogo(f *testing.F) {
	f.Add([]byte("\x89PNG\r\n\x1a\n"))
	var b bytes.Buffer
	if err := png.Encode(&b, image.NewGray16(image.Rect(0, 0, 40, 40))); err != nil {
		f.Fatal(err)
	}
	f.Add(b.Bytes())
	f.Fuzz(func(t *testing.T, raw []byte) {
		out, err := drawLogo(raw)
		if err != nil {
			return
		}
		if cfg, err := png.DecodeConfig(bytes.NewReader(out)); err != nil || cfg.Width != cfg.Height || cfg.Width > logoSide {
			t.Errorf("%+v, %v", cfg, err)
		}
	})
}
