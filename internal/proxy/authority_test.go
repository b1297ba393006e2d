package proxy

import (
	"crypto/x509"
	"encoding/pem"
	"testing"
	"time"

	"github.com/glencheck-dev/glencheck/internal/clock"
)

func pool(t *testing.T, a *Authority) *x509.CertPool {
	t.Helper()
	p := x509.NewCertPool()
	if !p.AppendCertsFromPEM(a.PEM()) {
		t.Fatal("the authority's certificate cannot be read")
	}
	return p
}

// TestTheAuthorityIsGoodForNothingElse signs for a stranger, as somebody could
// who had the key, and finds that nobody accepts it.
func TestTheAuthorityIsGoodForNothingElse(t *testing.T) {
	a, err := NewAuthority(clock.Real().Now())
	if err != nil {
		t.Fatal(err)
	}
	if _, err := a.Certificate("example.com"); err == nil {
		t.Error("a certificate for a stranger")
	}
	verify := func(name string) error {
		c, err := a.sign(name)
		if err != nil {
			t.Fatal(err)
		}
		_, err = c.Leaf.Verify(x509.VerifyOptions{Roots: pool(t, a), DNSName: name})
		return err
	}
	for _, name := range Names {
		if err := verify(name); err != nil {
			t.Error(err)
		}
	}
	for _, name := range []string{"example.com", "plaid.com", "dashboard.plaid.com"} {
		if err := verify(name); err == nil {
			t.Errorf("%s is trusted", name)
		}
	}
}

func TestCertificatesAreMadeOncePerNameAndRun(t *testing.T) {
	now := clock.Real().Now()
	a, err := NewAuthority(now)
	if err != nil {
		t.Fatal(err)
	}
	b, err := NewAuthority(now)
	if err != nil {
		t.Fatal(err)
	}
	one, _ := a.Certificate("cdn.plaid.com")
	two, _ := a.Certificate("cdn.plaid.com")
	if one != two || len(one.Certificate) != 2 {
		t.Error("another certificate, or one without its authority")
	}
	if a.SPKI() == b.SPKI() {
		t.Error("two runs have one key")
	}
	if _, err := one.Leaf.Verify(x509.VerifyOptions{Roots: pool(t, b)}); err == nil {
		t.Error("one run trusts another")
	}
	if one.Leaf.NotAfter.Sub(now) > 398*24*time.Hour {
		t.Error("a certificate that browsers find too long")
	}
	block, rest := pem.Decode(a.PEM())
	if block == nil || block.Type != "CERTIFICATE" || len(rest) != 0 {
		t.Error("more than a certificate is written down")
	}
}
