package search

import (
	"slices"
	"strings"
	"testing"
)

func TestWords(t *testing.T) {
	for _, tt := range []struct{ text, want string }{
		{"Заказами, ЗАКАЗЫ; заказ", "заказами/заказ заказы/заказ заказ/заказ"},
		{"Ёлка е\u0301ж и\u0306од", "елка/елк еж/еж йод/йод"},
		{"лимит лимиты лимитов", "лимит/лим лимиты/лим лимитов/лим"},
		{"Orders ordering order's", "orders/order ordering/order order/order s/s"},
		{"return_policy-2 карта_лимит", "return/return policy/polici 2/2 карта/карт лимит/лим"},
		{"100 000 № 5 a@b.ru", "100/100 000/000 5/5 a/a b/b ru/ru"},
		{"\xff\u0301 … «»", ""},
	} {
		var got []string
		for _, w := range wordsOf(tt.text) {
			got = append(got, w.fold+"/"+w.stem)
		}
		if s := strings.Join(got, " "); s != tt.want {
			t.Errorf("wordsOf(%q) = %s, want %s", tt.text, s, tt.want)
		}
	}
}

func TestDistance(t *testing.T) {
	for _, tt := range []struct {
		a, b string
		most int
		want int
	}{
		{"карта", "карта", 2, 0}, {"карта", "крата", 1, 1}, {"карта", "карт", 1, 1}, {"карта", "парта", 1, 1},
		{"карта", "крат", 2, 2}, {"", "аб", 2, 2}, {"карта", "к", 2, 3}, {"ca", "abc", 3, 3},
	} {
		if got := distance(tt.a, tt.b, tt.most); got != tt.want {
			t.Errorf("distance(%s, %s) = %d, want %d", tt.a, tt.b, got, tt.want)
		}
	}
}

// What is told by the beginnings and ends of words is what their distance tells.
func TestWithin(t *testing.T) {
	w := newWriter(5, 60)
	near := 0
	for range 20_000 {
		a, b, most := []rune(w.word()), []rune(w.word()), w.rand.IntN(3)
		if w.rand.IntN(2) == 0 {
			b = slices.Clone(a)
			for range w.rand.IntN(3) {
				i := w.rand.IntN(len(b))
				switch w.rand.IntN(3) {
				case 0:
					b[i] = 'ж'
				case 1:
					b = slices.Insert(b, i, 'а')
				default:
					b[i], b[0] = b[0], b[i]
				}
			}
		}
		want := distance(string(a), string(b), most) <= most
		if got := within(string(a), string(b), most); got != want {
			t.Fatalf("within(%s, %s, %d) = %v", string(a), string(b), most, got)
		}
		if want {
			near++
		}
	}
	if near < 1000 {
		t.Errorf("only %d of the words are near each other", near)
	}
}

func TestSnippet(t *testing.T) {
	filler := strings.Repeat("слово за словом ", 60)
	m := marker{words: sought(wordsOf("лимит карты"), false)}
	got := shown(m.snippet(filler + "лимит там. " + filler + "Здесь лимит снятия по карте. " + filler))
	if !strings.HasPrefix(got, "… ") || !strings.HasSuffix(got, " …") || !strings.Contains(got, "Здесь [лимит] снятия по [карте]. ") || len(got) > 2*longestSnippet {
		t.Errorf("snippet = %q", got)
	}
	if got := shown(m.snippet("Без слов.")); got != "Без слов." {
		t.Errorf("snippet = %q", got)
	}
}
