package intent

import (
	"bytes"
	"fmt"
	"os"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"
)

// phrases reads a set of phrases and articles of testdata/bot.
func phrases(t testing.TB, name string) (out []Example) {
	t.Helper()
	b, err := os.ReadFile("../../../testdata/bot/" + name)
	if err != nil {
		t.Fatal(err)
	}
	for line := range strings.Lines(string(b)) {
		text, article, ok := strings.Cut(strings.TrimSpace(line), "\t")
		if !ok {
			t.Fatalf("%s: %q has no tab", name, line)
		}
		out = append(out, Example{Text: text, Article: article})
	}
	return out
}

// together does things at once, in no order that anyone chose.
func together(n int, do func(int)) {
	var wg sync.WaitGroup
	for i := range n {
		wg.Go(func() { do(i) })
	}
	wg.Wait()
}

func train(t testing.TB, examples []Example, o Options) *Model {
	t.Helper()
	m, _ := Train(examples, o)
	if m == nil {
		t.Fatal("no model was trained")
	}
	return m
}

func first(m *Model, text string) string {
	r := m.Rank(text, nil, 1)
	if len(r.Best) == 0 {
		return ""
	}
	return r.Best[0].Article
}

// proves BT-03: what customers write in their own words finds its article.
func TestBT03_RanksNewPhrases(t *testing.T) {
	for _, set := range []struct {
		file string
		ask  [][2]string
	}{
		{"bank_ru.tsv", [][2]string{
			{"Здравствуйте! Когда же привезут мою карту?", "доставка_карты"}, {"украли карту, заблокируйте", "блокировка_карты"},
			{"забыла ПИН-код от карты", "пинкод"}, {"хочу досрочно погасить кредит", "досрочное_погашение"},
			{"какая сейчас ставка по ипотеке", "ипотека"}, {"не приходит код для входа в приложение", "вход"},
			{"почему не начислили кэшбэк", "кешбэк"}, {"закрыть счёт и расторгнуть договор", "закрытие_счета"},
			{"отключите смс-уведомления пожалуйста", "уведомления"}, {"нужна справка для посольства", "выписка"},
		}},
		{"shop_en.tsv", [][2]string{
			{"Hi, my parcel hasn't arrived", "delivery"}, {"I'd like to return a jacket", "returns"}, {"still waiting for my refund", "refund"},
			{"please cancel the order I made today", "cancel"}, {"it came broken", "damaged"}, {"forgot my password", "account"},
			{"the discount code is not working", "discount"}, {"is it still under warranty?", "warranty"},
		}},
	} {
		m := train(t, phrases(t, set.file), Options{Seed: 1})
		for _, a := range set.ask {
			if got := first(m, a[0]); got != a[1] {
				t.Errorf("Rank(%q) = %s, want %s", a[0], got, a[1])
			}
		}
	}
}

// proves BT-05: the same examples and seed give the same bytes, in any order
// and however the work is shared out.
func TestBT05_TrainingIsDeterministic(t *testing.T) {
	few := phrases(t, "shop_en.tsv")
	for _, examples := range [][]Example{few, append(phrases(t, "bank_ru.tsv"), few...)[:tinySamples+10]} { // the second is enough for nets
		want := train(t, examples, Options{Seed: 7, passes: 2}).Encode()
		turned := slices.Clone(examples)
		slices.Reverse(turned)
		if !bytes.Equal(train(t, turned, Options{Seed: 7, passes: 2, Parallel: together}).Encode(), want) {
			t.Errorf("%d examples turned round and learnt at once give another model", len(examples))
		}
		if bytes.Equal(train(t, examples, Options{Seed: 8, passes: 2}).Encode(), want) {
			t.Errorf("%d examples: another seed gives the same model", len(examples))
		}
	}
}

// proves BT-05: what is written is read again, and answers as before.
func TestBT05_ModelsAreKept(t *testing.T) {
	few := phrases(t, "bank_ru.tsv")
	for _, examples := range [][]Example{few, append(phrases(t, "shop_en.tsv"), few...)[:tinySamples+10]} {
		m := train(t, examples, Options{Seed: 1, Language: "ru", passes: 2})
		b := m.Encode()
		again, err := Decode(b)
		if err != nil {
			t.Fatal(err)
		}
		if !bytes.Equal(again.Encode(), b) {
			t.Error("a model that was read is written differently")
		}
		for _, text := range []string{"как закрыть вклад", "my refund", "погода на завтра", ""} {
			if got, want := fmt.Sprint(again.Rank(text, nil, 5)), fmt.Sprint(m.Rank(text, nil, 5)); got != want {
				t.Errorf("Rank(%q) = %s, want %s", text, got, want)
			}
		}
		for n := 0; n < len(b); n += 1 + len(b)/97 {
			if _, err := Decode(b[:n]); err == nil {
				t.Errorf("the first %d of %d bytes are a model", n, len(b))
			}
		}
	}
}

