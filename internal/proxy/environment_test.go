package proxy

import (
	"bytes"
	"crypto/sha1"
	"encoding/binary"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"
)

// told writes the environment for a program and returns it by name.
func told(t *testing.T, change func(*Told)) (map[string]string, []string) {
	t.Helper()
	p := start(t, nil)
	x := Told{Proxy: p, CA: p.cfg.Authority, Dir: t.TempDir(), Hooks: true}
	if change != nil {
		change(&x)
	}
	environ, warnings, err := x.Write()
	if err != nil {
		t.Fatal(err)
	}
	set := map[string]string{}
	for _, pair := range environ {
		name, value, _ := strings.Cut(pair, "=")
		if _, twice := set[name]; twice {
			t.Errorf("%s is there twice", name)
		}
		set[name] = value
	}
	return set, warnings
}

func TestEnvironment(t *testing.T) {
	own := filepath.Join(t.TempDir(), "own.pem")
	certificate := "-----BEGIN CERTIFICATE-----\nb3du\n-----END CERTIFICATE-----"
	if err := os.WriteFile(own, []byte(certificate), 0o600); err != nil {
		t.Fatal(err)
	}
	var proxyURL string
	var authority []byte
	set, warnings := told(t, func(x *Told) {
		x.Environ = []string{
			"HOME=/home", "https_proxy=http://corporate:3128", "NO_PROXY=.internal,*.plaid.com,10.0.0.0/8", "no_proxy=*",
			"PLAID_SECRET=real", "NODE_OPTIONS=--max-old-space-size=99", "PYTHONPATH=lib", "SSL_CERT_FILE=" + own, "NODE_EXTRA_CA_CERTS=" + own,
		}
		x.Set = map[string]string{"PLAID_SECRET": "published"}
		proxyURL, authority = x.Proxy.URL(), x.CA.PEM()
	})
	for name, want := range map[string]string{
		"HOME": "/home", "HTTPS_PROXY": proxyURL, "https_proxy": proxyURL, "HTTP_PROXY": "", "PLAID_SECRET": "published",
		"NO_PROXY": "localhost,127.0.0.1,::1,.internal,10.0.0.0/8", "no_proxy": "localhost,127.0.0.1,::1,.internal,10.0.0.0/8", "JAVA_TOOL_OPTIONS": "",
	} {
		if set[name] != want {
			t.Errorf("%s is %q, want %q", name, set[name], want)
		}
	}
	if !strings.HasPrefix(set["NODE_OPTIONS"], "--max-old-space-size=99 --require ") || !strings.HasSuffix(set["PYTHONPATH"], ":lib") {
		t.Errorf("what was there is gone: %q, %q", set["NODE_OPTIONS"], set["PYTHONPATH"])
	}
	for _, name := range []string{"SSL_CERT_FILE", "NODE_EXTRA_CA_CERTS", "REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE"} {
		text, err := os.ReadFile(set[name])
		if err != nil || !bytes.Contains(text, []byte(certificate+"\n")) || !bytes.HasSuffix(text, append([]byte("\n"), authority...)) {
			t.Errorf("%s lacks what was trusted before, or the authority (%v)", name, err)
		}
	}
	if len(warnings) != 0 {
		t.Error(warnings)
	}
}

func TestEnvironmentOffline(t *testing.T) {
	set, _ := told(t, func(x *Told) {
		x.Offline, x.Hooks = true, false
		x.Environ = []string{"NO_PROXY=.internal", "ALL_PROXY=socks5://x"}
	})
	for _, name := range []string{"HTTPS_PROXY", "http_proxy", "HTTP_PROXY", "ALL_PROXY", "all_proxy"} {
		if set[name] != set["GLENCHECK_PROXY_URL"] {
			t.Errorf("%s is %q", name, set[name])
		}
	}
	if set["NO_PROXY"] != local || set["NODE_OPTIONS"] != "" || set["PYTHONPATH"] != "" {
		t.Errorf("%q, %q, %q", set["NO_PROXY"], set["NODE_OPTIONS"], set["PYTHONPATH"])
	}
}

func TestWithout(t *testing.T) {
	for list, want := range map[string]string{
		"": "", "*": "", "plaid.com": "", ".plaid.com": "", "*.com": "", "COM": "", "sandbox.plaid.com:443": "",
		"a.example, b.example": "a.example,b.example", "dashboard.plaid.com": "dashboard.plaid.com", "laid.com": "laid.com",
	} {
		if got := without(list); got != want {
			t.Errorf("%q: %q, want %q", list, got, want)
		}
	}
}

// TestJavaStore reads the store back as Java does.
func TestJavaStore(t *testing.T) {
	set, _ := told(t, func(x *Told) { x.Java = true })
	if !strings.Contains(set["JAVA_TOOL_OPTIONS"], "-Djavax.net.ssl.trustStore=") {
		t.Fatal(set["JAVA_TOOL_OPTIONS"])
	}
	p := start(t, nil)
	first := p.cfg.Authority.PEM()
	store := javaStore(slices.Concat(first, []byte("a comment\n"), first), time.UnixMilli(7))
	salted := []byte("\x00c\x00h\x00a\x00n\x00g\x00e\x00i\x00tMighty Aphrodite")
	body, digest := store[:len(store)-sha1.Size], store[len(store)-sha1.Size:]
	if sum := sha1.Sum(append(salted, body...)); !bytes.Equal(sum[:], digest) {
		t.Error("the digest is wrong")
	}
	if binary.BigEndian.Uint32(body) != 0xfeedfeed || binary.BigEndian.Uint32(body[8:]) != 2 || bytes.Count(body, p.cfg.Authority.cert.Raw) != 2 {
		t.Error("not two certificates")
	}
}

func TestNoCertificatesOfTheSystem(t *testing.T) {
	before := systemBundles
	systemBundles = nil
	defer func() { systemBundles = before }()
	if _, warnings := told(t, nil); len(warnings) != 1 {
		t.Errorf("%d warnings", len(warnings))
	}
}
