package workflow

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"cel.dev/cel-go/cel"
	"cel.dev/cel-go/common/ast"
	"cel.dev/cel-go/common/types"
)

// expression is a condition, ready to be evaluated.
type expression struct {
	text    string
	program cel.Program
	partial cel.Program // keeps what each part came to, for the residual
	ast     *cel.Ast
	env     *cel.Env
	reads   []read
	not     string // the opposite, as text

	readsScore bool
}

// read is a field that an expression reads: name_score of plaid_identity_match.
type read struct {
	root, name string
	tested     bool // only whether it is there, by has()
}

func (r read) String() string { return r.root + "." + r.name }

// compile checks a condition. What is wrong with it is told with its place.
func compile(e *cel.Env, source string) (*expression, []Problem) {
	if len(source) > maxSource {
		return nil, problem("the expression has %d bytes, and %d are allowed", len(source), maxSource)
	}
	checked, issues := e.Compile(source)
	if issues.Err() != nil {
		return nil, placed(issues)
	}
	if checked.OutputType() != cel.BoolType {
		return nil, problem("the expression is of type %s and not bool", checked.OutputType())
	}
	x := &expression{text: source, ast: checked, env: e}
	w := walker{ast: checked.NativeRep()}
	w.walk(w.ast.Expr(), nil)
	if len(w.problems) > 0 {
		return nil, w.problems
	}
	x.reads, x.readsScore = w.reads, w.readsScore
	estimate, err := e.EstimateCost(checked, bounds{})
	if err != nil {
		return nil, problem("its cost cannot be estimated: %v", err)
	}
	if estimate.Max > maxCost {
		return nil, problem("the expression may cost %d, and %d is allowed", estimate.Max, maxCost)
	}
	if x.program, err = e.Program(checked, cel.EvalOptions(cel.OptPartialEval, cel.OptOptimize), cel.CostLimit(maxCost), cel.CostTracking(bounds{})); err != nil {
		return nil, problem("%v", err)
	}
	if x.partial, err = e.Program(checked, cel.EvalOptions(cel.OptPartialEval, cel.OptTrackState), cel.CostLimit(maxCost)); err != nil {
		return nil, problem("%v", err)
	}
	x.not = opposite(checked)
	return x, nil
}

func problem(format string, args ...any) []Problem {
	return []Problem{{Message: fmt.Sprintf(format, args...)}}
}

func placed(issues *cel.Issues) []Problem {
	var list []Problem
	for _, e := range issues.Errors() {
		list = append(list, Problem{Line: e.Location.Line(), Column: e.Location.Column() + 1, Message: e.Message})
	}
	return list
}

// walker looks at every node of a checked expression.
type walker struct {
	ast      *ast.AST
	reads    []read
	problems []Problem

	readsScore bool
}

// walk visits a node; local are the names that macros have bound.
func (w *walker) walk(e ast.Expr, local []string) {
	switch e.Kind() {
	case ast.IdentKind:
		name := e.AsIdent()
		if slices.Contains(local, name) {
			return
		}
		w.readsScore = w.readsScore || name == scoreName
		if w.isObject(e) {
			w.refuse(e, "%s cannot be used as a whole: read one of its fields", name)
		}
	case ast.SelectKind:
		w.selected(e, local)
	case ast.CallKind:
		w.call(e, local)
	case ast.ListKind:
		for _, x := range e.AsList().Elements() {
			w.walk(x, local)
		}
	case ast.MapKind, ast.StructKind:
		w.refuse(e, "maps and messages are not part of the language of rules")
	case ast.ComprehensionKind:
		w.comprehension(e.AsComprehension(), local)
	}
}

func (w *walker) comprehension(c ast.ComprehensionExpr, local []string) {
	w.walk(c.IterRange(), local)
	w.walk(c.AccuInit(), local)
	inner := append(slices.Clone(local), c.IterVar(), c.AccuVar())
	if c.HasIterVar2() {
		inner = append(inner, c.IterVar2())
	}
	for _, x := range []ast.Expr{c.LoopCondition(), c.LoopStep(), c.Result()} {
		w.walk(x, inner)
	}
}

// selected is a.b, and has(a.b).
func (w *walker) selected(e ast.Expr, local []string) {
	s := e.AsSelect()
	op := s.Operand()
	if op.Kind() != ast.IdentKind || slices.Contains(local, op.AsIdent()) {
		w.walk(op, local)
		return
	}
	r := read{root: op.AsIdent(), name: s.FieldName(), tested: s.IsTestOnly()}
	if !slices.Contains(w.reads, r) {
		w.reads = append(w.reads, r)
	}
}

