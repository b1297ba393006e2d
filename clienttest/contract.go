package clienttest

import (
	"bytes"
	"encoding/json"
	"fmt"
	"mime"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"sync"

	"github.com/getkin/kin-openapi/openapi3"
	_ "github.com/plaid/plaid-go/v41/plaid" // its module carries the document
)

// Contract is the official OpenAPI document.
type Contract struct{ doc *openapi3.T }

// Official returns the document that comes with the official Go client, read
// once per process: parsing it takes about a second.
var Official = sync.OnceValues(func() (*Contract, error) {
	dir, err := clientDir()
	if err != nil {
		return nil, err
	}
	text, err := os.ReadFile(filepath.Join(dir, "api", "openapi.yaml"))
	if err != nil {
		return nil, err
	}
	doc, err := openapi3.NewLoader().LoadFromData(text)
	if err != nil {
		return nil, fmt.Errorf("official OpenAPI document: %w", err)
	}
	return &Contract{doc: doc}, nil
})

// clientDir is where the go command keeps the official client's module.
func clientDir() (string, error) {
	out, err := exec.Command("go", "list", "-m", "-f", "{{.Dir}}", "github.com/plaid/plaid-go/v41").Output()
	if err != nil {
		return "", fmt.Errorf("finding the official Go client: %w", err)
	}
	return strings.TrimSpace(string(out)), nil
}

// Exchange is one request with its answer.
type Exchange struct {
	Method, Path string
	Request      []byte
	Status       int
	Header       http.Header // of the answer
	Answer       []byte
}

// Knows reports whether the document has the path.
func (c *Contract) Knows(path string) bool { return c.doc.Paths.Value(path) != nil }

// Check returns everything in the exchange that the document does not allow.
// A request may be as wrong as it likes if it was refused; a request that was
// accepted must be one the document allows. Paths that the document does not
// have are not judged, except that their errors must have the shape of one. A
// partner's API speaks in a form of its own.
func (c *Contract) Check(e Exchange) []string {
	if strings.HasPrefix(e.Path, "/partners/") {
		return nil
	}
	answer, problems := decodeAnswer(e)
	if problems != nil {
		return problems
	}
	if e.Status >= 400 {
		return c.checkError(e, answer)
	}
	item := c.doc.Paths.Value(e.Path)
	if item == nil {
		return nil
	}
	op := item.GetOperation(e.Method)
	if op == nil {
		return []string{fmt.Sprintf("%s %s was answered with %d; the document has no such method", e.Method, e.Path, e.Status)}
	}
	for _, p := range checkRequest(op, e.Request) {
		if !slices.Contains(lenient[e.Path], p) {
			problems = append(problems, p)
		}
	}
	resp := op.Responses.Status(e.Status)
	if resp == nil {
		return append(problems, fmt.Sprintf("status %d is not in the document", e.Status))
	}
	media := resp.Value.Content.Get("application/json")
	if media == nil {
		return problems
	}
	shown := exampled(media)
	for _, p := range checkValue("answer", media.Schema.Value, answer, false, openapi3.VisitAsResponse()) {
		if field, is := strings.CutPrefix(p, "answer: "+notListed); !is || !shown[anywhere(field)] {
			problems = append(problems, p)
		}
	}
	return problems
}

// lenient are the objections to requests that Plaid takes against its own document
// (identity-verification.md section 1): its quickstart leaves gave_consent out, and
// its guide tells people to send steps.liveness.
var lenient = map[string][]string{
	"/identity_verification/create": {`accepted request: /gave_consent: property "gave_consent" is missing`},
	"/identity_verification/retry":  {"accepted request: " + notListed + "steps.liveness"},
}

// CheckSchema returns everything in a JSON value, such as the body of a webhook,
// that a schema of the document does not allow.
func (c *Contract) CheckSchema(name string, body []byte) []string {
	ref := c.doc.Components.Schemas[name]
	if ref == nil {
		return []string{"the document has no schema " + name}
	}
	value, err := decode(body)
	if err != nil {
		return []string{"the value is not JSON: " + err.Error()}
	}
	return checkValue(name, ref.Value, value, false, openapi3.VisitAsResponse())
}

// decodeAnswer reads what every answer must be: JSON, and called JSON.
func decodeAnswer(e Exchange) (any, []string) {
	if t, _, _ := mime.ParseMediaType(e.Header.Get("Content-Type")); t != "application/json" {
		return nil, []string{fmt.Sprintf("the answer's content type is %q, not application/json", e.Header.Get("Content-Type"))}
	}
	answer, err := decode(e.Answer)
	if err != nil {
		return nil, []string{"the answer is not JSON: " + err.Error()}
	}
	return answer, nil
}

// checkError wants the shape of PlaidError with a request_id, whatever the
// path: the document leaves it to a default answer on each path.
func (c *Contract) checkError(e Exchange, answer any) []string {
	schema := c.doc.Components.Schemas["PlaidError"].Value
	problems := checkValue("error", schema, answer, false)
	members, _ := answer.(map[string]any)
	if id, _ := members["request_id"].(string); id == "" {
		problems = append(problems, "error has no request_id")
	}
	if code, _ := members["error_code"].(string); code == "" {
		problems = append(problems, "error has no error_code")
	}
	if doc, _ := members["documentation_url"].(string); e.Status < 500 && doc == "" {
		problems = append(problems, "error has no documentation_url")
	}
	return problems
}

func checkRequest(op *openapi3.Operation, body []byte) []string {
	if op.RequestBody == nil || len(bytes.TrimSpace(body)) == 0 {
		return nil
	}
	media := op.RequestBody.Value.Content.Get("application/json")
	value, err := decode(body)
	if err != nil {
		return []string{"a request that is not JSON was accepted"}
	}
	if value == nil {
		value = map[string]any{} // how the official Go client writes a body without fields
	}
	return checkValue("accepted request", media.Schema.Value, value, true, openapi3.VisitAsRequest())
}

// notListed begins the objection to a field that the document does not list.
const notListed = "the document does not list the field "

func checkValue(what string, schema *openapi3.Schema, value any, asked bool, opts ...openapi3.SchemaValidationOption) []string {
	var problems []string
	opts = append(opts, openapi3.MultiErrors(), openapi3.EnableFormatValidation())
	if err := schema.VisitJSON(value, opts...); err != nil {
		for _, e := range flatten(err) {
			problems = append(problems, what+": "+e)
		}
	}
	for _, path := range unlisted(schema, value, nil, asked) {
		problems = append(problems, what+": "+notListed+path)
	}
	return problems
}

// flatten turns kin-openapi's tree of errors into one line each, with the path
// of the value and without the schema, which may be a thousand lines.
func flatten(err error) []string {
	switch e := err.(type) {
	case openapi3.MultiError:
		var all []string
		for _, one := range e {
			all = append(all, flatten(one)...)
		}
		return all
	case *openapi3.SchemaError:
		where := "/" + strings.Join(e.JSONPointer(), "/")
		if e.Origin != nil {
			if inner := flatten(e.Origin); len(inner) > 0 {
				return prefixed(where+": ", inner)
			}
		}
		return []string{where + ": " + e.Reason}
	default:
		first, _, _ := strings.Cut(err.Error(), "\nSchema:")
		return []string{first}
	}
}

func prefixed(prefix string, lines []string) []string {
	for i := range lines {
		lines[i] = prefix + lines[i]
	}
	return lines
}

func decode(b []byte) (any, error) {
	var v any
	err := json.Unmarshal(b, &v)
	return v, err
}
