package proxy

import (
	_ "embed" // the hooks
	"encoding/json"
	"fmt"
	"maps"
	"net"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"

	"github.com/glencheck-dev/glencheck/internal/clock"
)

// Told is what a program is told so that it uses a proxy unchanged.
type Told struct {
	Proxy *Proxy
	CA    *Authority
	// Environ is the environment that it would have had, as os.Environ gives it.
	Environ []string
	// Set are more variables.
	Set map[string]string
	// Dir is an empty directory of this run. Files are written there.
	Dir string
	// Offline sends plain http to the proxy too, which refuses it.
	Offline bool
	// Hooks lets runtimes that know no proxy load hook.cjs and sitecustomize.py.
	Hooks bool
	// Java sets JAVA_TOOL_OPTIONS, which each Java prints a line about.
	Java bool
}

// local are the hosts that are never asked for by a proxy.
const local = "localhost,127.0.0.1,::1"

//go:embed hook.cjs
var nodeHook string

//go:embed sitecustomize.py
var pythonHook string

// Write writes the files and returns the program's environment. Warnings say
// what a user should know.
func (t Told) Write() (environ, warnings []string, err error) {
	old := t.old()
	bundle, found := readBundle(old["SSL_CERT_FILE"], old["REQUESTS_CA_BUNDLE"], old["CURL_CA_BUNDLE"])
	if !found {
		warnings = append(warnings, "no certificates of this system were found: what the program runs will trust the names of Plaid and nobody else")
	}
	bundle = append(bundle, t.CA.PEM()...)
	extra := t.CA.PEM()
	if more, err := os.ReadFile(old["NODE_EXTRA_CA_CERTS"]); err == nil {
		extra = append(append(more, '\n'), extra...)
	}
	set := t.addresses(old)
	files := map[string][]byte{"ca.pem": t.CA.PEM(), "bundle.pem": bundle, "extra.pem": extra}
	for _, name := range []string{"SSL_CERT_FILE", "REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE"} {
		set[name] = t.path("bundle.pem")
	}
	if old["NIX_SSL_CERT_FILE"] != "" {
		set["NIX_SSL_CERT_FILE"] = t.path("bundle.pem") // which Nix prefers
	}
	set["NODE_EXTRA_CA_CERTS"] = t.path("extra.pem")
	set["DENO_CERT"] = t.path("ca.pem")
	set["GLENCHECK_CA_FILE"] = t.path("ca.pem")
	set["GLENCHECK_CA_SPKI"] = t.CA.SPKI()
	if t.Java {
		files["trust.jks"] = javaStore(bundle, clock.Real().Now())
		set["JAVA_TOOL_OPTIONS"] = joined(" ", old["JAVA_TOOL_OPTIONS"], t.javaOptions(set["NO_PROXY"]))
	}
	if t.Hooks {
		t.hooks(old, set, files)
	}
	maps.Copy(set, t.Set)
	for name, text := range files {
		if err := write(t.path(name), text); err != nil {
			return nil, nil, err
		}
	}
	return t.merge(set), warnings, nil
}

func (t Told) path(name string) string { return filepath.Join(t.Dir, filepath.FromSlash(name)) }

func write(path string, text []byte) error {
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		return fmt.Errorf("proxy: %w", err)
	}
	if err := os.WriteFile(path, text, 0o600); err != nil {
		return fmt.Errorf("proxy: %w", err)
	}
	return nil
}

func (t Told) old() map[string]string {
	old := map[string]string{}
	for _, pair := range t.Environ {
		name, value, _ := strings.Cut(pair, "=")
		old[name] = value
	}
	return old
}

