package exchange_test

import (
	"bytes"
	"fmt"
	"math/rand/v2"
	"testing"
	"time"

	"google.golang.org/protobuf/proto"

	"crafttalkd/actors/event"
	"crafttalkd/actors/knowledge"
	"crafttalkd/store/journal"
	"crafttalkd/store/view/articles"
	"crafttalkd/transport/exchange"
)

var now = time.Date(2026, 11, 23, 9, 0, 0, 0, time.UTC)

// baseOf puts entries into an empty knowledge base.
func baseOf(t testing.TB, items []knowledge.Item) (*articles.Base, []event.Event) {
	t.Helper()
	events, err := knowledge.Decide(knowledge.State{}, knowledge.Import{By: "anna", Items: items}, now)
	if err != nil {
		t.Fatalf("%v, of %v", err, items)
	}
	var entries []journal.Entry
	for i, e := range events {
		entries = append(entries, journal.Entry{Version: uint64(i + 1), Event: e})
	}
	return articles.Of(entries...), events
}

// values are the entries of events, by kind and id.
func values(events []event.Event) map[string]proto.Message {
	out := map[string]proto.Message{}
	for _, e := range events {
		switch e := e.(type) {
		case *event.ArticlePut:
			out["article "+e.Article.ArticleId] = e.Article
		case *event.SlotPut:
			out["slot "+e.Slot.SlotId] = e.Slot
		case *event.ArticleTypePut:
			out["type "+e.Type.TypeId] = e.Type
		}
	}
	return out
}

// formats are how a base can be written and read.
var formats = map[string]struct {
	write func(*bytes.Buffer, *articles.Base) error
	read  func([]byte) (*exchange.Book, error)
}{
	"json":      {func(b *bytes.Buffer, x *articles.Base) error { return exchange.WriteJSON(b, x) }, exchange.ReadJSON},
	"csv":       {func(b *bytes.Buffer, x *articles.Base) error { return exchange.WriteCSV(b, x, ',') }, exchange.ReadCSV},
	"semicolon": {func(b *bytes.Buffer, x *articles.Base) error { return exchange.WriteCSV(b, x, ';') }, exchange.ReadCSV},
}

// proves KB-01: what is handed out and taken into an empty knowledge base is
// equal, down to the ids, whatever people have written in it.
func TestKB01_RoundTrip(t *testing.T) {
	for seed := range uint64(300) {
		base, want := baseOf(t, (&author{rand.New(rand.NewPCG(seed, 1))}).items())
		for name, f := range formats {
			var file bytes.Buffer
			if err := f.write(&file, base); err != nil {
				t.Fatal(err)
			}
			book, err := f.read(file.Bytes())
			if err != nil {
				t.Fatalf("seed %d, %s: %v\n%s", seed, name, err, file.Bytes())
			}
			items, err := book.Items(articles.Of(), func() string { return "made-up" })
			if err != nil {
				t.Fatalf("seed %d, %s: %v\n%s", seed, name, err, file.Bytes())
			}
			_, got := baseOf(t, items)
			differ(t, fmt.Sprintf("seed %d, %s", seed, name), values(got), values(want))
			if again, err := book.Items(base, func() string { return "made-up" }); err != nil || len(again) != len(items) {
				t.Errorf("seed %d, %s: into the same base: %v", seed, name, err)
			}
		}
	}
}

// differ fails for each entry that is not the same.
func differ(t *testing.T, what string, got, want map[string]proto.Message) {
	t.Helper()
	for id := range got {
		if want[id] == nil {
			t.Errorf("%s: %s was not there before", what, id)
		}
	}
	for id := range want {
		if !proto.Equal(got[id], want[id]) {
			t.Errorf("%s: %s is\n%v\nwant\n%v", what, id, got[id], want[id])
		}
	}
}

// An author writes whatever a knowledge base takes.
type author struct{ *rand.Rand }

func (a *author) items() []knowledge.Item {
	var out []event.Event
	var slots []*event.Slot
	types, articles := a.IntN(3), 1+a.IntN(4)
	for i := range types {
		out = append(out, &event.ArticleType{TypeId: fmt.Sprint("t", i), Identifier: fmt.Sprint("Тип-", i), Name: "Имя " + a.word()})
	}
	for i := range a.IntN(5) {
		slots = append(slots, a.slot(i))
		out = append(out, slots[i])
	}
	for i := range articles {
		out = append(out, a.article(i, articles, types, slots))
	}
	var items []knowledge.Item
	for i, v := range out {
		items = append(items, knowledge.Item{Line: i + 1, Entry: v})
	}
	return items
}

// texts are what files stumble over.
var texts = []string{"Здравствуйте!", "=1+1", "'=1", "'quoted", "''", "+7 (XXX)", "-", "@you", `say "hi"`, "a, b; c\td", "one\ntwo\n\nthree", "win\r\ndows\rmac",
	" spaced ", `{"id":"x"}`, "{value}", "caption -> where", "id = caption", "ёЁ", "\ufeff", "#no comment", "<b>", "👍🏽", `\n`, `back\slash`, "https://a.example b"}

func (a *author) word() string { return texts[a.IntN(len(texts))] }
func (a *author) text() string { return "x" + a.word() + a.word() }

func some[V any](a *author, most int, make func(int) V) (out []V) {
	for i := range a.IntN(most + 1) {
		out = append(out, make(i))
	}
	return out
}

