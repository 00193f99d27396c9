package conversation

import (
	"cmp"
	"slices"

	"crafttalkd/actors/event"
	"crafttalkd/actors/survey"
)

// What the state remembers of surveys.

func (s *Survey) id() string { return s.Survey.GetSurveyId() }

// slot returns the slot of the survey with that id, nil for none.
func (s *Survey) slot(id string) *event.Slot {
	for _, slot := range s.Survey.GetSlots() {
		if slot.SlotId == id && id != "" {
			return slot
		}
	}
	return nil
}

// filled tells whether the survey knows the slot.
func (s *Survey) filled(slot *event.Slot) bool { return slices.Contains(s.Filled, slot.SlotId) }

// other returns the slot whose button was pressed, if it is not the one that was
// asked for last, and has been answered.
func (s *Survey) other(pressed string) *event.Slot {
	id, _, ok := survey.Pressed(pressed)
	if !ok || id == s.Asked || !slices.Contains(s.Filled, id) {
		return nil
	}
	return s.slot(id)
}

// known returns what is known of a slot, from whichever slot of its class.
func (s State) known(slot *event.Slot) (Known, bool) {
	k, ok := s.Slots[survey.Class(slot)]
	return k, ok && survey.Fits(slot, k.Value)
}

// value is what is known for a slot by its id: one of the survey's, or one that
// an earlier survey has filled.
func (s State) value(of *event.Survey) survey.Known {
	return func(id string) (string, bool) {
		if slot := (&Survey{Survey: of}).slot(id); slot != nil {
			k, ok := s.known(slot)
			return k.Value, ok
		}
		for _, k := range s.Slots {
			if slices.Contains(k.Slots, id) {
				return k.Value, true
			}
		}
		return "", false
	}
}

// surveyed keeps what became of a survey. What it remembers is not shared with
// the state before.
func (s *State) surveyed(e event.Event) {
	switch e := e.(type) {
	case *event.SurveyBegun:
		s.Survey = &Survey{Survey: e.Survey, Operator: e.OperatorId, Agent: e.AgentId, About: e.About}
		return
	case *event.SurveyEnded:
		s.Survey = nil
		return
	case *event.SlotFilled:
		s.know(e)
	}
	if s.Survey == nil {
		return
	}
	now := *s.Survey
	switch e := e.(type) {
	case *event.SlotAsked:
		if now.Asked != e.SlotId {
			now.Mistakes = 0
		}
		now.Asked, now.Confirming = e.SlotId, e.Confirming
	case *event.SlotFilled:
		if e.SurveyId == now.id() && !slices.Contains(now.Filled, e.SlotId) {
			now.Filled = append(slices.Clip(now.Filled), e.SlotId)
		}
		if e.SlotId == now.Asked {
			now.Asked, now.Confirming = "", false
		} else if e.SurveyId == now.id() && now.Asked != "" && !e.Inferred {
			s.Owed = Owed{} // the question stands, and it is the customer's turn
		}
	case *event.SlotMistaken:
		now.Mistakes = e.Attempt
	}
	s.Survey = &now
}

// know remembers a value for the class of its slot. A slot belongs to one class
// at a time.
func (s *State) know(e *event.SlotFilled) {
	class := classOf(e)
	if s.Slots == nil {
		s.Slots = map[string]Known{}
	}
	for other, k := range s.Slots {
		if i := slices.Index(k.Slots, e.SlotId); i >= 0 && other != class {
			k.Slots = slices.Concat(k.Slots[:i], k.Slots[i+1:])
			s.Slots[other] = k
		}
	}
	now := Known{Value: e.Value, Caption: cmp.Or(e.Caption, e.Value), Slots: s.Slots[class].Slots}
	if e.SlotId != "" && !slices.Contains(now.Slots, e.SlotId) {
		now.Slots = append(slices.Clip(now.Slots), e.SlotId)
	}
	s.Slots[class] = now
}

func classOf(e *event.SlotFilled) string { return cmp.Or(e.GetClass(), e.GetIdentifier()) }