// addresses are the variables that name the proxy, in both spellings that are in
// use. Node 24 follows them when NODE_USE_ENV_PROXY is set.
func (t Told) addresses(old map[string]string) map[string]string {
	none := local
	if !t.Offline {
		none = joined(",", local, without(old["NO_PROXY"]), without(old["no_proxy"]))
	}
	set := map[string]string{"NODE_USE_ENV_PROXY": "1", "GLENCHECK_PROXY_URL": t.Proxy.URL()}
	both := func(name, value string) { set[name], set[strings.ToLower(name)] = value, value }
	both("HTTPS_PROXY", t.Proxy.URL())
	both("NO_PROXY", none)
	if t.Offline {
		both("HTTP_PROXY", t.Proxy.URL())
		both("ALL_PROXY", t.Proxy.URL())
	}
	return set
}

// without takes out of a NO_PROXY what would keep Names from the proxy.
func without(list string) string {
	var kept []string
	for entry := range strings.SplitSeq(list, ",") {
		entry = strings.TrimSpace(entry)
		host, _, _ := strings.Cut(strings.ToLower(entry), ":")
		host = strings.TrimLeft(host, "*.")
		covers := func(name string) bool { return name == host || strings.HasSuffix(name, "."+host) }
		if entry == "" || host == "" && strings.HasPrefix(entry, "*") || slices.ContainsFunc(Names, covers) {
			continue
		}
		kept = append(kept, entry)
	}
	return strings.Join(kept, ",")
}

// javaOptions are system properties: a Java asks no variable for its proxy.
func (t Told) javaOptions(none string) string {
	host, port, _ := net.SplitHostPort(strings.TrimPrefix(t.Proxy.URL(), "http://"))
	hosts := []string{"localhost", "127.*", "[::1]"}
	for entry := range strings.SplitSeq(strings.TrimPrefix(none, local), ",") {
		if strings.HasPrefix(entry, ".") {
			entry = "*" + entry
		}
		if entry != "" {
			hosts = append(hosts, entry)
		}
	}
	options := []string{
		"https.proxyHost=" + host, "https.proxyPort=" + port, "http.nonProxyHosts=" + strings.Join(hosts, "|"),
		"javax.net.ssl.trustStore=" + t.path("trust.jks"), "javax.net.ssl.trustStoreType=JKS", "javax.net.ssl.trustStorePassword=" + javaPassword,
	}
	if t.Offline {
		options = append(options, "http.proxyHost="+host, "http.proxyPort="+port)
	}
	for i, o := range options {
		options[i] = "-D" + o
		if strings.Contains(o, " ") {
			options[i] = `"-D` + o + `"`
		}
	}
	return strings.Join(options, " ")
}

// hooks adds the hooks to what Node and Python load first.
func (t Told) hooks(old, set map[string]string, files map[string][]byte) {
	host, port, _ := net.SplitHostPort(t.Proxy.Direct())
	number, _ := strconv.Atoi(port)
	direct, _ := json.Marshal(map[string]any{"host": host, "port": number})
	names, _ := json.Marshal(Names)
	filled := strings.NewReplacer("__NAMES__", string(names), "__DIRECT__", string(direct))
	files["node.cjs"] = []byte(filled.Replace(nodeHook))
	files["python/sitecustomize.py"] = []byte(filled.Replace(pythonHook))
	set["NODE_OPTIONS"] = joined(" ", old["NODE_OPTIONS"], "--require "+strconv.Quote(t.path("node.cjs")))
	set["PYTHONPATH"] = joined(string(os.PathListSeparator), t.path("python"), old["PYTHONPATH"])
}

// joined joins what is not empty.
func joined(by string, parts ...string) string {
	return strings.Join(slices.DeleteFunc(parts, func(s string) bool { return s == "" }), by)
}

// merge is the old environment with set in it.
func (t Told) merge(set map[string]string) []string {
	var out []string
	for _, pair := range t.Environ {
		name, _, _ := strings.Cut(pair, "=")
		if _, replaced := set[name]; !replaced {
			out = append(out, pair)
		}
	}
	for _, name := range slices.Sorted(maps.Keys(set)) {
		out = append(out, name+"="+set[name])
	}
	return out
}
