package workflow

import (
	"fmt"
	"maps"
	"regexp"
	"slices"

	"cel.dev/cel-go/cel"
	"cel.dev/cel-go/common/types"
	"cel.dev/cel-go/interpreter"
)

// The names that conditions read beside the sources.
const (
	inputName    = "input"
	servicesName = "services"
	errorsName   = "error_codes"
	todayName    = "today"
	tagsName     = "tags"
	scoreName    = "score"
	listsName    = "in_list" // not a variable: the name of a list in a read
)

// Version is a document that has been checked and is ready to decide. It never
// changes and may be used by many at once.
type Version struct {
	Document *Document
	Hash     string

	inputs   map[string]*input
	shapes   map[string]*shape
	patterns map[string][]*interpreter.AttributePattern // of a source that was not asked
	rules    []rule
	outcomes []outcome
	tags     []string // all that rules may add, sorted
	fallback Outcome
}

type rule struct {
	*Rule
	when *expression
}

type outcome struct {
	Outcome
	when *expression
}

type input struct {
	*Input
	kind  kind
	regex *regexp.Regexp
}

// Bounds of a document.
const (
	maxInputs   = 100
	maxRules    = 200
	maxOutcomes = 50
	maxLists    = 50
	maxEntries  = 10_000
	maxTests    = 200
	maxScore    = 1_000_000
)

// Compile checks a document and makes it ready. The error is Problems where the
// document is at fault.
func Compile(d *Document) (*Version, error) {
	c := compiler{v: &Version{Document: d, inputs: map[string]*input{}, shapes: map[string]*shape{}, patterns: map[string][]*interpreter.AttributePattern{}}}
	hash, err := d.Hash()
	if err != nil {
		return nil, err
	}
	c.v.Hash = hash
	c.head(d)
	c.inputs(d)
	c.sources(d)
	c.lists(d)
	if len(c.problems) == 0 {
		c.rules(d)
		c.outcomes(d)
		c.tests(d)
	}
	if len(c.problems) > 0 {
		return nil, c.problems
	}
	return c.v, nil
}

// compiler collects what is wrong with a document.
type compiler struct {
	v        *Version
	problems Problems
}

func (c *compiler) refuse(where, format string, args ...any) {
	c.problems = append(c.problems, Problem{Where: where, Message: fmt.Sprintf(format, args...)})
}

func (c *compiler) add(where string, list []Problem) {
	for _, p := range list {
		p.Where = where
		c.problems = append(c.problems, p)
	}
}

func (c *compiler) head(d *Document) {
	if d.Name == "" || len(d.Name) > 200 {
		c.refuse("name", "a workflow has a name of at most 200 bytes")
	}
	if d.Engine != Engine {
		c.refuse("engine", "engine %d is unknown; this program has engine %d", d.Engine, Engine)
	}
	for _, n := range []struct {
		where    string
		has, max int
	}{
		{"inputs", len(d.Inputs), maxInputs},
		{"rules", len(d.Rules), maxRules},
		{"outcomes", len(d.Outcomes), maxOutcomes},
		{"tests", len(d.Tests), maxTests},
		{"lists", len(d.Lists), maxLists},
	} {
		if n.has > n.max {
			c.refuse(n.where, "%d are too many, %d are allowed", n.has, n.max)
		}
	}
}

var keyForm = regexp.MustCompile(`^[a-z][a-z0-9_]{0,63}$`)

func (c *compiler) sources(d *Document) {
	seen := map[string]bool{}
	for i, s := range d.Sources {
		where := fmt.Sprintf("sources[%d]", i)
		cat := sources[s.Name]
		switch {
		case cat == nil:
			c.refuse(where, "there is no source %q; there are %v", s.Name, SourceNames())
			continue
		case seen[s.Name]:
			c.refuse(where, "%s is named twice", s.Name)
			continue
		case s.TimeoutMS < 0 || s.TimeoutMS > 30_000, s.Retries < 0 || s.Retries > 5, s.CacheSeconds < 0 || s.CacheSeconds > 30*86400, s.Price < 0:
			c.refuse(where, "timeout_ms is 0 to 30000, retries 0 to 5, cache_seconds 0 to 2592000, price not negative")
		}
		seen[s.Name] = true
		fields := make([]field, len(cat.facts))
		for j, f := range cat.facts {
			fields[j] = field{f.name, f.kind}
		}
		c.v.shapes[s.Name] = newShape("source."+s.Name, fields)
		c.v.patterns[s.Name] = []*interpreter.AttributePattern{
			cel.AttributePattern(s.Name),
			cel.AttributePattern(servicesName).QualString(s.Name),
			cel.AttributePattern(errorsName).QualString(s.Name),
		}
	}
	var each []field
	for _, name := range slices.Sorted(maps.Keys(seen)) {
		each = append(each, field{name, text})
	}
	c.v.shapes[servicesName] = newShape("case.services", each)
	c.v.shapes[errorsName] = newShape("case.error_codes", each)
}

func (c *compiler) lists(d *Document) {
	for _, name := range slices.Sorted(maps.Keys(d.Lists)) {
		if !keyForm.MatchString(name) {
			c.refuse("lists."+name, "a list's name is of small letters, digits and _")
		}
		if n := len(d.Lists[name]); n > maxEntries {
			c.refuse("lists."+name, "%d entries are too many, %d are allowed", n, maxEntries)
		}
	}
}

// language makes the environment that rules or outcomes are checked in.
func (c *compiler) language(more ...cel.EnvOption) (*cel.Env, error) {
	registry, err := types.NewRegistry()
	if err != nil {
		return nil, err
	}
	p := &provider{Provider: registry, shapes: map[string]*shape{}}
	for _, s := range c.v.shapes {
		p.shapes[s.name] = s
	}
	opts := []cel.EnvOption{
		cel.CustomTypeAdapter(registry), cel.CustomTypeProvider(p), standard(),
		cel.ParserExpressionSizeLimit(maxSource), cel.ExpressionNodeLimit(maxNodes), cel.ExpressionNestingDepthLimit(maxDepth),
		cel.ASTValidators(cel.ValidateRegexLiterals(), cel.ValidateComprehensionNestingLimit(2)),
	}
	return cel.NewCustomEnv(append(opts, more...)...)
}
