package decision

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"slices"
	"time"

	"github.com/glencheck-dev/glencheck/internal/api"
	"github.com/glencheck-dev/glencheck/internal/decision/alloy"
	"github.com/glencheck-dev/glencheck/internal/store"
)

func (s *Journeys) routes() []alloy.Route {
	return []alloy.Route{
		alloy.Get("/v1/journeys", s.listJourneys, alloy.Summary("The journeys of the account; ours")),
		alloy.Post("/v1/journeys", s.makeJourney, alloy.Created(), alloy.Summary("Publishes a new journey; ours, in Alloy a page")),
		alloy.Get("/v1/journeys/{journey}", s.showJourney, alloy.Summary("A journey")),
		alloy.Put("/v1/journeys/{journey}", s.publishJourney, alloy.Summary("Publishes the next version of a journey; ours")),
		alloy.Post("/v1/journeys/{journey}/applications", s.apply, alloy.Created(), alloy.Summary("Makes a journey application")),
		alloy.Get("/v1/journeys/{journey}/applications/{application}", s.show, alloy.Summary("A journey application with its events")),
		alloy.Put("/v1/journeys/{journey}/applications/{application}", s.put, alloy.Summary("Sends what an application waits for, or more entities")),
		alloy.Post("/v1/journeys/{journey}/applications/{application}/rerun", s.rerun, alloy.Created(), alloy.Summary("Runs an application again, under the live version")),
		alloy.Put("/v1/journeys/{journey}/applications/{application}/nodes/{node}", s.callback, alloy.Summary("Completes an action that an application waits for")),
	}
}

// applicationRequest is the body of POST …/applications.
type applicationRequest struct {
	Entities []applicant `json:"entities" required:"true" min:"1" max:"50"`
	External string      `json:"external_application_id" max:"255"`
	Group    string      `json:"external_group_id" max:"255"`
	Meta     api.Raw     `json:"application_meta"`
	Await    bool        `json:"do_await_additional_entities"`
}

// applicant is an entity of an application.
type applicant struct {
	Type     string  `json:"entity_type" enum:"person,business"`
	Branch   string  `json:"branch_name" max:"200"`
	Token    string  `json:"entity_token" max:"64"`
	External string  `json:"external_entity_id" max:"1024"`
	EA       string  `json:"entity_application_token" max:"64"` // in PUT, for one that is there
	Data     api.Raw `json:"data"`
}

// read is the data of an applicant, with numbers as they were written.
func (p *applicant) read() (map[string]any, error) {
	data := map[string]any{}
	if len(p.Data) == 0 || string(p.Data) == "null" {
		return data, nil
	}
	if _, err := alloy.CheckObject(p.Data); err != nil {
		return nil, alloy.Invalid("entities.data", "be an object")
	}
	dec := json.NewDecoder(bytes.NewReader(p.Data))
	dec.UseNumber()
	if err := dec.Decode(&data); err != nil {
		return nil, alloy.Invalid("entities.data", "be an object")
	}
	return data, nil
}

// externalOK reports whether a text is an external application id: letters, digits,
// - and _.
func externalOK(s string) bool {
	for _, r := range s {
		if (r < '0' || r > '9') && (r < 'A' || r > 'Z') && (r < 'a' || r > 'z') && r != '-' && r != '_' {
			return false
		}
	}
	return true
}

// apply makes an application and lets it go as far as it can, unless header
// alloy-journey-override-sync wants the answer at once.
func (s *Journeys) apply(ctx context.Context, call alloy.Call, in applicationRequest) (a applicationAnswer, err error) {
	if !externalOK(in.External) {
		return a, alloy.Invalid("external_application_id", "have letters, digits, - and _ only")
	}
	if len(in.Meta) > 0 && string(in.Meta) != "null" {
		if _, err := alloy.CheckObject(in.Meta); err != nil {
			return a, alloy.Invalid("application_meta", "be an object")
		}
	}
	token := token(s.ids, "JA-")
	err = write(ctx, s.db, func(tx *store.Tx) error {
		app := &application{
			Token: token, Account: call.Account, Journey: call.Path("journey"), Sandbox: call.Sandbox, Awaits: in.Await, Root: token,
			said: said{External: in.External, Group: in.Group, Meta: json.RawMessage(in.Meta), Headers: headersOf(call), Key: call.Key},
		}
		return s.begin(ctx, tx, call, app, in.Entities, EventStarted)
	})
	if err != nil {
		return a, err
	}
	return s.goOn(ctx, call, token)
}

