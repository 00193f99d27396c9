package spelling

import (
	"context"
	"fmt"
	"slices"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/cockroachdb/pebble/v2/vfs"
	"google.golang.org/protobuf/types/known/timestamppb"

	"crafttalkd/actors/directory"
	"crafttalkd/actors/event"
	"crafttalkd/actors/spelling"
	"crafttalkd/store"
	"crafttalkd/store/journal"
	"crafttalkd/store/keys"
	"crafttalkd/store/pebblestore"
	"crafttalkd/store/view/articles"
)

// base is a knowledge base of these articles.
func base(list ...*event.Article) *articles.Base {
	var entries []journal.Entry
	for i, a := range list {
		entries = append(entries, journal.Entry{Version: uint64(i + 1), Event: &event.ArticlePut{At: timestamppb.New(time.Unix(0, 0)), Article: a}})
	}
	return articles.Of(entries...)
}

func article(id, title, answer string, questions ...string) *event.Article {
	return &event.Article{ArticleId: id, Title: title, Questions: questions, Answers: []*event.Answer{{AnswerId: "1", Text: answer}}}
}

// proves OP-15: which words of the knowledge base are right.
func TestOP15_Lexicon(t *testing.T) {
	pressed := article("2", "Бонусы", "")
	pressed.Answers[0].Buttons = []*event.ArticleButton{{Caption: "Зубрятник"}}
	for _, tt := range []struct {
		name string
		in   []*event.Article
		want []string
	}{
		{"of titles and answers", []*event.Article{article("1", "Карта Крафтолёт", "Подключите свердлань.")}, []string{"Крафтолёт", "свердлань"}},
		{"of buttons", []*event.Article{pressed}, []string{"Зубрятник"}},
		{"of a question: a slip", []*event.Article{article("1", "Карта", "", "где моя катра")}, nil},
		{"of two questions", []*event.Article{article("1", "Карта", "", "где свердлань", "нет Свердлань")}, []string{"свердлань"}},
		{"in the case it has most", []*event.Article{article("1", "Свердлань", "Есть свердлань, свердлань")}, []string{"свердлань"}},
		{"not addresses, numbers, abbreviations, redirections", []*event.Article{article("1", "ЗУБР а1б2в3", "https://xqzt.ru xqzt@mail.ru www.xqzt.ru"), article("2", "", "/redirect xqzt")}, nil},
		{"whole words", []*event.Article{article("1", "«Зубрятник»—", "свердлань-зубрятник, -'свердлань'-")}, []string{"Зубрятник", "свердлань", "свердлань-зубрятник"}},
		{"not broken letters", []*event.Article{article("1", "", "а\xffб \xff")}, nil},
		{"not what dictionaries have", []*event.Article{article("1", "Доставка", "Привезём по-московски. Don't worry")}, nil},
	} {
		l := newLexicon(spelling.New())
		l.follow(base(tt.in...))
		if got := l.words(); !slices.Equal(got, tt.want) {
			t.Errorf("%s: %q, want %q", tt.name, got, tt.want)
		}
	}
}

// What was edited is read anew, and nothing else; words go with their last text.
func TestLexicon_Follows(t *testing.T) {
	l := newLexicon(spelling.New())
	one, two := article("1", "Крафтолёт", ""), article("2", "Зубрятник", "")
	if !l.follow(base(one, two)) || len(l.words()) != 2 {
		t.Fatalf("words are %q", l.words())
	}
	now := base(one, two, article("2", "Свердлань", "крафтолёт"))
	if !l.follow(now) || !slices.Equal(l.words(), []string{"крафтолёт", "Свердлань"}) {
		t.Errorf("after an edit they are %q", l.words())
	}
	if l.follow(now) {
		t.Error("nothing has changed, and that was news")
	}
	if l.follow(base()); len(l.words()) != 0 || len(l.count) != 0 || len(l.read) != 0 {
		t.Errorf("of nothing they are %q", l.words())
	}
}

// proves OP-15: the words are there after a start, and follow the knowledge base
// once it rests.
func TestOP15_Follow(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		engine, err := pebblestore.Open("store", pebblestore.Options{FS: vfs.NewMem()})
		if err != nil {
			t.Fatal(err)
		}
		j, err := journal.Open(engine, keys.NewRing(keys.NewMaster(), engine))
		if err != nil {
			t.Fatal(err)
		}
		put := func(n uint64, a *event.Article) {
			t.Helper()
			done := make(chan error, 1)
			j.Append(journal.Append{Stream: event.KnowledgeStream, Expect: n, Events: []event.Event{&event.ArticlePut{At: timestamppb.Now(), Article: a}}},
				func(_ store.Receipt, err error) { done <- err })
			if err := <-done; err != nil {
				t.Fatal(err)
			}
		}
		put(0, article("1", "Крафтолёт", ""))
		view, err := articles.Open(j)
		if err != nil {
			t.Fatal(err)
		}
		d, ctx := New(), t.Context()
		ctx, cancel := context.WithCancel(ctx)
		var running sync.WaitGroup
		running.Go(func() {
			if err := view.Run(); err != nil {
				t.Error(err)
			}
		})
		running.Go(func() { d.Follow(ctx, view) })
		knows := func(word string) bool {
			return d.Reader(directory.State{}, func(string) bool { return false }).Check(word, "ru").Known
		}
		synctest.Wait()
		if !knows("крафтолёт") || knows("зубрятник") {
			t.Error("after a start the words are not those of the knowledge base")
		}
		put(1, article("1", "Зубрятник", ""))
		time.Sleep(quiet / 2)
		put(2, article("2", "Свердлань", ""))
		time.Sleep(quiet - 1)
		if knows("зубрятник") {
			t.Error("words were read before the editing paused")
		}
		time.Sleep(quiet)
		synctest.Wait()
		if !knows("зубрятник") || !knows("свердлань") || knows("крафтолёт") {
			t.Error("after the edits the words are not those of the knowledge base")
		}
		cancel()
		j.Close()
		running.Wait()
		if err := engine.Close(); err != nil {
			t.Error(err)
		}
	})
}

// BenchmarkFollow reads 50,000 articles, as a start does.
func BenchmarkFollow(b *testing.B) {
	var list []*event.Article
	for i := range 50_000 {
		a := article(fmt.Sprint(i), fmt.Sprintf("Карта крафтолёт%s", name(i%5000)), "Чтобы подключить услугу, откройте приложение, выберите карту и нажмите на кнопку внизу экрана. Деньги придут в течение трёх рабочих дней.",
			"как подключить услугу", "где найти карту в приложении", "когда придут деньги на счёт", "хочу подключить услугу", "не приходят деньги")
		list = append(list, a)
	}
	all := base(list...)
	for b.Loop() {
		l := newLexicon(spelling.New())
		l.follow(all)
		spelling.NewWords(l.words())
	}
}

// name is a number in letters.
func name(n int) (out string) {
	for ; n > 0; n /= 16 {
		out += string([]rune("абвгдежзиклмнопр")[n%16])
	}
	return out
}
