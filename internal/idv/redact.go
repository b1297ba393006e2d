package idv

import "time"

// redact removes from an attempt what is personal, for good. The outcomes stay. An
// attempt that was under way is canceled: nothing is left to go on with.
func (a *Attempt) redact(now time.Time) {
	if a.Status == Active {
		a.complete(Canceled, now)
	}
	a.User, a.Key, a.PhoneKey, a.Given = User{}, "", "", false
	for i := range a.Messages {
		m := &a.Messages[i]
		m.Phone, m.Code, m.RedactedAt = "", "", now
	}
	if a.Risk != nil { // what an e-mail address is like says something of its owner
		a.Risk.Email, a.Risk.Phone = nil, nil
	}
	a.RedactedAt = now
}
