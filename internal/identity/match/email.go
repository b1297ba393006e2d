package match

import (
	"strings"

	"golang.org/x/text/unicode/norm"
)

// The points of e-mail addresses.
const (
	pointsTag            = 15
	pointsDots           = 5
	pointsDomainAlias    = 5
	pointsMailboxTypo    = 40
	pointsOtherDomain    = 60
	pointsOtherMailbox   = 80
	longestMailboxForOne = 4 // a mailbox of fewer letters is not misspelt
)

// hosts are those of whom it is known which addresses reach one mailbox.
type host struct {
	domain string // the first of its names
	dots   bool   // dots in a mailbox mean nothing
	tag    byte   // what begins a tag, beside the plus
}

var hosts = map[string]host{
	"gmail.com": {"gmail.com", true, 0}, "googlemail.com": {"gmail.com", true, 0},
	"yahoo.com": {"yahoo.com", false, '-'}, "ymail.com": {"ymail.com", false, '-'}, "rocketmail.com": {"rocketmail.com", false, '-'},
	"icloud.com": {"icloud.com", false, 0}, "me.com": {"icloud.com", false, 0}, "mac.com": {"icloud.com", false, 0},
	"proton.me": {"proton.me", true, 0}, "protonmail.com": {"proton.me", true, 0}, "pm.me": {"proton.me", true, 0},
	"fastmail.com": {"fastmail.com", false, 0}, "fastmail.fm": {"fastmail.com", false, 0},
	"yandex.ru": {"yandex.ru", false, 0}, "yandex.com": {"yandex.ru", false, 0}, "ya.ru": {"yandex.ru", false, 0},
}

// shared are hosts where the same domain says nothing about who somebody is.
var shared = set(`gmail.com googlemail.com yahoo.com ymail.com rocketmail.com icloud.com me.com mac.com proton.me protonmail.com pm.me
	fastmail.com fastmail.fm yandex.ru yandex.com ya.ru outlook.com hotmail.com live.com msn.com aol.com gmx.de gmx.net gmx.com web.de
	mail.com mail.ru t-online.de orange.fr free.fr laposte.net libero.it comcast.net verizon.net att.net sbcglobal.net bellsouth.net
	cox.net charter.net qq.com 163.com 126.com naver.com hey.com zoho.com example.com`)

// mail is an e-mail address taken apart.
type mail struct {
	all, mailbox, tag, domain string
	bare                      string // the mailbox without what its host ignores
	host                      string // the domain under its first name
}

// Emails compares two e-mail addresses.
func Emails(a, b string) Score {
	x, y := parseMail(a), parseMail(b)
	var t Trace
	if x.all <= y.all {
		t = mails(x, y)
	} else {
		t = mails(y, x).swapped()
	}
	return Score{Score: t.score(), Trace: t}
}

func mails(a, b mail) Trace {
	t := Trace{}
	step := func(rule Rule, x, y string, points int) { t = append(t, Step{Rule: rule, A: x, B: y, Points: -points}) }
	switch {
	case a.all == b.all:
	case a.domain == "" || b.domain == "":
		step(MailsDiffer, "", "", 100)
	case a.bare == b.bare && a.host == b.host:
		if a.tag != b.tag {
			step(Tag, a.tag, b.tag, pointsTag)
		}
		if a.mailbox != b.mailbox {
			step(Dots, a.mailbox, b.mailbox, pointsDots)
		}
		if a.domain != b.domain {
			step(DomainAlias, a.domain, b.domain, pointsDomainAlias)
		}
	case a.host == b.host && len(a.bare) >= longestMailboxForOne && len(b.bare) >= longestMailboxForOne && close1(a.bare, b.bare):
		step(MailboxMisspelt, a.bare, b.bare, pointsMailboxTypo)
	case a.bare == b.bare && close1(a.host, b.host):
		step(DomainMisspelt, a.domain, b.domain, pointsMailboxTypo)
	case a.bare == b.bare:
		step(DomainDiffers, a.domain, b.domain, pointsOtherDomain)
	case a.host == b.host && !shared[a.domain]:
		step(MailboxDiffers, a.bare, b.bare, pointsOtherMailbox)
	default:
		step(MailsDiffer, "", "", 100)
	}
	return t
}

func close1(a, b string) bool {
	return max(len(a), len(b)) <= maxWord && distance(a, b) == 1
}

func parseMail(s string) mail {
	s = norm.NFC.String(strings.ToLower(strings.TrimSpace(s)))
	m := mail{all: s}
	at := strings.LastIndexByte(s, '@')
	if at < 1 || at == len(s)-1 {
		return m
	}
	m.mailbox, m.domain = s[:at], strings.TrimSuffix(s[at+1:], ".")
	m.host = m.domain
	h, known := hosts[m.domain]
	if known {
		m.host = h.domain
	}
	cutAt := strings.IndexByte(m.mailbox, '+')
	if cutAt < 0 && known && h.tag != 0 {
		cutAt = strings.IndexByte(m.mailbox, h.tag)
	}
	if cutAt > 0 {
		m.mailbox, m.tag = m.mailbox[:cutAt], m.mailbox[cutAt+1:]
	}
	m.bare = m.mailbox
	if h.dots {
		m.bare = strings.ReplaceAll(m.mailbox, ".", "")
	}
	return m
}
