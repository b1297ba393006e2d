package proxy

import (
	"bytes"
	"crypto/sha1" // the format of Java's key stores, no protection of ours
	"encoding/binary"
	"encoding/pem"
	"os"
	"strconv"
	"time"
	"unicode/utf16"
)

// systemBundles is where systems keep the certificates that everybody trusts.
var systemBundles = []string{
	"/etc/ssl/certs/ca-certificates.crt",                // Debian, Alpine, Arch
	"/etc/pki/tls/certs/ca-bundle.crt",                  // Fedora, RHEL 6
	"/etc/pki/ca-trust/extracted/pem/tls-ca-bundle.pem", // RHEL
	"/etc/ssl/ca-bundle.pem",                            // openSUSE
	"/etc/ssl/cert.pem",                                 // macOS, the BSDs, Alpine
	"/usr/local/etc/openssl@3/cert.pem",                 // Homebrew
	"/opt/homebrew/etc/openssl@3/cert.pem",
}

// readBundle reads the certificates that programs of this system trust: the
// bundles that the environment names, else the system's. found is false where
// there is none, as in an empty container.
func readBundle(named ...string) (bundle []byte, found bool) {
	seen := map[string]bool{}
	add := func(file string) bool {
		if file == "" || seen[file] {
			return file != ""
		}
		text, err := os.ReadFile(file)
		if err != nil || !bytes.Contains(text, []byte("-----BEGIN CERTIFICATE-----")) {
			return false
		}
		seen[file] = true
		bundle = append(bytes.TrimRight(append(bundle, text...), "\n"), '\n')
		return true
	}
	for _, file := range named {
		add(file)
	}
	for _, file := range systemBundles {
		if add(file) {
			break
		}
	}
	return bundle, len(bundle) > 0
}

// javaPassword is the one that every Java installation has.
const javaPassword = "changeit"

// javaStore writes the certificates of a bundle as a key store of Java, in the
// format JKS, which every Java reads: a count, the entries, and a digest that is
// salted with the password.
func javaStore(bundle []byte, now time.Time) []byte {
	var certs [][]byte
	for rest := bundle; ; {
		var block *pem.Block
		if block, rest = pem.Decode(rest); block == nil {
			break
		}
		if block.Type == "CERTIFICATE" {
			certs = append(certs, block.Bytes)
		}
	}
	var out []byte
	number := func(n int) { out = binary.BigEndian.AppendUint32(out, uint32(n)) }
	text := func(s string) { out = append(binary.BigEndian.AppendUint16(out, uint16(len(s))), s...) }
	number(0xfeedfeed)
	number(2) // version
	number(len(certs))
	for i, der := range certs {
		number(2) // a trusted certificate
		text("ca-" + strconv.Itoa(i))
		out = binary.BigEndian.AppendUint64(out, uint64(now.UnixMilli()))
		text("X.509")
		number(len(der))
		out = append(out, der...)
	}
	h := sha1.New()
	for _, unit := range utf16.Encode([]rune(javaPassword)) {
		h.Write([]byte{byte(unit >> 8), byte(unit)})
	}
	h.Write([]byte("Mighty Aphrodite")) // part of the format
	h.Write(out)
	return h.Sum(out)
}
