package conversation_test

import (
	"fmt"
	"maps"
	"slices"
	"time"

	"crafttalkd/actors/conversation"
	"crafttalkd/actors/event"
	"crafttalkd/actors/survey"
)

// What the model knows of a survey under way.
type surveyModel struct {
	survey    *event.Survey
	operator  string
	agent     string
	plain     map[string]int // how often each slot was asked for
	confirmed map[string]int // and asked to be confirmed
	mistakes  map[string]int
	filled    map[string]bool
	asked     string
}

func (m *surveyModel) clone() *surveyModel {
	if m == nil {
		return nil
	}
	c := *m
	c.plain, c.confirmed, c.mistakes, c.filled = maps.Clone(m.plain), maps.Clone(m.confirmed), maps.Clone(m.mistakes), maps.Clone(m.filled)
	return &c
}

func (m *surveyModel) slot(id string) *event.Slot {
	for _, s := range m.survey.Slots {
		if s.SlotId == id {
			return s
		}
	}
	return nil
}

// surveyed follows a survey, and what agents owe.
func (m *model) surveyed(e event.Event, now time.Time) error {
	switch e := e.(type) {
	case *event.SurveyBegun:
		if m.survey != nil {
			return fmt.Errorf("SL-05: %s begins while %s runs", e.Survey.SurveyId, m.survey.survey.SurveyId)
		}
		m.survey = &surveyModel{survey: e.Survey, operator: e.OperatorId, agent: e.AgentId, plain: map[string]int{}, confirmed: map[string]int{},
			mistakes: map[string]int{}, filled: map[string]bool{}}
	case *event.SlotAsked:
		return m.slotAsked(e)
	case *event.SlotFilled:
		return m.slotFilled(e)
	case *event.SlotMistaken:
		return m.slotMistaken(e)
	case *event.SurveyEnded:
		return m.surveyEnded(e)
	case *event.AgentAwaited:
		if e.Until == nil {
			m.owes, m.until = time.Time{}, time.Time{}
			return nil
		}
		if m.owes.IsZero() {
			m.owes = now
		}
		if m.until = e.Until.AsTime(); m.until.After(m.owes.Add(time.Hour)) {
			return fmt.Errorf("G39: %s keeps the conversation from %v until %v", e.AgentId, m.owes, m.until)
		}
	case *event.AgentFailed:
		if due := m.agentDue(); e.Reason == "late" && (due.IsZero() || now.Before(due)) {
			return fmt.Errorf("G39: %s is late at %v, due %v", e.AgentId, now, due)
		}
	}
	return nil
}

func (m *model) slotAsked(e *event.SlotAsked) error {
	if m.survey == nil {
		return fmt.Errorf("SL-05: %s is asked without a survey", e.SlotId)
	}
	s, slot := m.survey, m.survey.slot(e.SlotId)
	s.asked = e.SlotId
	if e.Confirming {
		s.confirmed[e.SlotId]++
	} else {
		s.plain[e.SlotId]++
	}
	switch {
	case slot == nil || slot.Kind != event.SlotKind_ASKED || s.filled[e.SlotId]:
		return fmt.Errorf("SL-03: %s is asked, filled %v", e.SlotId, s.filled[e.SlotId])
	case s.plain[e.SlotId] > int(survey.Attempts(slot)) || s.confirmed[e.SlotId] > 1:
		return fmt.Errorf("SL-05: %s is asked for the %d. time, confirmed for the %d.", e.SlotId, s.plain[e.SlotId], s.confirmed[e.SlotId])
	}
	return nil
}