// headersOf are the headers that each step of an application has again.
func headersOf(call alloy.Call) map[string]string {
	own := call.Alloy()
	for _, name := range []string{alloy.HeaderEntity, alloy.HeaderExternalEntity, alloy.HeaderParentEntity, alloy.HeaderEntityType, alloy.HeaderWorkflow, alloy.HeaderOverrideSync} {
		delete(own, name)
	}
	return own
}

// goOn lets an application go as far as it can and answers it. What fails on the way
// is tried again by a job; the answer says running then.
func (s *Journeys) goOn(ctx context.Context, call alloy.Call, token string) (applicationAnswer, error) {
	if !call.Is(alloy.HeaderOverrideSync) {
		if err := s.advance(ctx, token); err != nil && ctx.Err() != nil {
			return applicationAnswer{}, err
		}
	}
	return s.answerNow(ctx, call, token)
}

// begin writes a new application and lets its entities come to their first nodes.
func (s *Journeys) begin(ctx context.Context, tx *store.Tx, call alloy.Call, a *application, list []applicant, kind string) error {
	live, err := s.journey(ctx, tx, call.Account, a.Journey)
	if err != nil {
		return err
	}
	a.Version, a.name, a.document, a.entities = live.Version, live.Name, &live.Document, nil
	a.CreatedAt, a.UpdatedAt = s.clock.Now(), s.clock.Now()
	if a.said.External != "" {
		a.external = s.vault.Index("decision.application", a.Account+"."+a.said.External)
	}
	if a.group = ""; a.said.Group != "" && kind == EventStarted {
		a.group = s.vault.Index("decision.group", a.Account+"."+a.said.Group)
	}
	if err := s.insert(ctx, tx, a); err != nil {
		return err
	}
	if err := s.happen(ctx, tx, a, event{Type: kind}); err != nil {
		return err
	}
	if d := live.Document.ExpiresSeconds; d > 0 {
		if err := s.jobs.Schedule(ctx, tx, s.clock.Now().Add(time.Duration(d)*time.Second), jobExpire, a.Token, ""); err != nil {
			return err
		}
	}
	if err := s.join(ctx, tx, call, a, list); err != nil {
		return err
	}
	return s.audit.Add(ctx, tx, Entry{Account: a.Account, Actor: call.Key, Action: "application.create", Object: a.Token, After: map[string]any{"journey": a.Journey, "version": a.Version}})
}

// join adds entities to an application and lets them come to their first nodes. The
// job is there if this process ends before it has brought them further.
func (s *Journeys) join(ctx context.Context, tx *store.Tx, call alloy.Call, a *application, list []applicant) error {
	var joined []*entityApplication
	for i := range list {
		ea, err := s.joinOne(ctx, tx, call, a, &list[i])
		if err != nil {
			return err
		}
		joined = append(joined, ea)
	}
	for _, ea := range joined {
		branch := slices.IndexFunc(a.document.Branches, func(b Branch) bool { return b.Name == ea.Branch })
		if err := s.enter(ctx, tx, a, ea, a.document.Branches[branch].Node); err != nil {
			return err
		}
	}
	if !a.running() {
		return nil
	}
	wait := recoverAfter
	if call.Is(alloy.HeaderOverrideSync) {
		wait = 0
	}
	return s.later(ctx, tx, a, wait)
}

func (s *Journeys) joinOne(ctx context.Context, tx *store.Tx, call alloy.Call, a *application, p *applicant) (*entityApplication, error) {
	data, err := p.read()
	if err != nil {
		return nil, err
	}
	details := DetailsOf(data)
	branch, err := a.document.branch(p, details)
	if err != nil {
		return nil, err
	}
	e, err := s.entities.forSubject(ctx, tx, call, Subject{Token: p.Token, External: p.External, Kind: branch.EntityType, Details: details})
	if err != nil {
		return nil, err
	}
	if slices.ContainsFunc(a.entities, func(o *entityApplication) bool { return o.Entity == e.Token }) {
		return nil, alloy.ErrConflict.Saying("The entity is part of the application already")
	}
	ea := &entityApplication{
		Token: token(s.ids, "EA-"), Entity: e.Token, Place: int64(len(a.entities)), Branch: branch.Name, Status: StatusRunning,
		CreatedAt: s.clock.Now(), held: held{Data: data},
	}
	if err := s.insertEntity(ctx, tx, a, ea); err != nil {
		return nil, err
	}
	a.entities = append(a.entities, ea)
	return ea, nil
}

