package surveys

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"google.golang.org/protobuf/types/known/timestamppb"

	"crafttalkd/actors/event"
	"crafttalkd/store/journal/journaltest"
)

// A world is a journal with conversations in it, and a view of them.
type world struct {
	t *testing.T
	*journaltest.Stage
	view *View
}

func newWorld(t *testing.T, f fault) *world {
	w := &world{t: t, Stage: journaltest.New(t)}
	w.open(f)
	return w
}

// open begins a view as a new process does.
func (w *world) open(f fault) {
	w.t.Helper()
	v, err := Open(w.Journal, w.Engine)
	if err != nil {
		w.t.Fatal(err)
	}
	v.fault = f
	w.view = v
}

// say appends facts to a conversation.
func (w *world) say(conversation string, events ...event.Event) {
	w.t.Helper()
	w.Say(event.ConversationStream+conversation, events...)
}

// follow brings the view up to the journal.
func (w *world) follow() {
	w.t.Helper()
	w.Begin(name)
	w.Follow(w.view.take)
}

var noon = time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)

func at(minutes int) *timestamppb.Timestamp {
	return timestamppb.New(noon.Add(time.Duration(minutes) * time.Minute))
}

// survey is a whole survey of two slots in a conversation, with one mistake.
func (w *world) survey(conversation, id string, minute int, value string) {
	w.say(conversation,
		&event.SurveyBegun{At: at(minute), OperatorId: "olga", Survey: &event.Survey{SurveyId: id, ArticleId: "quality", Title: "Качество",
			Slots: []*event.Slot{{SlotId: "1", Identifier: "speed", Name: "Скорость"}, {SlotId: "2", Identifier: "tone", Name: "Вежливость"}}}},
		&event.SlotMistaken{At: at(minute), SurveyId: id, SlotId: "1"},
		&event.SlotFilled{At: at(minute), SurveyId: id, SlotId: "1", Identifier: "speed", Value: value, Caption: "Быстро"},
		&event.SurveyEnded{At: at(minute + 1), SurveyId: id, Outcome: event.SurveyOutcome_SURVEY_ABANDONED})
}

func (w *world) opened(conversation string) {
	w.say(conversation, &event.ConversationOpened{At: at(0), ConversationId: conversation, CenterId: "bank", Routing: &event.Routing{LineId: "cards"}})
}

func (w *world) between(from, until time.Time) (out []string) {
	w.t.Helper()
	for r, err := range w.view.Between(from, until) {
		if err != nil {
			w.t.Fatal(err)
		}
		out = append(out, fmt.Sprintf("%s %s", r.Conversation, r.Survey))
	}
	return out
}

// proves SL-08: what a survey found is listed, latest first, by when it ended.
func TestSL08_Results(t *testing.T) {
	w := newWorld(t, none)
	w.opened("anna.1")
	w.survey("anna.1", "a", 0, "good")
	w.survey("anna.1", "b", 10, "bad")
	w.opened("boris.1")
	w.survey("boris.1", "c", 24*60, "fair")
	w.follow()
	for _, c := range []struct {
		from, until time.Time
		want        []string
	}{
		{noon, noon.Add(48 * time.Hour), []string{"boris.1 c", "anna.1 b", "anna.1 a"}},
		{noon.Add(2 * time.Minute), noon.Add(11 * time.Minute), nil},
		{noon.Add(2 * time.Minute), noon.Add(12 * time.Minute), []string{"anna.1 b"}},
		{noon.Add(24 * time.Hour), noon.Add(25 * time.Hour), []string{"boris.1 c"}},
		{noon.Add(-72 * time.Hour), noon, nil},
	} {
		if got := w.between(c.from, c.until); !slices.Equal(got, c.want) {
			t.Errorf("from %v until %v: %q, want %q", c.from, c.until, got, c.want)
		}
	}
	for r := range w.view.Between(noon, noon.Add(2*time.Minute)) {
		answers, err := w.view.Answers(r)
		want := []Answer{{Slot: "speed", Name: "Скорость", Value: "good", Caption: "Быстро", Mistakes: 1}, {Slot: "tone", Name: "Вежливость"}}
		if err != nil || !slices.Equal(answers, want) {
			t.Errorf("%+v, %v", answers, err)
		}
		if r.Center != "bank" || r.Routing.GetLineId() != "cards" || r.Operator != "olga" || r.Article != "quality" ||
			!slices.Equal(r.Slots, []string{"speed", "tone"}) || r.Outcome != event.SurveyOutcome_SURVEY_ABANDONED {
			t.Errorf("%+v", r)
		}
	}
}

// The answers of a conversation's surveys are told apart.
func TestSL08_ResultsSeesFaults(t *testing.T) {
	for f, want := range map[fault]string{none: "good", mixes: "bad"} {
		w := newWorld(t, f)
		w.opened("anna.1")
		w.say("anna.1", &event.SurveyBegun{At: at(0), Survey: &event.Survey{SurveyId: "a", Slots: []*event.Slot{{SlotId: "1"}}}},
			&event.SlotFilled{At: at(0), SurveyId: "a", SlotId: "1", Value: "good"},
			&event.SlotFilled{At: at(0), SurveyId: "b", SlotId: "1", Value: "bad"},
			&event.SurveyEnded{At: at(1), SurveyId: "a"})
		w.follow()
		for r := range w.view.Between(noon, noon.Add(time.Hour)) {
			if answers, err := w.view.Answers(r); err != nil || answers[0].Value != want {
				t.Errorf("fault %d: %+v, %v", f, answers, err)
			}
		}
	}
}

// proves G28: a view that begins anew in the middle holds every survey once.
func TestSL08_ResultsAfterRestart(t *testing.T) {
	for f, want := range map[fault]int{none: 3, forgets: 1} {
		w := newWorld(t, f)
		w.opened("anna.1")
		w.survey("anna.1", "a", 0, "good")
		w.survey("anna.1", "b", 10, "bad")
		w.follow()
		w.open(none)
		w.survey("anna.1", "c", 20, "fair")
		w.follow()
		w.follow()
		if got := w.between(noon, noon.Add(time.Hour)); len(got) != want {
			t.Errorf("fault %d: %q", f, got)
		}
	}
}

// proves G44: who is erased has answered nothing.
func TestG44_SurveyResults(t *testing.T) {
	w := newWorld(t, none)
	w.opened("anna.1")
	w.survey("anna.1", "a", 0, "good")
	w.follow()
	if err := w.Ring.Erase("anna"); err != nil {
		t.Fatal(err)
	}
	seen := 0
	for r := range w.view.Between(noon, noon.Add(time.Hour)) {
		answers, err := w.view.Answers(r)
		if err != nil || len(answers) != 2 || answers[0].Value != "" || answers[0].Caption != "" {
			t.Errorf("%+v, %v", answers, err)
		}
		seen++
	}
	if first, err := w.view.Earliest(); seen != 1 || err != nil || !first.Equal(at(1).AsTime()) {
		t.Errorf("%d surveys, the first at %v, %v", seen, first, err)
	}
}
