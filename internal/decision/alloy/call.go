package alloy

import (
	"net/http"
	"net/url"
	"strconv"
	"strings"
)

// Caller is whose credentials a request carries.
type Caller struct {
	// Account is the customer whose data this is: nobody else's is ever seen.
	Account string
	// Key names the credentials, for the audit trail; it is no secret.
	Key string
	// Workflow is the workflow that the credentials are for, "" for those of the
	// whole account.
	Workflow string
}

// Call is one request.
type Call struct {
	Caller
	// Sandbox is whether the request is in sandbox mode: one data store, marked
	// tokens, personas and stubs (partner-decisions.md, "Read this first" 2).
	Sandbox   bool
	RequestID string
	Query     url.Values
	// Journey is the journey's application whose step this call is; no request sets
	// it.
	Journey string

	header http.Header
	path   map[string]string
}

// Path is the value of a {name} of the route.
func (c Call) Path(name string) string { return c.path[name] }

// Header is a header of the request, "" without one.
func (c Call) Header(name string) string { return c.header.Get(name) }

// Inside is a call that no request made: a step of a journey, for example.
func Inside(caller Caller, sandbox bool) Call {
	return Call{Caller: caller, Sandbox: sandbox, header: http.Header{}}
}

// Alloy are the headers of the request that are the API's own, by their names.
func (c Call) Alloy() map[string]string {
	own := map[string]string{}
	for name := range c.header {
		if low := strings.ToLower(name); strings.HasPrefix(low, "alloy-") {
			own[low] = c.header.Get(name)
		}
	}
	return own
}

// WithHeader is the call with another header, for a room that calls another's
// function.
func (c Call) WithHeader(name, value string) Call {
	h := c.header.Clone()
	if h == nil {
		h = http.Header{}
	}
	h.Set(name, value)
	c.header = h
	return c
}

// The headers of the API.
const (
	HeaderSandbox         = "alloy-sandbox"
	HeaderSandboxServices = "alloy-sandbox-services"
	HeaderWorkflow        = "alloy-workflow-token"
	HeaderEntity          = "alloy-entity-token"
	HeaderExternalEntity  = "alloy-external-entity-id"
	HeaderParentEntity    = "alloy-parent-entity-token"
	HeaderEntityType      = "alloy-entity-type"
	HeaderRefreshCache    = "alloy-refresh-cache"
	HeaderVersion         = "alloy-application-version"
	HeaderOverrideSync    = "alloy-journey-override-sync"
	HeaderEnvironments    = "alloy-multi-environment-config-token"
)

// booleans are the headers that are true or false.
var booleans = []string{HeaderSandbox, HeaderRefreshCache, HeaderOverrideSync}

// Is reports whether a header is true.
func (c Call) Is(name string) bool { return strings.EqualFold(c.header.Get(name), "true") }

// maxHeader bounds the value of a header of ours, in bytes.
const maxHeader = 1024

// checkHeaders refuses what no header of ours can say.
func checkHeaders(h http.Header) error {
	for _, name := range booleans {
		if v := h.Get(name); v != "" && !strings.EqualFold(v, "true") && !strings.EqualFold(v, "false") {
			return ErrHeader.With(Field{Message: `"` + name + `" must be true or false`, Path: name, Type: "any.invalid", Context: Context{Key: name}})
		}
	}
	for name, values := range h {
		if strings.HasPrefix(name, "Alloy-") && (len(values) > 1 || len(values[0]) > maxHeader || strings.ContainsRune(values[0], 0)) {
			name = strings.ToLower(name)
			if len(name) > 64 {
				name = "alloy-…"
			}
			return ErrHeader.With(Field{Message: `"` + name + `" must be one value of at most ` + strconv.Itoa(maxHeader) + ` bytes`, Path: name, Type: "any.invalid", Context: Context{Key: name}})
		}
	}
	return nil
}
