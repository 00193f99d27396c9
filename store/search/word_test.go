package search

import (
	"slices"
	"strings"
	"testing"

	"crafttalkd/store/search/lexis"
)

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
	m := marker(sought(lexis.Of("лимит карты"), false), false, false)
	got := shown(m.Snippet(filler + "лимит там. " + filler + "Здесь лимит снятия по карте. " + filler))
	if !strings.HasPrefix(got, "… ") || !strings.HasSuffix(got, " …") || !strings.Contains(got, "Здесь [лимит] снятия по [карте]. ") || len(got) > 2*320 {
		t.Errorf("snippet = %q", got)
	}
	if got := shown(m.Snippet("Без слов.")); got != "Без слов." {
		t.Errorf("snippet = %q", got)
	}
}
