package link

import (
	"context"
	"net/url"
	"strings"

	"github.com/glencheck-dev/glencheck/internal/api"
	"github.com/glencheck-dev/glencheck/internal/plaid"
)

// Driver goes through a session without a browser. The steps, events and results
// are those of the frame: it is the same machine.
type Driver struct{ sessions *Sessions }

// NewDriver returns a driver.
func NewDriver(s *Sessions) *Driver { return &Driver{s} }

// Endpoints are /sandbox/link/session/*.
func (d *Driver) Endpoints() []api.Endpoint {
	return []api.Endpoint{
		api.Post("/sandbox/link/session/open", d.Open, api.Sandbox(), api.Summary("Open a Link session without a browser")),
		api.Post("/sandbox/link/session/step", d.Step, api.Sandbox(), api.Summary("Do what a person would do on the present pane of a Link session")),
		api.Post("/sandbox/link/session/upload", d.Upload, api.Sandbox(), api.MaxBody(maxEncoded), api.Summary("Upload a file on the present pane of a Link session")),
		api.Post("/sandbox/link/session/oauth", d.OAuth, api.Sandbox(), api.Summary("Do what a person would do on the pages of the simulated bank (OAuth)")),
		api.Post("/sandbox/link/session/exit", d.Exit, api.Sandbox(), api.Summary("Close a Link session")),
		api.Post("/sandbox/link/session/complete", d.Complete, api.Sandbox(), api.MaxBody(maxScriptBody), api.Summary("Go through a whole Link session in one call")),
		api.Post("/sandbox/link/session/get", d.Get, api.Sandbox(), api.Summary("Read all that is known of a Link session: events, remarks, results, webhooks")),
		api.Post("/sandbox/link/session/list", d.List, api.Sandbox(), api.Summary("List the Link sessions of a link token or of the client")),
	}
}

// DriverOpen is the request of /sandbox/link/session/open. Embedded begins as
// Plaid.createEmbedded does, with the choice of the institution.
type DriverOpen struct {
	LinkToken     string `json:"link_token" max:"200"`
	InstitutionID string `json:"institution_id" max:"100"`
	Embedded      bool   `json:"embedded"`
	// Language is that of the person's browser, where Link speaks it: in Identity
	// Verification.
	Language string `json:"language" enum:"da,de,en,es,et,fr,hi,it,lt,lv,nl,no,pl,pt,ro,sv,vi"`
	// ShareableURL opens the page of a shareable URL instead of a link token.
	ShareableURL string `json:"shareable_url" max:"500"`
	// ReceivedRedirectURI goes on with the session of a person whose whole page
	// went to their bank.
	ReceivedRedirectURI string `json:"received_redirect_uri" max:"2000"`
}

// DriverStep is the request of /sandbox/link/session/step. Action is submit when
// it is left out; without Seq the step is done on whatever pane the session is
// at.
type DriverStep struct {
	Session string             `json:"session" required:"true" max:"200"`
	Seq     *int64             `json:"seq"`
	Action  string             `json:"action" max:"50"`
	Value   string             `json:"value" max:"500"`
	Fields  map[string]api.Raw `json:"fields"`
	// Seen is how many events of the session the caller has: those of an answer that
	// was lost come with this one.
	Seen *int64 `json:"seen" min:"0"`
}

// DriverExit is the request of /sandbox/link/session/exit.
type DriverExit struct {
	Session string `json:"session" required:"true" max:"200"`
	Force   bool   `json:"force"`
	Seen    *int64 `json:"seen" min:"0"` // as in DriverStep
}

// DriverAnswer is what the person would see, as data.
type DriverAnswer struct {
	Session       string          `json:"session,omitempty"` // on open
	LinkSessionID string          `json:"link_session_id"`
	View          View            `json:"view,omitempty"` // EXIT while the exit confirmation is open
	Seq           int64           `json:"seq"`
	Title         string          `json:"title,omitempty"`
	Lead          string          `json:"lead,omitempty"`
	Institution   *InstitutionRef `json:"institution"`
	Fields        []DriverField   `json:"fields"`  // for submit, by name
	Choices       []DriverChoice  `json:"choices"` // for pick, or for submit with a value
	Actions       []string        `json:"actions"`
	// DataTypes and UseCases are what the pane says is shared, and what for; action
	// view_data_types is the person opening them.
	DataTypes []string `json:"data_types,omitempty"`
	UseCases  []string `json:"use_cases,omitempty"`
	// Hint holds values by field name that work here.
	Hint       map[string]string `json:"hint,omitempty"`
	ExitStatus string            `json:"exit_status,omitempty"`
	// OAuth is where the person has gone, or where they are led on to.
	OAuth   *AwayReply  `json:"oauth,omitempty"`
	Events  []Event     `json:"events"`
	Remarks []remarkOut `json:"remarks,omitempty"` // why Link did what it did
	Done    *Done       `json:"done,omitempty"`
	// CompletionRedirectURI is where a Hosted Link page would lead now.
	CompletionRedirectURI string `json:"completion_redirect_uri,omitempty"`
}

// DriverField is one field of the form.
type DriverField struct {
	Name     string         `json:"name"`
	Label    string         `json:"label"`
	Kind     FieldKind      `json:"kind"`
	Error    string         `json:"error,omitempty"`
	Multiple bool           `json:"multiple,omitempty"`
	Options  []DriverChoice `json:"options,omitempty"`
}

