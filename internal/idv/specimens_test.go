package idv_test

import (
	"bytes"
	"context"
	"encoding/base64"
	"image/jpeg"
	"strings"
	"testing"

	"github.com/glencheck-dev/glencheck/internal/idv/raster"
	"github.com/glencheck-dev/glencheck/internal/idv/reader"
	"github.com/glencheck-dev/glencheck/internal/idv/selfie/film"
	"github.com/glencheck-dev/glencheck/internal/store/storetest"
)

const printing = "/sandbox/identity_verification/specimen/create"

// files are the contents of an answer, by their sides.
func files(t *testing.T, out object) map[string][]byte {
	t.Helper()
	all := map[string][]byte{}
	for _, f := range out["files"].(list) {
		data, err := base64.StdEncoding.DecodeString(at(f, "content").(string))
		if err != nil {
			t.Fatal(err)
		}
		side, _ := at(f, "side").(string)
		all[side] = data
	}
	return all
}

// TestSpecimens: a test document is that of whoever is asked for.
func TestSpecimens(t *testing.T) {
	if testing.Short() {
		t.Skip("pictures that are read")
	}
	h := newHouse(t, storetest.SQLite(t))
	a := h.ok("/identity_verification/create", creation("user-1", kycOnly, "user", leslie("name", object{"given_name": "Leslie Ann", "family_name": "Knope"})))
	read := func(picture []byte) *reader.Reading {
		m, err := jpeg.Decode(bytes.NewReader(picture))
		if err != nil {
			t.Fatal(err)
		}
		r, err := reader.Builtin{}.Read(context.Background(), raster.From(m), start)
		if err != nil {
			t.Fatal(err)
		}
		return &r
	}
	both := files(t, h.ok(printing, object{"identity_verification_id": a["id"], "category": "drivers_license"}))
	if l := read(both["back"]).Licence; len(both) != 2 || l == nil || l.GivenName != "LESLIE" || l.MiddleName != "ANN" || l.City != "PAWNEE" || l.Region != "IN" {
		t.Errorf("%d files, %+v", len(both), l)
	}
	one := files(t, h.ok(printing, object{"category": "passport", "issuing_country": "DE", "side": "front", "user": object{"date_of_birth": "1980-02-29"}}))
	if m := read(one["front"]).MRZ; len(one) != 1 || m == nil || m.Issuer != "D" || m.Surname != "KNOPE" || m.Birth.String() != "1980-02-29" || !m.Sound() {
		t.Errorf("%d files, %+v", len(one), m)
	}
	selfie := files(t, h.ok(printing, object{"category": "selfie", "moves": list{"middle", "right", "left", "middle"}}))
	if frames, err := film.Decode(selfie[""]); err != nil || len(frames) < 8 {
		t.Errorf("%d frames, %v", len(frames), err)
	}
}

func TestSpecimensThatAreNotPrinted(t *testing.T) {
	h := newHouse(t, storetest.SQLite(t))
	for _, c := range []struct {
		in      object
		code    string
		message string
	}{
		{object{}, "MISSING_FIELDS", "category"},
		{object{"category": "birth_certificate"}, "INVALID_FIELD", "category"},
		{object{"category": "passport", "fault": "torn"}, "INVALID_FIELD", `There is no fault "torn".`},
		{object{"category": "passport", "side": "back"}, "INVALID_FIELD", "has no back"},
		{object{"category": "passport", "issuing_country": "XX"}, "INVALID_FIELD", "Nobody in"},
		{object{"category": "drivers_license", "fault": "wrong_check_digit"}, "INVALID_FIELD", "no check digits"},
		{object{"category": "passport", "user": object{"name": object{"given_name": "Leslie"}}}, "MISSING_FIELDS", "family_name"},
		{object{"category": "passport", "user": object{"date_of_birth": "18.1.1975"}}, "INVALID_FIELD", "date_of_birth"},
		{object{"category": "passport", "identity_verification_id": "idv_00000000000000"}, "NOT_FOUND", ""},
		{object{"category": "selfie"}, "MISSING_FIELDS", "moves"},
		{object{"category": "selfie", "moves": list{"up"}}, "INVALID_FIELD", "moves"},
		{object{"category": "selfie", "moves": list{"middle"}, "side": "front"}, "INVALID_FIELD", "left out"},
		{object{"category": "selfie", "moves": list{"middle"}, "fault": "blurred"}, "INVALID_FIELD", `There is no fault "blurred".`},
	} {
		status, out := h.post(printing, c.in)
		if status < 400 || out["error_code"] != c.code || !strings.Contains(out["error_message"].(string), c.message) {
			t.Errorf("%v: %d %v %q", c.in, status, out["error_code"], out["error_message"])
		}
	}
}
