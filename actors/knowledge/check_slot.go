package knowledge

import (
	"fmt"
	"slices"
	"strconv"

	"crafttalkd/actors/event"
	"crafttalkd/actors/identifier"
	"crafttalkd/actors/refusal"
)

// checkSlot refuses what a slot can't be. Manual: Опросы.
func checkSlot(x *event.Slot) error {
	if err := firstOf(
		checkText("name", x.Name, 0, maxName),
		checkPrompt("question", x.Question),
		checkPrompt("confirmation", x.Confirmation),
		checkText("explanation", x.Explanation, 0, maxAnswer),
	); err != nil {
		return err
	}
	if x.Class != "" {
		if err := identifier.Check(x.Class); err != nil {
			return refusal.Of("class", "%v", err)
		}
	}
	return nil
}

func checkPrompt(field string, p *event.Prompt) error {
	return firstOf(checkText(field+".text", p.GetText(), 0, maxAnswer), checkAttachments(field+".attachments", p.GetAttachments()))
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

func (b base) checkCondition(at string, c *event.Condition) error {
	if !b.has(slot, c.SlotId) {
		return refusal.Of(at+".slot_id", "there is no slot %q", c.SlotId)
	}
	if err := checkText(at+".value", c.Value, 0, maxValue); err != nil {
		return err
	}
	x := b.slot(c.SlotId)
	switch c.Comparison {
	case event.Comparison_EQUAL, event.Comparison_NOT_EQUAL:
		return x.checkValue(at+".value", c.Value)
	case event.Comparison_LESS, event.Comparison_GREATER:
		if x.Type != event.SlotType_INTEGER {
			return refusal.Of(at+".comparison", "less and greater are asked of integers")
		}
		return x.checkValue(at+".value", c.Value)
	case event.Comparison_CONTAINS:
		if x.Type != event.SlotType_TEXT && x.Type != event.SlotType_CAPTURE {
			return refusal.Of(at+".comparison", "texts alone contain something")
		}
		return checkText(at+".value", c.Value, 1, maxValue)
	case event.Comparison_KNOWN, event.Comparison_UNKNOWN:
		if c.Value != "" {
			return refusal.Of(at+".value", "whether it is known has no value")
		}
		return nil
	}
	return refusal.Of(at+".comparison", "there is no such comparison")
}

// checkValue refuses a value that the slot can never hold.
func (x Slot) checkValue(field, value string) error {
	switch x.Type {
	case event.SlotType_DICTIONARY:
		if !slices.Contains(x.Entries, value) {
			return refusal.Of(field, "the dictionary has no value %q", value)
		}
	case event.SlotType_INTEGER:
		if _, err := strconv.ParseInt(value, 10, 64); err != nil {
			return refusal.Of(field, "%q is no integer", value)
		}
	case event.SlotType_MATCH:
		if value != "true" && value != "false" {
			return refusal.Of(field, "a match is true or false")
		}
	}
	return nil
}
