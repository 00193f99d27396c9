package search

import (
	"fmt"
	"math"
	"math/rand/v2"
	"strings"
	"testing"

	"crafttalkd/store/search/lexis"
)

// A writer makes articles up: words of which few are frequent and most are rare,
// in the forms that Russian and English have.
type writer struct {
	rand  *rand.Rand
	words int // how many there are
}

func newWriter(seed uint64, words int) *writer {
	return &writer{rand.New(rand.NewPCG(seed, 7)), words}
}

var (
	russianBegins = []string{"за", "при", "вы", "пере", "до", "по", "раз", "у", "от", "пред"}
	russianRoots  = []string{"каз", "став", "плат", "воз", "мен", "ход", "ключ", "чет", "вер", "клад", "пис", "лом", "бор", "тариф", "карт", "счёт"}
	russianEnds   = []string{"ка", "ение", "ный", "ать", "ник", "ость", "ок"}
	russianForms  = []string{"", "и", "у", "ами", "ом", "ы", "ов"}
	englishBegins = []string{"re", "un", "pre", "over", "out", "sub"}
	englishRoots  = []string{"turn", "pay", "order", "deliver", "charge", "account", "refund", "card", "limit", "block"}
	englishEnds   = []string{"ment", "er", "ing", "able", ""}
	englishForms  = []string{"", "s", "ed"}
)

func pick(of []string, n *int) string {
	s := of[*n%len(of)]
	*n /= len(of)
	return s
}

// spell returns the form of a word by their numbers.
func spell(n, form int) string {
	if n%5 == 4 {
		n /= 5
		w := pick(englishRoots, &n) + pick(englishEnds, &n)
		w = pick(englishBegins, &n) + w
		return w + letters(n, 'a') + englishForms[form%len(englishForms)]
	}
	w := pick(russianRoots, &n) + pick(russianEnds, &n)
	w = pick(russianBegins, &n) + w
	return w + letters(n, 'б') + russianForms[form%len(russianForms)]
}

func letters(n int, first rune) (out string) {
	for ; n > 0; n /= 8 {
		out += string(first + rune(n%8))
	}
	return out
}

// word returns a word as it is in a text, a frequent one more often.
func (w *writer) word() string {
	n := int(math.Pow(float64(w.words), w.rand.Float64())) - 1
	s := spell(n, w.rand.IntN(7))
	if w.rand.IntN(12) == 0 {
		s = strings.ToUpper(lexis.FirstRunes(s, 1)) + s[len(lexis.FirstRunes(s, 1)):]
	}
	return s
}

func (w *writer) text(n int) string {
	out := make([]string, n)
	for i := range out {
		out[i] = w.word()
	}
	return strings.Join(out, " ")
}

// some returns a few of the ids of a kind, or none.
func (w *writer) some(kind string, of int) (out []string) {
	for range w.rand.IntN(3) {
		if id := fmt.Sprintf("%s%d", kind, w.rand.IntN(of)); w.rand.IntN(2) == 0 && !strings.Contains(strings.Join(out, " "), id) {
			out = append(out, id)
		}
	}
	return out
}

func (w *writer) audience() Audience {
	return Audience{w.some("center", 3), w.some("line", 6), w.some("skill", 8), w.some("lang", 3)}
}

func (w *writer) reader() Reader {
	r := Reader{}
	for _, list := range []struct {
		ids  *[]string
		kind string
		of   int
	}{{&r.Centers, "center", 3}, {&r.Lines, "line", 6}, {&r.Skills, "skill", 8}, {&r.Languages, "lang", 3}} {
		if w.rand.IntN(4) > 0 {
			*list.ids = append([]string{}, w.some(list.kind, list.of)...)
		}
	}
	return r
}

func (w *writer) sight() Sight {
	switch w.rand.IntN(6) {
	case 0:
		return Everything()
	case 1:
		return As(w.reader(), w.reader())
	}
	return As(w.reader())
}

func (w *writer) article(id string, answer int) Article {
	a := Article{ID: id, Identifier: strings.ReplaceAll(w.text(2), " ", "_"), Title: w.text(2 + w.rand.IntN(5)), Type: fmt.Sprintf("type%d", w.rand.IntN(4))}
	for range w.rand.IntN(6) {
		a.Questions = append(a.Questions, w.text(3+w.rand.IntN(5)))
	}
	for i := range w.rand.IntN(4) {
		a.Answers = append(a.Answers, Answer{ID: fmt.Sprintf("%s-%d", id, i), Text: w.text(answer/2 + w.rand.IntN(answer)), Audience: w.audience()})
	}
	return a
}

// opened opens an index that may be asked at once.
func opened(t testing.TB, dir string) *Index {
	t.Helper()
	x, err := Open(dir)
	if err != nil {
		t.Fatal(err)
	}
	x.Serve()
	t.Cleanup(func() { x.Close() })
	return x
}
