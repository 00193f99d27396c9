package rest

import (
	"crafttalkd/actors/event"
	"crafttalkd/store/view/articles"
)

// SlotFields are what may be said of a slot.
type SlotFields struct {
	Identifier   string                            `json:"identifier" need:"yes"`
	Name         string                            `json:"name"`
	Class        string                            `json:"class" doc:"slots of one class share what is known; empty stands for the identifier"`
	Type         slotType                          `json:"type" doc:"TEXT if left out"`
	Kind         slotKind                          `json:"kind" doc:"ASKED if left out"`
	Question     *Message[*event.Prompt]           `json:"question,omitempty"`
	Confirmation *Message[*event.Prompt]           `json:"confirmation,omitempty" doc:"asked instead when the value is known already; {value} is it"`
	Entries      []Message[*event.DictionaryEntry] `json:"entries" doc:"of a dictionary"`
	Pattern      string                            `json:"pattern" doc:"RE2 of CAPTURE and MATCH; a mask of a PHONE, such as +7 (XXX) XXX-XX-XX"`
	Explanation  string                            `json:"explanation" doc:"said when the customer's input does not fit; empty says the usual"`
	Attempts     int32                             `json:"attempts" doc:"how many inputs are listened to; 0 stands for 3"`
	Least        *int64                            `json:"least,omitempty" doc:"of an integer"`
	Most         *int64                            `json:"most,omitempty"`
}

// A slotType and a slotKind are called as the journal's vocabulary calls them.
type (
	slotType string
	slotKind string
)

func (slotType) describe(*schemas) schema {
	return schema{"type": "string", "enum": enumNames(event.SlotType(0).Descriptor())}
}

func (slotKind) describe(*schemas) schema {
	return schema{"type": "string", "enum": enumNames(event.SlotKind(0).Descriptor())}
}

// PutSlot is a slot as it is put.
type PutSlot struct {
	SlotFields
	Revised
}

// Slot is a slot as it is shown. Manual: Опросы.
type Slot struct {
	SlotID string `json:"slot_id"`
	SlotFields
	KnowledgeMark
}

var slotShelf = shelf[PutSlot, Slot]{
	name: "slots", kind: "Slot",
	build: func(c *call, id string, in PutSlot) (event.Event, error) {
		return buildSlot(c, id, in.SlotFields)
	},
	find: func(b *articles.Base, id string) (Slot, uint64) {
		x := b.Slot(id)
		if x == nil {
			return Slot{}, 0
		}
		return slotOf(x), x.Revision
	},
}

func buildSlot(c *call, id string, in SlotFields) (event.Event, error) {
	x := &event.Slot{SlotId: id, Identifier: in.Identifier, Name: in.Name, Class: in.Class,
		Type: event.SlotType(event.SlotType_value[string(in.Type)]), Kind: event.SlotKind(event.SlotKind_value[string(in.Kind)]),
		Question: orNone(in.Question), Confirmation: orNone(in.Confirmation), Entries: opened(in.Entries), Pattern: in.Pattern,
		Explanation: in.Explanation, Attempts: in.Attempts, Least: in.Least, Most: in.Most}
	return x, checkFilesOf(x, c.keptSize)
}

func slotOf(x *articles.Slot) Slot {
	return Slot{x.SlotId, SlotFields{Identifier: x.Identifier, Name: x.Name, Class: x.Class, Type: slotType(x.Type.String()), Kind: slotKind(x.Kind.String()),
		Question: wrap(x.Question), Confirmation: wrap(x.Confirmation), Entries: wrapped(x.Entries), Pattern: x.Pattern,
		Explanation: x.Explanation, Attempts: x.Attempts, Least: x.Least, Most: x.Most}, knowledgeMark(x.Mark)}
}

func (c *call) listSlots() (List[Slot], error) {
	out := List[Slot]{Items: []Slot{}}
	for _, x := range c.knowledge().Slots() {
		out.Items = append(out.Items, slotOf(x))
	}
	return out, nil
}
