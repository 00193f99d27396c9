package search

import (
	"cmp"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"

	"crafttalkd/actors/refusal"
	"crafttalkd/store/search/lexis"
)

// suggested returns what a scan suggests: the articles by how well they have the
// words, or similar ones.
func (s scan) suggested(typed string, sight Sight, similar bool) []string {
	words, _ := asked(typed)
	wishes := lenient(sought(words, true))
	fits := func(w wish, o lexis.Word) bool {
		return strings.HasPrefix(o.Fold, w.Fold) || similar && distance(w.Stem, o.Stem, w.typos) <= w.typos
	}
	has := func(text string) bool {
		of := s.wordsOf(text)
		return !slices.ContainsFunc(wishes, func(w wish) bool {
			return !slices.ContainsFunc(of, func(o lexis.Word) bool { return fits(w, o) })
		})
	}
	type one struct {
		id, title string
		rank      int
	}
	var found []one
	for id, a := range s.articles {
		if len(readable(a, sight)) == 0 || !has(strings.Join(append([]string{a.Title, a.Identifier}, a.Questions...), "\n")) {
			continue
		}
		rank := 3
		if has(a.Title) {
			rank = 2
			if fits(wishes[0], s.wordsOf(a.Title)[0]) {
				rank = 1
			}
		}
		found = append(found, one{id, lexis.Fold(a.Title), rank})
	}
	slices.SortFunc(found, func(a, b one) int {
		return cmp.Or(cmp.Compare(a.rank, b.rank), cmp.Compare(len(a.title), len(b.title)), strings.Compare(a.title, b.title),
			strings.Compare(plainOf(cardOf(s.articles[a.id])), plainOf(cardOf(s.articles[b.id]))), strings.Compare(a.id, b.id))
	})
	var out []string
	for _, f := range found {
		out = append(out, f.id)
	}
	return out
}

// filtered returns the rows of a table as a scan sees them.
func (s scan) filtered(f Filter) []string {
	part := lexis.Fold(strings.TrimSpace(f.Text))
	var out []Article
	for _, a := range s.articles {
		fits := slices.ContainsFunc([]string{a.Title, a.Identifier, a.Type}, func(of string) bool { return strings.Contains(lexis.Fold(of), part) })
		if (fits || slices.Contains(f.Named, a.Type)) && len(readable(a, f.Sight)) > 0 {
			out = append(out, a)
		}
	}
	slices.SortFunc(out, func(a, b Article) int {
		x, y := lexis.Fold(a.Title), lexis.Fold(b.Title)
		switch f.By {
		case ByIdentifier:
			x, y = lexis.Fold(a.Identifier), lexis.Fold(b.Identifier)
		case ByType:
			x, y = a.Type, b.Type
		}
		if f.Descending {
			x, y = y, x
		}
		return cmp.Or(strings.Compare(x, y), strings.Compare(plainOf(cardOf(a)), plainOf(cardOf(b))), strings.Compare(a.ID, b.ID))
	})
	var ids []string
	for _, a := range out {
		ids = append(ids, a.ID)
	}
	return ids
}

// typingDiffers tries suggestions and the table against the scan.
func typingDiffers(t testing.TB, seed uint64, f fault) error {
	x := opened(t, t.TempDir())
	x.fault = f
	w, s := newWriter(seed, 500), newScan()
	for range 6 {
		var changes []Change
		for range 80 {
			changes = append(changes, Change{Article: w.article(fmt.Sprintf("a%d", w.rand.IntN(200)), 6), Removed: w.rand.IntN(5) == 0})
		}
		if err := x.Apply(changes, 1); err != nil {
			return err
		}
		s.apply(changes)
		for range 60 {
			sight, n := w.sight(), 1+w.rand.IntN(12)
			typed := lexis.FirstRunes(w.word(), 1+w.rand.IntN(6))
			if w.rand.IntN(3) == 0 {
				typed = w.word() + " " + typed
			}
			if w.rand.IntN(3) == 0 {
				letters := []rune(w.word())
				letters[w.rand.IntN(len(letters))] = 'ж'
				typed = string(letters)
			}
			if err := suggestsAs(x, s, typed, sight, n); err != nil {
				return err
			}
			f := Filter{Text: lexis.FirstRunes(w.word(), w.rand.IntN(5)), Sight: sight, By: Column(w.rand.IntN(3)), Descending: w.rand.IntN(2) == 0,
				Limit: n, Offset: w.rand.IntN(30), Named: []string{"type1"}[w.rand.IntN(2):]}
			if err := filtersAs(x, s, f); err != nil {
				return err
			}
		}
	}
	return nil
}

