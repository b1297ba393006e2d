package web_test

import (
	"bytes"
	"flag"
	"os"
	"regexp"
	"strings"
	"testing"

	"github.com/glencheck-dev/glencheck/web"
)

func TestAssets(t *testing.T) {
	if len(web.Assets()) == 0 {
		t.Fatal("the bundle is empty")
	}
	for _, f := range web.Assets() {
		if len(f.Body) == 0 {
			t.Errorf("%s is empty", f.Name)
		}
		if !strings.HasSuffix(web.Path(f.Name), "?v="+f.Hash) || !strings.HasPrefix(web.Path(f.Name), web.AssetPath) {
			t.Errorf("Path(%s) = %s", f.Name, web.Path(f.Name))
		}
		if f.Type == "application/octet-stream" {
			t.Errorf("%s has no content type", f.Name)
		}
		got, ok := web.Asset(f.Name)
		if !ok || !bytes.Equal(got.Body, f.Body) {
			t.Errorf("Asset(%s) is not the listed file", f.Name)
		}
	}
	if _, ok := web.Asset("../text/en.json"); ok {
		t.Error("a file outside the bundle was handed out")
	}
}

// The frame page must work under "default-src 'none'; script-src 'self'; style-src 'self'".
func TestLinkPage(t *testing.T) {
	for _, lang := range web.Languages() {
		page := string(web.LinkPage(lang, web.Look{}))
		for _, want := range []string{
			`<!doctype html>`, `<html lang="` + lang + `"`, `<div id="link-root"`, `<template id="loading">`, `<template id="offline">`,
			web.Path("link.css"), web.Path("link.js"),
		} {
			if !strings.Contains(page, want) || !strings.HasPrefix(page, "<!doctype html>") {
				t.Errorf("%s: the page lacks %s", lang, want)
			}
		}
		for _, bad := range []string{" style=", " onclick=", "<style", "javascript:", "ZgotmplZ"} {
			if strings.Contains(page, bad) {
				t.Errorf("%s: the page holds %q, which its content security policy forbids", lang, bad)
			}
		}
	}
}

// The served script knows the address that browsers use, and only that.
func TestInitialize(t *testing.T) {
	raw, ok := web.Asset("link-initialize.js")
	if !ok || !bytes.Contains(raw.Body, []byte(web.PublicURLPlaceholder)) {
		t.Fatal("the bundled script has no place for the address")
	}
	script := string(web.Initialize("https://link.example/"))
	if strings.Contains(script, web.PublicURLPlaceholder) || !strings.Contains(script, `"https://link.example"`) {
		t.Error("the address was not filled in")
	}
	if strings.Contains(script, "localhost") {
		t.Error("the script names an address of its own")
	}
}

var update = flag.Bool("update", false, "write testdata/link.html anew")

// The browser tests run the runtime in this page (e2e/lib/fake.mjs); the hashes
// of the bundle are left out of it.
func TestLinkPageGolden(t *testing.T) {
	const file = "testdata/link.html"
	got := regexp.MustCompile(`\?v=[0-9a-f]+`).ReplaceAll(web.LinkPage("en", web.Look{}), nil)
	if *update {
		if err := os.WriteFile(file, got, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(got, want) {
		t.Errorf("LinkPage differs from %s; if that is meant, run go test ./web -update", file)
	}
}
