package idv

import (
	"context"
	"fmt"
	"strings"

	"rsc.io/qr"

	"github.com/glencheck-dev/glencheck/internal/link"
)

// viewHandover is the pane of a computer that waits for the phone.
const viewHandover link.View = "on-phone"

// handoverPane shows the address as a code, and what the phone is at. The script looks
// every few seconds whether there is news (data-look).
var handoverPane = link.NewPane(`{{template "top" .}}
{{with .Extra}}{{if .Code}}<div class="qr" data-look="3000"><svg viewBox="{{.Box}}" role="img" aria-label="{{$.T "idv.handover.code"}}" shape-rendering="crispEdges"><path d="{{.Code}}"/></svg></div>
<p class="help">{{$.T "idv.handover.once"}}</p>{{else}}<div class="outcome" data-look="3000"><span class="seal seal-ok">{{template "icon-tick"}}</span><p class="sr" data-news>{{$.Lead}}</p></div>{{end}}{{end}}`, showHandover)

// handoverExtra is the code: the box that it stands in, and the dark squares as a path.
// Without a code the phone is there.
type handoverExtra struct{ Box, Code string }

func showHandover(v *link.Visit) link.Screen {
	st := stateOf(v)
	s := screen(v, "idv.handover", nil)
	s.Primary, s.By = "", false
	s.Secondary = &link.Button{Label: v.T("idv.handover.here")}
	if st.Phone == "" {
		s.Lead, s.Extra = v.T("idv.handover.there"), handoverExtra{}
		return s
	}
	code, err := qr.Encode(st.Phone, qr.M)
	if err != nil {
		panic(err) // an address has far fewer characters than a code holds
	}
	s.Extra = handoverExtra{fmt.Sprintf("-4 -4 %d %d", code.Size+8, code.Size+8), squares(code)}
	// The code draws it; it is a field for whoever has no camera, as the driver.
	s.Fields = []link.Field{{Name: "address", ID: "handover-address", Label: v.T("idv.handover.code"), Kind: link.FieldChoice, Options: []link.Option{{Value: st.Phone, Label: st.Phone}}}}
	if local(st.Phone) {
		s.Notice = v.T("idv.handover.local")
	}
	if v.Sandbox {
		s.Hint = &link.Hint{Text: v.T("sandbox.handover", "url", st.Phone)}
	}
	return s
}

// squares draws the dark squares of a code, those of a row that touch as one.
func squares(code *qr.Code) string {
	var b strings.Builder
	for y := range code.Size {
		for x := 0; x < code.Size; x++ {
			from := x
			for x < code.Size && code.Black(x, y) {
				x++
			}
			if x > from {
				fmt.Fprintf(&b, "M%d %dh%dv1h-%dz", from, y, x-from, x-from)
			}
		}
	}
	return b.String()
}

// phoned adds to the step of a camera pane the way to the phone.
func (f flow) phoned(do func(context.Context, *link.Visit) (link.Outcome, error)) func(context.Context, *link.Visit) (link.Outcome, error) {
	return func(ctx context.Context, v *link.Visit) (link.Outcome, error) {
		if v.Input.Action != actionPhone {
			return do(ctx, v)
		}
		return f.offerPhone(ctx, v)
	}
}

// onPhone reports whether a step is one that a phone may do for a computer.
func onPhone(step Step) bool { return step == Documents || step == Selfie }

// offerPhone makes an address for the phone, unless there is nothing left for it to do.
func (f flow) offerPhone(ctx context.Context, v *link.Visit) (link.Outcome, error) {
	key := ""
	a, err := f.change(ctx, v.ClientID, stateOf(v).ID, func(a *Attempt) error {
		if key = ""; onPhone(a.active()) {
			key = f.Service.handOver(a)
		}
		return nil
	})
	if err != nil {
		return "", err
	}
	at := f.tell(v, a)
	if key == "" {
		return at, nil
	}
	stateOf(v).Phone = f.handoverURL(a.ID, key)
	return link.Outcome(viewHandover), nil
}

// here goes on at the computer after all: the address leads nowhere any more, but a
// phone that has opened it may go on too.
func (f flow) here(ctx context.Context, v *link.Visit) (link.Outcome, error) {
	a, err := f.change(ctx, v.ClientID, stateOf(v).ID, func(a *Attempt) error {
		if a.Handover != nil && !a.Handover.Used {
			a.Handover = nil
		}
		return nil
	})
	if err != nil {
		return "", err
	}
	stateOf(v).Phone = ""
	return f.tell(v, a), nil
}

// follow sees what has become of the phone: that it is there, that it has come to
// another step, that it is done, or that nobody has come while the address was good,
// and another one is needed. "" is for no news.
func (f flow) follow(ctx context.Context, v *link.Visit) (link.Outcome, error) {
	st := stateOf(v)
	a, err := f.Get(ctx, v.ClientID, st.ID)
	if err != nil {
		return "", err
	}
	switch h := a.Handover; {
	case !onPhone(a.active()):
		st.Phone = ""
		return f.tell(v, a), nil
	case h != nil && h.Used && st.Phone != "":
		st.Phone = ""
	case st.Phone != "" && (h == nil || !f.clock.Now().Before(h.Expires)):
		return f.offerPhone(ctx, v)
	case a.active() == st.At:
		return "", nil
	}
	f.tell(v, a)
	return link.Outcome(viewHandover), nil
}
