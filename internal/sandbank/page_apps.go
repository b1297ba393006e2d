package sandbank

import (
	"errors"
	"net/http"
	"net/url"
	"slices"

	"github.com/glencheck-dev/glencheck/internal/institution"
)

// Online banking: which apps may read the person's accounts, and how to take that
// back.

type appsPage struct {
	head
	Handle, User string
	Apps         []app
}

// app is one grant, by the name of the app that uses it.
type app struct {
	Grant, Name, Bank string
	Expired           bool
	Accounts          []choice
}

// choice is an account that an app may read.
type choice struct{ Ref, Name, Detail string }

// appsPage lists the apps with access, the one that got it last first. Grants that no
// app uses are left out, such as those of a Link session that is not finished.
func (b *Bank) appsPage(w http.ResponseWriter, r *http.Request) {
	ctx, handle := r.Context(), r.PathValue("handle")
	o, err := b.onlineOf(ctx, handle)
	if err == nil && o.Number != "" {
		err = errNoAuthorization // who looks at one account is nobody's person
	}
	if err != nil {
		b.trouble(w, r, err)
		return
	}
	p := appsPage{head: newHead("Apps with access", institution.Institution{}), Handle: handle, User: o.Visit.Username}
	keys, err := b.given(ctx, o.Visit)
	if err != nil {
		b.trouble(w, r, err)
		return
	}
	for _, key := range keys {
		name, err := b.appOf(r, key)
		if err != nil {
			b.trouble(w, r, err)
			return
		}
		g, err := b.readGrant(ctx, key)
		var gone *institution.Failure
		if errors.As(err, &gone) || name == "" {
			continue
		}
		if err != nil {
			b.trouble(w, r, err)
			return
		}
		a := app{Grant: key, Name: name, Bank: g.institution.Name, Expired: g.expired}
		for _, c := range g.accounts {
			a.Accounts = append(a.Accounts, choice{c.Ref, c.Name, kindAndMask(c)})
		}
		p.Apps = append(p.Apps, a)
	}
	b.render(w, http.StatusOK, "apps.html", p)
}

func (b *Bank) appOf(r *http.Request, key string) (string, error) {
	if b.holder == nil {
		return "", nil
	}
	return b.holder.App(r.Context(), key)
}

// revokeApp is the form of each app and of each of its accounts. What is gone already
// is as the person wants it.
func (b *Bank) revokeApp(w http.ResponseWriter, r *http.Request, form url.Values) {
	ctx, handle := r.Context(), r.PathValue("handle")
	o, err := b.onlineOf(ctx, handle)
	if err != nil {
		b.trouble(w, r, err)
		return
	}
	keys, err := b.given(ctx, o.Visit)
	if err == nil && o.Number == "" && slices.Contains(keys, form.Get("grant")) {
		err = b.withdraw(ctx, form.Get("grant"), form.Get("account"))
	}
	var gone *institution.Failure
	if err != nil && !errors.As(err, &gone) {
		b.trouble(w, r, err)
		return
	}
	http.Redirect(w, r, "/bank/online/apps/"+url.PathEscape(handle), http.StatusSeeOther)
}