func (w *walker) call(e ast.Expr, local []string) {
	c := e.AsCall()
	if c.FunctionName() == "_[_]" {
		if op := c.Args()[0]; op.Kind() == ast.IdentKind && op.AsIdent() == tagsName && !slices.Contains(local, tagsName) {
			w.tag(e, c.Args()[1])
			return
		}
	}
	if c.FunctionName() == "in_list" && c.Args()[1].Kind() != ast.LiteralKind {
		w.refuse(e, "the second argument of in_list is the name of a list, in quotes")
	} else if c.FunctionName() == "in_list" {
		w.reads = append(w.reads, read{root: listsName, name: string(c.Args()[1].AsLiteral().(types.String))})
	}
	if c.IsMemberFunction() {
		w.walk(c.Target(), local)
	}
	for _, x := range c.Args() {
		w.walk(x, local)
	}
}

// tag is tags["…"] of an outcome.
func (w *walker) tag(e, key ast.Expr) {
	if key.Kind() != ast.LiteralKind {
		w.refuse(e, "tags is read with a tag in quotes")
		return
	}
	r := read{root: tagsName, name: string(key.AsLiteral().(types.String))}
	if !slices.Contains(w.reads, r) {
		w.reads = append(w.reads, r)
	}
}

// isObject reports whether a node is one of our objects or the map of tags.
func (w *walker) isObject(e ast.Expr) bool {
	k := w.ast.GetType(e.ID()).Kind()
	return k == types.StructKind || k == types.MapKind
}

func (w *walker) refuse(e ast.Expr, format string, args ...any) {
	p := problem(format, args...)[0]
	if at := w.ast.SourceInfo().GetStartLocation(e.ID()); at.Line() > 0 {
		p.Line, p.Column = at.Line(), at.Column()+1
	}
	w.problems = append(w.problems, p)
}

// opposites of comparisons.
var opposites = map[string]string{
	"_<_": ">=", "_<=_": ">", "_>_": "<=", "_>=_": "<", "_==_": "!=", "_!=_": "==",
}

// opposite is the text of the condition under which the given one does not hold.
func opposite(checked *cel.Ast) string {
	native := checked.NativeRep()
	return negated(native.Expr(), native.SourceInfo())
}

func negated(e ast.Expr, info *ast.SourceInfo) string {
	if e.Kind() == ast.CallKind {
		c := e.AsCall()
		switch name := c.FunctionName(); name {
		case "!_":
			return unparsed(c.Args()[0], info)
		case "_&&_", "_||_":
			join := map[string]string{"_&&_": " || ", "_||_": " && "}[name]
			return grouped(c.Args()[0], info, join) + join + grouped(c.Args()[1], info, join)
		default:
			if op, ok := opposites[name]; ok {
				return unparsed(c.Args()[0], info) + " " + op + " " + unparsed(c.Args()[1], info)
			}
		}
	}
	return "!(" + unparsed(e, info) + ")"
}

// grouped is a negated operand, in brackets where it binds more loosely than join.
func grouped(e ast.Expr, info *ast.SourceInfo, join string) string {
	text := negated(e, info)
	if join == " && " && e.Kind() == ast.CallKind && e.AsCall().FunctionName() == "_&&_" {
		return "(" + text + ")"
	}
	return text
}

func unparsed(e ast.Expr, info *ast.SourceInfo) string {
	text, err := cel.ExprToString(e, info, cel.FormatWrapOnColumn(maxSource))
	if err != nil {
		return "the condition"
	}
	return text
}

// Problem is what is wrong with a part of a document.
type Problem struct {
	Where   string `json:"where"` // rules[2].when
	Line    int    `json:"line,omitempty"`
	Column  int    `json:"column,omitempty"`
	Message string `json:"message"`
}

// String is a problem in one line.
func (p Problem) String() string {
	if p.Line > 0 {
		return fmt.Sprintf("%s:%d:%d: %s", p.Where, p.Line, p.Column, p.Message)
	}
	return p.Where + ": " + p.Message
}

// Problems are all that is wrong with a document. They are an error.
type Problems []Problem

// Error implements error.
func (p Problems) Error() string {
	lines := make([]string, len(p))
	for i := range p {
		lines[i] = p[i].String()
	}
	return strings.Join(lines, "\n")
}

// AsProblems takes the problems out of an error of Compile.
func AsProblems(err error) (Problems, bool) {
	var p Problems
	ok := errors.As(err, &p)
	return p, ok
}
