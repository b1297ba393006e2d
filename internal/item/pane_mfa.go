package item

import (
	"slices"
	"strconv"
	"strings"

	"github.com/glencheck-dev/glencheck/internal/institution"
	"github.com/glencheck-dev/glencheck/internal/link"
)

// mfaPane puts the bank's second factor to the person: where to send a code, the
// code, questions, or a choice of answers.
var mfaPane = link.NewPane(`{{template "top" .}}
{{template "fields" .}}`, showMFA)

func showMFA(v *link.Visit) link.Screen {
	st := connectOf(v)
	ch := st.Challenge
	var s link.Screen
	switch ch.Kind {
	case institution.Device:
		s = askDevice(v, ch)
	case institution.Code:
		s = askCode(v, ch)
	default:
		s = askQuestions(v, ch)
	}
	if st.Refused != nil && len(s.Fields) > 0 {
		last := &s.Fields[len(s.Fields)-1]
		last.Error = st.Refused.say(v)
	}
	if s.Hint != nil {
		s.Hint.Fill = ch.Hints
	}
	return s
}

func askDevice(v *link.Visit, ch institution.Challenge) link.Screen {
	field := link.Field{
		Name: institution.DeviceAnswer, ID: "aut-input-0-input", Label: v.T("mfa.device.legend"), Kind: link.FieldChoice, Missing: v.T("mfa.device.missing"),
	}
	for i, d := range ch.Devices {
		way := map[string]string{"phone": "mfa.device.sms", "email": "mfa.device.email"}[d.Kind]
		option := link.Option{Value: d.ID, Label: d.Label, Chosen: i == 0}
		if way != "" {
			option.Detail = v.T(way)
		}
		field.Options = append(field.Options, option)
	}
	return link.Screen{
		Title: v.T("mfa.device.title"), Lead: v.T("mfa.device.lead", "bank", v.Bank()), Primary: v.T("mfa.device.submit"),
		Fields: []link.Field{field}, Hint: hint(ch, v.T("sandbox.device")),
	}
}

func askCode(v *link.Visit, ch institution.Challenge) link.Screen {
	known := ch.Hints[institution.CodeAnswer]
	field := link.Field{
		Name: institution.CodeAnswer, ID: "aut-input-0-input", Label: v.T("mfa.code.label_plain"), Kind: link.FieldCode,
		Autocomplete: "one-time-code", Help: v.T("mfa.code.help"), Missing: v.T("mfa.code.missing"),
	}
	if connectOf(v).resent {
		field.Help, field.News = v.T("mfa.code.resent"), true
	}
	// Only a simulated bank says how long its code is: by saying the code.
	if n := len(known); n >= 3 && n <= 6 && isDigits(known) {
		field.Length, field.Label = n, v.T("mfa.code.label", "count", strconv.Itoa(n))
	}
	return link.Screen{
		Title: v.T("mfa.code.title"), Lead: sentTo(v, ch), Primary: v.T("mfa.submit"), Fields: []link.Field{field},
		Secondary: &link.Button{Label: v.T("mfa.code.resend"), Action: actionResend},
		Hint:      hint(ch, v.T("sandbox.code", "code", known)),
	}
}

// sentTo says where the code went, if the bank says.
func sentTo(v *link.Visit, ch institution.Challenge) string {
	if len(ch.Devices) == 0 {
		return v.T("mfa.code.lead_plain")
	}
	d := ch.Devices[0]
	if ending := d.Label[max(0, len(d.Label)-4):]; d.Kind == "phone" && len(ending) == 4 && isDigits(ending) {
		return v.T("mfa.code.lead_text", "ending", ending)
	}
	return v.T("mfa.code.lead", "device", d.Label)
}

func isDigits(s string) bool { return strings.Trim(s, "0123456789") == "" }

func askQuestions(v *link.Visit, ch institution.Challenge) link.Screen {
	kind := string(ch.Kind)
	s := link.Screen{
		Title: v.T("mfa."+kind+".title", "count", strconv.Itoa(len(ch.Questions))), Lead: v.T("mfa."+kind+".lead", "bank", v.Bank()), Primary: v.T("mfa.submit"),
	}
	var answers []string
	for i, q := range ch.Questions {
		field := link.Field{
			Name: q.Name, ID: "aut-input-" + strconv.Itoa(i) + "-input", Label: q.Text, Kind: link.FieldText,
			Autocomplete: "off", Missing: v.T("mfa." + kind + ".missing"), Value: v.Input.Field(q.Name),
		}
		for _, o := range q.Options {
			field.Options = append(field.Options, link.Option{Value: o, Label: o, Chosen: field.Value == o})
		}
		s.Fields = append(s.Fields, field)
		answers = append(answers, ch.Hints[q.Name])
	}
	key := "sandbox.answers"
	if len(answers) == 1 {
		key = "sandbox.answer"
	}
	list := strings.Join(answers, ", ")
	s.Hint = hint(ch, v.T(key, "answer", list, "answers", list))
	return s
}

// hint is the sandbox strip of a challenge, if the bank tells its answers.
func hint(ch institution.Challenge, words string) *link.Hint {
	if len(ch.Hints) == 0 {
		return nil
	}
	return &link.Hint{Text: words}
}

// checkMFA refuses a form in which something is not answered, or answered with
// what is not offered.
func checkMFA(v *link.Visit) {
	ch := connectOf(v).Challenge
	missing := v.T("mfa." + string(ch.Kind) + ".missing")
	for _, name := range asked(ch) {
		if strings.TrimSpace(v.Input.Field(name)) == "" || !offered(ch, name, v.Input.Field(name)) {
			v.Problem(name, missing)
		}
	}
}

// offered reports whether an answer is one of the options, where there are any.
func offered(ch institution.Challenge, name, value string) bool {
	if ch.Kind == institution.Device {
		return slices.ContainsFunc(ch.Devices, func(d institution.DeviceOption) bool { return d.ID == value })
	}
	for _, q := range ch.Questions {
		if q.Name == name && len(q.Options) > 0 {
			return slices.Contains(q.Options, value)
		}
	}
	return true
}
