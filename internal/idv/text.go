package idv

import (
	"context"
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
