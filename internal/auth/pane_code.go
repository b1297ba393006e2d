package auth

import (
	"strconv"
	"strings"

	"github.com/glencheck-dev/glencheck/internal/link"
)

// codeField is the name of the code's field, codeLength its letters.
const (
	codeField  = "code"
	codeLength = 3
)

// codePane asks for the code in a deposit's description. The id of its input is
// published.
var codePane = link.NewPane(`{{template "top" .}}
`+statementLine+`
{{template "fields" .}}`, func(v *link.Visit) link.Screen {
	st := codeOf(v)
	field := link.Field{
		Name: codeField, ID: "deposit-code-input", Label: v.T("deposit.label"), Kind: link.FieldLetters, Length: codeLength,
		Autocomplete: "off", Missing: v.T("deposit.missing"),
	}
	if st.Wrong {
		field.Error = v.T("mfa.code.wrong_left", "count", strconv.FormatInt(st.Left, 10))
	}
	s := link.Screen{
		Title: v.T("deposit.title"), Lead: v.T("deposit.lead"), Primary: v.T("deposit.confirm"), By: true,
		Fields: []link.Field{field},
		Extra:  printed{Label: v.T("deposit.specimen"), Client: printedName(st.Client)},
	}
	return hinted(s, v.T("sandbox.code", "code", sandboxCode), map[string]string{codeField: sandboxCode})
})

// typedCode is the code of the form, without what people write around letters.
func typedCode(v *link.Visit) string {
	return strings.NewReplacer(" ", "", "-", "", "#", "").Replace(v.Input.Field(codeField))
}

// checkCode refuses what cannot be a code: it costs no try.
func checkCode(v *link.Visit) {
	code := typedCode(v)
	letters := strings.Trim(strings.ToUpper(code), "ABCDEFGHIJKLMNOPQRSTUVWXYZ") == ""
	if len(code) != codeLength || !letters {
		v.Problem(codeField, v.T("deposit.missing"))
	}
}

func seqOf(v *link.Visit) string { return strconv.FormatInt(v.Seq, 10) }
