package graph

import (
	"strconv"
	"strings"
)

// document is what the limits have to know of a request: its fields and how they
// are nested. Whether it is valid is decided elsewhere.
type document struct {
	operations []operation
	fragments  map[string][]selection
}

type operation struct {
	kind, name string
	defaults   map[string]value // of its variables
	set        []selection
}

// selection is a field, or a fragment: by name, or written in place.
type selection struct {
	field   string // "" for a fragment
	aliased bool
	args    map[string]value
	spread  string // the name of a fragment
	set     []selection
}

// value is an argument's value as far as the limits look at it.
type value struct {
	variable string
	number   int
	isNumber bool
	object   map[string]value
}

// maxNesting bounds brackets of any kind, so that no document can exhaust the stack.
// The limits of fields are narrower.
const maxNesting = 64

// errNesting refuses a document that is nested deeper.
var errNesting = tooComplex("depth", "the document is nested deeper than "+strconv.Itoa(maxNesting)+" levels", maxNesting)

// errSyntax says that a document is none: the schema's own parser says why.
var errSyntax = Refuse(CodeParse, "the document cannot be parsed")

// parser reads the language of GraphQL documents, specification of October 2021
// section 2. A mistake ends it by panic with an *Error, which parse catches.
type parser struct {
	lexer
	depth int
}

func parse(text string) (d document, err *Error) {
	defer func() {
		if p := recover(); p != nil {
			e, ok := p.(*Error)
			if !ok {
				panic(p)
			}
			err = e
		}
	}()
	p := &parser{lexer: lexer{text: text}}
	p.next()
	d.fragments = map[string][]selection{}
	for p.kind != end {
		p.definition(&d)
	}
	return d, nil
}

func (p *parser) definition(d *document) {
	if p.kind == text {
		p.next() // a description
	}
	if p.is("{") {
		d.operations = append(d.operations, operation{kind: "query", set: p.selections()})
		return
	}
	switch kind := p.name(); kind {
	case "fragment":
		name := p.name()
		p.name() // on
		p.name()
		p.directives()
		d.fragments[name] = p.selections()
	case "query", "mutation", "subscription":
		o := operation{kind: kind}
		if p.kind == word {
			o.name = p.name()
		}
		o.defaults = p.variables()
		p.directives()
		o.set = p.selections()
		d.operations = append(d.operations, o)
	default:
		panic(errSyntax)
	}
}

// variables reads the definitions of variables and keeps their defaults.
func (p *parser) variables() map[string]value {
	defaults := map[string]value{}
	if !p.take("(") {
		return defaults
	}
	for !p.take(")") {
		if p.kind == text {
			p.next()
		}
		p.want("$")
		name := p.name()
		p.want(":")
		p.typeName()
		if p.take("=") {
			defaults[name] = p.value()
		}
		p.directives()
	}
	return defaults
}

func (p *parser) typeName() {
	p.deeper()
	if p.take("[") {
		p.typeName()
		p.want("]")
	} else {
		p.name()
	}
	p.take("!")
	p.depth--
}

func (p *parser) deeper() {
	if p.depth++; p.depth > maxNesting {
		panic(errNesting)
	}
}

func (p *parser) selections() []selection {
	p.deeper()
	p.want("{")
	var set []selection
	for !p.take("}") {
		set = append(set, p.selection())
	}
	p.depth--
	return set
}

func (p *parser) selection() selection {
	var s selection
	if p.take("...") {
		if p.kind == word && p.token != "on" {
			s.spread = p.name()
			p.directives()
			return s
		}
		if p.kind == word {
			p.next() // on
			p.name()
		}
		p.directives()
		s.set = p.selections()
		return s
	}
	if s.field = p.name(); p.take(":") {
		s.field, s.aliased = p.name(), true
	}
	s.args = p.arguments()
	p.directives()
	if p.is("{") {
		s.set = p.selections()
	}
	return s
}

func (p *parser) arguments() map[string]value {
	if !p.take("(") {
		return nil
	}
	args := map[string]value{}
	for !p.take(")") {
		name := p.name()
		p.want(":")
		args[name] = p.value()
	}
	return args
}

