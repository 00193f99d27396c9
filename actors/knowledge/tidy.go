package knowledge

import (
	"strings"

	"google.golang.org/protobuf/proto"

	"crafttalkd/actors/event"
	"crafttalkd/actors/identifier"
	"crafttalkd/actors/refusal"
)

// tidy returns a copy of an entry as it is kept: identifiers composed, names in
// one line, lines that end as ours do, and nothing that says nothing. So the
// same entry is the same whichever way it came: by hand, or through a file.
func tidy(v event.Event) (event.Event, error) {
	if v == nil || !v.ProtoReflect().IsValid() {
		return nil, refusal.New(refusal.Invalid, "there is nothing to keep")
	}
	if _, err := proto.Marshal(v); err != nil {
		return nil, refusal.New(refusal.Invalid, "the text is not UTF-8")
	}
	switch v := v.(type) {
	case *event.Article:
		return tidyArticle(proto.CloneOf(v)), nil
	case *event.Slot:
		return tidySlot(proto.CloneOf(v)), nil
	case *event.ArticleType:
		x := proto.CloneOf(v)
		x.Identifier, x.Name = identifier.Tidy(x.Identifier), oneLine(x.Name)
		return x, nil
	}
	return nil, refusal.New(refusal.Invalid, "the knowledge base keeps no such thing")
}

func tidyArticle(a *event.Article) *event.Article {
	a.Identifier, a.Title = identifier.Tidy(a.Identifier), oneLine(a.Title)
	for i, q := range a.Questions {
		a.Questions[i] = oneLine(q)
	}
	if proto.Size(a.Routing) == 0 {
		a.Routing = nil
	}
	for _, x := range a.Answers {
		x.Text = ownLines(x.Text)
		tidyFiles(x.Attachments)
		for _, b := range x.Buttons {
			b.Caption = oneLine(b.Caption)
		}
		if proto.Size(x.Audience) == 0 {
			x.Audience = nil
		}
		for _, set := range x.Conditions {
			for _, c := range set.All {
				c.Value = ownLines(c.Value)
			}
		}
	}
	return a
}

func tidySlot(x *event.Slot) *event.Slot {
	x.Identifier, x.Name, x.Class = identifier.Tidy(x.Identifier), oneLine(x.Name), identifier.Tidy(x.Class)
	x.Question, x.Confirmation = tidyPrompt(x.Question), tidyPrompt(x.Confirmation)
	x.Pattern, x.Explanation = ownLines(x.Pattern), ownLines(x.Explanation)
	for _, e := range x.Entries {
		e.Id, e.Caption = oneLine(e.Id), oneLine(e.Caption)
	}
	return x
}

func tidyPrompt(p *event.Prompt) *event.Prompt {
	if proto.Size(p) == 0 {
		return nil
	}
	p.Text = ownLines(p.Text)
	tidyFiles(p.Attachments)
	return p
}

func tidyFiles(list []*event.Attachment) {
	for _, f := range list {
		f.Name, f.Mime, f.AttachmentId = oneLine(f.Name), oneLine(f.Mime), oneLine(f.AttachmentId)
	}
}

// oneLine is a text without line breaks, and with single blanks between words.
func oneLine(text string) string { return strings.Join(strings.Fields(text), " ") }

// ownLines is a text whose lines end as ours do.
func ownLines(text string) string {
	return strings.NewReplacer("\r\n", "\n", "\r", "\n").Replace(text)
}
