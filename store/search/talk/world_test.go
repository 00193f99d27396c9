package talk

import (
	"context"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/cockroachdb/pebble/v2/vfs"
	"google.golang.org/protobuf/types/known/timestamppb"

	"crafttalkd/actors/event"
	"crafttalkd/store"
	"crafttalkd/store/journal"
	"crafttalkd/store/keys"
	"crafttalkd/store/pebblestore"
	"crafttalkd/store/search/lexis"
)

// A world is a journal with conversations, the index of them, and what a plain
// scan would read.
type world struct {
	t       testing.TB
	rand    *rand.Rand
	engine  *pebblestore.Store
	ring    *keys.Ring
	journal *journal.Journal
	dir     string
	index   *Index
	running sync.WaitGroup
	cancel  context.CancelFunc
	talks   []*talked
	now     time.Time
}

// A talked is a conversation as a plain scan reads it.
type talked struct {
	id     string
	opened time.Time
	closed bool
	lines  []Line
}

var secret = []byte("a key of thirty-two bytes or more")

func newWorld(t testing.TB, seed uint64) *world {
	engine, err := pebblestore.Open("db", pebblestore.Options{FS: vfs.NewMem()})
	if err != nil {
		t.Fatal(err)
	}
	w := &world{t: t, rand: rand.New(rand.NewPCG(seed, 7)), engine: engine, ring: keys.NewRing(keys.NewMaster(), engine),
		dir: t.TempDir(), now: time.Date(2026, 1, 29, 20, 0, 0, 0, time.UTC)}
	if w.journal, err = journal.Open(engine, w.ring); err != nil {
		t.Fatal(err)
	}
	return w
}

// follow opens the index and has it follow; stop ends that.
func (w *world) follow(f fault) {
	x, err := Open(w.dir, secret, w.journal)
	if err != nil {
		w.t.Fatal(err)
	}
	x.fault, x.clerk.fault = f, f
	x.few = []int{0, 5, mostAtOnce}[w.rand.IntN(3)] // so that all ways of asking are tried
	x.names = []int{0, mostNames}[w.rand.IntN(2)]
	w.index = x
	ctx, cancel := context.WithCancel(context.Background())
	w.cancel = cancel
	w.running.Go(func() {
		if err := x.Follow(ctx); err != nil {
			w.t.Error(err)
		}
	})
}

// stop closes the journal and the index, and opens the journal again.
func (w *world) stop() {
	w.journal.Close()
	w.running.Wait()
	w.cancel()
	if err := w.index.Close(); err != nil {
		w.t.Error(err)
	}
	var err error
	if w.journal, err = journal.Open(w.engine, w.ring); err != nil {
		w.t.Fatal(err)
	}
}

// end ends the world.
func (w *world) end() {
	w.journal.Close()
	if err := w.engine.Close(); err != nil {
		w.t.Error(err)
	}
}

// settle lets the index hear of everything. It is for a bubble.
func (w *world) settle() {
	synctest.Wait()
	time.Sleep(2 * gather)
	synctest.Wait()
}

func (w *world) say(id string, events ...event.Event) {
	w.t.Helper()
	stream := event.ConversationStream + id
	n, err := w.journal.Version(stream)
	if err != nil {
		w.t.Fatal(err)
	}
	done := make(chan error, 1)
	w.journal.Append(journal.Append{Stream: stream, Expect: n, Events: events}, func(_ store.Receipt, err error) { done <- err })
	if err := <-done; err != nil {
		w.t.Fatal(err)
	}
}

// vocabulary is what people say here: forms of few words, so that they meet.
var vocabulary = strings.Fields(`заказ заказа заказы Ёлка елку карта карты лимит доставка доставку вернуть возврат деньги
	order orders ordered delivery card limit 1001 1002 не и где мой`)

func (w *world) text() string {
	var out []string
	for range 1 + w.rand.IntN(6) {
		out = append(out, vocabulary[w.rand.IntN(len(vocabulary))])
	}
	return strings.Join(out, []string{" ", ", ", "-"}[w.rand.IntN(3)])
}

// open opens a conversation, in which something is said, and maybe closes it.
func (w *world) open(customer string) *talked {
	w.now = w.now.Add(time.Duration(w.rand.IntN(30)) * time.Hour)
	n := 1 + len(slices.DeleteFunc(slices.Clone(w.talks), func(c *talked) bool { return !strings.HasPrefix(c.id, customer+".") }))
	c := &talked{id: fmt.Sprintf("%s.%d", customer, n), opened: w.now}
	w.talks = append(w.talks, c)
	w.say(c.id, &event.ConversationOpened{At: timestamppb.New(w.now), ConversationId: c.id, CustomerId: customer})
	for range 1 + w.rand.IntN(4) {
		w.more(c)
	}
	if w.rand.IntN(4) > 0 {
		w.close(c)
	}
	return c
}

func (w *world) close(c *talked) {
	c.closed = true
	w.say(c.id, &event.ConversationClosed{At: timestamppb.New(w.now.Add(time.Hour)), CustomerId: "x"})
}