func (p *parser) directives() {
	for p.take("@") {
		p.name()
		p.arguments()
	}
}

func (p *parser) value() value {
	p.deeper()
	defer func() { p.depth-- }()
	switch {
	case p.take("$"):
		return value{variable: p.name()}
	case p.take("["):
		for !p.take("]") {
			p.value()
		}
		return value{}
	case p.take("{"):
		v := value{object: map[string]value{}}
		for !p.take("}") {
			name := p.name()
			p.want(":")
			v.object[name] = p.value()
		}
		return v
	}
	if p.kind != word && p.kind != number && p.kind != text {
		panic(errSyntax)
	}
	var v value
	if n, err := strconv.Atoi(p.token); p.kind == number && err == nil {
		v = value{number: n, isNumber: true}
	}
	p.next()
	return v
}

// kind is what a token is.
type kind int

const (
	end kind = iota
	word
	number
	text
	sign
)

type lexer struct {
	text  string
	at    int
	kind  kind
	token string
}

func (l *lexer) is(s string) bool { return l.kind == sign && l.token == s }

func (l *lexer) take(s string) bool {
	if !l.is(s) {
		if l.kind == end {
			panic(errSyntax)
		}
		return false
	}
	l.next()
	return true
}

func (l *lexer) want(s string) {
	if !l.take(s) {
		panic(errSyntax)
	}
}

func (l *lexer) name() string {
	if l.kind != word {
		panic(errSyntax)
	}
	name := l.token
	l.next()
	return name
}

// next reads one token.
func (l *lexer) next() {
	l.skip()
	if l.at >= len(l.text) {
		l.kind, l.token = end, ""
		return
	}
	from, c := l.at, l.text[l.at]
	switch {
	case letter(c):
		l.run(word, from, func(c byte) bool { return letter(c) || digit(c) })
	case digit(c) || c == '-':
		l.run(number, from, func(c byte) bool { return letter(c) || digit(c) || strings.IndexByte("+-.", c) >= 0 })
	case c == '"':
		l.quoted()
	case strings.HasPrefix(l.text[from:], "..."):
		l.at += 3
		l.kind, l.token = sign, "..."
	case strings.IndexByte("!$&()*:=@[]{|}", c) >= 0:
		l.at++
		l.kind, l.token = sign, l.text[from:l.at]
	default:
		panic(errSyntax)
	}
}

func (l *lexer) run(k kind, from int, in func(byte) bool) {
	for l.at++; l.at < len(l.text) && in(l.text[l.at]); {
		l.at++
	}
	l.kind, l.token = k, l.text[from:l.at]
}

// skip passes what has no meaning: space, commas, comments, a byte order mark.
func (l *lexer) skip() {
	for l.at < len(l.text) {
		switch c := l.text[l.at]; {
		case strings.IndexByte(" \t\r\n,", c) >= 0:
			l.at++
		case strings.HasPrefix(l.text[l.at:], "\ufeff"):
			l.at += len("\ufeff")
		case c == '#':
			for l.at < len(l.text) && l.text[l.at] != '\n' && l.text[l.at] != '\r' {
				l.at++
			}
		default:
			return
		}
	}
}

// quoted reads a text, on one line or as a block.
func (l *lexer) quoted() {
	l.kind, l.token = text, ""
	if strings.HasPrefix(l.text[l.at:], `"""`) {
		for l.at += 3; l.at < len(l.text); l.at++ {
			switch {
			case strings.HasPrefix(l.text[l.at:], `\"""`):
				l.at += 3
			case strings.HasPrefix(l.text[l.at:], `"""`):
				l.at += 3
				return
			}
		}
		panic(errSyntax)
	}
	for l.at++; l.at < len(l.text); l.at++ {
		switch l.text[l.at] {
		case '\\':
			l.at++
		case '\n', '\r':
			panic(errSyntax)
		case '"':
			l.at++
			return
		}
	}
	panic(errSyntax)
}

func letter(c byte) bool { return c == '_' || c|0x20 >= 'a' && c|0x20 <= 'z' }
func digit(c byte) bool  { return c >= '0' && c <= '9' }
