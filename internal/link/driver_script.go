package link

import (
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/glencheck-dev/glencheck/internal/api"
	"github.com/glencheck-dev/glencheck/internal/plaid"
)

// exact does the steps of a list, one after another.
func (s *script) exact(steps []ScriptStep) func() (move, error) {
	return func() (move, error) {
		if s.done == len(steps) {
			return move{stop: true}, nil
		}
		step := steps[s.done]
		switch {
		case s.turn.Done != nil:
			return move{}, s.complaint("the session ended before, with %s", s.ending())
		case step.View != "" && step.View != s.view():
			return move{}, s.complaint("the session must be at %s here, and it is at %s", step.View, s.describe())
		}
		if step.Action == "" {
			step.Action = ActionSubmit
		}
		return move{step: step}, nil
	}
}

// friendly finds out what a person does who has these inputs.
func (s *script) friendly(in *ScriptInputs) func() (move, error) {
	f := &filler{script: s, in: in, login: in.ScriptLogin, more: in.More}
	return func() (move, error) {
		if s.turn.Done != nil {
			return move{stop: true}, nil
		}
		step, err := f.step()
		if step.Action == "" {
			step.Action = ActionSubmit
		}
		return move{step: step}, err
	}
}

// filler is a person who goes through Link with a few inputs.
type filler struct {
	*script
	in    *ScriptInputs
	login ScriptLogin
	more  []ScriptLogin

	picked  bool // the institution of this login
	visited bool // the pages of the bank
	leaving bool
	last    ScriptPane // the pane before, to see that a form was not accepted

	uploaded int // of the documents
}

var leave = ScriptStep{Action: actionExit}

// step is what the person does on the present pane.
func (f *filler) step() (ScriptStep, error) {
	screen, here := *f.screen(), f.script.pane(ScriptStep{})
	before := f.last
	f.last = here
	switch {
	case screen.View == Exit:
		return ScriptStep{Action: ActionLeave}, nil
	case screen.View == f.in.ExitAt && f.in.Force:
		return ScriptStep{Action: actionExit, Value: forceValue}, nil
	case screen.View == f.in.ExitAt, f.leaving:
		f.leaving = true
		return leave, nil
	}
	if name, sentence := problemOf(screen); sentence != "" {
		if before.Seq == here.Seq { // the form itself was not accepted: nothing has happened
			return ScriptStep{}, f.complaint("%s of %s was not accepted: %s", name, screen.View, sentence)
		}
		f.leaving = true // the bank has refused what the person knows
		return leave, nil
	}
	if f.offers(ActionUpload) {
		return f.upload()
	}
	switch screen.View {
	case DocumentsRefused:
		f.leaving = true
		return leave, nil
	case SelectAuthType:
		return f.chooseType(), nil
	case NumbersBank:
		return f.stay(screen)
	case SelectInstitution, "SELECT_SAVED_INSTITUTION":
		return f.pick(screen)
	case OAuth:
		return f.atBank()
	case SelectAccount, "SELECT_SAVED_ACCOUNT":
		return f.share(screen)
	case "SUBMIT_PHONE":
		if f.in.Phone == "" && f.offers(actionSkip) {
			return ScriptStep{Action: actionSkip}, nil
		}
	case IdentityMatchBlock:
		f.leaving = true
		return leave, nil
	case Error:
		if !f.turn.visit.warns() {
			f.leaving = true
			return leave, nil
		}
	case Connected:
		if len(f.more) > 0 && f.offers(actionMore) {
			f.login, f.more, f.picked, f.visited = f.more[0], f.more[1:], false, false
			return ScriptStep{Action: actionMore}, nil
		}
	}
	return f.fill(screen)
}

// What a returning user may do, where their flow offers it.
const (
	actionSkip = "skip" // go on without a number
	actionNew  = "new"  // another bank than those that are saved
)

// documentKind is the view at which a person says which document they have.
const documentKind View = "DOCUMENTARY_VERIFICATION"

// actionManual types account numbers instead of logging in.
const actionManual = "manual"

func (f *filler) offers(action string) bool { return slices.Contains(f.turn.visit.offers(), action) }

// pick chooses the institution. A person who has been there before and is back
// has nothing else to try.
func (f *filler) pick(s Screen) (ScriptStep, error) {
	switch {
	case f.picked:
		f.leaving = true
		return leave, nil
	case f.byNumbers() && f.offers(actionManual):
		return ScriptStep{Action: actionManual}, nil
	case f.login.InstitutionID == "":
		return ScriptStep{}, f.missing("institution_id")
	case s.View != SelectInstitution && f.offers(actionNew) && !slices.ContainsFunc(s.Choices, func(c Choice) bool { return c.Value == f.login.InstitutionID }):
		return ScriptStep{Action: actionNew}, nil // it is none of those that they have saved
	}
	f.picked = true
	return ScriptStep{Action: ActionPick, Value: f.login.InstitutionID}, nil
}

