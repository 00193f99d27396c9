package rest

import (
	"unicode/utf8"

	"crafttalkd/actors/event"
	"crafttalkd/actors/refusal"
	"crafttalkd/actors/survey"
)

// longestTry is how much of what a customer might write is tried, in characters.
const longestTry = 2000

// TrySlot is a slot as it is being written, and what a customer might write.
type TrySlot struct {
	Slot SlotFields `json:"slot" need:"yes"`
	Text string     `json:"text" need:"yes"`
}

// TriedSlot is what the slot makes of it. A hidden slot looks for its value
// anywhere in the text; any other takes the text as an answer.
type TriedSlot struct {
	OK      bool   `json:"ok" doc:"the text fits"`
	Value   string `json:"value" doc:"as conditions compare it"`
	Caption string `json:"caption" doc:"as people read it"`
}

// trySlot changes nothing: its author sees what patterns capture before the
// slot is kept.
func (c *call) trySlot(in TrySlot) (out TriedSlot, err error) {
	if utf8.RuneCountInString(in.Text) > longestTry {
		return out, refusal.Of("text", "at most %d characters are tried", longestTry)
	}
	built, err := buildSlot(c, "try", in.Slot)
	if err != nil {
		return out, err
	}
	slot := built.(*event.Slot)
	if err := survey.Check(slot); err != nil {
		return out, err
	}
	if slot.Kind == event.SlotKind_INFERRED {
		out.Value, out.OK = survey.Extract(slot, in.Text)
	} else {
		out.Value, out.OK = survey.Read(slot, in.Text, "")
	}
	if out.OK {
		out.Caption = survey.Caption(slot, out.Value, survey.In("ru"))
	}
	return out, nil
}
