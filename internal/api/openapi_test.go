package api

import (
	"context"
	"io"
	"testing"

	"github.com/getkin/kin-openapi/openapi3"
)

func TestOurDocumentIsValidAndComplete(t *testing.T) {
	s := testServer(t, io.Discard)
	var list []Endpoint
	for _, e := range s.routes {
		list = append(list, *e)
	}
	raw, err := OpenAPI("http://localhost:8484", list)
	if err != nil {
		t.Fatal(err)
	}
	doc, err := openapi3.NewLoader().LoadFromData(raw)
	if err != nil {
		t.Fatal(err)
	}
	if err := doc.Validate(context.Background()); err != nil {
		t.Error(err)
	}
	in := doc.Components.Schemas["ApiRequest"].Value
	if len(in.Required) != 2 || in.Properties["count"].Value.Max == nil || *in.Properties["count"].Value.Max != 500 {
		t.Errorf("%+v", in)
	}
	if doc.Paths.Len() != len(list) {
		t.Errorf("%d paths of %d", doc.Paths.Len(), len(list))
	}
}