// byNumbers reports whether the person types account numbers instead of logging in.
func (f *filler) byNumbers() bool { return f.login.InstitutionID == "" && f.login.RoutingNumber != "" }

// chooseType says whether the person logs in or types numbers.
func (f *filler) chooseType() ScriptStep {
	if f.byNumbers() {
		return ScriptStep{Action: ActionPick, Value: "flow_type_manual"}
	}
	return ScriptStep{Action: ActionPick, Value: "flow_type_instant"}
}

// stay goes on with the numbers where the bank could be logged in at, unless the
// person has a login there.
func (f *filler) stay(s Screen) (ScriptStep, error) {
	here := slices.ContainsFunc(s.Choices, func(c Choice) bool { return c.Value == f.login.InstitutionID })
	if !here && f.offers(actionManual) {
		return ScriptStep{Action: actionManual}, nil
	}
	return f.pick(s)
}

// atBank decides on the pages of the bank. A person who is back without a result
// gives up.
func (f *filler) atBank() (ScriptStep, error) {
	if f.visited {
		f.leaving = true
		return leave, nil
	}
	f.visited = true
	step := ScriptStep{Action: actionBank, Value: f.login.OAuth, Fields: map[string]api.Raw{"username": quoted(f.login.Username), "password": quoted(f.login.Password)}}
	if a := f.login.Accounts; a != nil && !a.All {
		if len(a.Subtypes)+len(a.Names) > 0 {
			return step, f.complaint("%saccounts must be masks, or all, for the pages of a bank", f.path())
		}
		masks, err := json.Marshal(a.Masks)
		if err != nil {
			return step, err
		}
		step.Fields["account"] = masks
	}
	return step, nil
}

// fill answers the fields of a form.
func (f *filler) fill(s Screen) (ScriptStep, error) {
	step := ScriptStep{Fields: map[string]api.Raw{}}
	for _, field := range s.Fields {
		value, input, err := f.value(s.View, field)
		switch {
		case err != nil:
			return step, err
		case value == nil && field.Missing != "":
			return step, f.missing(input)
		case value != nil:
			step.Fields[field.Name] = value
		}
	}
	return step, nil
}

// value is what the person enters into a field, nil for nothing; input names
// where it would come from.
func (f *filler) value(view View, field Field) (value api.Raw, input string, err error) {
	given := ""
	if raw, ok := f.login.Fields[field.Name]; ok {
		return raw, "fields." + field.Name, nil
	}
	switch {
	case field.Name == "username":
		given, input = f.login.Username, field.Name
	case field.Name == "password":
		given, input = f.login.Password, field.Name
	case field.Name == "routing_number":
		given, input = f.login.RoutingNumber, field.Name
	case field.Name == "account_number" || field.Name == "account_number_confirmation":
		given, input = f.login.AccountNumber, "account_number"
	case field.Name == "account_subtype":
		given, input = cmp.Or(f.login.AccountSubtype, "checking"), field.Name
	case field.Name == "code" && view != MFA:
		given, input = f.in.Code, field.Name
	case field.Name == "name":
		given, input = f.login.Name, field.Name
	case field.Name == "phone":
		given, input = f.in.Phone, field.Name
	case field.Name == "otp":
		given, input = f.in.OTP, field.Name
	case view == MFA && f.turn.Session.Memory.MFAType == "device":
		given, input = f.login.Device, "device"
	case view == MFA:
		input = "mfa"
		if len(f.login.MFA) > 0 {
			given, f.login.MFA = f.login.MFA[0], f.login.MFA[1:]
		}
	case view == Recaptcha && len(field.Options) > 0:
		given, input = field.Options[0].Value, "fields."+field.Name // whoever has inputs is a person
	case view == documentKind && len(f.in.Documents) == 0 && len(field.Options) > 0:
		given, input = field.Options[0].Value, "fields."+field.Name // and has each of the test documents
	default:
		input = "fields." + field.Name
	}
	if len(field.Options) == 0 {
		if given == "" {
			given = field.Value // what stands there already
		}
		if given == "" {
			return nil, input, nil
		}
		return quoted(given), input, nil
	}
	return f.option(field, given, input)
}

