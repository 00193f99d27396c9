package retention

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"slices"
	"strings"
	"testing"
	"time"

	"google.golang.org/protobuf/types/known/timestamppb"

	"crafttalkd/actors/conversation"
	"crafttalkd/actors/event"
	"crafttalkd/actors/shell"
	"crafttalkd/store"
	"crafttalkd/store/blob"
	"crafttalkd/store/journal"
	"crafttalkd/store/journal/journaltest"
	"crafttalkd/store/view/history"
)

// errCut is a power cut.
var errCut = errors.New("the power is cut")

// A world is a journal with conversations, and what a keeper works with. Of all
// that the keeper does to it, it is cut off before the cut'th deed.
type world struct {
	*journaltest.Stage
	t      testing.TB
	blobs  *blob.Store
	view   *history.View
	now    time.Time
	days   map[string]int
	shown  map[string]bool // conversations of which something read has words
	learnt map[string]bool // customers
	purged int
	cut    int
}

func newWorld(t testing.TB) *world {
	t.Helper()
	w := &world{t: t, Stage: journaltest.New(t), now: time.Date(2026, 6, 30, 2, 0, 0, 0, time.UTC),
		days: map[string]int{"shop": 30}, shown: map[string]bool{}, learnt: map[string]bool{}}
	var err error
	if w.blobs, err = blob.Open(t.TempDir(), w.Ring); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		w.Journal.Close()
		if err := w.blobs.Close(); err != nil {
			t.Error(err)
		}
	})
	return w
}

func (w *world) file(subject, text string) *event.Attachment {
	w.t.Helper()
	b, err := w.blobs.Put(w.t.Context(), subject, strings.NewReader(text), 1<<20)
	if err != nil {
		w.t.Fatal(err)
	}
	return &event.Attachment{AttachmentId: "a", Name: text, Blob: b.Hash}
}

// talk is a conversation that ended so many days ago, with a message and a file,
// and maybe other files that came before it.
func (w *world) talk(id, center string, ago int, more ...*event.Attachment) {
	w.t.Helper()
	at := timestamppb.New(w.now.AddDate(0, 0, -ago))
	word := "words of " + id
	w.Say(event.ConversationStream+id, &event.ConversationOpened{At: at, ConversationId: id, CustomerId: customerOf(id), CenterId: center})
	w.Say(event.ConversationStream+id,
		&event.MessageReceived{At: at, MessageId: "m1", Content: &event.Content{Text: word, Attachments: append(more, w.file(id, "a file of "+id))}},
		&event.ConversationAssigned{At: at, OperatorId: "oleg"},
		&event.MessageSent{At: at, MessageId: "m2", OperatorId: "oleg", Content: &event.Content{Text: word}},
		&event.AnswerRejected{At: at, About: "m1", Text: word})
	if ago >= 0 {
		w.Say(event.ConversationStream+id, &event.ConversationClosed{At: at})
	}
	w.shown[id], w.learnt[customerOf(id)] = true, true
}

func customerOf(id string) string {
	customer, _, _ := strings.Cut(id, ".")
	return customer
}

// follow brings the view of what has ended up to date.
func (w *world) follow() {
	w.t.Helper()
	j, err := journal.Open(w.Engine, w.Ring)
	if err == nil {
		w.Journal = j
		w.view, err = history.Open(j, w.Engine)
	}
	if err != nil {
		w.t.Fatal(err)
	}
	go w.view.Run()
	for {
		if _, _, err := w.view.Get("nobody.1"); err == nil {
			return
		}
		select {
		case <-w.t.Context().Done():
			w.t.Fatal("the history is not read")
		case <-time.After(time.Millisecond):
		}
	}
}

// deed is called before each change of the world.
func (w *world) deed() error {
	if w.cut == 0 {
		return nil
	}
	if w.cut--; w.cut == 0 {
		w.cut = 1 // and stays so
		return errCut
	}
	return nil
}

