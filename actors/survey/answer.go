package survey

import (
	"slices"
	"strconv"
	"strings"

	"crafttalkd/actors/event"
	"crafttalkd/actors/refusal"
)

// Known returns what is known for a slot, by its id.
type Known func(slot string) (value string, ok bool)

// Holds tells whether an answer is for who is known so much of: one of its sets
// of conditions holds, or it has none.
func Holds(a *event.Answer, known Known) bool {
	if len(a.GetConditions()) == 0 {
		return true
	}
	return slices.ContainsFunc(a.Conditions, func(set *event.ConditionSet) bool {
		return !slices.ContainsFunc(set.GetAll(), func(c *event.Condition) bool { return !holds(c, known) })
	})
}

func holds(c *event.Condition, known Known) bool {
	value, ok := known(c.GetSlotId())
	switch c.GetComparison() {
	case event.Comparison_KNOWN:
		return ok
	case event.Comparison_UNKNOWN:
		return !ok
	case event.Comparison_NOT_EQUAL:
		return !ok || !equal(value, c.GetValue())
	case event.Comparison_EQUAL:
		return ok && equal(value, c.GetValue())
	case event.Comparison_CONTAINS:
		return ok && strings.Contains(strings.ToLower(value), strings.ToLower(strings.TrimSpace(c.GetValue())))
	case event.Comparison_LESS:
		a, b, numbers := both(value, c.GetValue())
		return ok && numbers && a < b
	case event.Comparison_GREATER:
		a, b, numbers := both(value, c.GetValue())
		return ok && numbers && a > b
	}
	return false
}

func equal(a, b string) bool { return strings.EqualFold(strings.TrimSpace(a), strings.TrimSpace(b)) }

func both(a, b string) (int64, int64, bool) {
	x, err := strconv.ParseInt(a, 10, 64)
	y, err2 := strconv.ParseInt(strings.TrimSpace(b), 10, 64)
	return x, y, err == nil && err2 == nil
}

// Choose returns the answers that are given: of those whose conditions hold the
// one that was asked for, or else all, the first, or the one that the draw falls on.
func Choose(s *event.Survey, known Known) []*event.Answer {
	var fit []*event.Answer
	for _, a := range s.GetAnswers() {
		if Holds(a, known) {
			fit = append(fit, a)
		}
	}
	if len(fit) == 0 {
		return nil
	}
	if i := slices.IndexFunc(fit, func(a *event.Answer) bool { return s.GetAnswerId() != "" && a.GetAnswerId() == s.GetAnswerId() }); i >= 0 {
		return fit[i : i+1]
	}
	switch s.GetPolicy() {
	case event.AnswerPolicy_FIRST_ANSWER:
		return fit[:1]
	case event.AnswerPolicy_RANDOM_ANSWER:
		i := s.GetDraw() % uint64(len(fit))
		return fit[i : i+1]
	}
	return fit
}

// Person is where an answer redirects to who wants a person.
const Person = "operator"

// Redirect returns the agent that a text hands the conversation to: the whole of
// it is the command. Manual: «/redirect agent_id». What stands for a person, and
// a command that names nobody, is [Person].
func Redirect(text string) (agent string, ok bool) {
	words := strings.Fields(text)
	if len(words) == 0 || len(words) > 2 || words[0] != "/redirect" {
		return "", false
	}
	if len(words) == 1 || IsPerson(words[1]) {
		return Person, true
	}
	return words[1], true
}

// IsPerson tells whether a name that a conversation is handed to stands for the
// operators: their queue, or the agent that routes to them.
func IsPerson(agent string) bool {
	switch strings.ToLower(agent) {
	case Person, "operators", "queue", "routing":
		return true
	}
	return false
}

// CheckCondition refuses a condition that can never hold of its slot.
func CheckCondition(c *event.Condition, s *event.Slot) error {
	if _, ok := event.Comparison_name[int32(c.GetComparison())]; !ok {
		return refusal.Of("comparison", "there is no such comparison")
	}
	switch c.GetComparison() {
	case event.Comparison_KNOWN, event.Comparison_UNKNOWN:
		if c.GetValue() != "" {
			return refusal.Of("value", "whether %s is known is asked without a value", s.GetIdentifier())
		}
		return nil
	case event.Comparison_LESS, event.Comparison_GREATER:
		if s.GetType() != event.SlotType_INTEGER {
			return refusal.Of("comparison", "only whole numbers are less or greater, and %s is none", s.GetIdentifier())
		}
	case event.Comparison_CONTAINS:
		if s.GetType() != event.SlotType_TEXT && s.GetType() != event.SlotType_CAPTURE {
			return refusal.Of("comparison", "only texts contain one another, and %s is none", s.GetIdentifier())
		}
	}
	return checkValue(c.GetValue(), s)
}

func checkValue(value string, s *event.Slot) error {
	switch s.GetType() {
	case event.SlotType_INTEGER:
		if _, err := strconv.ParseInt(strings.TrimSpace(value), 10, 64); err != nil {
			return refusal.Of("value", "%s is compared with a whole number", s.GetIdentifier())
		}
	case event.SlotType_DICTIONARY:
		if _, ok := captionOf(s, value); !ok {
			return refusal.Of("value", "%q is no value of %s", value, s.GetIdentifier())
		}
	case event.SlotType_MATCH:
		if value != True && value != False {
			return refusal.Of("value", "%s is true or false", s.GetIdentifier())
		}
	default:
		if strings.TrimSpace(value) == "" {
			return refusal.Of("value", "say what %s is compared with", s.GetIdentifier())
		}
	}
	return nil
}