func suggestsAs(x *Index, s scan, typed string, sight Sight, n int) error {
	got, err := x.Suggest(typed, nil, sight, n)
	if err != nil {
		return err
	}
	want, ids := s.suggested(typed, sight, false), []string(nil)
	similar := len(want) == 0
	if similar {
		want = s.suggested(typed, sight, true)
	}
	for _, g := range got {
		if g.Similar != similar || len(readable(s.articles[g.Article], sight)) == 0 {
			return fmt.Errorf("%q: suggested %+v to %+v", typed, g, sight)
		}
		ids = append(ids, g.Article)
	}
	if !slices.Equal(ids, want[:min(n, len(want))]) {
		return fmt.Errorf("%q by %+v: suggested %v, want %v", typed, sight, ids, want[:min(n, len(want))])
	}
	return nil
}

func filtersAs(x *Index, s scan, f Filter) error {
	rows, total, err := x.Filter(f)
	if err != nil {
		return err
	}
	var ids []string
	for _, r := range rows {
		ids = append(ids, r.Article)
		if a := s.articles[r.Article]; r.Title != a.Title || r.Answers != len(a.Answers) || r.Questions != len(a.Questions) {
			return fmt.Errorf("row %+v of article %+v", r, a)
		}
	}
	want := s.filtered(f)
	page := want[min(f.Offset, len(want)):min(f.Offset+f.Limit, len(want))]
	if !slices.Equal(ids, page) || total != len(want) {
		return fmt.Errorf("%+v: %d rows %v, want %d and %v", f, total, ids, len(want), page)
	}
	return nil
}

// proves KB-02 and KB-11: suggestions and the table against a plain scan
// filtered by rights.
func TestKB11_TypingAgainstAPlainScan(t *testing.T) {
	for seed := range uint64(3) {
		if err := typingDiffers(t, seed, none); err != nil {
			t.Fatal(err)
		}
	}
	if typingDiffers(t, 1, reckless) == nil {
		t.Error("it is not seen that rights are left out")
	}
}

// What changes leave of the lexicon is what it would be if it were made anew.
func TestLexiconForgets(t *testing.T) {
	w, worn, articles := newWriter(3, 400), newCards(), map[string]Article{}
	for range 3000 {
		id := fmt.Sprintf("a%d", w.rand.IntN(120))
		if w.rand.IntN(3) == 0 {
			worn.remove(id)
			delete(articles, id)
			continue
		}
		articles[id] = w.article(id, 1)
		worn.put(cardOf(articles[id]))
	}
	fresh := newCards()
	for _, a := range articles {
		fresh.put(cardOf(a))
	}
	if got, want := known(worn), known(fresh); !slices.Equal(got, want) {
		t.Errorf("%d lines of a worn lexicon, %d of a fresh one", len(got), len(want))
	}
	for id := range articles {
		worn.remove(id)
	}
	if x := worn.words; len(x.numbers) > 0 || len(x.heads) > 0 || len(x.order) > 0 || slices.ContainsFunc(x.lengths, func(o []outline) bool { return len(o) > 0 }) {
		t.Errorf("of no article there is left: %d words, %d beginnings, %d runs", len(x.numbers), len(x.heads), len(x.order))
	}
}

// known is all that a lexicon knows, in order.
func known(x *cards) (out []string) {
	tell := func(kind, word string, places []place) {
		for _, p := range places {
			out = append(out, fmt.Sprint(kind, word, x.entries[p.entry()].id, p.spot()))
		}
	}
	for h, places := range x.words.heads {
		tell("head ", h, places)
	}
	for _, run := range x.words.order {
		for _, n := range run {
			tell("word ", x.words.words[n].fold, x.words.words[n].places)
		}
	}
	for length, list := range x.words.lengths {
		for _, o := range list {
			out = append(out, fmt.Sprint("stem ", length, x.words.words[o.word].stem, o.letters))
		}
	}
	slices.Sort(out)
	return out
}

