package sandbank

import (
	"net/http"
	"strconv"
	"strings"

	"github.com/glencheck-dev/glencheck/internal/institution"
)

type statementPage struct {
	head
	Handle   string
	User     string
	Accounts []tab
	Current  tab
	Entries  []line
	Code     bool // one of the entries has a code
	Balance  string
	Pending  string
}

// tab is one account in the navigation.
type tab struct {
	Name, Detail, Path string
	Here               bool
}

// line is one entry of a statement. Code is the part of the description that a
// person is asked for.
type line struct {
	Date, Before, Code, After string
	Amount, Note              string
	Fresh                     bool
}

// statementPage shows the deposits of one account, the first unless another is
// named.
func (b *Bank) statementPage(w http.ResponseWriter, r *http.Request) {
	handle := r.PathValue("handle")
	o, err := b.onlineOf(r.Context(), handle)
	if err != nil {
		b.trouble(w, r, err)
		return
	}
	list := b.statements(o)
	at := 0
	if n := r.PathValue("account"); n != "" {
		if at, err = strconv.Atoi(n); err != nil || at < 0 || at >= len(list) {
			b.message(w, http.StatusNotFound, nowhere)
			return
		}
	}
	if len(list) == 0 {
		b.message(w, http.StatusOK, noStatement)
		return
	}
	_ = b.fetch(r.Context()) // what does not come is not on the statement
	deposits, err := b.Statement(r.Context(), list[at].numbers.ACH.Account)
	if err != nil {
		b.trouble(w, r, err)
		return
	}
	p := statementPage{head: newHead("Statement", institution.Institution{}), Handle: handle, User: o.Visit.Username}
	for i, a := range list {
		p.Accounts = append(p.Accounts, tab{a.Name, kindAndMask(a), "/bank/online/statement/" + handle + "/" + strconv.Itoa(i), i == at})
	}
	p.Current = p.Accounts[at]
	p.fill(list[at], deposits)
	b.render(w, http.StatusOK, "statement.html", p)
}

// noStatement is said to a person without an account that takes deposits.
var noStatement = notice{"No statement", "None of your accounts takes deposits by number."}

// fill adds the entries and what they come to.
func (p *statementPage) fill(a account, deposits []Deposit) {
	var posted, pending int64
	for _, d := range deposits {
		p.Entries = append(p.Entries, d.line())
		p.Code = p.Code || p.Entries[len(p.Entries)-1].Code != ""
		switch d.State {
		case depositPosted:
			posted += d.Cents
		case depositPending:
			pending += d.Cents
		}
	}
	p.Pending = money(pending)
	if a.Current != nil {
		p.Balance = a.Current.String()
	}
	p.Balance = plus(p.Balance, posted)
}

// line is a deposit as the statement prints it.
func (d Deposit) line() line {
	l := line{Date: d.ReceivedAt.Format("Jan 2, 15:04 MST"), Amount: "+" + money(d.Cents), Before: d.Description}
	if code, rest, ok := codeIn(d.Description); ok {
		l.Before, l.Code, l.After, l.Fresh = "#", code, rest, true
	}
	switch d.State {
	case depositPending:
		l.Note = "Pending until " + d.PostsAt.UTC().Format("Jan 2, 15:04 MST")
	case depositReturned:
		l.Note, l.Amount, l.Fresh = "Returned, "+d.Return, money(0), false
	}
	return l
}

// codeIn cuts the code out of "#ABC WONDERWALLE ACCTVERIFY".
func codeIn(description string) (code, rest string, ok bool) {
	if !strings.HasPrefix(description, "#") || len(description) < 5 || description[4] != ' ' {
		return "", "", false
	}
	return description[1:4], description[4:], true
}

// money is an amount in dollars with its cents.
func money(cents int64) string {
	return "$" + strconv.FormatInt(cents/100, 10) + "." + strconv.FormatInt(100+cents%100, 10)[1:]
}

// plus is a decimal balance with cents added.
func plus(balance string, cents int64) string {
	whole, part, _ := strings.Cut(balance, ".")
	n, err := strconv.ParseInt(whole+(part + "00")[:2], 10, 64)
	if err != nil {
		return money(cents)
	}
	return money(n + cents)
}
