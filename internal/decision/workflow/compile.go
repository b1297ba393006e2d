package workflow

import (
	"fmt"
	"maps"
	"regexp"
	"slices"
	"time"

	"cel.dev/cel-go/cel"
)

// inputKinds are the types of inputs. Objects are kept and shown, not read.
var inputKinds = map[string]kind{"string": text, "date": text, "integer": integer, "boolean": boolean, "object": -1}

var formats = []string{"", "name", "email", "phone", "upper"}

func (c *compiler) inputs(d *Document) {
	var fields []field
	for i := range d.Inputs {
		in, where := &d.Inputs[i], fmt.Sprintf("inputs[%d]", i)
		k, known := inputKinds[in.Type]
		switch {
		case !keyForm.MatchString(in.Key):
			c.refuse(where, "a key is of small letters, digits and _, and begins with a letter")
		case !known:
			c.refuse(where, "type %q is not one of string, date, integer, boolean, object", in.Type)
		case c.v.inputs[in.Key] != nil:
			c.refuse(where, "%s is there twice", in.Key)
		case in.MaxLength < 0 || in.MaxLength > maxText:
			c.refuse(where, "max_length is at most %d", maxText)
		case !slices.Contains(formats, in.Format) || in.Format != "" && in.Type != "string":
			c.refuse(where, "format %q is not one of name, email, phone, upper, or the input is no string", in.Format)
		case in.Regex != "" && in.Type != "string":
			c.refuse(where, "only a string has a regex")
		}
		ready := &input{Input: in, kind: k}
		if in.Regex != "" {
			re, err := regexp.Compile(`^(?:` + in.Regex + `)$`)
			if err != nil {
				c.refuse(where, "the regex does not compile: %v", err)
			}
			ready.regex = re
		}
		c.v.inputs[in.Key] = ready
		if k >= 0 {
			fields = append(fields, field{in.Key, k})
		}
	}
	for i, set := range d.OneOf {
		for _, key := range set {
			if c.v.inputs[key] == nil {
				c.refuse(fmt.Sprintf("one_of[%d]", i), "there is no input %q", key)
			}
		}
		if len(set) < 2 {
			c.refuse(fmt.Sprintf("one_of[%d]", i), "a choice has at least two keys")
		}
	}
	c.v.shapes[inputName] = newShape("case.input", fields)
}

func (c *compiler) rules(d *Document) {
	opts := append(functions(d.Lists), cel.Variable(todayName, cel.StringType))
	for _, name := range []string{inputName, servicesName, errorsName} {
		opts = append(opts, cel.Variable(name, c.v.shapes[name].typ))
	}
	for _, s := range d.Sources {
		opts = append(opts, cel.Variable(s.Name, c.v.shapes[s.Name].typ))
	}
	lang, err := c.language(opts...)
	if err != nil {
		c.refuse("rules", "%v", err)
		return
	}
	seen, tags := map[string]bool{}, map[string]bool{}
	for i := range d.Rules {
		r, where := &d.Rules[i], fmt.Sprintf("rules[%d]", i)
		c.rule(r, where, seen)
		for _, t := range r.Tags {
			tags[t] = true
		}
		when, problems := compile(lang, r.When)
		c.add(where+".when", problems)
		if when != nil {
			c.missing(r, when, where)
			c.v.rules = append(c.v.rules, rule{r, when})
		}
	}
	c.v.tags = slices.Sorted(maps.Keys(tags))
}

var idForm = regexp.MustCompile(`^[a-z][a-z0-9-]{0,63}$`)

