package lessons

import (
	"bytes"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"google.golang.org/protobuf/types/known/timestamppb"

	"crafttalkd/actors/event"
	"crafttalkd/store/journal/journaltest"
)

// A world is a journal and a view of it that follows when it is told to.
type world struct {
	t testing.TB
	*journaltest.Stage
	view  *View
	fault fault
	now   time.Time
	told  []Lesson            // by the last follow
	sent  map[string][]string // choices, by conversation
}

func newWorld(t testing.TB, f fault) *world {
	w := &world{t: t, Stage: journaltest.New(t), fault: f, sent: map[string][]string{}, now: time.Date(2026, 3, 1, 9, 0, 0, 0, time.UTC)}
	w.open()
	return w
}

// open begins a view as a new process does.
func (w *world) open() {
	w.t.Helper()
	v, err := Open(w.Journal, w.Engine, w.Ring)
	if err != nil {
		w.t.Fatal(err)
	}
	v.fault, w.view = w.fault, v
	v.Tell(func(l []Lesson) { w.told = append(w.told, l...) })
	w.Begin(name)
}

// follow brings the view up to the journal.
func (w *world) follow() {
	w.t.Helper()
	w.told = nil
	w.Follow(w.view.take)
}

// say journals facts of a conversation, and waits until they are on disk.
func (w *world) say(conversation string, events ...event.Event) {
	w.t.Helper()
	w.Say(event.ConversationStream+conversation, events...)
}

func (w *world) at() *timestamppb.Timestamp {
	w.now = w.now.Add(time.Second)
	return timestamppb.New(w.now)
}

func (w *world) writes(conversation, id, text string) {
	w.say(conversation, &event.MessageReceived{At: w.at(), MessageId: id, Content: &event.Content{Text: text}})
}

// chooses lets an operator answer with an article.
func (w *world) chooses(conversation, about, text, article string) {
	sent := "re-" + about + "-" + article
	w.sent[conversation] = append(w.sent[conversation], sent)
	w.say(conversation,
		&event.AnswerChosen{At: w.at(), About: about, Text: text, ArticleId: article, OperatorId: "oleg", MessageId: sent, Rank: 2, Probability: .4, Shown: []string{"x", article}},
		&event.MessageSent{At: w.at(), MessageId: sent, OperatorId: "oleg", Content: &event.Content{Text: "answer"}, ArticleId: article})
}

// known are the lessons that count, each as a line.
func (w *world) known() (out []string) {
	w.t.Helper()
	w.follow()
	for l, err := range w.view.All() {
		if err != nil {
			w.t.Fatal(err)
		}
		out = append(out, fmt.Sprintf("%s %s %q -> %s", l.Kind, l.Message, l.Text, l.Article))
	}
	slices.Sort(out)
	return out
}

