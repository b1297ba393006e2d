package sandbank

import (
	"errors"
	"fmt"
	"regexp"
	"strconv"
	"strings"

	"github.com/glencheck-dev/glencheck/internal/institution"
)

// goodCode is the code of every device (plaid-server-api.md section 11.2).
const goodCode = "1234"

// script is the second factor of a login.
type script struct {
	Kind      institution.ChallengeKind `json:"kind"` // Device, Code, Questions or Selections
	Rounds    int                       `json:"rounds,omitempty"`
	Questions int                       `json:"questions,omitempty"`
	Options   int                       `json:"options,omitempty"`
	// Words are the options of the plain mfa_selections, by question.
	Words bool `json:"words,omitempty"`
}

var (
	questionsShape  = regexp.MustCompile(`^mfa_questions_([0-9])_([0-9])$`)
	selectionsShape = regexp.MustCompile(`^mfa_selections_([1-9])_([1-9])_([2-9])$`)
)

// scriptOf reads a test password such as mfa_questions_2_1.
func scriptOf(password string) (*script, bool) {
	digit := func(s string) int { return int(s[0] - '0') }
	switch {
	case password == "mfa_device":
		return &script{Kind: institution.Device}, true
	case password == "mfa_selections":
		return &script{Kind: institution.Selections, Rounds: 1, Questions: 2, Options: 3, Words: true}, true
	}
	if m := questionsShape.FindStringSubmatch(password); m != nil {
		return &script{Kind: institution.Questions, Rounds: digit(m[1]), Questions: digit(m[2])}, true
	}
	if m := selectionsShape.FindStringSubmatch(password); m != nil {
		return &script{Kind: institution.Selections, Rounds: digit(m[1]), Questions: digit(m[2]), Options: digit(m[3])}, true
	}
	return nil, false
}

// script reads the second factor of a custom user; nil for none.
func (m mfaConfig) script() (*script, error) {
	number := func(name string, value *float64, standard, least int) (int, error) {
		switch {
		case value == nil && standard > 0:
			return standard, nil
		case value == nil:
			return 0, fmt.Errorf("%s must be given for this type", name)
		case *value != float64(int(*value)) || *value < float64(least) || *value > 9:
			return 0, fmt.Errorf("%s must be a whole number from %d to 9", name, least)
		}
		return int(*value), nil
	}
	var s script
	var errs [3]error
	switch m.Type {
	case "":
		return nil, nil
	case "device":
		return &script{Kind: institution.Device}, nil
	case "questions":
		s.Kind = institution.Questions
		s.Rounds, errs[0] = number("question_rounds", m.QuestionRounds, 0, 0)
		s.Questions, errs[1] = number("questions_per_round", m.QuestionsPerRound, 0, 0)
	case "selections":
		s.Kind = institution.Selections
		s.Rounds, errs[0] = number("selection_rounds", m.SelectionRounds, 1, 1)
		s.Questions, errs[1] = number("questions_per_round", m.QuestionsPerRound, 2, 1)
		s.Options, errs[2] = number("selections_per_question", m.SelectionsPerQuestion, 2, 1)
	default:
		return nil, errors.New("type must be one of device, questions, selections")
	}
	for _, err := range errs {
		if err != nil {
			return nil, err
		}
	}
	return &s, nil
}

// empty reports whether the script asks nothing.
func (s *script) empty() bool {
	return s == nil || s.Kind != institution.Device && s.Kind != institution.Code && (s.Rounds == 0 || s.Questions == 0)
}

// selectionWords are the options of mfa_selections. The first and Yes are right:
// the sources disagree.
var selectionWords = [][]string{{"tomato", "potato", "Yes"}, {"ketchup", "catsup", "Yes"}}

// questions are the questions of a round, counted from 0.
func (s *script) questions(round int) []institution.Question {
	list := make([]institution.Question, s.Questions)
	for j := range list {
		list[j] = institution.Question{
			Name: "answer_" + strconv.Itoa(j),
			Text: fmt.Sprintf("Security question %d of %d", j+1, s.Questions),
		}
		switch {
		case s.Words:
			list[j].Options = selectionWords[j]
		case s.Kind == institution.Selections:
			for k := range s.Options {
				list[j].Options = append(list[j].Options, fmt.Sprintf("answer_%d_%d_%d", round, j, k))
			}
		}
	}
	return list
}

// hints are the right answers of a round.
func (s *script) hints(round int) map[string]string {
	hints := map[string]string{}
	for j, q := range s.questions(round) {
		if q.Options != nil {
			hints[q.Name] = q.Options[0]
		} else {
			hints[q.Name] = fmt.Sprintf("answer_%d_%d", round, j)
		}
	}
	return hints
}

// right reports whether all answers of a round are right.
func (s *script) right(round int, answers map[string]string) bool {
	for name, want := range s.hints(round) {
		got := strings.TrimSpace(answers[name])
		if got != want && !(s.Words && got == "Yes") {
			return false
		}
	}
	return true
}

// devices are where a code can go to: what the bank knows of the person, masked.
func devices(o institution.Owner) []institution.DeviceOption {
	var list []institution.DeviceOption
	for i, p := range o.Phones {
		if i < 2 {
			list = append(list, institution.DeviceOption{ID: "phone_" + strconv.Itoa(i), Kind: "phone", Label: maskPhone(p.Data)})
		}
	}
	for i, e := range o.Emails {
		if i < 1 {
			list = append(list, institution.DeviceOption{ID: "email_" + strconv.Itoa(i), Kind: "email", Label: maskEmail(e.Data)})
		}
	}
	if len(list) == 0 {
		list = append(list, institution.DeviceOption{ID: "phone_0", Kind: "phone", Label: maskPhone("0000")})
	}
	return list
}

func maskPhone(s string) string {
	r := []rune(s)
	return "••• " + string(r[max(0, len(r)-4):])
}

func maskEmail(s string) string {
	local, domain, _ := strings.Cut(s, "@")
	r := []rune(local)
	return string(r[:min(1, len(r))]) + "•••@" + domain
}
