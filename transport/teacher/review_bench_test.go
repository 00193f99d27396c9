package teacher

import (
	"fmt"
	"io"
	"log/slog"
	"testing"
	"time"

	"github.com/cockroachdb/pebble/v2/vfs"

	"crafttalkd/actors/bot/intent"
	"crafttalkd/actors/directory"
	"crafttalkd/actors/event"
	"crafttalkd/store"
	"crafttalkd/store/journal"
	"crafttalkd/store/keys"
	"crafttalkd/store/pebblestore"
	"crafttalkd/store/view/articles"
	"crafttalkd/store/view/history"
	"crafttalkd/store/view/lessons"
)

// What a large center has learnt.
const (
	manyLessons  = 15_000
	manyArticles = 150
)

// BenchmarkReview tells how long a report on the bot takes whoever asks for it
// first, and whoever asks again.
func BenchmarkReview(b *testing.B) {
	t := experienced(b)
	b.Run("first", func(b *testing.B) {
		for b.Loop() {
			t.count.last = nil
			review(b, t)
		}
	})
	b.Run("again", func(b *testing.B) {
		for b.Loop() {
			review(b, t)
		}
	})
}

func review(b *testing.B, t *Teacher) {
	r, ok, err := t.Review("ru")
	if err != nil || !ok || len(r.Examples) != manyArticles {
		b.Fatal(len(r.Examples), ok, err)
	}
	if w, err := t.Week(); err != nil || w.Choices != manyLessons {
		b.Fatal(w, err)
	}
}

// experienced is a teacher of many articles, from which operators have chosen
// often.
func experienced(b *testing.B) *Teacher {
	engine, err := pebblestore.Open("store", pebblestore.Options{FS: vfs.NewMem()})
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() { engine.Close() })
	ring := keys.NewRing(keys.NewMaster(), engine)
	j, err := journal.Open(engine, ring)
	if err != nil {
		b.Fatal(err)
	}
	base, err := articles.Open(j)
	if err != nil {
		b.Fatal(err)
	}
	learnt, err := lessons.Open(j, engine, ring)
	if err != nil {
		b.Fatal(err)
	}
	ended, err := history.Open(j, engine)
	if err != nil {
		b.Fatal(err)
	}
	t, err := New(Config{Articles: base, Lessons: learnt, History: ended, Journal: j, Directory: func() directory.State { return directory.State{} },
		Table: engine, Ring: ring, Dir: b.TempDir(), Now: time.Now, Log: slog.New(slog.NewTextHandler(io.Discard, nil))})
	if err != nil {
		b.Fatal(err)
	}
	done := make(chan error, manyLessons+1)
	say := func(stream string, events ...event.Event) {
		j.Append(journal.Append{Stream: stream, Events: events}, func(_ store.Receipt, err error) { done <- err })
	}
	var all []event.Event
	for i := range manyArticles {
		id := fmt.Sprintf("a%d", i)
		all = append(all, &event.ArticlePut{At: now(), Revision: 1, Article: &event.Article{ArticleId: id, Identifier: id, Questions: []string{"вопрос " + id}}})
	}
	say(event.KnowledgeStream, all...)
	for i := range manyLessons {
		say(event.ConversationStream+fmt.Sprintf("c%d.1", i), &event.AnswerChosen{At: now(), About: "m1", MessageId: "s1", OperatorId: "oleg",
			Text: fmt.Sprintf("скажите пожалуйста где моя карта номер %d", i), ArticleId: fmt.Sprintf("a%d", i%manyArticles), Rank: 1})
	}
	for range manyLessons + 1 {
		if err := <-done; err != nil {
			b.Fatal(err)
		}
	}
	for _, run := range []func() error{base.Run, learnt.Run} {
		go run()
	}
	b.Cleanup(j.Close)
	for range time.Tick(50 * time.Millisecond) {
		t.count.last = nil // what follows the journal has not come to its end yet
		if w, err := t.Week(); err != nil {
			b.Fatal(err)
		} else if w.Choices == manyLessons {
			break
		}
	}
	t.serve("ru", &brain{book: &Book{ID: "ru-1", Language: "ru"}, base: &intent.Model{}, model: &intent.Model{}})
	return t
}
