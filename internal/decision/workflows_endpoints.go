package decision

import (
	"context"
	"encoding/json"
	"strconv"
	"time"

	"github.com/glencheck-dev/glencheck/internal/clock"
	"github.com/glencheck-dev/glencheck/internal/decision/alloy"
	"github.com/glencheck-dev/glencheck/internal/decision/workflow"
)

// desk is where workflows are made: the part of the API that is ours alone.
type desk struct {
	workflows   *Workflows
	evaluations *Evaluations
}

func (d *desk) routes() []alloy.Route {
	const one, version = "/v1/workflows/{token}", "/v1/workflows/{token}/versions/{n}"
	return []alloy.Route{
		alloy.Get("/v1/workflows", d.list, alloy.Summary("Lists the workflows of an account")),
		alloy.Post("/v1/workflows", d.create, alloy.Created(), alloy.MaxBody(maxWorkflow), alloy.Summary("Makes a workflow with a draft")),
		alloy.Get(one, d.get, alloy.Summary("Shows a workflow with its draft and its versions")),
		alloy.Put(one+"/draft", d.save, alloy.MaxBody(maxWorkflow), alloy.Summary("Replaces the draft of a workflow")),
		alloy.Post(one+"/versions", d.publish, alloy.Created(), alloy.Summary("Publishes the draft as the next version, if it passes its own tests")),
		alloy.Get(version, d.version, alloy.Summary("Shows a version with its document")),
		alloy.Post(version+"/live", d.live, alloy.Summary("Lets a version decide from now on")),
		alloy.Post(version+"/shadow", d.shadow, alloy.Summary("Lets a version run beside the live one, without effect")),
		alloy.Get(version+"/shadow", d.shadowed, alloy.Summary("Shows what a version has said beside the live one")),
		alloy.Delete(version+"/shadow", d.unshadow, alloy.Summary("Ends a shadow run")),
		alloy.Post(version+"/retire", d.retire, alloy.Summary("Takes a version out of use")),
		alloy.Post(version+"/replay", d.backtest, alloy.Summary("Decides stored evaluations under a version and compares the outcomes")),
		alloy.Post(one+"/replay", d.replay, alloy.Summary("Decides stored evaluations again and compares the bytes")),
		alloy.Get("/v1/rule_language", d.language, alloy.Summary("Describes the sources and functions that rules may use")),
	}
}

// workflowAnswer is a workflow as the API shows it.
type workflowAnswer struct {
	Token    string          `json:"application_token"`
	Name     string          `json:"application_name"`
	Live     *int64          `json:"live_version"`
	Shadow   *int64          `json:"shadow_version"`
	Draft    json.RawMessage `json:"draft"`
	Versions []versionAnswer `json:"versions"`
	Created  int64           `json:"created"`
	Updated  int64           `json:"updated"`
}

// versionAnswer is a version as the API shows it.
type versionAnswer struct {
	Number      int64           `json:"version"`
	State       string          `json:"state"` // published, live, shadow or retired
	Hash        string          `json:"hash"`
	PublishedBy string          `json:"published_by"`
	PublishedAt int64           `json:"published_at"`
	Document    json.RawMessage `json:"document,omitempty"`
}

func someNumber(n int64) *int64 {
	if n == 0 {
		return nil
	}
	return &n
}

func (d *desk) answer(ctx context.Context, f *Workflow) (a workflowAnswer, err error) {
	a = workflowAnswer{
		Token: f.Token, Name: f.Name, Live: someNumber(f.Live), Shadow: someNumber(f.Shadow), Draft: f.Draft, Versions: []versionAnswer{},
		Created: clock.Millis(f.CreatedAt), Updated: clock.Millis(f.UpdatedAt),
	}
	list, err := d.workflows.Versions(ctx, f.Token)
	for i := range list {
		a.Versions = append(a.Versions, f.show(&list[i]))
	}
	return a, err
}

