package item

import (
	"strings"

	"github.com/glencheck-dev/glencheck/internal/plaid"
)

// style is how a language writes an amount: what stands between groups of digits,
// what before the cents, and whether the currency follows.
type style struct {
	group, point string
	after        bool
	// whole is how few digits before the point are left in one group, lakhs how
	// Hindi counts above a thousand: in pairs.
	whole int
	lakhs bool
}

const (
	narrow = "\u202f" // narrow no-break space
	solid  = "\u00a0" // no-break space
)

// styles are those of Unicode CLDR for the languages of Link, with its
// minimumGroupingDigits: where it is 2, a number of four digits is not parted.
var styles = map[string]style{
	"en": {group: ",", point: "."}, "hi": {group: ",", point: ".", lakhs: true}, "nl": {group: ".", point: ","},
	"da": {group: ".", point: ",", after: true}, "de": {group: ".", point: ",", after: true},
	"es": {group: ".", point: ",", after: true, whole: 4}, "it": {group: ".", point: ",", after: true, whole: 4},
	"pt": {group: solid, point: ",", after: true, whole: 4}, // of Portugal
	"ro": {group: ".", point: ",", after: true}, "vi": {group: ".", point: ",", after: true},
	"fr": {group: narrow, point: ",", after: true}, "et": {group: solid, point: ",", after: true, whole: 4},
	"lt": {group: solid, point: ",", after: true}, "lv": {group: solid, point: ",", after: true, whole: 4},
	"no": {group: solid, point: ",", after: true}, "pl": {group: solid, point: ",", after: true, whole: 4},
	"sv": {group: solid, point: ",", after: true},
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
	text := st.grouped(whole) + st.point + cents
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

// grouped parts the digits before the point.
func (st style) grouped(whole string) string {
	if len(whole) <= st.whole {
		return whole
	}
	var b strings.Builder
	for i, r := range whole {
		left := len(whole) - i // digits from here on
		ends := left%3 == 0
		if st.lakhs && left > 3 {
			ends = left%2 == 1
		}
		if i > 0 && ends {
			b.WriteString(st.group)
		}
		b.WriteRune(r)
	}
	return b.String()
}