func (c *compiler) rule(r *Rule, where string, seen map[string]bool) {
	switch {
	case !idForm.MatchString(r.ID):
		c.refuse(where+".id", "an id is of small letters, digits and -, and begins with a letter")
	case seen[r.ID]:
		c.refuse(where+".id", "%s is there twice", r.ID)
	case r.Name == "" || len(r.Name) > 200:
		c.refuse(where+".name", "a rule has a name of at most 200 bytes")
	case r.Score > maxScore || r.Score < -maxScore:
		c.refuse(where+".score", "a change of the score is at most %d", maxScore)
	}
	seen[r.ID] = true
	for _, t := range r.Tags {
		if t == "" || len(t) > 100 {
			c.refuse(where+".tags", "a tag has 1 to 100 bytes")
		}
	}
	if r.Reason != nil && AdverseActionReasons[r.Reason.Code] == "" {
		c.refuse(where+".reason", "there is no reason %q", r.Reason.Code)
	}
}

// missing refuses a rule that may meet missing data and does not say what then.
func (c *compiler) missing(r *Rule, when *expression, where string) {
	may := ""
	for _, rd := range when.reads {
		switch {
		case rd.root == listsName:
			if _, ok := c.v.Document.Lists[rd.name]; !ok {
				c.refuse(where+".when", "there is no list %q", rd.name)
			}
		case rd.root == inputName && !rd.tested && !c.v.inputs[rd.name].Required, sources[rd.root] != nil:
			may = rd.String()
		}
	}
	switch r.OnMissing {
	case MissingBlocks, MissingHits, MissingPasses:
	case "":
		if may != "" {
			c.refuse(where+".on_missing", "%s may be missing: say block, hit or pass", may)
		}
	default:
		c.refuse(where+".on_missing", "%q is not one of block, hit, pass", r.OnMissing)
	}
}

func (c *compiler) outcomes(d *Document) {
	lang, err := c.language(cel.Variable(tagsName, cel.MapType(cel.StringType, cel.BoolType)), cel.Variable(scoreName, cel.IntType))
	if err != nil {
		c.refuse("outcomes", "%v", err)
		return
	}
	kinds := map[string]Kind{}
	for i := range d.Outcomes {
		where := fmt.Sprintf("outcomes[%d]", i)
		c.outcome(d.Outcomes[i], where, kinds)
		when, problems := compile(lang, d.Outcomes[i].When)
		c.add(where+".when", problems)
		if when == nil {
			continue
		}
		for _, r := range when.reads {
			if r.root == tagsName && !slices.Contains(c.v.tags, r.name) {
				c.refuse(where+".when", "no rule adds the tag %q", r.name)
			}
		}
		c.v.outcomes = append(c.v.outcomes, outcome{d.Outcomes[i], when})
	}
	c.outcome(d.Default, "default", kinds)
	if d.Default.When != "" {
		c.refuse("default", "the default has no condition")
	}
	c.v.fallback = Outcome{Name: d.Fallback, Kind: kinds[d.Fallback]}
	if c.v.fallback.Kind != Review {
		c.refuse("fallback", "%q is not one of the outcomes of kind review", d.Fallback)
	}
}

func (c *compiler) outcome(o Outcome, where string, kinds map[string]Kind) {
	if o.Name == "" || len(o.Name) > 100 {
		c.refuse(where+".name", "an outcome has a name of at most 100 bytes")
	}
	if o.Kind != Approve && o.Kind != Review && o.Kind != Deny {
		c.refuse(where+".kind", "%q is not one of approve, review, deny", o.Kind)
	}
	if was, ok := kinds[o.Name]; ok && was != o.Kind {
		c.refuse(where+".kind", "%s is of kind %s elsewhere", o.Name, was)
	}
	kinds[o.Name] = o.Kind
}

// tests checks the form of the tests; whether they pass is for Test.
func (c *compiler) tests(d *Document) {
	for i, t := range d.Tests {
		where := fmt.Sprintf("tests[%d]", i)
		if _, err := time.Parse(civil, t.Today); err != nil {
			c.refuse(where+".today", "a test names its day, such as 2026-01-31")
		}
		for name := range t.Responses {
			if c.v.shapes[name] == nil || sources[name] == nil {
				c.refuse(where+".responses", "%q is not a source of this workflow", name)
			}
		}
		if t.Expect.Status == "" && t.Expect.Outcome == "" {
			c.refuse(where+".expect", "a test expects a status or an outcome")
		}
	}
}
