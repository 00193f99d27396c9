package teacher

import (
	"context"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/cockroachdb/pebble/v2/vfs"
	"google.golang.org/protobuf/types/known/timestamppb"

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

// bank is what customers of a bank ask.
var bank = map[string][]string{
	"lost":     {"я потерял карту", "карта потерялась что делать", "как заблокировать карту", "у меня украли карту", "срочно заблокируйте карту", "потеряла карточку"},
	"delivery": {"когда привезут карту", "где моя новая карта", "сколько ждать доставку карты", "доставка карты курьером", "карта ещё не пришла", "статус доставки"},
	"limit":    {"какой лимит на снятие наличных", "увеличить лимит", "лимит переводов в день", "сколько можно снять в банкомате", "поднимите лимит снятия", "ограничение на снятие"},
	"rate":     {"какой курс доллара", "курс евро сегодня", "по какому курсу обмен валюты", "где посмотреть курс валют", "обменять доллары", "курс валюты"},
	"loan":     {"хочу взять кредит", "какая ставка по кредиту", "как оформить кредит наличными", "условия кредита", "одобрят ли мне кредит", "заявка на кредит"},
	"password": {"забыл пароль от приложения", "не могу войти в личный кабинет", "сбросить пароль", "восстановить доступ в приложение", "пароль не подходит", "как сменить пароль"},
}

// A school is a teacher with everything it works with, on a disk in memory.
type school struct {
	t         *testing.T
	fs        vfs.FS
	dir       string
	master    *keys.Master
	directory directory.State

	engine   *pebblestore.Store
	ring     *keys.Ring
	journal  *journal.Journal
	articles *articles.View
	lessons  *lessons.View
	history  *history.View
	teacher  *Teacher

	running sync.WaitGroup
	cancel  context.CancelFunc
	log     strings.Builder
}

// inSchool runs f in a bubble with a school of its own.
func inSchool(t *testing.T, f func(s *school)) {
	t.Helper()
	dir := t.TempDir()
	synctest.Test(t, func(t *testing.T) {
		s := &school{t: t, fs: vfs.NewMem(), dir: dir, master: keys.NewMaster()}
		s.open()
		f(s)
		s.close()
	})
}

// open begins as a new process does.
func (s *school) open() {
	s.t.Helper()
	ok := func(err error) {
		s.t.Helper()
		if err != nil {
			s.t.Fatal(err)
		}
	}
	var err error
	s.engine, err = pebblestore.Open("store", pebblestore.Options{FS: s.fs})
	ok(err)
	s.ring = keys.NewRing(s.master, s.engine)
	s.journal, err = journal.Open(s.engine, s.ring)
	ok(err)
	s.articles, err = articles.Open(s.journal)
	ok(err)
	s.lessons, err = lessons.Open(s.journal, s.engine, s.ring)
	ok(err)
	s.history, err = history.Open(s.journal, s.engine)
	ok(err)
	s.teacher, err = New(Config{Articles: s.articles, Lessons: s.lessons, History: s.history, Journal: s.journal,
		Directory: func() directory.State { return s.directory }, Table: s.engine, Ring: s.ring, Dir: s.dir, Now: time.Now,
		Log: slog.New(slog.NewTextHandler(&s.log, nil))})
	ok(err)
	ctx, cancel := context.WithCancel(context.Background())
	s.cancel = cancel
	for _, run := range []func() error{s.articles.Run, s.lessons.Run, s.history.Run, func() error { return s.teacher.Run(ctx) }} {
		s.running.Go(func() {
			if err := run(); err != nil {
				s.t.Error(err)
			}
		})
	}
	s.settle()
}

func (s *school) close() {
	s.t.Helper()
	s.cancel()
	s.journal.Close()
	s.running.Wait()
	if err := s.engine.Close(); err != nil {
		s.t.Error(err)
	}
}

// again ends the process and begins another one.
func (s *school) again() {
	s.t.Helper()
	s.close()
	s.open()
}

// settle lets everything come to rest, a first training included.
func (s *school) settle() { s.passes(5 * time.Second) }

// night passes the time until the bot has learnt anew.
func (s *school) night() { s.passes(time.Until(s.teacher.clock().after(time.Now())) + time.Minute) }

func (s *school) passes(d time.Duration) {
	<-time.After(d) // of the bubble
	synctest.Wait()
}

// say journals facts of a stream.
func (s *school) say(stream string, events ...event.Event) {
	s.t.Helper()
	n, err := s.journal.Version(stream)
	if err != nil {
		s.t.Fatal(err)
	}
	done := make(chan error, 1)
	s.journal.Append(journal.Append{Stream: stream, Expect: n, Events: events}, func(_ store.Receipt, err error) { done <- err })
	if err := <-done; err != nil {
		s.t.Fatal(err)
	}
}

func now() *timestamppb.Timestamp { return timestamppb.New(time.Now()) }

// writes puts articles with these questions.
func (s *school) writes(base map[string][]string) {
	s.t.Helper()
	var all []event.Event
	for id, questions := range base {
		all = append(all, &event.ArticlePut{At: now(), By: "vera", Revision: 1, Article: &event.Article{ArticleId: id, Identifier: id, Title: "Статья",
			Questions: questions, Answers: []*event.Answer{{AnswerId: "1", Text: "Ответ"}}}})
	}
	s.say(event.KnowledgeStream, all...)
	s.settle()
}

// chooses lets an operator answer with an article in a conversation of its own.
func (s *school) chooses(conversation, text, article string) {
	s.t.Helper()
	s.say(event.ConversationStream+conversation,
		&event.AnswerChosen{At: now(), About: "m1", Text: text, ArticleId: article, OperatorId: "oleg", MessageId: "a1"})
	s.passes(100 * time.Millisecond)
}

// first is the article that is ranked first, and what the ranking says.
func (s *school) first(text string) (string, Ranking) {
	r := s.teacher.Rank(text, nil, 5)
	if len(r.Best) == 0 {
		return "", r
	}
	return r.Best[0].Article, r
}

func (s *school) wantFirst(text, article string) Ranking {
	s.t.Helper()
	got, r := s.first(text)
	if got != article {
		s.t.Errorf("%q is answered by %q, want %q: %+v", text, got, article, r)
	}
	return r
}

func (s *school) files() (names []string) {
	list, _ := os.ReadDir(filepath.Join(s.dir, "models"))
	for _, e := range list {
		names = append(names, e.Name())
	}
	return names
}

// proves BT-05: the first model is made when there is something to learn, and a
// new process uses the same one.
func TestBT05_FirstModel(t *testing.T) {
	inSchool(t, func(s *school) {
		if s.night(); len(s.files()) > 0 || len(*s.teacher.brains.Load()) > 0 {
			t.Errorf("of nothing there are %v", s.files())
		}
		s.writes(bank)
		r := s.wantFirst("потерялась карта", "lost")
		if r.Model == "" || r.Language != "ru" {
			t.Errorf("ranked by %q in %q", r.Model, r.Language)
		}
		s.again()
		if again := s.wantFirst("потерялась карта", "lost"); fmt.Sprint(again) != fmt.Sprint(r) {
			t.Errorf("a new process ranks %v, the one before %v", again, r)
		}
		if n := len(s.files()); n != 1 {
			t.Errorf("there are %d models", n)
		}
	})
}

// proves BT-05, KB-12: a choice counts within a second, also for an article that
// no model has heard of, and in a new process; a rejection makes doubtful.
func TestBT05_ChoicesCountAtOnce(t *testing.T) {
	inSchool(t, func(s *school) {
		s.writes(bank)
		model := s.wantFirst("потерялась карта", "lost").Model
		if got, _ := s.first("хочу рефинансирование ипотеки"); got == "mortgage" {
			t.Fatal("nobody has said that")
		}
		s.writes(map[string][]string{"mortgage": {"ипотека на квартиру"}})
		s.chooses("anna.1", "хочу рефинансирование ипотеки", "mortgage")
		if r := s.wantFirst("хочу рефинансирование ипотеки", "mortgage"); r.Model != model || r.Sure {
			t.Errorf("after one choice: %+v", r)
		}
		if r := s.wantFirst("Ипотека на квартиру!", "mortgage"); !r.Sure || !r.Best[0].Exact {
			t.Errorf("an article's own question, word for word: %+v", r)
		}
		s.again()
		if r := s.wantFirst("хочу рефинансирование ипотеки", "mortgage"); r.Model != model {
			t.Errorf("a new process: %+v", r)
		}
		s.say(event.ConversationStream+"anna.1", &event.MessageLabelled{At: now(), MessageId: "m1", Text: "хочу рефинансирование ипотеки", ArticleId: "loan", By: "vera"})
		s.settle()
		s.wantFirst("хочу рефинансирование ипотеки", "loan")
		for n := range 3 {
			s.say(event.ConversationStream+fmt.Sprintf("boris.%d", n), &event.AnswerRejected{At: now(), About: "m1", Text: "Какой курс доллара?", ArticleId: "rate", OperatorId: "oleg"})
		}
		s.settle()
		if r := s.wantFirst("какой курс доллара", "rate"); !r.Best[0].Exact || r.Best[0].Doubts != 3 {
			t.Errorf("what stands in the article is not doubted away: %+v", r)
		}
	})
}

// proves BT-05: at night a new model is made if anything has changed, seven are
// kept, any of them can be used again, and that outlives the process.
func TestBT05_Nights(t *testing.T) {
	inSchool(t, func(s *school) {
		s.writes(map[string][]string{"rate": bank["rate"], "lost": bank["lost"]})
		first := s.wantFirst("курс доллара сегодня", "rate").Model
		s.night()
		if r := s.wantFirst("курс доллара сегодня", "rate"); r.Model != first || s.teacher.outcomes["ru"].Result != Same {
			t.Errorf("a night without news made model %s", r.Model)
		}
		for n := range kept {
			s.chooses(fmt.Sprintf("anna.%d", n), fmt.Sprintf("курсы валют номер %d", n), "rate")
			if n == 0 {
				s.night()
				continue
			}
			if err := s.teacher.Demand(); err != nil {
				t.Fatal(err)
			}
			s.settle()
		}
		last := s.wantFirst("курс доллара сегодня", "rate").Model
		if n := len(s.files()); n != kept || last == first {
			t.Errorf("after %d nights there are %v, in use %s", kept, s.files(), last)
		}
		if _, err := os.Stat(s.teacher.shelf.path(first)); err == nil {
			t.Error("the oldest model is still there")
		}
		old := s.teacher.shelf.books[1].ID
		if err := s.teacher.Use(old, "vera"); err != nil {
			t.Fatal(err)
		}
		s.wantModel(old)
		s.again()
		s.wantModel(old)
		if err := s.teacher.Use(first, "vera"); err == nil {
			t.Error("a model that is gone can be used")
		}
	})
}

func (s *school) wantModel(id string) {
	s.t.Helper()
	if r := s.wantFirst("курс доллара сегодня", "rate"); r.Model != id {
		s.t.Errorf("in use is %s, want %s", r.Model, id)
	}
}

// proves BT-05: a new model that is worse at the lessons that neither has seen
// is not used.
func TestBT05_WorseIsNotUsed(t *testing.T) {
	inSchool(t, func(s *school) {
		s.writes(bank)
		first := s.wantFirst("курс доллара сегодня", "rate").Model
		n := 0
		for article, questions := range bank {
			for _, q := range questions {
				s.chooses(fmt.Sprintf("anna.%d", n), q+" подскажите пожалуйста", article)
				n++
			}
		}
		real := s.teacher.train
		s.teacher.train = func(all []intent.Example, o intent.Options) (*intent.Model, intent.Report) {
			for i := range all { // a broken training
				if all[i].Article == "rate" || all[i].Article == "loan" || all[i].Article == "lost" {
					all[i].Article = "limit"
				}
			}
			return real(all, o)
		}
		s.night()
		s.wantModel(first)
		if o := s.teacher.outcomes["ru"]; o.Result != Worse {
			t.Errorf("the training ended as %+v", o)
		}
		s.teacher.train = real
		if err := s.teacher.Demand(); err != nil {
			t.Fatal(err)
		}
		s.settle()
		if o := s.teacher.outcomes["ru"]; o.Result != Used || o.Model == first {
			t.Errorf("the training on demand ended as %+v", o)
		}
	})
}

// proves BT-05, G44: what operators rejected is learnt at night, beyond the words
// it was said of; whoever said them can be erased.
func TestBT05_RejectionsAreLearnt(t *testing.T) {
	inSchool(t, func(s *school) {
		s.writes(bank)
		const shown, alike = "почему карта не работает в банкомате за границей", "карта не работает в банкомате"
		wrong, before := s.first(alike)
		for n, customer := range []string{"anna", "boris", "clara"} {
			s.say(event.ConversationStream+customer+".1", &event.AnswerRejected{At: now(), About: "m1", Text: fmt.Sprint(shown, " ", n), ArticleId: wrong, OperatorId: "oleg"})
		}
		s.night()
		_, after := s.first(alike)
		if b := s.teacher.serving("ru").book; b.ID == before.Model || b.Report.Denials != 3 || b.Lessons != 0 {
			t.Errorf("after the night the model is %s, with %d denials", b.ID, b.Report.Denials)
		}
		was := before.Best[0].Probability
		for _, x := range after.Best {
			if x.Article == wrong && x.Probability > 0.95*was || x.Doubts > 0 {
				t.Errorf("%s was given %.3f, and then %+v", wrong, was, x)
			}
		}
		if err := s.ring.Erase("boris"); err != nil {
			t.Fatal(err)
		}
		if err := s.teacher.Forget([]string{"boris"}); err != nil {
			t.Fatal(err)
		}
		if _, err := os.Stat(s.teacher.shelf.path(after.Model)); err == nil {
			t.Error("the model that learnt from who was erased stays on disk")
		}
		s.settle()
		if b := s.teacher.serving("ru").book; b.ID == after.Model || b.Report.Denials != 2 {
			t.Errorf("in use is %s, with %d denials", b.ID, b.Report.Denials)
		}
	})
}

// proves G44: whoever was erased is in no model that is kept, and a training
// begins that knows nothing of them.
func TestG44_TheErasedLeaveTheModels(t *testing.T) {
	inSchool(t, func(s *school) {
		s.writes(bank)
		s.chooses("anna.1", "тайная фраза про кругосветное путешествие", "limit")
		s.night()
		with := s.wantFirst("тайная фраза про кругосветное путешествие", "limit").Model
		if err := s.ring.Erase("anna"); err != nil {
			t.Fatal(err)
		}
		if err := s.teacher.Forget([]string{"anna"}); err != nil {
			t.Fatal(err)
		}
		if _, err := os.Stat(s.teacher.shelf.path(with)); err == nil {
			t.Error("the model stays on disk")
		}
		if w := s.teacher.Explain("тайная фраза", "limit", 3); len(w.Nearest) > 0 && !s.teacher.serving("ru").mute {
			t.Errorf("it quotes %+v", w.Nearest)
		}
		s.settle()
		r := s.wantFirst("какой лимит на снятие", "limit")
		if r.Model == with || s.teacher.serving("ru").mute {
			t.Errorf("in use is %s, as before", r.Model)
		}
		for _, a := range s.teacher.Explain("тайная фраза про кругосветное путешествие", "limit", 5).Nearest {
			if strings.Contains(a.Text, "кругосветное") {
				t.Errorf("it quotes %q", a.Text)
			}
		}
	})
}

// proves BT-05: a model that is damaged or gone is made anew, and half a file
// is none.
func TestBT05_DamagedModels(t *testing.T) {
	inSchool(t, func(s *school) {
		s.writes(bank)
		id := s.wantFirst("потерялась карта", "lost").Model
		path := s.teacher.shelf.path(id)
		raw, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		if strings.Contains(string(raw), "карт") {
			t.Error("the file shows what it was made of")
		}
		raw[len(raw)-20] ^= 1
		if err := os.WriteFile(path, raw, 0o600); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(filepath.Join(s.dir, "models", "ru-1.new"), raw[:100], 0o600); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(filepath.Join(s.dir, "models", "ru-2.model"), raw[:100], 0o600); err != nil {
			t.Fatal(err)
		}
		s.again()
		if r := s.wantFirst("потерялась карта", "lost"); r.Model == "" || r.Model == id {
			t.Errorf("in use is %q", r.Model)
		}
		if n := strings.Count(s.log.String(), "a model can't be read"); n != 2 {
			t.Errorf("the log tells of %d models: %s", n, &s.log)
		}
	})
}
