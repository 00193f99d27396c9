package knowledge

import (
	"errors"
	"fmt"

	"crafttalkd/actors/event"
	"crafttalkd/actors/identifier"
	"crafttalkd/actors/refusal"
	"crafttalkd/actors/survey"
)

// checkSlot refuses what a slot can't be. Manual: Опросы.
func checkSlot(x *event.Slot) error {
	if x.Class != "" {
		if err := identifier.Check(x.Class); err != nil {
			return refusal.Of("class", "%v", err)
		}
	}
	return firstOf(
		survey.Check(x),
		checkAttachments("question.attachments", x.Question.GetAttachments()),
		checkAttachments("confirmation.attachments", x.Confirmation.GetAttachments()),
	)
}

// checkConditions refuses conditions that can't be asked of their slots.
func (b base) checkConditions(field string, sets []*event.ConditionSet) error {
	n := 0
	for i, set := range sets {
		if len(set.GetAll()) == 0 {
			return refusal.Of(fmt.Sprintf("%s.%d", field, i), "a set of conditions has one at least")
		}
		for j, c := range set.All {
			if n++; n > maxConditions {
				return refusal.Of(field, "an answer has at most %d conditions", maxConditions)
			}
			if err := b.checkCondition(fmt.Sprintf("%s.%d.all.%d", field, i, j), c); err != nil {
				return err
			}
		}
	}
	return nil
}

// checkCondition refuses a condition that is about no slot, or can never hold of
// its slot.
func (b base) checkCondition(at string, c *event.Condition) error {
	x := b.slot(c.SlotId)
	if x == nil {
		return refusal.Of(at+".slot_id", "there is no slot %q", c.SlotId)
	}
	if err := checkText(at+".value", c.Value, 0, maxValue); err != nil {
		return err
	}
	err := survey.CheckCondition(c, x)
	if r, ok := errors.AsType[*refusal.Error](err); ok {
		return refusal.Of(at+"."+r.Field, "%s", r.Text)
	}
	return err
}
