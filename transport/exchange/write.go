package exchange

import (
	"bufio"
	"cmp"
	"encoding/json"
	"io"

	"crafttalkd/actors/event"
	"crafttalkd/actors/survey"
	"crafttalkd/store/view/articles"
)

// A writer knows what the ids of a base are called.
type writer struct{ base *articles.Base }

func (w writer) typeOf(t *articles.Type) Type {
	return Type{ID: t.TypeId, Identifier: t.Identifier, Name: t.Name}
}

func (w writer) slotOf(x *articles.Slot) Slot {
	s := Slot{ID: x.SlotId, Identifier: x.Identifier, Name: x.Name, Class: x.Class, Type: slotTypes[x.Type][0], Kind: slotKinds[x.Kind][0],
		Question: promptOf(x.Question), Confirmation: promptOf(x.Confirmation), Pattern: x.Pattern, Explanation: x.Explanation,
		Attempts: x.Attempts, Least: x.Least, Most: x.Most}
	for _, e := range x.Entries {
		s.Entries = append(s.Entries, Entry{e.Id, e.Caption})
	}
	return s
}

func promptOf(p *event.Prompt) *Prompt {
	if p == nil {
		return nil
	}
	return &Prompt{p.Text, filesOf(p.Attachments)}
}

func filesOf(list []*event.Attachment) (out []File) {
	for _, f := range list {
		out = append(out, File{f.AttachmentId, f.Name, f.Mime, f.Size, f.Blob, f.Source})
	}
	return out
}

func (w writer) articleOf(x *articles.Article) Article {
	a := Article{ID: x.ArticleId, Identifier: x.Identifier, Title: x.Title, Questions: x.Questions, Policy: policies[x.Policy][0], Topic: x.TopicId}
	if t := w.base.Type(x.TypeId); t != nil {
		a.Type = t.Identifier
	}
	if p := x.Routing; p != nil {
		a.Routing = &Routing{p.LineId, p.Language, p.Skills, p.Priority}
	}
	for _, id := range x.SlotIds {
		if s := w.base.Slot(id); s != nil {
			a.Slots = append(a.Slots, s.Identifier)
		}
	}
	for _, n := range x.Answers {
		a.Answers = append(a.Answers, w.answerOf(n))
	}
	return a
}

func (w writer) answerOf(x *event.Answer) Answer {
	n := Answer{ID: x.AnswerId, Text: x.Text, Files: filesOf(x.Attachments), Conditions: survey.Format(x.Conditions, w.slot)}
	for _, b := range x.Buttons {
		name := b.ArticleId
		if a := w.base.Article(b.ArticleId); a != nil {
			name = a.Identifier
		}
		n.Buttons = append(n.Buttons, Button{b.Caption, name})
	}
	if u := x.Audience; u != nil {
		n.For = &Audience{u.CenterIds, u.LineIds, u.Skills, u.Languages}
	}
	return n
}

func (w writer) slot(id string) (*event.Slot, bool) {
	s := w.base.Slot(id)
	if s == nil {
		return nil, false
	}
	return s.Slot, true
}

// WriteJSON writes the base as JSON, entry by entry.
func WriteJSON(to io.Writer, base *articles.Base) error {
	w, out := writer{base}, bufio.NewWriter(to)
	out.WriteString("{\n\"version\": 1")
	err := cmp.Or(
		writeList(out, "types", base.Types(), w.typeOf),
		writeList(out, "slots", base.Slots(), w.slotOf),
		writeList(out, "articles", base.Sorted(articles.ByIdentifier), w.articleOf),
	)
	if err != nil {
		return err
	}
	out.WriteString("\n}\n")
	return out.Flush()
}

// writeList writes a list with an entry a line.
func writeList[M, V any](out *bufio.Writer, name string, list []M, of func(M) V) error {
	out.WriteString(",\n\"" + name + "\": [")
	for i, x := range list {
		b, err := json.Marshal(of(x))
		if err != nil {
			return err
		}
		if i > 0 {
			out.WriteByte(',')
		}
		out.WriteByte('\n')
		if _, err := out.Write(b); err != nil {
			return err
		}
	}
	_, err := out.WriteString("\n]")
	return err
}
