package sandbank

import (
	"context"
	"errors"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"

	"github.com/glencheck-dev/glencheck/internal/clock"
	"github.com/glencheck-dev/glencheck/internal/institution"
	"github.com/glencheck-dev/glencheck/internal/store"
)

// Online banking: where a person reads what a deposit's description says. Whoever
// has the handle in the address of the pages is that person, so that no cookie is
// needed.

// onlineLife is how long a person stays signed in.
const onlineLife = 30 * time.Minute

// online is a person who is signed in, or somebody who looks at one account by
// its number.
type online struct {
	Visit  visit  `json:"visit"`
	Number string `json:"number,omitempty"`
}

type onlinePage struct {
	head
	Username, Number string
}

// onlineSignIn shows the form.
func (b *Bank) onlineSignIn(w http.ResponseWriter, _ *http.Request) {
	b.render(w, http.StatusOK, "online.html", onlinePage{head: newHead("Online banking", institution.Institution{})})
}

// openOnline lets a person in: by name, or to one account by its number.
func (b *Bank) openOnline(w http.ResponseWriter, r *http.Request, form url.Values) {
	p := onlinePage{head: newHead("Online banking", institution.Institution{}), Username: form.Get("username"), Number: strings.TrimSpace(form.Get("account"))}
	var o online
	switch {
	case form.Get("by") == "account":
		if !accountNumber(p.Number) {
			p.Wrong = "An account number has 4 to 17 digits."
			b.render(w, http.StatusUnprocessableEntity, "online.html", p)
			return
		}
		o.Number = p.Number
	default:
		v, err := b.visitor(form.Get("username"), form.Get("password"))
		if err != nil {
			p.Wrong = "The password of user_custom cannot be used: " + err.Error() + "."
			b.render(w, http.StatusUnprocessableEntity, "online.html", p)
			return
		}
		o.Visit = v
	}
	handle, err := b.keepOnline(r.Context(), o)
	if err != nil {
		b.trouble(w, r, err)
		return
	}
	http.Redirect(w, r, "/bank/online/statement/"+handle, http.StatusSeeOther)
}

func accountNumber(s string) bool {
	return len(s) >= 4 && len(s) <= 17 && strings.Trim(s, "0123456789") == ""
}

// keepOnline stores who is signed in, and forgets those whose time is over.
func (b *Bank) keepOnline(ctx context.Context, o online) (handle string, err error) {
	handle = b.ids.Hex(48)
	id := b.vault.Index("sandbank_online", handle)
	sealed, err := b.vault.SealJSON(o, "sandbank_online:"+id)
	if err != nil {
		return "", err
	}
	now := b.clock.Now()
	return handle, b.db.Write(ctx, func(tx *store.Tx) error {
		if _, err := tx.Exec(ctx, sweepOnline, clock.Millis(now)); err != nil {
			return err
		}
		_, err := tx.Exec(ctx, insertOnline, id, clock.Millis(now.Add(onlineLife)), sealed)
		return err
	})
}

// onlineOf finds who is signed in; errNoAuthorization if nobody is.
func (b *Bank) onlineOf(ctx context.Context, handle string) (online, error) {
	var o online
	var sealed string
	id := b.vault.Index("sandbank_online", handle)
	err := b.db.QueryRow(ctx, selectOnline, id, clock.Millis(b.clock.Now())).Scan(&sealed)
	if errors.Is(err, store.ErrNoRows) {
		return o, errNoAuthorization
	}
	if err != nil {
		return o, err
	}
	if err := b.vault.OpenJSON(sealed, "sandbank_online:"+id, &o); err != nil {
		return o, err
	}
	return o, o.Visit.parse()
}

// home is the institution whose accounts online banking shows: the bank itself.
const home = "ins_109508"

// statements are the accounts of a person that take deposits.
func (b *Bank) statements(o online) []account {
	if o.Number != "" {
		return []account{{
			Account: institution.Account{Name: "Account", Mask: o.Number[len(o.Number)-4:], Subtype: "deposit account"},
			numbers: &institution.Numbers{ACH: &institution.ACH{Account: o.Number}},
		}}
	}
	in, _ := b.institutions.Get(home)
	return slices.DeleteFunc(b.data.accounts(in, o.Visit), func(a account) bool {
		return a.numbers == nil || a.numbers.ACH == nil
	})
}

// leaveOnline signs a person out.
func (b *Bank) leaveOnline(w http.ResponseWriter, r *http.Request, _ url.Values) {
	id := b.vault.Index("sandbank_online", r.PathValue("handle"))
	err := b.db.Write(r.Context(), func(tx *store.Tx) error {
		_, err := tx.Exec(r.Context(), deleteOnline, id)
		return err
	})
	if err != nil {
		b.trouble(w, r, err)
		return
	}
	http.Redirect(w, r, "/bank/online", http.StatusSeeOther)
}
