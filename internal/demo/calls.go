package demo

import (
	"bytes"
	"context"
	"encoding/json"
	"maps"
	"net/http"
)

// A call is one call of the application's server, as the page shows it.
type call struct {
	Path     string          `json:"path"`
	Status   int             `json:"status"`
	Request  json.RawMessage `json:"request"`
	Response json.RawMessage `json:"response"`
}

// An outcome is what a step of the page's server answers.
type outcome struct {
	Calls     []call `json:"calls"`
	LinkToken string `json:"link_token,omitempty"`
	HostedURL string `json:"hosted_link_url,omitempty"`
	// Ended says how the session of a Hosted Link page ended: "success" or "exit",
	// "" while nobody has ended one.
	Ended string `json:"ended,omitempty"`
}

// client calls the public API with the sandbox client's keys.
type client struct {
	api    http.Handler
	id     string
	secret string
	show   bool // the secret, in calls as the page shows them
	newID  func() string
}

// hidden stands in a shown call where a secret was that is not published.
const hidden = "as given with --secret"

// post makes one call. It reads the answer into out when the call succeeded.
func (c client) post(ctx context.Context, path string, fields map[string]any, out any) (call, error) {
	body := map[string]any{"client_id": c.id, "secret": c.secret}
	for name, v := range fields {
		body[name] = v
	}
	sent, err := json.Marshal(body)
	if err != nil {
		return call{}, err
	}
	r, err := http.NewRequestWithContext(ctx, http.MethodPost, path, bytes.NewReader(sent))
	if err != nil {
		return call{}, err
	}
	r.Header.Set("Content-Type", "application/json")
	var w recorder
	c.api.ServeHTTP(&w, r)
	if !c.show {
		body["secret"] = hidden
		if sent, err = json.Marshal(body); err != nil {
			return call{}, err
		}
	}
	made := call{Path: path, Status: w.status(), Request: sent, Response: w.body.Bytes()}
	if made.Status == http.StatusOK && out != nil {
		err = json.Unmarshal(made.Response, out)
	}
	return made, err
}

// token asks for the link token of a flow, perhaps with a Hosted Link page.
func (c client) token(ctx context.Context, f flow, hosted bool) (outcome, error) {
	var answer struct {
		LinkToken string `json:"link_token"`
		HostedURL string `json:"hosted_link_url"`
	}
	fields := map[string]any{
		"client_name":   "Link Demo",
		"language":      "en",
		"country_codes": []string{"US"},
		"user":          map[string]any{"client_user_id": "link-demo"},
	}
	var o outcome
	if f.Repairs {
		access, err := c.broken(ctx, f, &o)
		if err != nil || access == "" {
			return o, err
		}
		fields["access_token"] = access
	} else {
		fields["products"] = f.Products
	}
	if f.Several || f.Returns {
		more, err := c.prepare(ctx, f, &o)
		if err != nil || more == nil {
			return o, err
		}
		maps.Copy(fields, more)
	}
	if f.Several {
		delete(fields, "user") // whom user_id names
	}
	if f.Bank != "" {
		fields["institution_id"] = f.Bank
	}
	if hosted {
		fields["hosted_link"] = map[string]any{}
	}
	made, err := c.post(ctx, "/link/token/create", fields, &answer)
	o.Calls, o.LinkToken, o.HostedURL = append(o.Calls, made), answer.LinkToken, answer.HostedURL
	return o, err
}

// customization is the one of which Link asks for a phone number.
const customization = "link_demo_returning"

// prepare makes what the link token of a flow names, and answers its fields; nil
// where a call failed, which the page shows.
func (c client) prepare(ctx context.Context, f flow, o *outcome) (map[string]any, error) {
	path, ask := "/sandbox/team/customization/set", map[string]any{"name": customization, "returning_user": true}
	if f.Several {
		path, ask = "/user/create", map[string]any{"client_user_id": c.newID()}
	}
	var user struct {
		ID string `json:"user_id"`
	}
	made, err := c.post(ctx, path, ask, &user)
	o.Calls = append(o.Calls, made)
	switch {
	case err != nil || made.Status != http.StatusOK:
		return nil, err
	case f.Several:
		return map[string]any{"user_id": user.ID, "enable_multi_item_link": true}, nil
	}
	return map[string]any{"link_customization_name": customization}, nil
}

