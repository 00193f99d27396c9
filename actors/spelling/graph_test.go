package spelling

import (
	"bytes"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
)

// draw makes words of few letters, so that much is alike.
func draw(r *rand.Rand, letters string, n int) (out []Entry) {
	all := []rune(letters)
	for range n {
		w := make([]rune, 1+r.IntN(7))
		for i := range w {
			w[i] = all[r.IntN(len(all))]
		}
		out = append(out, Entry{Word: string(w), Hidden: r.IntN(20) == 0})
	}
	return out
}

func graphOf(t *testing.T, entries []Entry) *graph {
	t.Helper()
	g, err := read(string(Build(entries)))
	if err != nil {
		t.Fatal(err)
	}
	return g
}

func TestGraphHoldsItsWordsAlone(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	entries := draw(r, "аобёе-", 900)
	g := graphOf(t, entries)
	there := map[string]bool{}
	for _, e := range entries {
		there[e.Word] = true
		if ok, _ := g.has([]rune(e.Word)); !ok {
			t.Errorf("%q is not there", e.Word)
		}
	}
	for _, e := range draw(r, "аобй-", 900) { // е may stand for ё, so there is none
		if ok, _ := g.has([]rune(e.Word)); ok != there[e.Word] {
			t.Errorf("has(%q) = %v, want %v", e.Word, ok, there[e.Word])
		}
	}
}

func TestGraphIsTheSameInAnyOrder(t *testing.T) {
	r := rand.New(rand.NewPCG(3, 4))
	var entries []Entry
	for _, e := range draw(r, "абвгд", 300) {
		entries = append(entries, Entry{Word: e.Word})
	}
	want := Build(entries)
	r.Shuffle(len(entries), func(i, j int) { entries[i], entries[j] = entries[j], entries[i] })
	if !bytes.Equal(Build(entries), want) {
		t.Error("the same words in another order are other bytes")
	}
	if bytes.Equal(Build(entries[1:200]), want) {
		t.Error("fewer words are the same bytes")
	}
}

func TestGraphOfNothing(t *testing.T) {
	g := graphOf(t, nil)
	if ok, _ := g.has([]rune("а")); ok || len(g.near([]rune("а"), worst, Most)) > 0 {
		t.Error("a graph without words has one")
	}
}

func TestOtherBytesAreNoGraph(t *testing.T) {
	good := string(Build([]Entry{{Word: "да"}}))
	for _, s := range []string{"", "CTW1", "CTW2" + good[4:], good[:len(good)-1], good + "x", "CTW1\xff\xff\xff\xff\xff\xff\xff\xff"} {
		if _, err := read(s); err == nil {
			t.Errorf("%q was read", s)
		}
	}
}

// plain is what it costs to type one word for another, without a graph, a
// limit or a band.
func (g *graph) plain(typed, word []rune) int {
	d := make([][]int, len(word)+1)
	for i := range d {
		d[i] = make([]int, len(typed)+1)
		for j := range d[i] {
			if i == 0 && j == 0 {
				continue
			}
			best := never
			if i > 0 {
				omit := int(g.omitted[g.number[word[i-1]]])
				if i > 1 && word[i-1] == word[i-2] {
					omit = leftTwin
				}
				best = d[i-1][j] + omit
			}
			if j > 0 {
				best = min(best, d[i][j-1]+extra(typed, j-1))
			}
			if i > 0 && j > 0 {
				cost := mistaken(typed[j-1], word[i-1])
				if i == 1 && j == 1 && cost > sounds {
					cost += begins
				}
				best = min(best, d[i-1][j-1]+cost)
			}
			if i > 1 && j > 1 && word[i-1] == typed[j-2] && word[i-2] == typed[j-1] && word[i-1] != word[i-2] {
				best = min(best, d[i-2][j-2]+swapped)
			}
			d[i][j] = best
		}
	}
	return d[len(word)][len(typed)]
}

// proves OP-15: the way through the graph leaves out no word that is near.
func TestOP15_NearIsAsOfAPlainScan(t *testing.T) {
	r := rand.New(rand.NewPCG(5, 6))
	entries := draw(r, "аоеёквс", 1500)
	g := graphOf(t, entries)
	words := g.words()
	for _, limit := range []int{full + begins, worst} {
		for range 60 {
			typed := []rune(draw(r, "аоекрс", 1)[0].Word)
			var want []found
			for _, word := range words {
				if cost := g.plain(typed, []rune(word)); cost <= limit {
					want = append(want, found{word, cost})
				}
			}
			slices.SortFunc(want, compare)
			if got := g.near(typed, limit, len(entries)); fmt.Sprint(got) != fmt.Sprint(want) {
				t.Fatalf("near(%s, %d) = %v, want %v", string(typed), limit, got, want)
			}
			few := min(Most, len(want))
			if got := g.near(typed, limit, Most); fmt.Sprint(priceOf(got)) != fmt.Sprint(priceOf(want[:few])) {
				t.Fatalf("the nearest of %s are %v, want %v", string(typed), got, want[:few])
			}
		}
	}
}

func priceOf(all []found) (out []int) {
	for _, f := range all {
		out = append(out, f.cost)
	}
	return out
}

// A graph has at most 127 letters: a word with one too many is left out, and
// the others are there.
func TestGraphOfManyLetters(t *testing.T) {
	var entries []Entry
	for r := rune(0x4e00); r < 0x4e00+200; r++ {
		entries = append(entries, Entry{Word: strings.Repeat(string(r), 2)})
	}
	if got := len(graphOf(t, entries).words()); got != mostLetter {
		t.Errorf("%d words are there, want %d", got, mostLetter)
	}
}