// more has something said in a conversation.
func (w *world) more(c *talked) {
	text, id := w.text(), fmt.Sprintf("m%d", len(c.lines))
	content := &event.Content{Text: text}
	c.lines = append(c.lines, Line{Message: id, Text: text})
	switch w.rand.IntN(5) {
	case 0:
		w.say(c.id, &event.MessageSent{MessageId: id, OperatorId: "oleg", Content: content})
	case 1:
		w.say(c.id, &event.NoteAdded{NoteId: id, OperatorId: "oleg", Text: text})
	case 2:
		name := w.text()
		c.lines = append(c.lines, Line{Message: id + "f", Text: name})
		content.Attachments = []*event.Attachment{{AttachmentId: "a", Name: name}}
		w.say(c.id, &event.MessageReceived{MessageId: id, Content: content})
	default:
		w.say(c.id, &event.MessageReceived{MessageId: id, Content: content})
	}
}

// later has something happen to a conversation that may be closed.
func (w *world) later(c *talked) {
	switch w.rand.IntN(4) {
	case 0:
		text := w.text()
		c.lines = append(c.lines, Line{Message: fmt.Sprint("r", len(c.lines)), Text: text})
		w.say(c.id, &event.RatingGiven{Rating: 5, Comment: text})
	case 1:
		for i := range c.lines {
			if id := c.lines[i].Message; strings.HasPrefix(id, "m") && !strings.HasSuffix(id, "f") {
				text := w.text()
				c.lines[i].Text = text
				c.lines = slices.DeleteFunc(c.lines, func(l Line) bool { return l.Message == id+"f" })
				w.say(c.id, &event.MessageEdited{MessageId: id, Content: &event.Content{Text: text}, Files: true})
				return
			}
		}
	case 2:
		if !c.closed {
			w.close(c)
		}
	default:
		w.say(c.id, &event.TopicSet{TopicId: "fees"})
	}
}

// A question is what somebody types, and what a plain scan makes of it.
type question struct {
	text string
	has  func(*talked) bool
}

func (w *world) question() question {
	var parts []string
	var rules []func(*talked) bool
	for range 1 + w.rand.IntN(3) {
		not := w.rand.IntN(4) == 0
		text, rule := w.part()
		if not {
			yes := rule
			text, rule = "-"+text, func(c *talked) bool { return !yes(c) }
		}
		parts, rules = append(parts, text), append(rules, rule)
	}
	return question{strings.Join(parts, " "), func(c *talked) bool {
		return !slices.ContainsFunc(rules, func(rule func(*talked) bool) bool { return !rule(c) })
	}}
}

// part is a word, or a phrase that somebody may have said.
func (w *world) part() (string, func(*talked) bool) {
	if w.rand.IntN(3) > 0 {
		word := vocabulary[w.rand.IntN(len(vocabulary))]
		want := lexis.Stem(lexis.Fold(word))
		return word, func(c *talked) bool {
			for _, l := range c.lines {
				for _, one := range lexis.Of(l.Text) {
					if one.Stem == want {
						return true
					}
				}
			}
			return false
		}
	}
	words := lexis.Of(w.talks[w.rand.IntN(len(w.talks))].lines[0].Text)
	from := w.rand.IntN(len(words))
	words = words[from:min(len(words), from+1+w.rand.IntN(3))]
	var row []string
	for _, one := range words {
		row = append(row, one.Fold)
	}
	if w.rand.IntN(4) == 0 {
		row = append(row, lexis.Fold(vocabulary[w.rand.IntN(len(vocabulary))]))
	}
	phrase := strings.Join(row, " ")
	return "«" + phrase + "»", func(c *talked) bool {
		for _, l := range c.lines {
			var said []string
			for _, one := range lexis.Of(l.Text) {
				said = append(said, one.Fold)
			}
			if strings.Contains(" "+strings.Join(said, " ")+" ", " "+phrase+" ") {
				return true
			}
		}
		return false
	}
}

// rows are the closed conversations, the latest first.
func (w *world) rows() []*talked {
	out := slices.DeleteFunc(slices.Clone(w.talks), func(c *talked) bool { return !c.closed })
	slices.SortFunc(out, func(a, b *talked) int { return b.opened.Compare(a.opened) })
	return out
}

// differs asks the index and the scan, of rows that the asker sees, and tells
// where they differ.
func (w *world) differs(questions int) string {
	found := 0
	for range questions {
		q := w.question()
		seen := slices.DeleteFunc(w.rows(), func(*talked) bool { return w.rand.IntN(3) == 0 })
		words, err := Parse(q.text)
		if err != nil {
			return err.Error()
		}
		var got, want []string
		for c, err := range Among(context.Background(), w.index, words, slices.Values(seen), place) {
			if err != nil {
				return fmt.Sprintf("%q: %v", q.text, err)
			}
			got = append(got, c.id)
		}
		for _, c := range seen {
			if q.has(c) {
				want = append(want, c.id)
			}
		}
		if found += len(want); !slices.Equal(got, want) {
			return fmt.Sprintf("%q: %v, want %v", q.text, got, want)
		}
	}
	if found < questions {
		return fmt.Sprintf("%d questions find %d conversations: the test is blind", questions, found)
	}
	return ""
}

func stamp(at time.Time) *timestamppb.Timestamp { return timestamppb.New(at) }

func place(c *talked) (string, time.Time) { return c.id, c.opened }
