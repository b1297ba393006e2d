package item

import (
	"strings"
	"unicode/utf8"

	"github.com/glencheck-dev/glencheck/internal/institution"
	"github.com/glencheck-dev/glencheck/internal/link"
)

// selectInstitutionPane is the list of banks with its search field. The list is
// replaced in place as the person types.
func selectInstitutionPane(c *connect) *link.Pane {
	return link.NewPane(`{{template "top" .}}
<div class="control" role="search">{{template "icon-search"}}<label class="sr" for="search-input-input">{{.T "institution.search"}}</label><button class="icon-btn" type="button" aria-label="{{.T "institution.clear"}}" data-clear="search-input-input" hidden>{{template "icon-clear"}}</button><input class="input" id="search-input-input" type="search" name="q" placeholder="{{.T "institution.search"}}" autocomplete="off" autocapitalize="off" spellcheck="false" enterkeyhint="search" maxlength="200" aria-controls="institutions" data-search></div>
<div class="rows-group"><p class="list-title" id="list-title" role="status" data-search-status>{{.T "institution.featured"}}</p>
{{template "rows" .}}</div>`, func(v *link.Visit) link.Screen {
		s := link.Screen{Title: v.T("institution.title"), Choices: rows(v, c.featured(v.Token), "")}
		if len(v.Made()) > 0 { // that may be all
			s.Secondary = &link.Button{Label: v.T("connected.submit"), Action: "close"}
		} else if c.offersManual(v.Token) {
			s.Secondary = &link.Button{Label: v.T("institution.numbers"), Action: actionManual}
		}
		return s
	})
}

// rows are banks as the list shows them, with what will happen when they are
// picked.
func rows(v *link.Visit, list []institution.Institution, query string) []link.Choice {
	out := make([]link.Choice, len(list))
	for i, in := range list {
		row := link.Choice{Value: in.ID, Label: in.Name, Detail: in.Host, Mark: *refOf(in)}
		switch {
		case in.Health == institution.Down:
			row.Detail, row.Warn = v.T("institution.down"), true
		case in.Health == institution.Degraded:
			row.Detail, row.Warn = v.T("institution.degraded"), true
		case in.OAuth:
			row.Detail = v.T("institution.oauth")
		}
		row.From, row.To = matched(in.Name, query)
		out[i] = row
	}
	return out
}

// matched finds the part of a name to underline: the query as it stands, or else
// the first of its words that a word of the name begins with.
func matched(name, query string) (from, to int) {
	for _, part := range append([]string{query}, strings.Fields(query)...) {
		for i := range name {
			if end, ok := beginsWith(name[i:], part); ok && (part == query || i == 0 || name[i-1] == ' ') {
				return i, i + end
			}
		}
	}
	return 0, 0
}

// beginsWith reports how many bytes of s are part, whatever the case.
func beginsWith(s, part string) (int, bool) {
	if part == "" {
		return 0, false
	}
	end := 0
	for range utf8.RuneCountInString(part) {
		if end >= len(s) {
			return 0, false
		}
		_, size := utf8.DecodeRuneInString(s[end:])
		end += size
	}
	return end, strings.EqualFold(s[:end], part)
}