// keeper is one that begins anew, as after a restart.
func (w *world) keeper(f fault) *Keeper {
	k := New(Config{Ask: w.ask, Journal: w.Journal, History: w.view, Keys: ringOf{w}, Blobs: blobsOf{w.blobs, w}, Table: tableOf{w.Engine, w},
		Conversations: w.conversations, Days: func(center string) int { return w.days[center] }, Clean: w.clean, Last: w.last,
		Clock: func(now time.Time) time.Time { return now.Add(24 * time.Hour) }, Now: func() time.Time { return w.now },
		Log: slog.New(slog.NewTextHandler(io.Discard, nil))})
	k.fault = f
	return k
}

// ask decides as the actor does.
func (w *world) ask(_ context.Context, stream string, cmd any) (shell.Answer, error) {
	if err := w.deed(); err != nil {
		return shell.Answer{}, err
	}
	s := conversation.State{}
	for e, err := range w.Journal.Durable(stream, 0) {
		if err != nil {
			return shell.Answer{}, err
		}
		s = conversation.Apply(s, e.Event)
	}
	events, err := conversation.Decide(s, cmd.(conversation.Command), w.now)
	if err == nil && len(events) > 0 {
		w.Say(stream, events...)
	}
	return shell.Answer{}, err
}

func (w *world) conversations(_ context.Context, customer string) (out []string, err error) {
	for id := range w.shown {
		if customerOf(id) == customer {
			out = append(out, id)
		}
	}
	return out, nil
}

// clean reads conversations anew.
func (w *world) clean(_ context.Context, ids []string) error {
	if err := w.deed(); err != nil {
		return err
	}
	for _, id := range ids {
		w.shown[id] = w.tells(id)
	}
	return w.view.Forget(ids)
}

func (w *world) last(_ context.Context, customers []string) error {
	if err := w.deed(); err != nil {
		return err
	}
	for _, c := range customers {
		w.learnt[c] = false
	}
	w.purged++
	return nil
}

// tells reports whether a conversation's words can be read.
func (w *world) tells(id string) (out bool) {
	for e, err := range w.Journal.Durable(event.ConversationStream+id, 0) {
		if err != nil {
			w.t.Fatal(err)
		}
		out = out || strings.Contains(fmt.Sprint(e.Event), "words of")
	}
	return out
}

// state is all that can be seen of a world.
func (w *world) state(f fault) string {
	w.t.Helper()
	var lines []string
	for id, shown := range w.shown {
		n, _, err := w.blobs.Count(id)
		if err != nil {
			w.t.Fatal(err)
		}
		lines = append(lines, fmt.Sprintf("%s tells %v, shows %v, %d files", id, w.tells(id), shown, n))
	}
	for c, learnt := range w.learnt {
		n, _, err := w.blobs.Count(c)
		if err != nil {
			w.t.Fatal(err)
		}
		lines = append(lines, fmt.Sprintf("%s taught %v, %d files in all", c, learnt, n))
	}
	slices.Sort(lines)
	nights, err := w.keeper(f).Nights(10)
	if err != nil {
		w.t.Fatal(err)
	}
	for _, n := range nights {
		lines = append(lines, fmt.Sprintf("%d conversations, %d messages, %d files, %d left, of %v, to do %v", n.Conversations, n.Messages, n.Files, n.Left, n.Centers, n.Step))
	}
	return strings.Join(lines, "\n")
}

type ringOf struct{ w *world }

func (r ringOf) Own(subject string) (bool, error) { return r.w.Ring.Own(subject) }

func (r ringOf) Erase(subject string) error {
	return errors.Join(r.w.deed(), r.w.Ring.Erase(subject))
}

type blobsOf struct {
	*blob.Store
	w *world
}

func (b blobsOf) Remove(subject string) error {
	if err := b.w.deed(); err != nil {
		return err
	}
	return b.Store.Remove(subject)
}

type tableOf struct {
	store.Table
	w *world
}

func (t tableOf) Put(rows []store.Row, sync bool) error {
	if err := t.w.deed(); err != nil {
		return err
	}
	return t.Table.Put(rows, sync)
}
