package knowledge

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"google.golang.org/protobuf/types/known/timestamppb"

	"crafttalkd/actors/event"
	"crafttalkd/actors/identifier"
	"crafttalkd/actors/refusal"
)

// Decide returns the events that cmd leads to, or refuses it. A change that
// changes nothing leads to none.
func Decide(s State, cmd Command, now time.Time) ([]event.Event, error) {
	at := timestamppb.New(now)
	switch c := cmd.(type) {
	case Put:
		return put(s, c, at)
	case Remove:
		return remove(s, c, at)
	case Restore:
		return restore(s, c, at)
	case Import:
		return importAll(s, c, at)
	}
	return nil, nil
}

var errAuthor = refusal.Of("by", "a change has an author")

func put(s State, c Put, at *timestamppb.Timestamp) ([]event.Event, error) {
	if c.By == "" {
		return nil, errAuthor
	}
	v, err := tidy(c.Entry)
	if err != nil {
		return nil, err
	}
	b := base{State: s}
	e := entryOf(v)
	old, found := b.mark(e)
	switch {
	case found && old.Print == fingerprint(v):
		return nil, nil
	case found && !c.Any && c.Revision != old.Revision:
		return nil, changed(e, c.Revision, old)
	case !found && !c.Any && c.Revision != 0:
		return nil, refusal.New(refusal.NotFound, "there is no %s %q any more", e.kind, e.id)
	}
	if err := b.check(v); err != nil {
		return nil, err
	}
	return []event.Event{fact(s, v, c.By, "", at)}, nil
}

// changed refuses a change that was made from another revision than the last.
func changed(e entry, seen uint64, old Mark) error {
	if seen == 0 {
		return refusal.New(refusal.Conflict, "%s %q is there already", e.kind, e.id)
	}
	return refusal.New(refusal.Conflict, "%s %q was changed by %s at %s", e.kind, e.id, old.By, old.At.UTC().Format(time.RFC3339))
}

// fact is what says that an entry has a new value.
func fact(s State, v event.Event, by, origin string, at *timestamppb.Timestamp) event.Event {
	switch v := v.(type) {
	case *event.Slot:
		return &event.SlotPut{At: at, By: by, Slot: v, Origin: origin}
	case *event.ArticleType:
		return &event.ArticleTypePut{At: at, By: by, Type: v, Origin: origin}
	case *event.Article:
		return &event.ArticlePut{At: at, By: by, Article: v, Revision: s.Articles[v.ArticleId].Revision + 1, Origin: origin}
	}
	return nil
}

// remove takes an entry out. What is not there was taken out before.
func remove(s State, c Remove, at *timestamppb.Timestamp) ([]event.Event, error) {
	if c.By == "" {
		return nil, errAuthor
	}
	e := entry{kind: kindName(c.Kind), id: c.ID}
	b := base{State: s}
	old, found := b.mark(e)
	switch {
	case e.kind == "":
		return nil, refusal.Of("kind", "entries of kind %q can't be removed", c.Kind)
	case !found:
		return nil, nil
	case c.Revision != 0 && c.Revision != old.Revision:
		return nil, changed(e, c.Revision, old)
	}
	if by := users(s, e); len(by) > 0 {
		return nil, refusal.New(refusal.Conflict, "%s %q is in use by %s", e.kind, old.Name, some(by))
	}
	switch e.kind {
	case slot:
		return []event.Event{&event.SlotRemoved{At: at, By: c.By, SlotId: c.ID}}, nil
	case articleType:
		return []event.Event{&event.ArticleTypeRemoved{At: at, By: c.By, TypeId: c.ID}}, nil
	}
	return []event.Event{&event.ArticleRemoved{At: at, By: c.By, ArticleId: c.ID, Revision: old.Revision + 1}}, nil
}

// restore makes what an entry said once what it says now. What it refers to may
// be gone since, and is refused as it would be in an edit.
func restore(s State, c Restore, at *timestamppb.Timestamp) ([]event.Event, error) {
	if c.By == "" {
		return nil, errAuthor
	}
	v, err := tidy(c.Entry)
	if err != nil {
		return nil, err
	}
	e := entryOf(v)
	old, found := base{State: s}.mark(e)
	a := s.Articles[e.id]
	switch {
	case e.kind == article && (c.From == 0 || c.From > a.Revision):
		return nil, refusal.Of("revision", "article %q has no revision %d", e.id, c.From)
	case e.kind == article && c.Revision != 0 && c.Revision != a.Revision:
		return nil, changed(e, c.Revision, a.Mark)
	case found && old.Print == fingerprint(v):
		return nil, nil
	case found && e.kind != article: // the way back is from nothing alone
		return nil, changed(e, 0, old)
	}
	if err := (base{State: s}).check(v); err != nil {
		return nil, err
	}
	return []event.Event{fact(s, v, c.By, fmt.Sprintf("restore:%d", c.From), at)}, nil
}

// The kinds of entries, as refusals call them.
const (
	article     = "article"
	slot        = "slot"
	articleType = "article type"
)

func kindName(kind string) string {
	return map[string]string{"Article": article, "Slot": slot, "ArticleType": articleType}[kind]
}

// An entry is what is known of a value by its kind.
type entry struct{ kind, id, name string }

func entryOf(v event.Event) entry {
	switch v := v.(type) {
	case *event.Article:
		return entry{article, v.ArticleId, identifier.Key(v.Identifier)}
	case *event.Slot:
		return entry{slot, v.SlotId, identifier.Key(v.Identifier)}
	case *event.ArticleType:
		return entry{articleType, v.TypeId, identifier.Key(v.Identifier)}
	}
	return entry{}
}

// users returns what can't do without an entry, such as "article hours", in
// order.
func users(s State, e entry) (by []string) {
	for _, id := range slices.Sorted(maps.Keys(s.Articles)) {
		a := s.Articles[id]
		if a.uses(e) && !(e.kind == article && id == e.id) {
			by = append(by, article+" "+a.Name)
		}
	}
	return by
}

func (a Article) uses(e entry) bool {
	switch e.kind {
	case article:
		return slices.Contains(a.Leads, e.id)
	case slot:
		return slices.Contains(a.Slots, e.id)
	}
	return a.Type == e.id && !a.Gone
}

// some writes a list of names, but not a long one.
func some(names []string) string {
	const most = 5
	if len(names) > most {
		return fmt.Sprintf("%s and %d more", strings.Join(names[:most], ", "), len(names)-most)
	}
	return strings.Join(names, ", ")
}
