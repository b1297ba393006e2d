package item

import (
	"strings"

	"github.com/glencheck-dev/glencheck/internal/plaid"
)

// style is how a language writes an amount: what stands between thousands, what
// before the cents, and whether the currency follows.
type style struct {
	group, point string
	after        bool
}

const (
	narrow = "\u202f" // narrow no-break space
	solid  = "\u00a0" // no-break space
)

// styles are those of Unicode CLDR for the languages of Link.
var styles = map[string]style{
	"en": {",", ".", false}, "hi": {",", ".", false}, "nl": {".", ",", false},
	"da": {".", ",", true}, "de": {".", ",", true}, "es": {".", ",", true}, "it": {".", ",", true},
	"pt": {".", ",", true}, "ro": {".", ",", true}, "vi": {".", ",", true},
	"fr": {narrow, ",", true}, "et": {solid, ",", true}, "lt": {solid, ",", true}, "lv": {solid, ",", true},
	"no": {solid, ",", true}, "pl": {solid, ",", true}, "sv": {solid, ",", true},
}

var symbols = map[string]string{"USD": "$", "CAD": "$", "GBP": "£", "EUR": "€"}

// money writes an amount for a person: with a currency and two decimals (ui/
// README.md section 1).
func money(lang, currency string, amount plaid.Decimal) string {
	st, ok := styles[lang]
	if !ok {
		st = styles["en"]
	}
	digits, negative := strings.CutPrefix(amount.Fixed(), "-")
	whole, cents, _ := strings.Cut(digits, ".")
	text := grouped(whole, st.group) + st.point + cents
	unit, known := symbols[currency]
	switch {
	case st.after && known:
		text += solid + unit
	case st.after:
		text += solid + currency
	case known && lang != "nl":
		text = unit + text
	case known:
		text = unit + solid + text
	default:
		text = currency + solid + text
	}
	if negative {
		return "−" + text
	}
	return text
}

func grouped(whole, separator string) string {
	var b strings.Builder
	for i, r := range whole {
		if i > 0 && (len(whole)-i)%3 == 0 {
			b.WriteString(separator)
		}
		b.WriteRune(r)
	}
	return b.String()
}