// DriverChoice is one thing to choose.
type DriverChoice struct {
	Value  string `json:"value"`
	Label  string `json:"label"`
	Detail string `json:"detail,omitempty"`
	Mask   string `json:"mask,omitempty"`
	// Subtype is that of an account.
	Subtype string `json:"subtype,omitempty"`
	Amount  string `json:"amount,omitempty"`
	Chosen  bool   `json:"chosen,omitempty"`
}

// hosted is the secret of a shareable URL, "" where there is a link token instead.
func (in DriverOpen) hosted() (string, error) {
	if (in.LinkToken == "") == (in.ShareableURL == "") {
		return "", plaid.InvalidField("either link_token or shareable_url must be given")
	}
	if in.ShareableURL == "" {
		return "", nil
	}
	u, err := url.Parse(in.ShareableURL)
	if err != nil || !strings.HasPrefix(u.Path, SharedPath) {
		return "", plaid.InvalidField("shareable_url must be the shareable_url of an identity verification")
	}
	return strings.TrimPrefix(u.Path, SharedPath) + "." + u.Query().Get("key"), nil
}

// Open opens a session.
func (d *Driver) Open(ctx context.Context, call api.Call, in DriverOpen) (DriverAnswer, error) {
	hosted, err := in.hosted()
	if err != nil {
		return DriverAnswer{}, err
	}
	turn, err := d.sessions.Open(ctx, call.RequestID, OpenRequest{LinkToken: in.LinkToken, Hosted: hosted, Language: in.Language, ClientID: call.Caller.ClientID, InstitutionID: in.InstitutionID, Embedded: in.Embedded, ReceivedRedirectURI: in.ReceivedRedirectURI})
	return turn.driver(err)
}

// Step does what a person would do.
func (d *Driver) Step(ctx context.Context, call api.Call, in DriverStep) (DriverAnswer, error) {
	if in.Action == "" {
		in.Action = ActionSubmit
	}
	input, err := inputOf(in.Action, in.Value, in.Fields)
	if err != nil {
		return DriverAnswer{}, err
	}
	req := StepRequest{Handle: in.Session, ClientID: call.Caller.ClientID, AnySeq: in.Seq == nil, Input: input}
	if in.Seq != nil {
		req.Seq = *in.Seq
	}
	turn, err := d.sessions.Step(ctx, call.RequestID, req)
	return d.answer(ctx, turn, in.Seen, err)
}

// Exit closes Link.
func (d *Driver) Exit(ctx context.Context, call api.Call, in DriverExit) (DriverAnswer, error) {
	turn, err := d.sessions.Exit(ctx, call.RequestID, ExitRequest{Handle: in.Session, ClientID: call.Caller.ClientID, Force: in.Force})
	return d.answer(ctx, turn, in.Seen, err)
}

// answer tells a turn to a caller who has seen so many events.
func (d *Driver) answer(ctx context.Context, t Turn, seen *int64, err error) (DriverAnswer, error) {
	if err == nil {
		t, err = d.sessions.caughtUp(ctx, t, seen)
	}
	return t.driver(err)
}

// driver tells a turn as data.
func (t Turn) driver(err error) (DriverAnswer, error) {
	if err != nil {
		return DriverAnswer{}, err
	}
	out := DriverAnswer{
		Session: t.Handle, LinkSessionID: t.Session.Told(), Seq: t.Session.Seq, Institution: t.Session.Memory.Institution.Ref(),
		Fields: []DriverField{}, Choices: []DriverChoice{}, Actions: []string{}, Events: t.webEvents(), Remarks: remarksOut(t.Remarks), Done: t.Done, OAuth: t.away(),
	}
	if h := t.Session.Token.Hosted; t.Done != nil && h != nil {
		out.CompletionRedirectURI = h.CompletionURI
	}
	screen := t.Screen
	if t.Sheet != nil {
		screen = t.Sheet
	}
	if screen == nil {
		return out, nil
	}
	out.View, out.Title, out.Lead, out.ExitStatus = screen.View, screen.Title, screen.Lead, screen.status
	if t.Sheet != nil {
		out.Actions = []string{ActionStay, ActionLeave}
		return out, nil
	}
	out.Actions = t.visit.offers()
	out.tell(*screen)
	if t.Fragment != nil && t.Fragment.Target != "" {
		out.Choices = rowsOf(t.Fragment.Choices)
	}
	return out, nil
}

// tell adds what is on a screen.
func (a *DriverAnswer) tell(s Screen) {
	for _, f := range s.Fields {
		field := DriverField{Name: f.Name, Label: f.Label, Kind: f.Kind, Error: f.Error, Multiple: f.Multiple}
		for _, o := range f.Options {
			field.Options = append(field.Options, DriverChoice{Value: o.Value, Label: o.Label, Detail: o.Detail, Mask: o.Mask, Subtype: o.Subtype, Amount: o.Amount, Chosen: o.Chosen})
		}
		a.Fields = append(a.Fields, field)
	}
	a.Choices = rowsOf(s.Choices)
	if s.Secondary != nil && s.Secondary.URL == "" && s.Secondary.Does() == ActionSubmit {
		a.Choices = append(a.Choices, DriverChoice{Value: s.Secondary.Value, Label: s.Secondary.Label})
	}
	if s.Data != nil {
		a.DataTypes, a.UseCases = s.Data.Types, s.Data.UseCases
	}
	if s.Hint != nil {
		a.Hint = s.Hint.Fill
	}
}

func rowsOf(choices []Choice) []DriverChoice {
	rows := make([]DriverChoice, len(choices))
	for i, c := range choices {
		rows[i] = DriverChoice{Value: c.Value, Label: c.Label, Detail: c.Detail}
	}
	return rows
}