// proves BT-03: an article that is not for this customer is never answered,
// and what is left is ranked as if it were not there.
func TestBT03_OnlyAllowedArticles(t *testing.T) {
	m := train(t, phrases(t, "shop_en.tsv"), Options{Seed: 1})
	text := "when do I get my money back for the returned shoes"
	open := m.Rank(text, nil, 10)
	shut := open.Best[0].Article
	r := m.Rank(text, func(a string) bool { return a != shut }, 10)
	if len(r.Best) != len(m.Articles())-1 || r.Best[0].Article != open.Best[1].Article {
		t.Errorf("without %s: %v, before: %v", shut, r.Best, open.Best)
	}
	m = m.Learn(Example{Text: text, Article: shut})
	for _, s := range m.Rank(text, func(a string) bool { return a != shut }, 10).Best {
		if s.Article == shut {
			t.Errorf("%s is shut, and was learnt all the same", shut)
		}
	}
	if r := m.Rank(text, func(string) bool { return false }, 10); len(r.Best) > 0 || r.Sure || r.NoArticle != 1 {
		t.Errorf("with nothing allowed: %+v", r)
	}
}

// proves BT-05: a choice counts at once, and m stays as it was.
func TestBT05_ChoicesAreLearntAtOnce(t *testing.T) {
	m := train(t, phrases(t, "shop_en.tsv"), Options{Seed: 1})
	text := "the thingamajig is wobbly"
	after := m
	for range 3 {
		after = after.Learn(Example{Text: text, Article: "warranty"})
	}
	if got := first(after, "my thingamajig is wobbly"); got != "warranty" {
		t.Errorf("after three choices: %s", got)
	}
	if after.Rank(text, nil, 3).Sure {
		t.Error("choices alone made the model sure")
	}
	if after = after.Learn(Example{Text: "…", Article: "warranty"}).Learn(Example{Text: text}); after.Lately() != 3 {
		t.Errorf("choices without words or without an article are kept: %d", after.Lately())
	}
	after = after.Learn(Example{Text: "цитра", Article: "zithers"})
	if r := after.Rank("цитра!", nil, 3); len(r.Best) != 1 || r.Best[0].Article != "zithers" || r.Sure {
		t.Errorf("of a word that no training has met: %+v", r)
	}
	after = after.Learn(Example{Text: text, Article: "wobbles", Weight: 50})
	if got := first(after, text); got != "wobbles" {
		t.Errorf("an article since the training: %s", got)
	}
	if m.Lately() != 0 || fmt.Sprint(m.Rank(text, nil, 3)) == fmt.Sprint(after.Rank(text, nil, 3)) {
		t.Error("the model that was shown nothing has changed")
	}
}

func TestBT05_NothingToLearn(t *testing.T) {
	one := []Example{{Text: "hello", Article: "greeting"}, {Text: "hi", Article: "greeting"}, {Text: "what?"}, {Text: "?!", Article: "other"}}
	for _, examples := range [][]Example{nil, one[:2], {{Text: "…", Article: "a"}, {Text: "", Article: "b"}}} {
		if m, _ := Train(examples, Options{}); m != nil {
			t.Errorf("%v gave a model", examples)
		}
	}
	if m, _ := Train(one, Options{}); m == nil {
		t.Error("two articles are enough")
	}
	calls := 0
	stop := func() bool { calls++; return calls > 20 }
	if m, _ := Train(phrases(t, "shop_en.tsv"), Options{Stop: stop}); m != nil || calls < 20 {
		t.Errorf("a training that was stopped gave %v after %d questions", m, calls)
	}
}

// proves BT-05: a contradiction is settled by weight, then by age, and told.
func TestBT05_ContradictionsAreSettled(t *testing.T) {
	now := time.Date(2026, 11, 23, 3, 0, 0, 0, time.UTC)
	o := Options{Now: now}.filled()
	samples, articles, against := o.clean([]Example{
		{Text: "Where is it?", Article: "delivery", Weight: 1}, {Text: "where is IT ?", Article: "stores", Weight: 2},
		{Text: "old", Article: "a", At: now.Add(-halfLife)}, {Text: "old", Article: "b", At: now.Add(-2 * halfLife)},
		{Text: "alone", Article: "a"},
	})
	if got := fmt.Sprint(articles); got != "[a stores]" {
		t.Errorf("articles %s", got)
	}
	if got := fmt.Sprint(against); got != "[{old [a b]} {where is IT ? [stores delivery]}]" {
		t.Errorf("against %s", got)
	}
	got := ""
	for _, s := range samples {
		got += fmt.Sprintf("%s=%s×%g ", s.key, s.article, s.weight)
	}
	if want := "alone=a×1 old=a×0.5 where is it ?=stores×2 "; got != want {
		t.Errorf("samples %s, want %s", got, want)
	}
}

// proves BT-05: what has no article is at most a fifth of all.
func TestBT05_NoArticleKeepsItsShare(t *testing.T) {
	examples := phrases(t, "shop_en.tsv")
	for i := range 100 {
		examples = append(examples, Example{Text: fmt.Sprintf("small talk about subject%d", i)})
	}
	samples, _, _ := Options{}.filled().clean(examples)
	without := 0
	for _, s := range samples {
		if s.article == "" {
			without++
		}
	}
	if without != 20 {
		t.Errorf("%d of %d samples have no article", without, len(samples))
	}
}
