package articles_test

import (
	"context"
	"fmt"
	"runtime"
	"slices"
	"testing"
	"time"

	"github.com/cockroachdb/pebble/v2/vfs"
	"google.golang.org/protobuf/types/known/timestamppb"

	"crafttalkd/actors/event"
	"crafttalkd/store"
	"crafttalkd/store/journal"
	"crafttalkd/store/keys"
	"crafttalkd/store/pebblestore"
	"crafttalkd/store/view/articles"
)

// A shop is a journal with a view of its knowledge base.
type shop struct {
	t       *testing.T
	store   *pebblestore.Store
	journal *journal.Journal
	view    *articles.View
	said    uint64
	ended   chan error
}

func open(t *testing.T, fs vfs.FS) *shop {
	t.Helper()
	s := &shop{t: t, ended: make(chan error, 1)}
	var err error
	if s.store, err = pebblestore.Open("store", pebblestore.Options{FS: fs}); err != nil {
		t.Fatal(err)
	}
	if s.journal, err = journal.Open(s.store, keys.NewRing(keys.NewMaster(), s.store)); err != nil {
		t.Fatal(err)
	}
	if s.said, err = s.journal.Version(event.KnowledgeStream); err != nil {
		t.Fatal(err)
	}
	if s.view, err = articles.Open(s.journal); err != nil {
		t.Fatal(err)
	}
	go func() { s.ended <- s.view.Run() }()
	return s
}

func (s *shop) close() {
	s.t.Helper()
	s.journal.Close()
	if err := <-s.ended; err != nil {
		s.t.Error(err)
	}
	if err := s.store.Close(); err != nil {
		s.t.Error(err)
	}
}

// say appends events, and returns once the view has them.
func (s *shop) say(events ...event.Event) {
	s.t.Helper()
	kept := make(chan error, 1)
	s.journal.Append(journal.Append{Stream: event.KnowledgeStream, Expect: s.said, Events: events},
		func(_ store.Receipt, err error) { kept <- err })
	if err := <-kept; err != nil {
		s.t.Fatal(err)
	}
	s.said += uint64(len(events))
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	defer cancel()
	if err := s.view.Wait(ctx, s.said); err != nil {
		s.t.Fatal(err)
	}
}

func put(id, name, title string, revision uint64) *event.ArticlePut {
	return &event.ArticlePut{At: timestamppb.New(time.Unix(int64(revision), 0)), By: "anna", Revision: revision,
		Article: &event.Article{ArticleId: id, Identifier: name, Title: title, TypeId: "qa"}}
}

// A base that somebody has stays as it is, whatever happens afterwards.
func TestBaseIsImmutable(t *testing.T) {
	s := open(t, vfs.NewMem())
	defer s.close()
	s.say(put("a", "one", "One", 1), &event.SlotPut{Slot: &event.Slot{SlotId: "s", Identifier: "s"}},
		&event.ArticleTypePut{Type: &event.ArticleType{TypeId: "qa", Identifier: "QA", Name: "Questions"}})
	before := s.view.State()
	s.say(put("a", "two", "Two", 2), put("b", "one", "Three", 1), &event.SlotRemoved{SlotId: "s"}, &event.ArticleTypeRemoved{TypeId: "qa"})
	s.say(&event.ArticleRemoved{ArticleId: "b", Revision: 2})
	if a := before.ArticleNamed("ONE"); a == nil || a.ArticleId != "a" || before.ArticleNamed("two") != nil || before.Len() != 1 ||
		before.Slot("s") == nil || before.TypeNamed("qa") == nil || len(before.Versions("a")) != 1 {
		t.Errorf("the base has changed: %+v", before)
	}
	after := s.view.State()
	if a := after.ArticleNamed("two"); a == nil || a.Title != "Two" || after.ArticleNamed("one") != nil || after.Len() != 1 ||
		after.Slot("s") != nil || after.Type("qa") != nil || len(after.Versions("b")) != 2 {
		t.Errorf("the base has not changed: %+v", after)
	}
}

// The view is made anew at each start, and is the same; older versions are read
// from the journal, also of what was removed.
func TestMadeAnew(t *testing.T) {
	fs := vfs.NewMem()
	s := open(t, fs)
	s.say(put("a", "one", "One", 1), put("b", "two", "Two", 1))
	s.say(put("a", "one", "Another", 2), &event.ArticleRemoved{ArticleId: "b", Revision: 2, By: "oleg"})
	s.close()
	s = open(t, fs)
	defer s.close()
	b := s.view.State()
	if a := b.Article("a"); a == nil || a.Title != "Another" || a.Revision != 2 || !a.Added.Equal(time.Unix(1, 0)) {
		t.Errorf("article a is %+v", a)
	}
	if gone := b.Gone(); len(gone) != 1 || gone[0].ID != "b" || gone[0].Title != "Two" || gone[0].Last != 1 || gone[0].Mark.By != "oleg" {
		t.Errorf("gone are %+v", gone)
	}
	if vs := b.Versions("b"); len(vs) != 2 || !vs[1].Removed || vs[1].By != "oleg" {
		t.Errorf("versions of b: %+v", vs)
	}
	for id, want := range map[string]string{"a": "One", "b": "Two"} {
		if a, err := s.view.Body(id, 1); err != nil || a.Title != want {
			t.Errorf("revision 1 of %s is %v, %v; want %s", id, a, err, want)
		}
	}
	if a, err := s.view.Body("b", 2); err == nil {
		t.Errorf("what was removed says %v", a)
	}
}