// library is a small knowledge base that a person has written.
func library(t testing.TB) *Index {
	x := opened(t, t.TempDir())
	err := x.Apply([]Change{
		{Article: Article{ID: "1", Identifier: "vozvrat_tovara", Title: "Возврат товара", Type: "faq", Questions: []string{"Как вернуть покупку?", "Где заявление на возврат?"},
			Answers: []Answer{{ID: "1a", Text: "Заполните заявление, и курьер заберёт заказ. Деньги вернутся на карту за три дня."},
				{ID: "1b", Text: "Сотрудникам: промокод ГРОЗА возвращается вручную.", Audience: Audience{Lines: []string{"staff"}}}}}},
		{Article: Article{ID: "2", Identifier: "delivery-2", Title: "Delivery of orders", Type: "faq", Questions: []string{"When will my parcel arrive?"},
			Answers: []Answer{{ID: "2a", Text: "Couriers deliver parcels within two days.", Audience: Audience{Languages: []string{"en"}}}}}},
		{Article: Article{ID: "3", Identifier: "карта_лимит", Title: "Лимиты по карте", Type: "cards",
			Answers: []Answer{{ID: "3a", Text: "Лимит снятия с карты — 100 000 в день."}}}},
		{Article: Article{ID: "4", Identifier: "draft", Title: "Черновик о возврате", Type: "faq"}},
	}, 1)
	if err != nil {
		t.Fatal(err)
	}
	return x
}

func shown(pieces []lexis.Piece) (out string) {
	for _, p := range pieces {
		if p.Hit {
			p.Text = "[" + p.Text + "]"
		}
		out += p.Text
	}
	return out
}

