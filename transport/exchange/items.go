package exchange

import (
	"cmp"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"crafttalkd/actors/event"
	"crafttalkd/actors/identifier"
	"crafttalkd/actors/knowledge"
	"crafttalkd/actors/survey"
	"crafttalkd/store/view/articles"
)

// Items are the entries of a book as the knowledge base takes them, in the
// order of the file. An entry is the one of its
// identifier, else the one of its id, else a new one, which NewID names. What
// the book refers to is in it, or in the base.
func (b *Book) Items(base *articles.Base, newID func() string) ([]knowledge.Item, error) {
	r := &resolver{base: base, faults: &knowledge.Faults{}, newID: newID,
		types: map[string]string{}, slots: map[string]*event.Slot{}, articles: map[string]string{}}
	r.name(b)
	var out []knowledge.Item
	for _, t := range b.Types {
		out = append(out, knowledge.Item{Line: t.line, Entry: &event.ArticleType{TypeId: r.types[identifier.Key(t.Identifier)],
			Identifier: t.Identifier, Name: t.Name}})
	}
	for _, s := range b.Slots {
		out = append(out, knowledge.Item{Line: s.line, Entry: r.slots[identifier.Key(s.Identifier)]})
	}
	for _, a := range b.Articles {
		item := knowledge.Item{Line: a.line, Entry: r.article(a)}
		for _, n := range a.Answers {
			item.Answers = append(item.Answers, n.line)
		}
		out = append(out, item)
	}
	slices.SortStableFunc(out, func(a, z knowledge.Item) int { return cmp.Compare(a.Line, z.Line) })
	return out, r.faults.Err()
}

// A resolver knows which ids the identifiers of a book stand for.
type resolver struct {
	base     *articles.Base
	faults   *knowledge.Faults
	newID    func() string
	types    map[string]string // by key
	slots    map[string]*event.Slot
	articles map[string]string
}

// name finds the ids of all entries first, for they may refer to later ones.
func (r *resolver) name(b *Book) {
	for _, t := range b.Types {
		id := ""
		if old := r.base.TypeNamed(t.Identifier); old != nil {
			id = old.TypeId
		}
		r.types[r.once(t.line, "type", t.Identifier, r.types[identifier.Key(t.Identifier)] != "")] = r.id(id, t.ID)
	}
	for _, s := range b.Slots {
		id := ""
		if old := r.base.SlotNamed(s.Identifier); old != nil {
			id = old.SlotId
		}
		r.slots[r.once(s.line, "slot", s.Identifier, r.slots[identifier.Key(s.Identifier)] != nil)] = r.slot(s, r.id(id, s.ID))
	}
	for _, a := range b.Articles {
		id := ""
		if old := r.base.ArticleNamed(a.Identifier); old != nil {
			id = old.ArticleId
		}
		r.articles[r.once(a.line, "article", a.Identifier, r.articles[identifier.Key(a.Identifier)] != "")] = r.id(id, a.ID)
	}
}

// once returns the key of an identifier, and notes a fault if it is there twice.
func (r *resolver) once(line int, kind, name string, twice bool) string {
	key := identifier.Key(name)
	if twice && key != "" {
		r.faults.Add(line, "identifier", fmt.Sprintf("%s %q is there twice", kind, name))
	}
	return key
}

// id is the id of an entry: what the base calls it, or the file, or a new one.
func (r *resolver) id(known, told string) string {
	switch {
	case known != "":
		return known
	case told != "":
		return told
	}
	return r.newID()
}

func (r *resolver) slot(s Slot, id string) *event.Slot {
	x := &event.Slot{SlotId: id, Identifier: s.Identifier, Name: s.Name, Class: s.Class, Question: prompt(s.Question), Confirmation: prompt(s.Confirmation),
		Pattern: s.Pattern, Explanation: s.Explanation, Attempts: s.Attempts, Least: s.Least, Most: s.Most}
	x.Type = valueOf(r, slotTypes, s.line, "type", s.Type)
	x.Kind = valueOf(r, slotKinds, s.line, "kind", s.Kind)
	for _, e := range s.Entries {
		x.Entries = append(x.Entries, &event.DictionaryEntry{Id: e.ID, Caption: e.Caption})
	}
	return x
}

