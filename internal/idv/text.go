package idv

import (
	"cmp"
	"context"
	"crypto/subtle"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/glencheck-dev/glencheck/internal/link"
	"github.com/glencheck-dev/glencheck/internal/store"
	"github.com/glencheck-dev/glencheck/web"
)

// Texter sends text messages.
type Texter interface {
	// Send hands a message over. The number is in E.164.
	Send(ctx context.Context, to, text string) error
}

const (
	// sandboxCode is the only code of the sandbox (identity-verification.md section
	// 4.1). Its messages go nowhere but to the sandbox's phone.
	sandboxCode = "11111"
	codeLength  = len(sandboxCode)
	// maxNumbers is how many telephone numbers a person may try.
	maxNumbers = 3
)

// newCode is the code of a message.
func (s *Service) newCode() string {
	if s.cfg.Env == "sandbox" {
		return sandboxCode
	}
	return s.ids.Letters(codeLength, "0123456789")
}

// message is the latest message that waits for its code, nil if there is none.
func (a *Attempt) message() *Message {
	if n := len(a.Messages); n > 0 && a.Messages[n-1].Status == messagePending {
		return &a.Messages[n-1]
	}
	return nil
}

// text begins to verify a telephone number, or sends its code once more. It reports
// false when no more may be sent.
func (s *Service) text(a *Attempt, phone string) bool {
	now := s.clock.Now()
	m := a.message()
	if m != nil && m.Phone != phone {
		m.Status = messageCanceled
		m = nil
	}
	if m == nil {
		if len(a.Messages) >= maxNumbers {
			return false
		}
		a.Messages = append(a.Messages, Message{Status: messagePending, Phone: phone, Code: s.newCode(), FirstSent: now})
		m = a.message()
	}
	if m.Deliveries >= maxDeliveries {
		return false
	}
	if s.cfg.Env == "sandbox" && a.PhoneKey == "" {
		a.PhoneKey = s.newKey()
	}
	m.Deliveries++
	m.LastSent = now
	a.User.PhoneNumber = &phone
	a.send = append(a.send, *m)
	return true
}

// solve tries a code. left is how often the person may try again.
func (s *Service) solve(a *Attempt, code string) (right bool, left int64) {
	m := a.message()
	if m == nil {
		return false, 0
	}
	m.Solves++
	switch {
	case m.Code == code:
		m.Status = messageSuccess
		a.finish(VerifySMS, StepSuccess, s.clock.Now())
		return true, 0
	case m.Solves >= maxSolves:
		m.Status = messageFailed
		a.finish(VerifySMS, StepFailed, s.clock.Now())
		return false, 0
	}
	return false, maxSolves - m.Solves
}

// words is what a message says.
func (m Message) words(app string) string {
	return "Your " + app + " verification code is " + m.Code + ". Do not share it."
}

// phoneURL is the page of the sandbox's phone.
func (s *Service) phoneURL(a *Attempt) string {
	return strings.TrimRight(s.cfg.PublicURL, "/") + link.SharedPath + a.ID + link.PhonePath + "?key=" + a.PhoneKey
}

// Phone is what the sandbox's phone shows: the messages of an attempt, the newest
// first. Whoever has the key of its address may look.
func (s *Service) Phone(ctx context.Context, id, key string) (to string, messages []web.Message, err error) {
	a, err := s.read(ctx, s.db, attemptByID, id)
	if errors.Is(err, store.ErrNoRows) || err == nil && (a.PhoneKey == "" || subtle.ConstantTimeCompare([]byte(a.PhoneKey), []byte(key)) != 1) {
		return "", nil, errUnknown
	}
	if err != nil {
		return "", nil, fmt.Errorf("idv: phone: %w", err)
	}
	c, err := s.cfg.Teams.Client(ctx, a.ClientID)
	if err != nil {
		return "", nil, err
	}
	for _, m := range slices.Backward(a.Messages) {
		to = cmp.Or(to, m.Phone)
		messages = append(messages, web.Message{Text: m.words(c.Name), At: m.Phone + " · " + stamp(m.LastSent)})
	}
	return to, messages, nil
}