func (w *world) want(lines ...string) {
	w.t.Helper()
	if got := w.known(); !slices.Equal(got, lines) {
		w.t.Errorf("known are\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(lines, "\n"))
	}
}

// proves KB-12, BT-05: what an operator chose is a lesson, unless it never left.
func TestChoices(t *testing.T) {
	w := newWorld(t, none)
	w.chooses("anna.1", "m1", "where is my card", "card")
	w.want(`chosen m1 "where is my card" -> card`)
	if len(w.told) != 1 || w.told[0].Rank != 2 || w.told[0].Conversation != "anna.1" || w.told[0].Customer() != "anna" || w.told[0].By != "oleg" {
		t.Errorf("told was %+v", w.told)
	}
	w.say("anna.1", &event.MessageFailed{At: w.at(), MessageId: "re-m1-card"}, &event.MessageFailed{At: w.at(), MessageId: "another"})
	w.want()
	w.say("anna.1", &event.MessageRetried{At: w.at(), MessageId: "re-m1-card"})
	w.want(`chosen m1 "where is my card" -> card`)
	w.chooses("anna.1", "m1", "where is my card", "delivery")
	w.want(`chosen m1 "where is my card" -> delivery`)
	w.say("anna.1", &event.AnswerRejected{At: w.at(), About: "m1", Text: "where is my card", ArticleId: "delivery"},
		&event.AnswerRejected{At: w.at(), About: "m1", Text: "where is my card", ArticleId: "loans"})
	w.want(`chosen m1 "where is my card" -> delivery`, `rejected m1 "where is my card" -> loans`)
}

// proves BT-06: a label goes before a choice, and can be taken off.
func TestLabels(t *testing.T) {
	w := newWorld(t, none)
	w.chooses("anna.1", "m1", "where is my card", "card")
	w.say("anna.1", &event.MessageLabelled{At: w.at(), MessageId: "m1", Text: "where is my card", ArticleId: "delivery", By: "vera"})
	w.want(`labelled m1 "where is my card" -> delivery`)
	w.say("anna.1", &event.MessageLabelled{At: w.at(), MessageId: "m1", Text: "where is my card", By: "vera"})
	w.want(`labelled m1 "where is my card" -> `)
	w.say("anna.1", &event.MessageLabelled{At: w.at(), MessageId: "m1", Cleared: true, By: "vera"})
	w.want(`chosen m1 "where is my card" -> card`)
}

// proves BT-06: a reviewed conversation teaches what needs no article, and that
// the bot was right where nobody said otherwise.
func TestReviewed(t *testing.T) {
	w := newWorld(t, none)
	w.writes("anna.1", "m1", "hello")
	w.writes("anna.1", "m2", "my card is lost")
	w.say("anna.1", &event.MessageSent{At: w.at(), MessageId: "a1", AgentId: "bot", ArticleId: "lost"})
	w.writes("anna.1", "m3", "and the quality poll")
	w.say("anna.1", &event.SurveyBegun{At: w.at(), About: "m3", AgentId: "bot", Survey: &event.Survey{SurveyId: "s1", ArticleId: "poll"}},
		&event.SlotAsked{At: w.at(), SurveyId: "s1", SlotId: "speed", MessageId: "q1"})
	w.writes("anna.1", "m4", "good")
	w.say("anna.1", &event.SlotFilled{At: w.at(), SurveyId: "s1", SlotId: "speed", MessageId: "m4", Value: "good"},
		&event.SlotFilled{At: w.at(), SlotId: "model", MessageId: "m1", Value: "x", Inferred: true},
		&event.MessageSent{At: w.at(), MessageId: "a2", AgentId: "bot", ArticleId: "poll", SurveyId: "s1"},
		&event.MessageReceived{At: w.at(), MessageId: "m5", Content: &event.Content{Text: "Menu", Pressed: &event.Button{Value: "article:menu"}}},
		&event.MessageReceived{At: w.at(), MessageId: "m6", Content: &event.Content{Text: "I am away"}, Automatic: true},
		&event.MessageReceived{At: w.at(), MessageId: "m7", Content: &event.Content{Text: "oops"}}, &event.MessageRemoved{At: w.at(), MessageId: "m7"})
	w.writes("anna.1", "m8", "the commission is wrong")
	w.chooses("anna.1", "m8", "the commission is wrong", "fees")
	w.want(`chosen m8 "the commission is wrong" -> fees`)
	w.say("anna.1", &event.ConversationReviewed{At: w.at(), By: "vera"})
	all := []string{`chosen m8 "the commission is wrong" -> fees`, `confirmed m2 "my card is lost" -> lost`,
		`confirmed m3 "and the quality poll" -> poll`, `nothing m1 "hello" -> `}
	w.want(all...)
	w.open() // a new process goes on
	w.want(all...)
	w.say("anna.1", &event.MessageLabelled{At: w.at(), MessageId: "m2", Text: "my card is lost", ArticleId: "block", By: "vera"},
		&event.ConversationReviewed{At: w.at(), By: "vera", Undone: true})
	w.want(`chosen m8 "the commission is wrong" -> fees`, `labelled m2 "my card is lost" -> block`)
}

// proves G13: the lessons are made anew of the journal, whatever came in which
// order, and reading a batch twice changes nothing.
func TestG13_LessonsAreMadeAnew(t *testing.T) {
	w := newWorld(t, none)
	r := rand.New(rand.NewPCG(7, 1))
	for i := range 300 {
		conv, m := fmt.Sprintf("p%d.1", r.IntN(20)), fmt.Sprintf("m%d", r.IntN(5))
		text, article := "text of "+conv+m, fmt.Sprintf("a%d", r.IntN(3))
		switch r.IntN(7) {
		case 0, 1:
			w.writes(conv, fmt.Sprintf("%s-%d", m, i), text)
		case 2:
			w.chooses(conv, m, text, fmt.Sprintf("a%d", i))
		case 3:
			w.say(conv, &event.MessageLabelled{At: w.at(), MessageId: m, Text: text, ArticleId: article, Cleared: r.IntN(3) == 0})
		case 4:
			w.say(conv, &event.AnswerRejected{At: w.at(), About: m, Text: text, ArticleId: article})
		case 5:
			for _, sent := range w.sent[conv] {
				w.say(conv, &event.MessageFailed{At: w.at(), MessageId: sent})
			}
		case 6:
			w.say(conv, &event.ConversationReviewed{At: w.at(), Undone: r.IntN(3) == 0})
		}
		if r.IntN(10) == 0 {
			w.follow()
		}
	}
	first := w.known()
	follower, tables := Tables()
	w.Again() // every fact once more over the rows that are there
	if again := w.known(); !slices.Equal(again, first) {
		t.Errorf("read twice: %s", difference(again, first))
	}
	if err := w.Journal.DropReading(follower, tables...); err != nil {
		t.Fatal(err)
	}
	w.open()
	if anew := w.known(); len(first) < 20 || !slices.Equal(anew, first) {
		t.Errorf("made anew, of %d: %s", len(first), difference(anew, first))
	}
}

// difference tells what only one of two lists has.
func difference(got, want []string) string {
	var b strings.Builder
	for _, x := range got {
		if !slices.Contains(want, x) {
			b.WriteString("\n+ " + x)
		}
	}
	for _, x := range want {
		if !slices.Contains(got, x) {
			b.WriteString("\n- " + x)
		}
	}
	return b.String()
}

// erased tells what is left of a customer whose key is destroyed: the lessons,
// and whether the words stand in the table.
func erased(w *world) (left []string, plain bool) {
	w.chooses("anna.1", "m1", "where is my secret card", "card")
	w.chooses("boris.1", "m1", "what are the fees", "fees")
	w.follow()
	for r, err := range w.Engine.Scan(rows, "") {
		if err != nil {
			w.t.Fatal(err)
		}
		plain = plain || bytes.Contains(r.Value, []byte("secret"))
	}
	if err := w.Ring.Erase("anna"); err != nil {
		w.t.Fatal(err)
	}
	w.open()
	return w.known(), plain
}

// proves G44: whoever was erased teaches nothing, and words are sealed.
func TestG44_TheErasedTeachNothing(t *testing.T) {
	w := newWorld(t, none)
	left, plain := erased(w)
	if want := []string{`chosen m1 "what are the fees" -> fees`}; plain || !slices.Equal(left, want) {
		t.Errorf("left are %q, in plain words %v", left, plain)
	}
	// Who is heard of again gets a new key; what the old one sealed stays away.
	w.chooses("anna.2", "m9", "me again", "card")
	w.say("anna.1", &event.MessageLabelled{At: w.at(), MessageId: "m1", By: "vera", ArticleId: "card"})
	w.want(`chosen m1 "what are the fees" -> fees`, `chosen m9 "me again" -> card`)
}

// TestFaultsAreSeen breaks each rule and looks whether it shows.
func TestFaultsAreSeen(t *testing.T) {
	w := newWorld(t, careless)
	w.chooses("anna.1", "m1", "where", "card")
	w.say("anna.1", &event.MessageFailed{At: w.at(), MessageId: "re-m1-card"})
	if len(w.known()) != 1 {
		t.Error("a view that learns from what never left looks like one that doesn't")
	}
	w = newWorld(t, deaf)
	w.chooses("anna.1", "m1", "where", "card")
	w.say("anna.1", &event.MessageLabelled{At: w.at(), MessageId: "m1", Text: "where", ArticleId: "delivery"})
	if len(w.known()) != 2 {
		t.Error("a view where a label does not count looks like one where it does")
	}
	if left, plain := erased(newWorld(t, naked)); !plain || len(left) != 2 {
		t.Error("a view that keeps plain words looks like one that seals them")
	}
}
