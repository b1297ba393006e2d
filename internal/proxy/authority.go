package proxy

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/sha256"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/base64"
	"encoding/pem"
	"fmt"
	"math/big"
	"slices"
	"sync"
	"time"
)

// Names are the host names that are answered here: the API's environments, the
// one that was switched off included (old programs still name it), the host of
// the Link script, and the one that Hosted Link's pages have.
var Names = []string{
	"sandbox.plaid.com",
	"development.plaid.com",
	"production.plaid.com",
	"cdn.plaid.com",
	"secure.plaid.com",
}

// lifetime is how long the certificates are good: longer than anybody runs a
// program, short enough for every client.
const lifetime = 90 * 24 * time.Hour

// early makes certificates good for clients whose clock is a little behind.
const early = time.Hour

// Authority signs certificates for Names. Its key exists in memory only.
type Authority struct {
	key  *ecdsa.PrivateKey
	cert *x509.Certificate

	mu   sync.Mutex
	made map[string]*tls.Certificate // by name; "" is good for all of them
}

// NewAuthority makes an authority whose certificates are good from now on. Its
// key comes from the system's randomness, never from a seed.
func NewAuthority(now time.Time) (*Authority, error) {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return nil, fmt.Errorf("proxy: key: %w", err)
	}
	serial, err := newSerial()
	if err != nil {
		return nil, err
	}
	template := &x509.Certificate{
		SerialNumber: serial,
		Subject:      pkix.Name{Organization: []string{"Glencheck"}, CommonName: "Glencheck, for this run only"},
		NotBefore:    now.Add(-early), NotAfter: now.Add(lifetime),
		IsCA: true, BasicConstraintsValid: true, MaxPathLenZero: true,
		KeyUsage:                    x509.KeyUsageCertSign | x509.KeyUsageCRLSign,
		PermittedDNSDomainsCritical: true, PermittedDNSDomains: Names,
	}
	der, err := x509.CreateCertificate(rand.Reader, template, template, &key.PublicKey, key)
	if err != nil {
		return nil, fmt.Errorf("proxy: certificate: %w", err)
	}
	cert, err := x509.ParseCertificate(der)
	if err != nil {
		return nil, fmt.Errorf("proxy: certificate: %w", err)
	}
	return &Authority{key: key, cert: cert, made: map[string]*tls.Certificate{}}, nil
}

// PEM is the authority's certificate as programs want it.
func (a *Authority) PEM() []byte {
	return pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: a.cert.Raw})
}

// SPKI is the hash of the authority's public key as Chromium's flag
// --ignore-certificate-errors-spki-list wants it: the chain that is served ends
// with the authority, so one value is good for every name.
func (a *Authority) SPKI() string {
	sum := sha256.Sum256(a.cert.RawSubjectPublicKeyInfo)
	return base64.StdEncoding.EncodeToString(sum[:])
}

// Certificate is the one of a name in Names, made when it is first asked for;
// that of "" is good for all of them, for clients that name none.
func (a *Authority) Certificate(name string) (*tls.Certificate, error) {
	if name != "" && !slices.Contains(Names, name) {
		return nil, fmt.Errorf("proxy: %q is not a name that is answered here", name)
	}
	a.mu.Lock()
	defer a.mu.Unlock()
	if c := a.made[name]; c != nil {
		return c, nil
	}
	c, err := a.sign(name)
	if err != nil {
		return nil, fmt.Errorf("proxy: certificate of %s: %w", name, err)
	}
	a.made[name] = c
	return c, nil
}

func (a *Authority) sign(name string) (*tls.Certificate, error) {
	names, common := []string{name}, name
	if name == "" {
		names, common = Names, Names[0]
	}
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return nil, err
	}
	serial, err := newSerial()
	if err != nil {
		return nil, err
	}
	template := &x509.Certificate{
		SerialNumber: serial,
		Subject:      pkix.Name{CommonName: common},
		DNSNames:     names,
		NotBefore:    a.cert.NotBefore, NotAfter: a.cert.NotAfter,
		BasicConstraintsValid: true,
		KeyUsage:              x509.KeyUsageDigitalSignature,
		ExtKeyUsage:           []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth},
	}
	der, err := x509.CreateCertificate(rand.Reader, template, a.cert, &key.PublicKey, a.key)
	if err != nil {
		return nil, err
	}
	leaf, err := x509.ParseCertificate(der)
	if err != nil {
		return nil, err
	}
	return &tls.Certificate{Certificate: [][]byte{der, a.cert.Raw}, PrivateKey: key, Leaf: leaf}, nil
}

// newSerial is a random number of 120 bits: NSS refuses two certificates of one
// issuer with the same.
func newSerial() (*big.Int, error) {
	n, err := rand.Int(rand.Reader, new(big.Int).Lsh(big.NewInt(1), 120))
	if err != nil {
		return nil, fmt.Errorf("proxy: serial number: %w", err)
	}
	return n.Add(n, big.NewInt(1)), nil
}
