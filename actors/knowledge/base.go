package knowledge

import (
	"crafttalkd/actors/event"
	"crafttalkd/actors/identifier"
	"crafttalkd/actors/refusal"
)

// A base is the state with what an import brings laid over it: what the entries
// of the import may refer to.
type base struct {
	State
	brought map[string]map[string]event.Event // by kind and id
	names   map[string]map[string]bool        // by kind and key
}

// mark returns what is remembered of an entry of the state.
func (b base) mark(e entry) (m Mark, found bool) {
	switch e.kind {
	case article:
		a, ok := b.Articles[e.id]
		return a.Mark, ok && !a.Gone
	case slot:
		x, ok := b.Slots[e.id]
		return x.Mark, ok
	case articleType:
		x, ok := b.Types[e.id]
		return x.Mark, ok
	}
	return m, false
}

// has reports whether there will be an entry.
func (b base) has(kind, id string) bool {
	if _, ok := b.brought[kind][id]; ok {
		return true
	}
	_, ok := b.mark(entry{kind: kind, id: id})
	return ok
}

// slot returns what conditions need to know of a slot; nil if there is none.
func (b base) slot(id string) *event.Slot {
	if v, ok := b.brought[slot][id].(*event.Slot); ok {
		return v
	}
	known, ok := b.Slots[id]
	if !ok {
		return nil
	}
	x := &event.Slot{SlotId: id, Identifier: known.Name, Type: known.Type}
	for _, e := range known.Entries {
		x.Entries = append(x.Entries, &event.DictionaryEntry{Id: e})
	}
	return x
}

// owner returns which entry has a name and keeps it; "" for none. Two of one
// import that want the same are refused as they are brought.
func (b base) owner(kind, name string) string {
	id := map[string]map[string]string{article: b.ArticleNames, slot: b.SlotNames, articleType: b.TypeNames}[kind][name]
	if _, renamed := b.brought[kind][id]; renamed {
		return ""
	}
	return id
}

// check refuses what an entry can't be.
func (b base) check(v event.Event) error {
	switch v := v.(type) {
	case *event.Article:
		return firstOf(checkID("article_id", v.ArticleId), b.checkName(v, v.Identifier), b.checkArticle(v))
	case *event.Slot:
		return firstOf(checkID("slot_id", v.SlotId), b.checkName(v, v.Identifier), checkSlot(v))
	case *event.ArticleType:
		return firstOf(checkID("type_id", v.TypeId), b.checkName(v, v.Identifier), checkText("name", v.Name, 1, maxName))
	}
	return nil
}

// checkName refuses an identifier that is another's.
func (b base) checkName(v event.Event, name string) error {
	if err := identifier.Check(name); err != nil {
		return err
	}
	e := entryOf(v)
	if id := b.owner(e.kind, e.name); id != "" && id != e.id {
		return refusal.Of("identifier", "the identifier %q belongs to another %s", name, e.kind)
	}
	return nil
}