func prompt(p *Prompt) *event.Prompt {
	if p == nil {
		return nil
	}
	return &event.Prompt{Text: p.Text, Attachments: attachments(p.Files)}
}

func attachments(files []File) (out []*event.Attachment) {
	for _, f := range files {
		out = append(out, &event.Attachment{AttachmentId: f.ID, Name: f.Name, Mime: f.Mime, Size: f.Size, Blob: f.Blob, Source: f.Source})
	}
	return out
}

// valueOf reads a word for a value of an enum. An empty one is the first value.
func valueOf[E ~int32](r *resolver, names naming[E], line int, field, word string) (value E) {
	if word == "" {
		return 0
	}
	var usual []string
	for v := range E(len(names)) {
		if slices.Contains(names[v], strings.ToLower(word)) {
			return v
		}
		usual = append(usual, names[v][0])
	}
	r.faults.Add(line, field, fmt.Sprintf("%q is not one of %s", word, strings.Join(usual, ", ")))
	return 0
}

func (r *resolver) article(a Article) *event.Article {
	x := &event.Article{ArticleId: r.articles[identifier.Key(a.Identifier)], Identifier: a.Identifier, Title: a.Title, Questions: a.Questions,
		TopicId: a.Topic, Policy: valueOf(r, policies, a.line, "policy", a.Policy)}
	if a.Type != "" {
		x.TypeId = r.typeID(a)
	}
	if p := a.Routing; p != nil {
		x.Routing = &event.Routing{LineId: p.Line, Language: p.Language, Skills: p.Skills, Priority: p.Priority}
	}
	for _, name := range a.Slots {
		if s, ok := r.findSlot(name); ok {
			x.SlotIds = append(x.SlotIds, s.SlotId)
		} else {
			r.faults.Add(a.line, "slots", fmt.Sprintf("there is no slot %q", name))
		}
	}
	taken := map[string]bool{}
	for _, n := range a.Answers {
		taken[n.ID] = true
	}
	for _, n := range a.Answers {
		x.Answers = append(x.Answers, r.answer(n, taken))
	}
	return x
}

func (r *resolver) typeID(a Article) string {
	if id, ok := r.types[identifier.Key(a.Type)]; ok {
		return id
	}
	if t := r.base.TypeNamed(a.Type); t != nil {
		return t.TypeId
	}
	r.faults.Add(a.line, "type", fmt.Sprintf("there is no article type %q", a.Type))
	return ""
}

// findSlot returns the slot of an identifier, as the book says it or the base.
func (r *resolver) findSlot(name string) (*event.Slot, bool) {
	if s := r.slots[identifier.Key(name)]; s != nil {
		return s, true
	}
	if s := r.base.SlotNamed(name); s != nil {
		return s.Slot, true
	}
	return nil, false
}

func (r *resolver) answer(n Answer, taken map[string]bool) *event.Answer {
	x := &event.Answer{AnswerId: n.ID, Text: n.Text, Attachments: attachments(n.Files)}
	for i := 1; x.AnswerId == ""; i++ {
		if id := strconv.Itoa(i); !taken[id] {
			x.AnswerId, taken[id] = id, true
		}
	}
	for _, b := range n.Buttons {
		id, ok := r.articles[identifier.Key(b.Article)]
		if old := r.base.ArticleNamed(b.Article); !ok && old != nil {
			id, ok = old.ArticleId, true
		}
		if !ok {
			r.faults.Add(n.line, "buttons", fmt.Sprintf("there is no article %q", b.Article))
		}
		x.Buttons = append(x.Buttons, &event.ArticleButton{Caption: b.Caption, ArticleId: id})
	}
	if u := n.For; u != nil {
		x.Audience = &event.Audience{CenterIds: u.Centers, LineIds: u.Lines, Skills: u.Skills, Languages: u.Languages}
	}
	var err error
	if x.Conditions, err = survey.Parse(n.Conditions, r.findSlot); err != nil {
		r.faults.Add(n.line, "conditions", err.Error())
	}
	return x
}