func (m *model) slotFilled(e *event.SlotFilled) error {
	if e.SurveyId == "" {
		return nil
	}
	if m.survey == nil || m.survey.survey.SurveyId != e.SurveyId || m.survey.slot(e.SlotId) == nil {
		return fmt.Errorf("SL-08: %s is filled for %s, which does not run", e.SlotId, e.SurveyId)
	}
	slot := m.survey.slot(e.SlotId)
	if e.Inferred != (slot.Kind == event.SlotKind_INFERRED) || !survey.Fits(slot, e.Value) {
		return fmt.Errorf("SL-03: %s is filled with %q, inferred %v", e.SlotId, e.Value, e.Inferred)
	}
	m.survey.filled[e.SlotId] = true
	switch {
	case e.SlotId == m.survey.asked:
		m.survey.asked = ""
	case m.survey.asked != "" && !e.Inferred:
		m.owes, m.until = time.Time{}, time.Time{} // the question stands
	}
	return nil
}

func (m *model) slotMistaken(e *event.SlotMistaken) error {
	if m.survey == nil || m.survey.asked != e.SlotId {
		return fmt.Errorf("SL-05: a mistake in %s, which is not asked", e.SlotId)
	}
	m.survey.mistakes[e.SlotId]++
	if n := m.survey.mistakes[e.SlotId]; int(e.Attempt) != n || e.Attempt > survey.Attempts(m.survey.slot(e.SlotId)) {
		return fmt.Errorf("SL-05: attempt %d is counted as %d", n, e.Attempt)
	}
	return nil
}

func (m *model) surveyEnded(e *event.SurveyEnded) error {
	if m.survey == nil || m.survey.survey.SurveyId != e.SurveyId {
		return fmt.Errorf("SL-08: %s ends, which does not run", e.SurveyId)
	}
	s := m.survey
	m.survey = nil
	for _, slot := range s.survey.Slots {
		if e.Outcome == event.SurveyOutcome_SURVEY_COMPLETED && slot.Kind == event.SlotKind_ASKED && !s.filled[slot.SlotId] {
			return fmt.Errorf("SL-05: completed without %s", slot.SlotId)
		}
	}
	if e.Outcome == event.SurveyOutcome_SURVEY_ABANDONED && s.mistakes[s.asked] < int(survey.Attempts(s.slot(s.asked))) {
		return fmt.Errorf("SL-05: given up after %d mistakes in %s", s.mistakes[s.asked], s.asked)
	}
	return nil
}

// owner checks that no survey outlives who conducts it.
func (m *model) owner(e event.Event) error {
	if m.survey != nil && (m.survey.agent != "" || m.closed) {
		return fmt.Errorf("BT-04: %T, and survey %s of %s runs on", e, m.survey.survey.SurveyId, m.survey.agent)
	}
	return nil
}

// agentDue is when an agent that has done nothing loses the conversation.
func (m *model) agentDue() time.Time {
	switch {
	case m.agent == "" || m.agent == conversation.Silence || m.owes.IsZero():
		return time.Time{}
	case !m.until.IsZero():
		return m.until
	case m.policy.GetAgentTimeout() == nil:
		return m.owes.Add(time.Minute)
	}
	return m.owes.Add(m.policy.AgentTimeout.AsDuration())
}

// outdated tells whether a command is the act of an agent in a turn that is
// over, or about a word that is not the customer's last: it has no effect.
func (m *model) outdated(c command) bool {
	var agent, about string
	var turn uint64
	switch c := c.(type) {
	case conversation.AgentReply:
		agent, turn, about = c.Agent, c.Turn, c.About
	case conversation.HandOver:
		agent, turn, about = c.Agent, c.Turn, c.About
	case conversation.Await:
		agent, turn, about = c.Agent, c.Turn, c.About
	case conversation.FillSlots:
		agent, turn, about = c.Agent, c.Turn, c.About
	case conversation.Present:
		agent, turn, about = c.Agent, c.Turn, c.About
	case conversation.Close:
		agent, turn, about = c.Agent, c.Turn, c.About
	case conversation.SetRouting:
		agent, turn, about = c.Agent, c.Turn, c.About
	case conversation.SetTopic:
		agent, turn, about = c.Agent, c.Turn, c.About
	}
	return agent != "" && (agent != m.agent || turn != m.turn || !slices.Contains(m.newest, about))
}