func (f *Workflow) show(v *VersionInfo) versionAnswer {
	state := "published"
	switch {
	case v.Number == f.Live:
		state = "live"
	case v.Number == f.Shadow:
		state = "shadow"
	case !v.RetiredAt.IsZero():
		state = "retired"
	}
	return versionAnswer{Number: v.Number, State: state, Hash: v.Hash, PublishedBy: v.PublishedBy, PublishedAt: clock.Millis(v.PublishedAt)}
}

// workflowList is the answer of GET /v1/workflows.
type workflowList struct {
	Workflows []workflowAnswer `json:"workflows"`
}

func (d *desk) list(ctx context.Context, call alloy.Call) (a workflowList, err error) {
	a.Workflows = []workflowAnswer{}
	list, err := d.workflows.List(ctx, call.Account)
	for _, f := range list {
		one, err := d.answer(ctx, f)
		if err != nil {
			return a, err
		}
		one.Draft = nil
		a.Workflows = append(a.Workflows, one)
	}
	return a, err
}

// mine refuses a workflow that the credentials are not for.
func (d *desk) mine(ctx context.Context, call alloy.Call) (*Workflow, error) {
	f, err := d.workflows.Get(ctx, call.Account, call.Path("token"))
	if err == nil && call.Workflow != "" && call.Workflow != f.Token {
		return nil, alloy.ErrNotYours
	}
	return f, err
}

func (d *desk) get(ctx context.Context, call alloy.Call) (a workflowAnswer, err error) {
	f, err := d.mine(ctx, call)
	if err != nil {
		return a, err
	}
	return d.answer(ctx, f)
}

func (d *desk) create(ctx context.Context, call alloy.Call, in alloy.Upload) (a workflowAnswer, err error) {
	f, err := d.workflows.Create(ctx, call.Caller, "", in.Bytes)
	if err != nil {
		return a, err
	}
	return d.answer(ctx, f)
}

func (d *desk) save(ctx context.Context, call alloy.Call, in alloy.Upload) (a workflowAnswer, err error) {
	if _, err = d.mine(ctx, call); err != nil {
		return a, err
	}
	f, err := d.workflows.SaveDraft(ctx, call.Caller, call.Path("token"), in.Bytes)
	if err != nil {
		return a, err
	}
	return d.answer(ctx, f)
}

func (d *desk) publish(ctx context.Context, call alloy.Call, _ alloy.None) (a workflowAnswer, err error) {
	if _, err = d.mine(ctx, call); err != nil {
		return a, err
	}
	f, _, err := d.workflows.Publish(ctx, call.Caller, call.Path("token"))
	if err != nil {
		return a, err
	}
	return d.answer(ctx, f)
}

// number is the {n} of a path.
func number(call alloy.Call) (int64, error) {
	n, err := strconv.ParseInt(call.Path("n"), 10, 64)
	if err != nil || n < 1 {
		return 0, alloy.ErrNotFound.Saying("The workflow has no version of that number")
	}
	return n, nil
}

func (d *desk) version(ctx context.Context, call alloy.Call) (a versionAnswer, err error) {
	f, v, info, err := d.numbered(ctx, call)
	if err != nil {
		return a, err
	}
	a = f.show(info)
	a.Document, err = v.Document.Canonical()
	return a, err
}

func (d *desk) numbered(ctx context.Context, call alloy.Call) (*Workflow, *workflow.Version, *VersionInfo, error) {
	f, err := d.mine(ctx, call)
	if err != nil {
		return nil, nil, nil, err
	}
	n, err := number(call)
	if err != nil {
		return nil, nil, nil, err
	}
	v, info, err := d.workflows.Version(ctx, f.Token, n)
	return f, v, info, err
}

// step is a change of what a version is for.
func (d *desk) step(ctx context.Context, call alloy.Call, do func(context.Context, alloy.Caller, string, int64) (*Workflow, error)) (a workflowAnswer, err error) {
	f, _, info, err := d.numbered(ctx, call)
	if err != nil {
		return a, err
	}
	if f, err = do(ctx, call.Caller, f.Token, info.Number); err != nil {
		return a, err
	}
	return d.answer(ctx, f)
}