// option chooses one of a field's options: the one that the input names by its
// value or label, or what the pane has chosen.
func (f *filler) option(field Field, given, input string) (api.Raw, string, error) {
	for _, o := range field.Options {
		if given == "" && o.Chosen || given != "" && (o.Value == given || o.Label == given) {
			return quoted(o.Value), input, nil
		}
	}
	if given != "" {
		return nil, input, f.complaint("%s%s names none of the options of %s", f.path(), input, f.describe())
	}
	return nil, input, nil
}

// share chooses accounts.
func (f *filler) share(s Screen) (ScriptStep, error) {
	if len(s.Fields) != 1 || f.login.Accounts == nil {
		return f.fill(s)
	}
	var values []string
	found := map[string]bool{}
	for _, o := range s.Fields[0].Options {
		if f.login.Accounts.names(o, found) {
			values = append(values, o.Value)
		}
	}
	for _, list := range [][]string{f.login.Accounts.Masks, f.login.Accounts.Subtypes, f.login.Accounts.Names} {
		for _, word := range list {
			if !found[word] {
				return ScriptStep{}, f.complaint("%saccounts names one that is not among those of %s", f.path(), f.describe())
			}
		}
	}
	if len(values) == 0 {
		return ScriptStep{}, f.missing("accounts")
	}
	raw, err := json.Marshal(values)
	return ScriptStep{Fields: map[string]api.Raw{s.Fields[0].Name: raw}}, err
}

// names reports whether an account is one of those to share, and notes which
// words have named one.
func (a *ScriptAccounts) names(o Option, found map[string]bool) bool {
	named := a.All
	for _, match := range []struct {
		word string
		list []string
	}{{o.Mask, a.Masks}, {o.Subtype, a.Subtypes}, {o.Label, a.Names}} {
		if match.word != "" && slices.Contains(match.list, match.word) {
			found[match.word], named = true, true
		}
	}
	return named
}

// problemOf is the first field whose input was refused.
func problemOf(s Screen) (name, sentence string) {
	for _, field := range s.Fields {
		if field.Error != "" {
			return field.Name, field.Error
		}
	}
	return "", ""
}

func quoted(s string) api.Raw { return api.Raw(mustJSON(s)) }

// path is where the inputs of the present login are in the request.
func (f *filler) path() string {
	if n := len(f.in.More) - len(f.more); n > 0 {
		return fmt.Sprintf("inputs.more[%d].", n-1)
	}
	return "inputs."
}

// missing says which input the present pane wants.
func (f *filler) missing(input string) error {
	return plaid.MissingFields(f.path() + input).WithMessage(fmt.Sprintf("the following required fields are missing: %s%s, as the session is at %s", f.path(), input, f.describe()))
}

// complaint says what is wrong with the present step.
func (s *script) complaint(format string, args ...any) error {
	return s.at(plaid.InvalidField(fmt.Sprintf(format, args...)))
}

// at says which step an error is about.
func (s *script) at(err error) error {
	var e *plaid.Error
	if !errors.As(err, &e) {
		return err
	}
	where := fmt.Sprintf("steps[%d]", s.done)
	if view := s.view(); view != "" {
		where += " at " + string(view)
	}
	return e.WithMessage(where + ": " + e.Message)
}

// ending says how the session ended.
func (s *script) ending() string {
	d := s.turn.Done
	if d.Kind == "success" {
		return "success"
	}
	if d.Error != nil {
		return "an exit after " + d.Error.Code
	}
	return "an exit"
}

// maxNamed bounds how many options and choices an error names.
const maxNamed = 10

// describe names the present pane and what it asks for, by what the server has on
// it; nothing that anybody typed is repeated.
func (s *script) describe() string {
	screen := s.screen()
	var parts []string
	for _, field := range screen.Fields {
		part := "field " + field.Name
		if len(field.Options) > 0 {
			part += " of [" + named(len(field.Options), func(i int) string { return field.Options[i].Value + " " + field.Options[i].Label }) + "]"
		}
		parts = append(parts, part)
	}
	if len(screen.Choices) > 0 {
		parts = append(parts, "choices ["+named(len(screen.Choices), func(i int) string { return screen.Choices[i].Value + " " + screen.Choices[i].Label })+"]")
	}
	parts = append(parts, "actions ["+strings.Join(s.turn.visit.offers(), ", ")+"]")
	return string(screen.View) + " with " + strings.Join(parts, ", ")
}

// named lists the first few of many.
func named(n int, name func(int) string) string {
	var list []string
	for i := range min(n, maxNamed) {
		list = append(list, name(i))
	}
	if n > maxNamed {
		list = append(list, fmt.Sprintf("and %d more", n-maxNamed))
	}
	return strings.Join(list, "; ")
}