// branch is where an applicant begins: the branch that is named, or the one of its
// type.
func (d *JourneyDocument) branch(p *applicant, details Details) (Branch, error) {
	kind := p.Type
	if sub := (Subject{Kind: kind, Details: details}); kind == "" {
		_ = sub.kind() // no kind is given, so none can be wrong
		kind = sub.Kind
	}
	var fit []Branch
	for _, b := range d.Branches {
		if p.Branch == b.Name || p.Branch == "" && (b.EntityType == kind || len(d.Branches) == 1) {
			fit = append(fit, b)
		}
	}
	switch {
	case len(fit) != 1:
		return Branch{}, alloy.Invalid("entities.branch_name", "be a branch of the journey")
	case p.Type != "" && p.Type != fit[0].EntityType:
		return Branch{}, alloy.Invalid("entities.entity_type", "be that of the branch")
	}
	return fit[0], nil
}

// putRequest is the body of PUT …/applications/{JA}.
type putRequest struct {
	Entities []applicant `json:"entities" max:"50"`
	Finished bool        `json:"has_finished_sending_additional_entities"`
}

// put sends what entities wait for, more entities, or that there will be no more.
func (s *Journeys) put(ctx context.Context, call alloy.Call, in putRequest) (answer applicationAnswer, err error) {
	if len(in.Entities) == 0 && !in.Finished {
		return answer, alloy.ErrBody.With(atLeastOne("entities", "has_finished_sending_additional_entities"))
	}
	token := call.Path("application")
	err = write(ctx, s.db, func(tx *store.Tx) error {
		a, err := s.mine(ctx, tx, call)
		if err != nil {
			return err
		}
		call := call
		call.Sandbox = a.Sandbox
		var more []applicant
		for i := range in.Entities {
			p := &in.Entities[i]
			ea, err := s.meant(ctx, tx, a, p)
			if err != nil {
				return err
			}
			if ea == nil {
				more = append(more, *p)
			} else if err := s.resume(ctx, tx, call, a, ea, p); err != nil {
				return err
			}
		}
		if (len(more) > 0 || in.Finished) && !a.Awaits {
			return alloy.ErrConflict.Saying("The application does not await additional entities")
		}
		if err := s.join(ctx, tx, call, a, more); err != nil || !in.Finished {
			return err
		}
		a.Awaits = false
		if err := s.happen(ctx, tx, a, event{Type: EventNoMoreEntities}); err != nil {
			return err
		}
		return s.complete(ctx, tx, a)
	})
	if err != nil {
		return answer, err
	}
	return s.goOn(ctx, call, token)
}

// mine locks the application of a path, which must be of the journey of the path and
// not over.
func (s *Journeys) mine(ctx context.Context, tx *store.Tx, call alloy.Call) (*application, error) {
	a, err := s.lock(ctx, tx, call.Account, call.Path("application"))
	switch {
	case err != nil:
		return nil, err
	case a.Journey != call.Path("journey"):
		return nil, alloy.ErrNotFound
	case over(a.Status):
		return nil, alloy.ErrConflict.Saying("The application is " + a.Status)
	}
	return a, nil
}

// meant is the entity of an application that a PUT speaks of; nil for one that is
// not there yet. Without a name it is the only one that waits for something.
func (s *Journeys) meant(ctx context.Context, tx *store.Tx, a *application, p *applicant) (*entityApplication, error) {
	entity := p.Token
	if entity == "" && p.External != "" {
		e, err := s.entities.byExternal(ctx, tx, a.Account, p.External)
		if errors.Is(err, store.ErrNoRows) {
			return nil, nil
		}
		if err != nil {
			return nil, err
		}
		entity = e.Token
	}
	for _, ea := range a.entities {
		if p.EA != "" && ea.Token == p.EA || p.EA == "" && entity != "" && ea.Entity == entity {
			return ea, nil
		}
	}
	if p.EA != "" {
		return nil, alloy.ErrNotFound
	}
	if entity != "" || a.Awaits {
		return nil, nil
	}
	if len(a.entities) == 1 {
		return a.entities[0], nil
	}
	return nil, alloy.Required("entities.entity_token")
}

