package workflow

import (
	"cel.dev/cel-go/cel"
	"cel.dev/cel-go/common/cost"
	"cel.dev/cel-go/common/env"
	"cel.dev/cel-go/common/types"
	"cel.dev/cel-go/common/types/ref"
)

// The language of rules is CEL with fewer functions and some of our own. It has no
// clock, no time zones (whose tables differ between machines), no fractions (which
// add up differently in another order) and no maps (whose order Go does not fix), so
// that the same document and the same data always give the same result.

// Bounds of an expression.
const (
	maxSource = 4 << 10 // bytes
	maxCost   = 10_000
	maxNodes  = 500
	maxDepth  = 50
)

// operators are what of the standard library remains.
var operators = []string{
	"_&&_", "_||_", "!_", "_?_:_", "_==_", "_!=_", "_<_", "_<=_", "_>_", "_>=_",
	"_+_", "_-_", "_*_", "_/_", "_%_", "-_", "@in", "_[_]", "@not_strictly_false",
	"size", "contains", "startsWith", "endsWith", "matches", "int", "string",
}

// standard is the part of the standard library that is always the same everywhere.
func standard() cel.EnvOption {
	subset := &env.LibrarySubset{IncludeMacros: []string{"has", "all", "exists", "exists_one", "filter", "map"}}
	for _, name := range operators {
		subset.IncludeFunctions = append(subset.IncludeFunctions, env.NewFunction(name))
	}
	return cel.StdLib(cel.StdLibSubset(subset))
}

// callCost is what a call of one of our functions counts; their arguments are
// bounded.
const callCost = 50

// functions are our own; lists are those of the document.
func functions(lists map[string][]string) []cel.EnvOption {
	s, i, b := cel.StringType, cel.IntType, cel.BoolType
	sets := map[string]map[string]bool{}
	for name, entries := range lists {
		set := make(map[string]bool, len(entries))
		for _, e := range entries {
			set[NormalizeName(e)] = true
		}
		sets[name] = set
	}
	return []cel.EnvOption{
		unary("normalize_name", s, func(v string) ref.Val { return types.String(NormalizeName(v)) }),
		unary("email_domain", s, func(v string) ref.Val { return types.String(EmailDomain(v)) }),
		unary("digits", s, func(v string) ref.Val { return types.String(Digits(v)) }),
		binary("jaro_winkler", i, func(x, y string) ref.Val { return types.Int(JaroWinkler(head(x), head(y))) }),
		binary("age_on", i, func(x, y string) ref.Val { return days(AgeOn(x, y)) }),
		binary("days_between", i, func(x, y string) ref.Val { return days(DaysBetween(x, y)) }),
		binary("in_list", b, func(v, list string) ref.Val { return types.Bool(sets[list][NormalizeName(v)]) }),
	}
}

// head is as much of a text as jaro_winkler looks at, whose work grows with the
// square of it.
func head(s string) string {
	n := 0
	for i := range s {
		if n++; n > 128 {
			return s[:i]
		}
	}
	return s
}

func days(n int64, ok bool) ref.Val {
	if !ok {
		return types.NewErr("not a date of the form 2006-01-02")
	}
	return types.Int(n)
}

func unary(name string, out *cel.Type, f func(string) ref.Val) cel.EnvOption {
	return cel.Function(name, cel.Overload(name+"_1", []*cel.Type{cel.StringType}, out,
		cel.UnaryBinding(func(v ref.Val) ref.Val {
			s, ok := v.(types.String)
			if !ok {
				return types.MaybeNoSuchOverloadErr(v)
			}
			return f(string(s))
		})))
}

func binary(name string, out *cel.Type, f func(string, string) ref.Val) cel.EnvOption {
	return cel.Function(name, cel.Overload(name+"_1", []*cel.Type{cel.StringType, cel.StringType}, out,
		cel.BinaryBinding(func(a, b ref.Val) ref.Val {
			x, ok := a.(types.String)
			if !ok {
				return types.MaybeNoSuchOverloadErr(a)
			}
			y, ok := b.(types.String)
			if !ok {
				return types.MaybeNoSuchOverloadErr(b)
			}
			return f(string(x), string(y))
		})))
}

// bounds estimates the cost of expressions by the bounds of our data.
type bounds struct{}

// EstimateSize implements cost.Estimator.
func (bounds) EstimateSize(n cost.AstNode) *cost.SizeEstimate {
	if n.ComputedSize() != nil {
		return nil
	}
	entry := cost.RangedSizeEstimate(0, maxText)
	switch n.Type().Kind() {
	case types.StringKind:
		return &entry
	case types.ListKind:
		list := cost.ListSizeEstimate(cost.RangedSizeEstimate(0, maxItems), entry)
		return &list
	}
	return nil
}

// EstimateCallCost implements cost.Estimator.
func (bounds) EstimateCallCost(function, overload string, _ *cost.AstNode, _ []cost.AstNode) *cost.CallEstimate {
	if overload == function+"_1" {
		text := cost.RangedSizeEstimate(0, 4*maxText)
		return cost.NewCallEstimate(cost.FixedCostEstimate(callCost), &text)
	}
	return nil
}

// CallCost implements the counterpart at run time.
func (bounds) CallCost(function, overload string, _ []ref.Val, _ ref.Val) *uint64 {
	if overload == function+"_1" {
		n := uint64(callCost)
		return &n
	}
	return nil
}

// FunctionNames are the functions of our own with their arguments.
func FunctionNames() []string {
	return []string{
		"age_on(birth_date, date)", "days_between(date, date)", "digits(text)", "email_domain(text)",
		"in_list(text, 'list')", "jaro_winkler(text, text)", "normalize_name(text)",
	}
}
