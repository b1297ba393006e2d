package decision

// ReviewAnswer is a review as the API shows it (partner-decisions.md section 2).
type ReviewAnswer struct {
	Token       string   `json:"review_token"`
	Entity      *string  `json:"entity_token"`
	Group       *string  `json:"group_token"`
	Application *string  `json:"application_token"`
	Name        *string  `json:"application_name"`
	Outcome     *string  `json:"outcome"`
	Reasons     []string `json:"reasons"`
	Timestamp   int64    `json:"timestamp"`
	Started     *int64   `json:"started"`
	Completed   *int64   `json:"completed"`
}