// proves KB-09, KB-11: words are found in their forms, ё is е, typos are forgiven,
// what was found is marked, and what one may not read finds nothing.
func TestKB11_WordsAsPeopleWriteThem(t *testing.T) {
	x := library(t)
	client, staff := As(Reader{Lines: []string{"shop"}}), As(Reader{Lines: []string{"shop", "staff"}})
	for _, tt := range []struct {
		text  string
		sight Sight
		want  string
	}{
		{"возвраты", client, "1a: [Возврат] товара / Заполните заявление, и курьер заберёт заказ. Деньги вернутся на карту за три дня."},
		{"заберет заказы", client, "1a: Возврат товара / Заполните заявление, и курьер [заберёт] [заказ]. Деньги вернутся на карту за три дня."},
		{"ДЕНЬГАМИ", client, "1a: Возврат товара / Заполните заявление, и курьер заберёт заказ. [Деньги] вернутся на карту за три дня."},
		{"зая́вления", client, "1a: Возврат товара / Заполните [заявление], и курьер заберёт заказ. Деньги вернутся на карту за три дня."},
		{"курер", client, "~1a: Возврат товара / Заполните заявление, и [курьер] заберёт заказ. Деньги вернутся на карту за три дня."},
		{"гроза", client, ""},
		{"гроза", staff, "1b: Возврат товара / Сотрудникам: промокод [ГРОЗА] возвращается вручную."},
		{"delivering", client, "2a: Delivery of orders / Couriers [deliver] parcels within two days."},
		{"delivering", As(Reader{Languages: []string{"ru"}}), ""},
		{"delivering", As(Reader{}, Reader{Languages: []string{"ru"}}), ""},
		{"delivering", Sight{}, ""},
		{"delivery-2", client, "2a: [Delivery] of orders / Couriers deliver parcels within two days."},
		{"черновик", client, ""},
		{"черновик", Everything(), ": [Черновик] о возврате / "},
		{"как вернуть покупку", client, "1a: Возврат товара / Заполните заявление, и курьер заберёт заказ. Деньги [вернутся] на карту за три дня."},
		{`карт* AND ("лимит"~ /.*/ +-\`, client, "3a: [Лимиты] по [карте] / [Лимит] снятия с [карты] — 100 000 в день."},
	} {
		r, err := x.Search(Query{Text: tt.text, Sight: tt.sight, Limit: 1})
		if err != nil {
			t.Fatal(err)
		}
		got := ""
		for _, h := range r.Hits {
			if h.Similar {
				got = "~"
			}
			got += h.Answer + ": " + shown(h.Title) + " / " + shown(h.Snippet)
		}
		if got != tt.want {
			t.Errorf("Search(%q) = %q, want %q", tt.text, got, tt.want)
		}
	}
}

func TestKB11_SuggestionsWhileTyping(t *testing.T) {
	x := library(t)
	client := As(Reader{Lines: []string{"shop"}})
	for _, tt := range []struct{ typed, want string }{
		{"в", "1: [Возврат] товара; "},
		{"как верн", "1: Возврат товара ([Как] [вернуть] покупку?); "},
		{"zzz", ""},
		{"parc", "2: Delivery of orders (When will my [parcel] arrive?); "},
		{"лим кар", "3: [Лимиты] по [карте]; "},
		{"vozvrat", "1: Возврат товара; "},
		{"лемиты", "~3: [Лимиты] по карте; "},
		{"гроза", ""},
		{"", ""},
	} {
		list, err := x.Suggest(tt.typed, nil, client, 5)
		if err != nil {
			t.Fatal(err)
		}
		got := ""
		for _, s := range list {
			if s.Similar {
				got += "~"
			}
			got += s.Article + ": " + shown(s.Title)
			if s.Question != nil {
				got += " (" + shown(s.Question) + ")"
			}
			got += "; "
		}
		if got != tt.want {
			t.Errorf("Suggest(%q) = %q, want %q", tt.typed, got, tt.want)
		}
	}
}

func TestKB02_FilterByAPartOfTheIdentifier(t *testing.T) {
	x := library(t)
	rows, total, err := x.Filter(Filter{Text: "RAT_TOV", Sight: Everything(), Limit: 10})
	want := Row{Article: "1", Identifier: "vozvrat_tovara", Title: "Возврат товара", Type: "faq", Questions: 2, Answers: 2}
	if err != nil || total != 1 || len(rows) != 1 || rows[0] != want {
		t.Errorf("Filter = %+v, %d, %v, want %+v", rows, total, err, want)
	}
}

func TestBounds(t *testing.T) {
	x := library(t)
	for _, tt := range []struct {
		field string
		ask   func() error
	}{
		{"query", func() error { return ask(x, strings.Repeat("я", longestQuery+1), Everything()) }},
		{"query", func() error { return ask(x, "a b c d e f g h i j k l m n o p q", Everything()) }},
		{"limit", func() error { _, err := x.Search(Query{Text: "a"}); return err }},
		{"limit", func() error { _, err := x.Suggest("a", nil, Everything(), mostShown+1); return err }},
		{"offset", func() error { _, _, err := x.Filter(Filter{Limit: 1, Offset: -1}); return err }},
	} {
		var r *refusal.Error
		if err := tt.ask(); !errors.As(err, &r) || r.Field != tt.field {
			t.Errorf("refused for %v, want the field %s", err, tt.field)
		}
	}
}

// FuzzQuestion asks whatever people may write.
func FuzzQuestion(f *testing.F) {
	for _, s := range []string{"возврат", "title:карт* OR (x) \"лимит\"~2 /.*/ +-\\", "зая́вления ЁЖ", "\xff\xfe\x00", "delivery-2 100 000", "é e\u0301 ǅ ﬁ ① 漢字"} {
		f.Add(s, uint8(3))
	}
	x := library(f)
	client := As(Reader{Lines: []string{"shop"}, Languages: []string{"ru"}})
	f.Fuzz(func(t *testing.T, text string, n uint8) {
		limit := 1 + int(n)%10
		r, err := x.Search(Query{Text: text, Sight: client, Limit: limit})
		list, err2 := x.Suggest(text, nil, client, limit)
		_, _, err3 := x.Filter(Filter{Text: text, Sight: client, Limit: limit})
		for _, err := range []error{err, err2, err3} {
			if err != nil && refusal.KindOf(err) != refusal.Invalid {
				t.Fatal(err)
			}
		}
		for _, h := range r.Hits {
			if h.Answer != "1a" && h.Answer != "3a" {
				t.Fatalf("%q finds answer %q", text, h.Answer)
			}
		}
		for _, s := range list {
			if s.Article != "1" && s.Article != "3" {
				t.Fatalf("%q suggests article %q", text, s.Article)
			}
		}
		m := marker(sought(lexis.Of(text), true), true, true)
		if pieces := m.Mark(text); strings.NewReplacer("[", "", "]", "").Replace(shown(pieces)) != strings.NewReplacer("[", "", "]", "").Replace(text) {
			t.Fatalf("%q is shown as %q", text, shown(pieces))
		}
		m.Snippet(strings.Repeat(text+" ", 20))
	})
}
