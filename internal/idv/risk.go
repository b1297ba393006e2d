package idv

import (
	_ "embed"
	"slices"
	"strings"
)

// RiskLevel is how risky something looks.
type RiskLevel string

// The levels of risk.
const (
	RiskLow    RiskLevel = "low"
	RiskMedium RiskLevel = "medium"
	RiskHigh   RiskLevel = "high"
)

var riskOrder = []RiskLevel{RiskLow, RiskMedium, RiskHigh}

// above reports whether a level is higher than what is acceptable; "" accepts all.
func (l RiskLevel) above(acceptable RiskLevel) bool {
	return acceptable != "" && slices.Index(riskOrder, l) > slices.Index(riskOrder, acceptable)
}

// Risk is schema RiskCheckDetails: what is known of the risk. What no data is there
// for says so (no_data) or is null; nothing is made up.
type Risk struct {
	Status     StepStatus    `json:"status"`
	Behavior   *riskBehavior `json:"behavior"`
	Email      *riskEmail    `json:"email"`
	Phone      *riskPhone    `json:"phone"`
	Devices    []struct{}    `json:"devices"`
	Abuse      *struct{}     `json:"identity_abuse_signals"`
	Duplicates []struct{}    `json:"facial_duplicates"`
	Trust      *int64        `json:"trust_index_score"`
}

// riskBehavior is schema RiskCheckBehavior.
type riskBehavior struct {
	Interactions string `json:"user_interactions"`
	FraudRing    string `json:"fraud_ring_detected"`
	Bot          string `json:"bot_detected"`
}

// riskPhone is schema RiskCheckPhone.
type riskPhone struct {
	LinkedServices []string `json:"linked_services"`
}

// riskEmail is schema RiskCheckEmail.
type riskEmail struct {
	Deliverable    string    `json:"is_deliverable"`
	Breaches       *int64    `json:"breach_count"`
	FirstBreached  *string   `json:"first_breached_at"`
	LastBreached   *string   `json:"last_breached_at"`
	Registered     *string   `json:"domain_registered_at"`
	Free           string    `json:"domain_is_free_provider"`
	Custom         string    `json:"domain_is_custom"`
	Disposable     string    `json:"domain_is_disposable"`
	Suspicious     string    `json:"top_level_domain_is_suspicious"`
	LinkedServices []string  `json:"linked_services"`
	Level          RiskLevel `json:"risk_level"`
}

const noData = "no_data"

//go:embed domains.txt
var domainLists string

// domains are the lists of domains.txt: free, disposable and reserved.
var domains = func() map[string][]string {
	lists := map[string][]string{}
	name := ""
	for line := range strings.Lines(domainLists) {
		line = strings.TrimSpace(line)
		switch {
		case line == "" || strings.HasPrefix(line, "#"):
		case strings.HasSuffix(line, ":"):
			name = strings.TrimSuffix(line, ":")
		default:
			lists[name] = append(lists[name], line)
		}
	}
	return lists
}()

func isIn(list, domain string) bool {
	return slices.ContainsFunc(domains[list], func(d string) bool { return domain == d || strings.HasSuffix(domain, "."+d) })
}

// judgeEmail says what can be known of an address without asking anybody: who
// hands out addresses of its domain.
func judgeEmail(address string) *riskEmail {
	_, domain, _ := strings.Cut(strings.ToLower(address), "@")
	free, disposable := isIn("free", domain), isIn("disposable", domain)
	e := &riskEmail{
		Deliverable: noData, Free: yesNo(free), Disposable: yesNo(disposable), Custom: yesNo(!free && !disposable),
		Suspicious: yesNo(isIn("suspicious", domain)), LinkedServices: []string{}, Level: RiskLow,
	}
	if isIn("reserved", domain) { // nobody can have a mailbox there (RFC 2606)
		e.Deliverable = "no"
	}
	switch {
	case disposable:
		e.Level = RiskHigh
	case e.Suspicious == "yes":
		e.Level = RiskMedium
	}
	return e
}

func yesNo(b bool) string {
	if b {
		return "yes"
	}
	return "no"
}

// judgeRisk comes to the outcome of risk_check.
func judgeRisk(u User, rules *RiskRules) (*Risk, StepStatus) {
	r := &Risk{
		Behavior: &riskBehavior{noData, noData, noData}, Devices: []struct{}{}, Duplicates: []struct{}{},
	}
	if u.PhoneNumber != nil {
		r.Phone = &riskPhone{[]string{}}
	}
	if u.EmailAddress != nil {
		r.Email = judgeEmail(*u.EmailAddress)
		if r.Email.Level.above(rules.Email) {
			return r, StepFailed
		}
	}
	return r, StepSuccess
}

// riskOut is what the API tells of risk_check: nothing before there is something.
func (a *Attempt) riskOut() *Risk {
	if a.Risk == nil {
		return nil
	}
	out := *a.Risk
	out.Status = a.Steps[RiskCheck]
	return &out
}
