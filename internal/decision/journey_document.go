package decision

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"

	"github.com/glencheck-dev/glencheck/internal/decision/alloy"
)

// The types of nodes of a journey. Its start is each branch's first node.
const (
	NodeStart     = "start"
	NodeWorkflow  = "workflow" // runs a workflow; its outcomes are the edges
	NodeReview    = "review"   // waits for a person; the outcomes of reviews are the edges
	NodeAction    = "action"   // waits for something outside, or for more data (step_up)
	NodeDocuments = "docv"     // waits for documents; nobody looks at them but a later review
	NodeOutcome   = "outcome"  // the end
)

// JourneyDocument is a journey as it is written: a graph without circles. A version
// of one never changes.
type JourneyDocument struct {
	Name     string   `json:"name" required:"true" min:"1" max:"200"`
	Branches []Branch `json:"branches" required:"true" min:"1" max:"20"`
	Nodes    []Node   `json:"nodes" required:"true" min:"1" max:"200"`
	// Outcomes are those of the end, the one that counts most first: an application of
	// several entities has the first that any of them has.
	Outcomes []string `json:"outcomes" required:"true" min:"1" max:"50"`
	// ExpiresSeconds is how long an application may take; 0 for no end.
	ExpiresSeconds int64 `json:"expires_seconds" min:"0" max:"31536000"`
}

// Branch is where entities of a type begin.
type Branch struct {
	Name       string `json:"name" required:"true" min:"1" max:"200"`
	EntityType string `json:"entity_type" required:"true" enum:"person,business"`
	Node       string `json:"node" required:"true" min:"1" max:"64"`
}

// Node is a step.
type Node struct {
	ID   string `json:"id" required:"true" min:"1" max:"64"`
	Name string `json:"name" max:"200"`
	Type string `json:"type" required:"true" enum:"workflow,review,action,docv,outcome"`

	Workflow string `json:"workflow,omitempty" max:"64"`        // of a workflow: its token
	Retries  int64  `json:"retries,omitempty" min:"0" max:"10"` // of a workflow whose sources fail
	RetryIn  int64  `json:"retry_seconds,omitempty" min:"1" max:"86400"`

	Documents []string `json:"documents,omitempty" max:"20"` // of docv: types, one document of each
	StepUp    bool     `json:"step_up,omitempty"`            // of an action: it waits for Data
	Data      []string `json:"data,omitempty" max:"50"`
	Timeout   int64    `json:"timeout_seconds,omitempty" min:"1" max:"31536000"`
	Expired   string   `json:"expired,omitempty" max:"64"` // where it goes then; the application ends without

	Outcome string `json:"outcome,omitempty" max:"200"` // of an outcome

	Edges   map[string]string `json:"edges,omitempty"`            // by outcome
	Default string            `json:"default,omitempty" max:"64"` // for every other outcome
}

// node finds a node; nil if there is none.
func (d *JourneyDocument) node(id string) *Node {
	for i := range d.Nodes {
		if d.Nodes[i].ID == id {
			return &d.Nodes[i]
		}
	}
	return nil
}

// next is where a node leads after an outcome; "" for nowhere.
func (n *Node) next(outcome string) string {
	if to := n.Edges[outcome]; to != "" {
		return to
	}
	return n.Default
}

// targets are all nodes that a node leads to.
func (n *Node) targets() []string {
	var list []string
	for _, to := range n.Edges {
		list = append(list, to)
	}
	for _, to := range []string{n.Default, n.Expired} {
		if to != "" {
			list = append(list, to)
		}
	}
	return list
}

// check refuses a graph that an entity could get lost in.
func (d *JourneyDocument) check() error {
	seen := map[string]bool{}
	for i := range d.Nodes {
		n := &d.Nodes[i]
		if seen[n.ID] {
			return alloy.Invalid("nodes", "not have an id twice: "+n.ID)
		}
		seen[n.ID] = true
		if problem := d.problem(n); problem != "" {
			return alloy.Invalid("nodes", "be whole: "+n.ID+" "+problem)
		}
	}
	names := map[string]bool{}
	for _, b := range d.Branches {
		if names[b.Name] || !seen[b.Node] {
			return alloy.Invalid("branches", "have names of their own and begin at a node: "+b.Name)
		}
		names[b.Name] = true
	}
	for _, n := range d.Nodes {
		for _, to := range n.targets() {
			if !seen[to] {
				return alloy.Invalid("nodes", "lead to nodes: "+n.ID+" leads to "+to)
			}
		}
	}
	return d.circle()
}

// problem is what a node lacks.
func (d *JourneyDocument) problem(n *Node) string {
	if n.Type == NodeOutcome {
		for _, o := range d.Outcomes {
			if o == n.Outcome {
				return ""
			}
		}
		return "needs an outcome of the list of outcomes"
	}
	switch {
	case n.Type == NodeWorkflow && n.Workflow == "":
		return "needs the token of a workflow"
	case n.Type == NodeDocuments && len(n.Documents) == 0:
		return "needs types of documents"
	case n.StepUp && (n.Type != NodeAction || len(n.Data) == 0):
		return "needs the data that it waits for, and is an action"
	case n.Type == NodeDocuments && n.Default == "", n.StepUp && n.Default == "":
		return "needs a default, where it leads when it has what it waits for"
	case len(n.Edges) == 0 && n.Default == "":
		return "leads nowhere"
	}
	return ""
}

// circle refuses a way that comes back to itself.
func (d *JourneyDocument) circle() error {
	const under, done = 1, 2
	state := map[string]int{}
	var visit func(id string) error
	visit = func(id string) error {
		switch state[id] {
		case under:
			return alloy.Invalid("nodes", "not lead back to themselves: "+id)
		case done:
			return nil
		}
		state[id] = under
		for _, to := range d.node(id).targets() {
			if err := visit(to); err != nil {
				return err
			}
		}
		state[id] = done
		return nil
	}
	for _, n := range d.Nodes {
		if err := visit(n.ID); err != nil {
			return err
		}
	}
	return nil
}

// canonical is the one text of a document, and its hash.
func (d *JourneyDocument) canonical() (text, hash string, err error) {
	raw, err := json.Marshal(d)
	if err != nil {
		return "", "", fmt.Errorf("decision: journey: %w", err)
	}
	sum := sha256.Sum256(raw)
	return string(raw), hex.EncodeToString(sum[:]), nil
}
