package dashboard

import (
	"bytes"
	"image/jpeg"
	"net/http"
	"regexp"
	"strings"
	"testing"

	"github.com/glencheck-dev/glencheck/internal/idv/selfie/film"
	"github.com/glencheck-dev/glencheck/internal/store/storetest"
)

// TestTestDocuments: the page shows what its address asks for, and its files are what
// they say.
func TestTestDocuments(t *testing.T) {
	c := openChecks(t, storetest.SQLite(t))
	for path, want := range map[string]string{
		"":                                        `alt="Passport, Front"`,
		"?category=drivers_license":               `alt="Driver’s license, Back"`,
		"?category=id_card&country=DE":            `{&#34;category&#34;:&#34;id_card&#34;,&#34;issuing_country&#34;:&#34;DE&#34;}`,
		"?given_name=Leslie+Ann":                  `&#34;given_name&#34;:&#34;Leslie Ann&#34;`,
		"?fault=expired":                          `&#34;fault&#34;:&#34;expired&#34;`,
		"?given_name=%3Cscript%3E":                `value="&lt;script&gt;"`,
		"?moves=closer+left":                      `<option value="closer left" selected>`,
		"?moves=up":                               `<option value="left right" selected>`,
		"?selfie_fault=still&category=x":          `role="alert"`,
		"?fault=other_back":                       "has no back",
		"?country=GB&category=id_card":            "Nobody in",
		"?date_of_birth=18.1.1975":                "not a day",
		"?given_name=%E8%AB%BE%E6%99%AE":          "no letter",
		"?given_name=" + strings.Repeat("x", 200): `value="Leslie"`,
	} {
		rec := c.ask("GET", specimensRoot+path, "")
		bad := strings.Contains(rec.Body.String(), `id="wrong"`)
		if !strings.Contains(rec.Body.String(), want) || bad != (rec.Code == http.StatusUnprocessableEntity) || !bad && rec.Code != http.StatusOK {
			t.Errorf("%s: %d without %q", path, rec.Code, want)
		}
	}
	if testing.Short() {
		return // pictures take their time under the race detector
	}
	page := c.ask("GET", specimensRoot+"?fault=expired", "").Body.String()
	src := regexp.MustCompile(`<img src="([^"]+)"`).FindStringSubmatch(page)
	if src == nil {
		t.Fatal("no picture")
	}
	picture := c.ask("GET", strings.ReplaceAll(src[1], "&amp;", "&"), "")
	if m, err := jpeg.DecodeConfig(bytes.NewReader(picture.Body.Bytes())); err != nil || m.Width != 960 || picture.Header().Get("Content-Type") != "image/jpeg" {
		t.Errorf("%v %+v", err, m)
	}
	selfie := c.ask("GET", specimensRoot+"/selfie.film?moves=right+left", "")
	if frames, err := film.Decode(selfie.Body.Bytes()); err != nil || len(frames) < 8 || !strings.Contains(selfie.Header().Get("Content-Disposition"), "selfie.film") {
		t.Errorf("%v, %d frames", err, len(frames))
	}
	for _, path := range []string{"/back.jpg", "/front.jpg?category=visa", "/front.png", "/front.mjpeg?fault=torn", "/selfie.film?selfie_fault=torn", "/x"} {
		if rec := c.ask("GET", specimensRoot+path, ""); rec.Code != http.StatusNotFound {
			t.Errorf("%s: %d", path, rec.Code)
		}
	}
}

// TestNoTestDocumentsInProduction: neither the page nor a way to it.
func TestNoTestDocumentsInProduction(t *testing.T) {
	c := openChecks(t, storetest.SQLite(t))
	c.config.Sandbox = false
	c.h = Handler(c.config)
	for _, path := range []string{specimensRoot, specimensRoot + "/front.jpg"} {
		if rec := c.ask("GET", path, ""); rec.Code != http.StatusNotFound || strings.Contains(rec.Body.String(), "Test documents") {
			t.Errorf("%s in production: %d", path, rec.Code)
		}
	}
}