// broken makes an Item and ends its login, for update mode. It returns the access
// token, "" where a call failed, which the page shows.
func (c client) broken(ctx context.Context, f flow, o *outcome) (access string, err error) {
	var got struct {
		PublicToken string `json:"public_token"`
		AccessToken string `json:"access_token"`
	}
	for _, step := range []struct {
		path   string
		fields func() map[string]any
	}{
		{"/sandbox/public_token/create", func() map[string]any {
			return map[string]any{"institution_id": "ins_109508", "initial_products": f.Products}
		}},
		{"/item/public_token/exchange", func() map[string]any { return map[string]any{"public_token": got.PublicToken} }},
		{"/sandbox/item/reset_login", func() map[string]any { return map[string]any{"access_token": got.AccessToken} }},
	} {
		made, err := c.post(ctx, step.path, step.fields(), &got)
		if err != nil {
			return "", err
		}
		o.Calls = append(o.Calls, made)
		if made.Status != http.StatusOK {
			return "", nil
		}
	}
	return got.AccessToken, nil
}

// result asks what became of the Hosted Link page of a token. Once a session has
// succeeded it goes on as an application's server would.
func (c client) result(ctx context.Context, f flow, linkToken string) (outcome, error) {
	var token struct {
		Sessions []struct {
			FinishedAt *string `json:"finished_at"`
			Results    *struct {
				Items []struct {
					PublicToken string `json:"public_token"`
				} `json:"item_add_results"`
			} `json:"results"`
		} `json:"link_sessions"`
	}
	made, err := c.post(ctx, "/link/token/get", map[string]any{"link_token": linkToken}, &token)
	o := outcome{Calls: []call{made}}
	if err != nil || made.Status != http.StatusOK {
		return o, err
	}
	under := len(token.Sessions) == 0
	for _, s := range token.Sessions {
		if s.Results != nil && len(s.Results.Items) > 0 && s.FinishedAt != nil {
			o.Ended = "success"
			for _, item := range s.Results.Items {
				more, err := c.finish(ctx, f, item.PublicToken)
				if o.Calls = append(o.Calls, more.Calls...); err != nil {
					return o, err
				}
			}
			return o, nil
		}
		under = under || s.FinishedAt == nil
	}
	if !under {
		o.Ended = "exit"
	}
	return o, nil
}

// finish exchanges the public token and reads what the flow is for. It stops at
// the first call that fails: the page shows it.
func (c client) finish(ctx context.Context, f flow, publicToken string) (outcome, error) {
	var item struct {
		AccessToken string `json:"access_token"`
	}
	made, err := c.post(ctx, "/item/public_token/exchange", map[string]any{"public_token": publicToken}, &item)
	o := outcome{Calls: []call{made}}
	if err != nil || made.Status != http.StatusOK {
		return o, err
	}
	for _, path := range f.Reads {
		made, err := c.post(ctx, path, map[string]any{"access_token": item.AccessToken}, nil)
		if err != nil {
			return o, err
		}
		o.Calls = append(o.Calls, made)
		if made.Status != http.StatusOK {
			break
		}
	}
	return o, nil
}

// recorder keeps an answer of the API.
type recorder struct {
	header http.Header
	code   int
	body   bytes.Buffer
}

func (w *recorder) Header() http.Header {
	if w.header == nil {
		w.header = http.Header{}
	}
	return w.header
}

func (w *recorder) WriteHeader(code int) {
	if w.code == 0 {
		w.code = code
	}
}

func (w *recorder) Write(p []byte) (int, error) {
	w.WriteHeader(http.StatusOK)
	return w.body.Write(p)
}

func (w *recorder) status() int {
	if w.code == 0 {
		return http.StatusOK
	}
	return w.code
}