// resume gives an entity what it waits for.
func (s *Journeys) resume(ctx context.Context, tx *store.Tx, call alloy.Call, a *application, ea *entityApplication, p *applicant) error {
	data, err := p.read()
	if err != nil {
		return err
	}
	if !slices.Contains([]string{StatusDataRequest, StatusPendingDocuments, StatusPendingStepUp}, ea.Status) {
		return alloy.ErrConflict.Saying("The entity waits for no data: its status is " + ea.Status)
	}
	if ea.held.Data == nil {
		ea.held.Data = map[string]any{}
	}
	maps.DeleteFunc(data, func(_ string, v any) bool { return v == nil }) // null leaves a member as it is
	maps.Copy(ea.held.Data, data)
	if err := s.keep(ctx, tx, ea); err != nil {
		return err
	}
	if _, err := s.entities.forSubject(ctx, tx, call, Subject{Token: ea.Entity, Details: DetailsOf(data), Kind: a.document.kindOf(ea)}); err != nil {
		return err
	}
	if ea.Status == StatusDataRequest {
		if err := s.happen(ctx, tx, a, event{Type: EventRetriggered, EA: ea, Status: StatusRunning}); err != nil {
			return err
		}
		return s.later(ctx, tx, a, recoverAfter)
	}
	node := a.document.node(ea.Node)
	there, err := s.satisfied(ctx, tx, ea, node)
	if err != nil || !there {
		return err // it waits on
	}
	if err := s.happen(ctx, tx, a, event{Type: EventActionDone, EA: ea, Outcome: "submitted", Status: StatusRunning}); err != nil {
		return err
	}
	return s.enterAndGo(ctx, tx, a, ea, node.Default)
}

func (d *JourneyDocument) kindOf(ea *entityApplication) string {
	for _, b := range d.Branches {
		if b.Name == ea.Branch {
			return b.EntityType
		}
	}
	return ""
}

// callbackRequest is the body of PUT …/nodes/{node}.
type callbackRequest struct {
	EA      string  `json:"entity_application_token" max:"64"`
	Outcome string  `json:"outcome" required:"true" min:"1" max:"200"`
	Data    api.Raw `json:"data"`
}

// callback completes an action: whoever did it outside says how it came out.
func (s *Journeys) callback(ctx context.Context, call alloy.Call, in callbackRequest) (answer applicationAnswer, err error) {
	err = write(ctx, s.db, func(tx *store.Tx) error {
		a, err := s.mine(ctx, tx, call)
		if err != nil {
			return err
		}
		waiting := slices.DeleteFunc(slices.Clone(a.entities), func(ea *entityApplication) bool {
			return ea.Node != call.Path("node") || ea.Status != StatusPendingAction || in.EA != "" && ea.Token != in.EA
		})
		switch {
		case len(waiting) == 0:
			return alloy.ErrConflict.Saying("No entity waits for this action")
		case len(waiting) > 1:
			return alloy.Required("entity_application_token")
		}
		return s.complement(ctx, tx, a, waiting[0], in)
	})
	if err != nil {
		return answer, err
	}
	return s.goOn(ctx, call, call.Path("application"))
}

func (s *Journeys) complement(ctx context.Context, tx *store.Tx, a *application, ea *entityApplication, in callbackRequest) error {
	next := a.document.node(ea.Node).next(in.Outcome)
	if next == "" {
		return alloy.Invalid("outcome", "be an outcome of the action")
	}
	data, err := (&applicant{Data: in.Data}).read()
	if err != nil {
		return err
	}
	if ea.held.Data == nil {
		ea.held.Data = map[string]any{}
	}
	maps.Copy(ea.held.Data, data)
	if err := s.happen(ctx, tx, a, event{Type: EventActionDone, EA: ea, Outcome: in.Outcome, Status: StatusRunning}); err != nil {
		return err
	}
	return s.enterAndGo(ctx, tx, a, ea, next)
}

// rerun runs the entities of an application again as a new one, which knows the one
// that it began with.
func (s *Journeys) rerun(ctx context.Context, call alloy.Call, _ struct{}) (answer applicationAnswer, err error) {
	token := token(s.ids, "JA-")
	err = write(ctx, s.db, func(tx *store.Tx) error {
		old, err := s.read(ctx, tx, selectApplication, call.Account, call.Path("application"))
		if err != nil {
			return err
		}
		if old.Journey != call.Path("journey") {
			return alloy.ErrNotFound
		}
		if !over(old.Status) {
			return alloy.ErrConflict.Saying("The application is under way")
		}
		var list []applicant
		for _, ea := range old.entities {
			if ea.held.Data == nil {
				return alloy.ErrConflict.Saying("An entity of the application was purged")
			}
			data, err := json.Marshal(ea.held.Data)
			if err != nil {
				return fmt.Errorf("decision: rerun: %w", err)
			}
			list = append(list, applicant{Token: ea.Entity, Branch: ea.Branch, Data: data})
		}
		call := call
		call.Sandbox = old.Sandbox
		a := &application{Token: token, Account: old.Account, Journey: old.Journey, Sandbox: old.Sandbox, RerunOf: old.Token, Root: old.Root, said: old.said}
		return s.begin(ctx, tx, call, a, list, EventRerun)
	})
	if err != nil {
		return answer, err
	}
	return s.goOn(ctx, call, token)
}
