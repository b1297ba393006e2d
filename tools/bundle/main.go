// Command bundle makes web/dist out of web/'s TypeScript and CSS.
//
//	go generate ./web           writes the bundle and prints its sizes
//	go -C tools/bundle run . -web ../../web -check
//	                            compares it with what is committed; exit 1 if it differs
//
// The output depends on the sources only: two runs give the same bytes.
package main

import (
	"bytes"
	"compress/gzip"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/evanw/esbuild/pkg/api"
)

// entries are the sources of each file of the bundle.
var entries = []struct{ source, output string }{
	{"initialize/main.ts", "link-initialize.js"},
	{"link/main.ts", "link.js"},
	{"embedded/main.ts", "embedded.js"},
	{"link/capture-document.ts", "capture.js"},
	{"link/capture-selfie.ts", "selfie.js"},
	{"contact/main.ts", "contact.iife.js"},
	{"return/main.ts", "return.js"},
	{"demo/main.ts", "demo.js"},
	{"dashboard/main.ts", "dashboard.js"},
	{"graphql/main.ts", "graphql.js"},
	{"css/bundle/link.css", "link.css"},
	{"css/bundle/app.css", "app.css"},
	{"css/bundle/bank.css", "bank.css"},
}

// budgets bound what a person waits for, in bytes after gzip.
var budgets = []struct {
	what  string
	files []string
	limit int
}{
	{"the drop-in script", []string{"link-initialize.js"}, 8_000},
	{"the element of contacts", []string{"contact.iife.js"}, 6_000},
	{"the camera of documents", []string{"capture.js"}, 8_000},
	{"the camera of selfies", []string{"selfie.js"}, 5_000},
	{"the Link runtime with its style", []string{"link.js", "embedded.js", "link.css"}, 40_000},
}

// engines are the browsers that Link supports (latest ones and older ones still patched).
var engines = []api.Engine{
	{Name: api.EngineChrome, Version: "111"},
	{Name: api.EngineEdge, Version: "111"},
	{Name: api.EngineFirefox, Version: "121"},
	{Name: api.EngineSafari, Version: "16.4"},
}

func main() {
	web := flag.String("web", "../../web", "directory of the sources")
	check := flag.Bool("check", false, "compare with what is there instead of writing")
	flag.Parse()
	if err := run(*web, *check); err != nil {
		fmt.Fprintln(os.Stderr, "bundle:", err)
		os.Exit(1)
	}
}

func run(web string, check bool) error {
	files := map[string][]byte{}
	for _, e := range entries {
		format := api.FormatIIFE
		if slices.Contains(modules, e.output) {
			format = api.FormatESModule
		}
		body, err := bundle(filepath.Join(web, e.source), format)
		if err != nil {
			return err
		}
		files[e.output] = body
	}
	if err := report(files); err != nil {
		return err
	}
	dist := filepath.Join(web, "dist")
	if check {
		return compare(dist, files)
	}
	return write(dist, files)
}

// modules are the scripts that another one imports while it runs.
var modules = []string{"capture.js", "selfie.js"}

// bundle builds one entry point: a classic script that leaves no global of its
// own, a module, or one style sheet.
func bundle(source string, format api.Format) ([]byte, error) {
	abs, err := filepath.Abs(source)
	if err != nil {
		return nil, err
	}
	result := api.Build(api.BuildOptions{
		EntryPoints:       []string{abs},
		AbsWorkingDir:     filepath.Dir(abs),
		Outfile:           "out",
		Write:             false,
		Bundle:            true,
		MinifyWhitespace:  true,
		MinifyIdentifiers: true,
		MinifySyntax:      true,
		Format:            format,
		Platform:          api.PlatformBrowser,
		Engines:           engines,
		Charset:           api.CharsetUTF8,
		LegalComments:     api.LegalCommentsNone,
		TsconfigRaw:       `{"compilerOptions":{"strict":true}}`,
		LogLevel:          api.LogLevelSilent,
	})
	if msgs := append(result.Errors, result.Warnings...); len(msgs) > 0 {
		var b strings.Builder
		for _, m := range msgs {
			fmt.Fprintf(&b, "\n%s", m.Text)
			if m.Location != nil {
				fmt.Fprintf(&b, " (%s:%d:%d)", m.Location.File, m.Location.Line, m.Location.Column)
			}
		}
		return nil, fmt.Errorf("%s:%s", source, b.String())
	}
	if len(result.OutputFiles) != 1 {
		return nil, fmt.Errorf("%s: %d output files, want 1", source, len(result.OutputFiles))
	}
	return result.OutputFiles[0].Contents, nil
}

// report prints the sizes and refuses a bundle over its budget.
func report(files map[string][]byte) error {
	zipped := map[string]int{}
	for _, e := range entries {
		zipped[e.output] = gzipped(files[e.output])
		fmt.Printf("%-20s %7d bytes %7d gzipped\n", e.output, len(files[e.output]), zipped[e.output])
	}
	for _, b := range budgets {
		sum := 0
		for _, f := range b.files {
			sum += zipped[f]
		}
		if sum > b.limit {
			return fmt.Errorf("%s is %d bytes gzipped, the budget is %d", b.what, sum, b.limit)
		}
	}
	return nil
}

func gzipped(body []byte) int {
	var b bytes.Buffer
	z, _ := gzip.NewWriterLevel(&b, gzip.BestCompression)
	_, _ = z.Write(body)
	_ = z.Close()
	return b.Len()
}

func write(dist string, files map[string][]byte) error {
	if err := os.MkdirAll(dist, 0o755); err != nil {
		return err
	}
	for name, body := range files {
		if err := os.WriteFile(filepath.Join(dist, name), body, 0o644); err != nil {
			return err
		}
	}
	return removeOthers(dist, files)
}

// removeOthers keeps the directory equal to the list of entries.
func removeOthers(dist string, files map[string][]byte) error {
	there, err := os.ReadDir(dist)
	if err != nil {
		return err
	}
	for _, f := range there {
		if _, ours := files[f.Name()]; !ours {
			if err := os.Remove(filepath.Join(dist, f.Name())); err != nil {
				return err
			}
		}
	}
	return nil
}

func compare(dist string, files map[string][]byte) error {
	there, err := os.ReadDir(dist)
	if err != nil {
		return err
	}
	var stale []string
	for _, f := range there {
		if _, ours := files[f.Name()]; !ours {
			stale = append(stale, f.Name()+" has no source")
		}
	}
	for name, body := range files {
		if old, err := os.ReadFile(filepath.Join(dist, name)); err != nil || !bytes.Equal(old, body) {
			stale = append(stale, name+" differs from its source")
		}
	}
	if len(stale) > 0 {
		slices.Sort(stale)
		return fmt.Errorf("the committed bundle is stale, run go generate ./web\n  %s", strings.Join(stale, "\n  "))
	}
	return nil
}