// proves KB-09: an import larger than the journal's window on its newest facts
// is seen whole, while others read.
func TestKB09_LargeImport(t *testing.T) {
	s := open(t, vfs.NewMem())
	defer s.close()
	s.say(put("first", "first", "First", 1))
	done := make(chan bool)
	go func() {
		defer close(done)
		for s.view.State().Len() < 20_001 {
			runtime.Gosched()
		}
	}()
	var all []event.Event
	for i := range 20_000 {
		all = append(all, put(fmt.Sprint("a", i), fmt.Sprint("name-", i), fmt.Sprint("Title ", i), 1))
	}
	s.say(all...)
	<-done
	found := s.view.State().List(articles.Query{Text: "TITLE 1999", By: articles.ByTitle, Desc: true})
	var titles []string
	for _, a := range found {
		titles = append(titles, a.Title)
	}
	if len(titles) != 12 || titles[0] != "Title 19999" || !slices.Contains(titles, "Title 1999") {
		t.Errorf("found %v", titles)
	}
}

// proves KB-06: who sees an answer.
func TestKB06_Audience(t *testing.T) {
	talk := func(center, line, language string, skills ...string) articles.Sight {
		return articles.OfConversation(center, &event.Routing{LineId: line, Language: language, Skills: skills})
	}
	operator := articles.OfUser(&event.User{CenterIds: []string{"shop"}, Skills: []string{"refund", "vip"}})
	for _, tt := range []struct {
		name string
		of   *event.Audience
		by   articles.Sight
		want bool
	}{
		{"everybody", nil, talk("", "", ""), true},
		{"its center", &event.Audience{CenterIds: []string{"bank", "shop"}}, talk("shop", "", ""), true},
		{"another center", &event.Audience{CenterIds: []string{"bank"}}, talk("shop", "", ""), false},
		{"its line", &event.Audience{CenterIds: []string{"shop"}, LineIds: []string{"help"}}, talk("shop", "help", ""), true},
		{"another line of its center", &event.Audience{CenterIds: []string{"shop"}, LineIds: []string{"sales"}}, talk("shop", "help", ""), false},
		{"its language", &event.Audience{Languages: []string{"en"}}, talk("shop", "help", "en"), true},
		{"a language that is not known", &event.Audience{Languages: []string{"en"}}, talk("shop", "help", ""), false},
		{"one of its skills", &event.Audience{Skills: []string{"vip", "loans"}}, talk("shop", "help", "", "refund", "vip"), true},
		{"none of its skills", &event.Audience{Skills: []string{"loans"}}, talk("shop", "help", "", "refund"), false},
		{"an operator of any line", &event.Audience{LineIds: []string{"help"}}, operator, true},
		{"an operator of the center", &event.Audience{CenterIds: []string{"shop"}, Languages: []string{"en"}}, operator, true},
		{"an operator of another center", &event.Audience{CenterIds: []string{"bank"}}, operator, false},
		{"an operator without the skill", &event.Audience{Skills: []string{"loans"}}, operator, false},
		{"who sees everything", &event.Audience{CenterIds: []string{"bank"}}, articles.Everything(), true},
	} {
		if got := tt.by.Sees(tt.of); got != tt.want {
			t.Errorf("%s: %v, want %v", tt.name, got, tt.want)
		}
	}
}

// A survey is the article with its slots, and the answers that the conversation
// may see.
func TestSurvey(t *testing.T) {
	s := open(t, vfs.NewMem())
	defer s.close()
	s.say(&event.SlotPut{Slot: &event.Slot{SlotId: "speed", Identifier: "speed"}}, &event.ArticlePut{Revision: 1, Article: &event.Article{
		ArticleId: "q", Identifier: "q", Title: "Опрос", SlotIds: []string{"speed"}, Policy: event.AnswerPolicy_FIRST_ANSWER, TopicId: "t",
		Answers: []*event.Answer{{AnswerId: "1", Audience: &event.Audience{CenterIds: []string{"bank"}}}, {AnswerId: "2"}}}})
	b := s.view.State()
	got := b.Survey("q", "x", articles.OfConversation("shop", nil), 7)
	if got.GetSurveyId() != "x" || got.ArticleId != "q" || len(got.Slots) != 1 || len(got.Answers) != 1 || got.Answers[0].AnswerId != "2" ||
		got.Draw != 7 || got.TopicId != "t" || got.Policy != event.AnswerPolicy_FIRST_ANSWER {
		t.Errorf("the survey is %v", got)
	}
	if b.Survey("no", "x", articles.Everything(), 0) != nil {
		t.Error("there is a survey of nothing")
	}
}