func (a *author) slot(i int) *event.Slot {
	x := &event.Slot{SlotId: fmt.Sprint("s", i), Identifier: fmt.Sprint("slot.", i), Name: a.word(), Type: event.SlotType(a.IntN(6)),
		Kind: event.SlotKind(a.IntN(2)), Explanation: a.word(), Attempts: int32(a.IntN(4)), Question: a.prompt(), Confirmation: a.prompt()}
	switch x.Type {
	case event.SlotType_DICTIONARY:
		x.Entries = append(x.Entries, &event.DictionaryEntry{Id: "0", Caption: a.text()})
		x.Entries = append(x.Entries, some(a, 2, func(i int) *event.DictionaryEntry {
			return &event.DictionaryEntry{Id: fmt.Sprint("a = {", i, a.word()), Caption: fmt.Sprint(i, a.text())}
		})...)
	case event.SlotType_CAPTURE, event.SlotType_MATCH:
		x.Pattern = []string{`^=?(\d+)$`, "a|b\r\nc", `\bда\b`, "-{2,3}"}[a.IntN(4)]
	case event.SlotType_PHONE:
		x.Pattern = []string{"", "+7 (XXX) XXX-XX-XX"}[a.IntN(2)]
	case event.SlotType_INTEGER:
		if a.IntN(2) == 0 {
			x.Least, x.Most = proto.Int64(-5), proto.Int64(int64(a.IntN(9)))
		}
	}
	return x
}

func (a *author) prompt() *event.Prompt {
	if a.IntN(2) == 0 {
		return nil
	}
	return &event.Prompt{Text: a.word(), Attachments: a.files()}
}

func (a *author) files() []*event.Attachment {
	return some(a, 2, func(int) *event.Attachment {
		if a.IntN(2) == 0 {
			return &event.Attachment{Name: a.word(), Source: "https://bank.example/" + fmt.Sprint(a.IntN(9))}
		}
		return &event.Attachment{AttachmentId: "f", Name: a.word(), Mime: "text/plain; charset=utf-8", Size: int64(a.IntN(1e6)), Blob: fmt.Sprintf("%064x", a.Uint64())}
	})
}

func (a *author) article(i, of, types int, slots []*event.Slot) *event.Article {
	x := &event.Article{ArticleId: fmt.Sprint("a", i), Identifier: fmt.Sprint("Статья_", i), Title: a.word(), Policy: event.AnswerPolicy(a.IntN(3)),
		Questions: some(a, 3, func(i int) string { return fmt.Sprint(i, " ", a.text()) })}
	if types > 0 {
		x.TypeId = fmt.Sprint("t", a.IntN(types))
	}
	if a.IntN(3) == 0 {
		x.Routing = &event.Routing{LineId: []string{"", "доставка"}[a.IntN(2)], Language: []string{"", "ru"}[a.IntN(2)],
			Skills: some(a, 2, func(i int) string { return fmt.Sprint("skill-", i) }), Priority: int32(a.IntN(3) - 1)}
		x.TopicId = "topic_1"
	}
	for _, s := range slots {
		if a.IntN(2) == 0 {
			x.SlotIds = append(x.SlotIds, s.SlotId)
		}
	}
	x.Answers = some(a, 3, func(n int) *event.Answer { return a.answer(n, of, slots) })
	return x
}

func (a *author) answer(n, of int, slots []*event.Slot) *event.Answer {
	x := &event.Answer{AnswerId: fmt.Sprint("n", n), Text: a.text(), Attachments: a.files(),
		Buttons: some(a, 2, func(int) *event.ArticleButton {
			return &event.ArticleButton{Caption: a.text(), ArticleId: fmt.Sprint("a", a.IntN(of))}
		})}
	if a.IntN(4) == 0 {
		x.Text, x.Attachments, x.Buttons = " /redirect weatherbot\n", nil, nil
	}
	if a.IntN(2) == 0 {
		x.Audience = &event.Audience{CenterIds: some(a, 2, func(i int) string { return fmt.Sprint("c", i) }),
			LineIds: some(a, 1, func(i int) string { return fmt.Sprint("l", i) }), Languages: some(a, 1, func(int) string { return "pt-BR" })}
	}
	if len(slots) > 0 {
		x.Conditions = some(a, 2, func(int) *event.ConditionSet {
			return &event.ConditionSet{All: []*event.Condition{a.condition(slots), a.condition(slots)}}
		})
	}
	return x
}

func (a *author) condition(slots []*event.Slot) *event.Condition {
	s := slots[a.IntN(len(slots))]
	c := &event.Condition{SlotId: s.SlotId, Comparison: event.Comparison([]int{0, 1, 5, 6}[a.IntN(4)])}
	if c.Comparison > 1 {
		return c
	}
	switch s.Type {
	case event.SlotType_DICTIONARY:
		c.Value = "0"
	case event.SlotType_INTEGER:
		c.Value, c.Comparison = "-3", event.Comparison(a.IntN(4))
	case event.SlotType_MATCH:
		c.Value = "true"
	case event.SlotType_PHONE:
		c.Value = "+79990001122"
	default:
		c.Value, c.Comparison = a.text(), []event.Comparison{event.Comparison_EQUAL, event.Comparison_CONTAINS}[a.IntN(2)]
	}
	return c
}
