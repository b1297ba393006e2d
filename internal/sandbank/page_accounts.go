package sandbank

import (
	"net/http"
	"net/url"
	"slices"
	"strings"

	"github.com/glencheck-dev/glencheck/internal/institution"
)

// The decisions that the buttons of the pages stand for.
const (
	decisionAllow = "allow"
	decisionDeny  = "deny"
	decisionError = "error" // plays a bank in trouble; some institutions offer it
)

type accountsPage struct {
	head
	Handle      string
	Accounts    []accountRow
	OffersError bool
}

// accountRow is an account as the person sees it.
type accountRow struct {
	Ref, Name, Detail string
	Picked            bool
}

// renderAccounts shows the accounts of the person, those picked with a tick.
func (b *Bank) renderAccounts(w http.ResponseWriter, status int, handle string, a authorization, picked func(account) bool, wrong string) {
	p := accountsPage{head: newHead("Choose what to share", a.bank), Handle: handle, OffersError: b.offersError(a.bank)}
	p.Wrong = wrong
	for _, acc := range b.data.accounts(a.bank, a.decided.Visit) {
		p.Accounts = append(p.Accounts, accountRow{acc.Ref, acc.Name, kindAndMask(acc), picked(acc)})
	}
	b.render(w, status, "accounts.html", p)
}

// kindAndMask says what kind of account it is: "Checking, ending 0000".
func kindAndMask(a account) string {
	kind := []rune(a.Subtype)
	text := strings.ToUpper(string(kind[:1])) + string(kind[1:])
	if len(kind) <= 3 {
		text = strings.ToUpper(a.Subtype) // cd, ira, hsa
	}
	if a.Mask != "" {
		text += ", ending " + a.Mask
	}
	return text
}

func (b *Bank) offersError(in institution.Institution) bool {
	return slices.Contains(b.data.Habits.SimulatesErrors, in.ID)
}

// pickAccounts takes the person's decision.
func (b *Bank) pickAccounts(w http.ResponseWriter, r *http.Request, form url.Values) {
	in, err := b.oauthBank(r.PathValue("institution"))
	if err != nil {
		b.trouble(w, r, err)
		return
	}
	handle := form.Get("handle")
	a, err := b.authorization(r.Context(), in.ID, handle)
	if err != nil {
		b.trouble(w, r, err)
		return
	}
	if a.status != undecided {
		b.leave(w, r, a.decided.Back, nil)
		return
	}
	if all := form.Get("select"); all != "" {
		b.renderAccounts(w, http.StatusOK, handle, a, func(account) bool { return all == "all" }, "")
		return
	}
	switch form.Get("decision") {
	case decisionDeny:
		back, err := b.deny(r.Context(), a)
		b.leave(w, r, back, err)
	case decisionError:
		if !b.offersError(in) {
			b.message(w, http.StatusBadRequest, unreadable)
			return
		}
		back, err := b.fail(r.Context(), a)
		b.leave(w, r, back, err)
	case decisionAllow:
		refs := b.picked(a, form["account"])
		if len(refs) == 0 {
			b.renderAccounts(w, http.StatusUnprocessableEntity, handle, a, func(account) bool { return false }, "Tick at least one account, or deny.")
			return
		}
		back, err := b.grant(r.Context(), a, refs)
		b.leave(w, r, back, err)
	default:
		b.message(w, http.StatusBadRequest, unreadable)
	}
}

// picked are those of the refs that are accounts of the person.
func (b *Bank) picked(a authorization, refs []string) []string {
	var out []string
	for _, acc := range b.data.accounts(a.bank, a.decided.Visit) {
		if slices.Contains(refs, acc.Ref) {
			out = append(out, acc.Ref)
		}
	}
	return out
}

// leave sends the person back after a decision; after a second press of the
// button too, as long as the program has not used what the first one gave.
func (b *Bank) leave(w http.ResponseWriter, r *http.Request, back string, err error) {
	switch {
	case err != nil:
		b.trouble(w, r, err)
	case back == "":
		b.message(w, http.StatusGone, answered)
	default:
		b.sendBack(w, r, back)
	}
}