func (d *desk) live(ctx context.Context, call alloy.Call, _ alloy.None) (workflowAnswer, error) {
	return d.step(ctx, call, d.workflows.MakeLive)
}

func (d *desk) retire(ctx context.Context, call alloy.Call, _ alloy.None) (workflowAnswer, error) {
	return d.step(ctx, call, d.workflows.Retire)
}

func (d *desk) shadow(ctx context.Context, call alloy.Call, _ alloy.None) (workflowAnswer, error) {
	return d.step(ctx, call, d.workflows.SetShadow)
}

func (d *desk) unshadow(ctx context.Context, call alloy.Call) (workflowAnswer, error) {
	return d.step(ctx, call, func(ctx context.Context, by alloy.Caller, token string, n int64) (*Workflow, error) {
		f, err := d.workflows.Get(ctx, by.Account, token)
		if err == nil && f.Shadow != n {
			return nil, alloy.ErrConflict.Saying("The version is not the shadow version")
		}
		if err != nil {
			return nil, err
		}
		return d.workflows.SetShadow(ctx, by, token, 0)
	})
}

// shadowAnswer is what a shadow version has said so far.
type shadowAnswer struct {
	Version int64           `json:"version"`
	Cases   int             `json:"cases"`
	Same    int             `json:"same"`
	Cells   []workflow.Cell `json:"cells"`
}

func (d *desk) shadowed(ctx context.Context, call alloy.Call) (a shadowAnswer, err error) {
	f, _, info, err := d.numbered(ctx, call)
	if err != nil {
		return a, err
	}
	a.Version = info.Number
	if a.Cells, err = d.evaluations.Shadow(ctx, f.Token, info.Number); err != nil {
		return a, err
	}
	for _, c := range a.Cells {
		a.Cases += c.Count
		if c.Was == c.Would {
			a.Same += c.Count
		}
	}
	return a, nil
}

// replayRequest says which stored evaluations are decided again.
type replayRequest struct {
	Since int64 `json:"since" min:"0"` // milliseconds since 1970
	Limit int   `json:"limit" min:"1" max:"1000000"`
}

// maxReplay is how many evaluations are decided again unless a request says.
const maxReplay = 100_000

func (r *replayRequest) bounds() (time.Time, int) {
	if r.Limit == 0 {
		r.Limit = maxReplay
	}
	return clock.FromMillis(r.Since), r.Limit
}

func (d *desk) backtest(ctx context.Context, call alloy.Call, in replayRequest) (*workflow.Matrix, error) {
	f, v, _, err := d.numbered(ctx, call)
	if err != nil {
		return nil, err
	}
	since, limit := in.bounds()
	return d.evaluations.Backtest(ctx, f.Token, v, since, limit)
}

func (d *desk) replay(ctx context.Context, call alloy.Call, in replayRequest) (*Replayed, error) {
	f, err := d.mine(ctx, call)
	if err != nil {
		return nil, err
	}
	since, limit := in.bounds()
	return d.evaluations.Replay(ctx, f.Token, since, limit)
}

// languageAnswer describes what rules may use.
type languageAnswer struct {
	Engine    int                        `json:"engine"`
	Sources   map[string][]workflow.Fact `json:"sources"`
	Functions []string                   `json:"functions"`
	Reasons   map[string]string          `json:"adverse_action_reasons"`
}

func (d *desk) language(context.Context, alloy.Call) (languageAnswer, error) {
	a := languageAnswer{Engine: workflow.Engine, Sources: map[string][]workflow.Fact{}, Functions: workflow.FunctionNames(), Reasons: workflow.AdverseActionReasons}
	for _, name := range workflow.SourceNames() {
		a.Sources[name] = workflow.Facts(name)
	}
	return a, nil
}
