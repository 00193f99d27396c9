package talk

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"testing/synctest"

	"github.com/blugelabs/bluge"

	"crafttalkd/actors/event"
)

// histories plays random histories and tells where the index is not what a scan
// says.
func histories(t *testing.T, seed uint64, f fault) (what string) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t, seed)
		defer w.end()
		for range 3 {
			for range 25 {
				w.open(fmt.Sprint("p", w.rand.IntN(5)))
			}
			w.follow(f)
			w.settle()
			for range 40 {
				w.later(w.talks[w.rand.IntN(len(w.talks))])
			}
			for range 60 {
				w.open(fmt.Sprint("p", w.rand.IntN(5)))
			}
			w.settle()
			what = w.differs(150)
			w.stop()
			if what != "" {
				return
			}
		}
	})
	return what
}

// proves G41: of the conversations that somebody brings, those are left in which
// a plain scan finds the words, in the same order, after restarts and changes too.
func TestG41_FoundIsWhatWasSaid(t *testing.T) {
	for seed := range uint64(4) {
		if what := histories(t, seed, none); what != "" {
			t.Errorf("seed %d: %s", seed, what)
		}
	}
}

func TestG41_WordsFaultsAreSeen(t *testing.T) {
	for _, f := range []fault{forgets, deaf, crossing} {
		if histories(t, 1, f) == "" {
			t.Errorf("fault %d is not seen", f)
		}
	}
}

// proves HS-01: words are found in any form and case, with е for ё; phrases as
// they are; what must not be there is not; and who has enough looks no further.
func TestHS01_Words(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t, 1)
		defer w.end()
		say := func(text ...string) {
			c := &talked{id: fmt.Sprint("p.", len(w.talks)), opened: w.now}
			w.talks = append(w.talks, c)
			w.open1(c, text)
		}
		say("Где мои заказы?", "Ёлка к Новому году, ivan.petrov@mail.ru")
		say("Мой заказ № 1001: возврат денег", "спасибо")
		say("Order 1001 returned, thanks")
		w.follow(none)
		w.settle()
		for _, tt := range []struct{ text, want string }{
			{"заказ", "p.0 p.1"}, {"ЗАКАЗАМИ", "p.0 p.1"}, {`"заказ"`, "p.1"}, {`"мои заказы"`, "p.0"}, {`"мои заказ"`, ""},
			{"елка", "p.0"}, {"ёлки", "p.0"}, {"1001", "p.1 p.2"}, {"1001 -заказ", "p.2"}, {"1001 -«возврат денег»", "p.2"}, {"-1001", "p.0"},
			{"orders return", "p.2"}, {"ivan.petrov@mail.ru", "p.0"}, {"петров", ""}, {"«денег спасибо»", ""}, {"спасибо возврат", "p.1"},
			{"", "p.0 p.1 p.2"}, {"…", "p.0 p.1 p.2"}, {"«заказ № 1001", "p.1"}, {"-", "p.0 p.1 p.2"},
		} {
			if got := strings.Join(w.finds(tt.text, 10), " "); got != tt.want {
				t.Errorf("%s finds %q, want %q", tt.text, got, tt.want)
			}
		}
		if got := w.finds("заказ", 1); !slices.Equal(got, []string{"p.0"}) {
			t.Errorf("the first is %v", got)
		}
		w.stop()
	})
}

func (w *world) open1(c *talked, texts []string) {
	w.say(c.id, &event.ConversationOpened{At: stamp(c.opened), ConversationId: c.id})
	for i, text := range texts {
		w.say(c.id, &event.MessageReceived{MessageId: fmt.Sprint(i), Content: &event.Content{Text: text}})
	}
	w.close(c)
}

// finds returns the ids of the first conversations that a text finds.
func (w *world) finds(text string, most int) (out []string) {
	words, err := Parse(text)
	if err != nil {
		w.t.Fatal(err)
	}
	for c, err := range Among(context.Background(), w.index, words, slices.Values(w.talks), place) {
		if err != nil {
			w.t.Fatal(err)
		}
		if out = append(out, c.id); len(out) == most {
			break
		}
	}
	return out
}

func TestQuestionsInBounds(t *testing.T) {
	for _, text := range []string{strings.Repeat("а", 501), strings.Repeat("слово ", 17), `"` + strings.Repeat("слово ", 17) + `"`} {
		if _, err := Parse(text); err == nil {
			t.Errorf("%.20s… is not refused", text)
		}
	}
}

// proves G44: of who was erased no segment of the index knows a word, nor was any
// there as it was said; others are found as before.
func TestG44_ErasedFromTheIndex(t *testing.T) {
	for _, f := range []fault{none, plain} {
		if what := erased(t, f); (what == "") != (f == none) {
			t.Errorf("fault %d: %q", f, what)
		}
	}
}

const marker = "unforgettable"

