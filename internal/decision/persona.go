package decision

import (
	"context"
	"encoding/json"
	"strings"

	"github.com/glencheck-dev/glencheck/internal/decision/alloy"
	"github.com/glencheck-dev/glencheck/internal/decision/workflow"
	"github.com/glencheck-dev/glencheck/internal/store"
)

// persona is what a sandbox does with a case, whatever its data.
type persona struct {
	name    string
	decides workflow.Persona // fixes the outcome
	fails   bool             // the first source fails
	breaks  bool             // the first request is answered 500
}

// personas are those of a sandbox by name (partner-decisions.md section 3). A last
// name or meta.sandbox_persona calls them.
var personas = map[string]persona{
	"approve": {name: "approve", decides: workflow.PersonaApprove},
	"review":  {name: "review", decides: workflow.PersonaReview},
	"deny":    {name: "deny", decides: workflow.PersonaDeny},
	"partial": {name: "partial", fails: true},
	"error":   {name: "error", breaks: true},
}

// personaOf finds the persona that an input calls. That of meta wins over the name.
func personaOf(input map[string]any) (persona, error) {
	if meta, ok := input["meta"].(map[string]any); ok {
		if name, given := meta["sandbox_persona"].(string); given {
			p, known := personas[strings.ToLower(name)]
			if !known {
				return persona{}, alloy.Invalid("meta.sandbox_persona", "be one of: approve, review, deny, partial, error")
			}
			return p, nil
		}
	}
	last, _ := input["name_last"].(string)
	switch last {
	case "Approve", "Review", "Deny", "Partial", "Error":
		return personas[strings.ToLower(last)], nil
	}
	return persona{}, nil
}

// persona is that of a case; none outside of sandbox mode. One that breaks does so
// the first time that its input comes.
func (s *Evaluations) persona(ctx context.Context, call alloy.Call, e *Evaluation) (persona, error) {
	if !call.Sandbox {
		return persona{}, nil
	}
	p, err := personaOf(e.Case.Input)
	if err != nil || !p.breaks {
		return p, err
	}
	raw, err := json.Marshal(e.Case.Input)
	if err != nil {
		return p, err
	}
	var first bool
	err = s.db.Write(ctx, func(tx *store.Tx) (err error) {
		first, err = s.claim(ctx, tx, s.vault.Index("decision.persona", e.Account+"."+e.Workflow+"."+string(raw)), "", "")
		return err
	})
	if err == nil && first {
		err = alloy.ErrInternal
	}
	return p, err
}