func erased(t *testing.T, f fault) (what string) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t, 3)
		defer w.end()
		for range 40 {
			w.open(fmt.Sprint("p", w.rand.IntN(3)))
		}
		clara := &talked{id: "clara.1", opened: w.now}
		w.talks = append(w.talks, clara)
		w.open1(clara, []string{"My name is " + marker})
		w.follow(f)
		w.settle()
		defer func() { w.stop() }()
		if len(w.finds(marker, 2)) != 1 {
			what = "nothing is found before: the test is blind"
			return
		}
		m := w.index.months[monthOf(clara.opened)]
		if has(t, m, marker) {
			what = "her words are kept as they are"
			return
		}
		digest := newClerk(secret).digest("form", marker)
		if !has(t, m, digest) {
			what = "her words are not there: the test is blind"
			return
		}
		if err := w.ring.Erase("clara"); err != nil {
			t.Fatal(err)
		}
		if err := w.index.Forget(context.Background(), []string{"clara.1"}); err != nil {
			t.Fatal(err)
		}
		if len(w.finds(marker, 2)) != 0 {
			what = "she is found"
			return
		}
		if has(t, m, digest) {
			what = "what stands for her words is still there"
			return
		}
		w.talks = w.talks[:len(w.talks)-1]
		what = w.differs(50)
	})
	return what
}

// What is replaced in a large month stays in its files until they are put
// together, and not longer.
func TestG44_AMonthIsPutTogether(t *testing.T) {
	m, err := openMonth(filepath.Join(t.TempDir(), "2026-01"))
	if err != nil {
		t.Fatal(err)
	}
	defer m.close()
	c := newClerk(secret)
	write := func(to int, first string) {
		doc := func(id, text string) *bluge.Document {
			d, _ := c.document(&Speech{ID: id, Lines: []Line{{Text: text}}})
			return d
		}
		docs := []*bluge.Document{doc("0", first)}
		for i := 1; i < to; i++ {
			docs = append(docs, doc(fmt.Sprint(i), "заказ"))
		}
		if err := m.write(docs); err != nil {
			t.Fatal(err)
		}
	}
	write(3000, "заказ "+marker)
	write(1, "заказ")
	digest := c.digest("form", marker)
	if !has(t, m, digest) {
		t.Error("what was replaced is gone by itself: the test is blind")
	}
	if err := m.join(t.Context()); err != nil {
		t.Fatal(err)
	}
	if has(t, m, digest) {
		t.Error("what was replaced is still there")
	}
	if r, err := m.writer.Reader(); err != nil {
		t.Error(err)
	} else if n, err := r.Count(); err != nil || n != 3001 {
		t.Errorf("there are %d documents, %v", n, err)
	}
}

// has reports whether any segment of a month knows a word, be it of a document
// that was replaced.
func has(t *testing.T, m *month, word string) bool {
	t.Helper()
	r, err := m.writer.Reader()
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	terms, err := r.DictionaryIterator(ofForm, nil, nil, nil)
	if err != nil {
		t.Fatal(err)
	}
	defer terms.Close()
	for {
		one, err := terms.Next()
		if err != nil {
			t.Fatal(err)
		}
		if one == nil || one.Term() == word {
			return one != nil
		}
	}
}

// proves G41: what can't be trusted is thrown away and read again, and until it is
// known nothing is answered, rather than a part.
func TestG41_DamageIsReadAgain(t *testing.T) {
	for _, tt := range []struct {
		name   string
		damage func(dir string) error
	}{
		{"gone", os.RemoveAll},
		{"another format", func(dir string) error { return os.WriteFile(filepath.Join(dir, "format"), []byte("0 x\n"), 0o600) }},
		{"no place", func(dir string) error { return os.Remove(filepath.Join(dir, "place")) }},
		{"half a place", func(dir string) error { return os.Truncate(filepath.Join(dir, "place"), 100) }},
		{"two deaths", func(dir string) error { return os.WriteFile(filepath.Join(dir, "working"), []byte("2"), 0o600) }},
		{"snapshots", func(dir string) error {
			names, err := filepath.Glob(filepath.Join(dir, "*", "*.snp"))
			if len(names) == 0 {
				return errors.New("there is no snapshot")
			}
			for _, name := range names {
				err = errors.Join(err, os.WriteFile(name, []byte("nonsense"), 0o600))
			}
			return err
		}},
	} {
		synctest.Test(t, func(t *testing.T) {
			w := newWorld(t, 5)
			defer w.end()
			for range 40 {
				w.open(fmt.Sprint("p", w.rand.IntN(3)))
			}
			w.follow(none)
			w.settle()
			w.stop()
			if err := tt.damage(w.dir); err != nil {
				t.Fatalf("%s: %v", tt.name, err)
			}
			w.open("late")
			w.follow(none)
			if err := w.index.Ready(); !errors.Is(err, ErrLoading) {
				t.Errorf("%s: at once it says %v", tt.name, err)
			}
			w.settle()
			if what := w.differs(50); what != "" {
				t.Errorf("%s: %s", tt.name, what)
			}
			w.index.Again()
			w.open("later")
			w.settle()
			if what := w.differs(50); what != "" {
				t.Errorf("%s, made anew: %s", tt.name, what)
			}
			w.stop()
		})
	}
}
