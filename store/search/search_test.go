package search

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/blugelabs/bluge"

	"crafttalkd/store/search/lexis"
)

// A scan knows all articles and looks through them one by one.
type scan struct {
	articles map[string]Article
	words    map[string][]lexis.Word // of texts that were looked through
}

func newScan() scan { return scan{map[string]Article{}, map[string][]lexis.Word{}} }

func (s scan) wordsOf(text string) []lexis.Word {
	if _, ok := s.words[text]; !ok {
		s.words[text] = lexis.Of(text)
	}
	return s.words[text]
}

func (s scan) ids() []string { return slices.Sorted(maps.Keys(s.articles)) }

func (s scan) apply(changes []Change) {
	for _, c := range changes {
		if c.Removed {
			delete(s.articles, c.Article.ID)
		} else {
			s.articles[c.Article.ID] = c.Article
		}
	}
}

// readable are the texts by which an asker may find an article, one for each
// answer that is seen.
func readable(a Article, s Sight) (out []string) {
	about := strings.Join(append([]string{a.Title, a.Identifier}, a.Questions...), "\n")
	for _, one := range a.Answers {
		if seesPlainly(one.Audience, s) {
			out = append(out, about+"\n"+one.Text)
		}
	}
	if len(a.Answers) == 0 && s.all {
		out = append(out, about)
	}
	return out
}

// seesPlainly says what rights are, in the plainest words.
func seesPlainly(a Audience, s Sight) bool {
	if s.all {
		return true
	}
	shares := func(theirs, mine []string) bool {
		if len(theirs) == 0 || mine == nil {
			return true
		}
		for _, x := range theirs {
			for _, y := range mine {
				if x == y {
					return true
				}
			}
		}
		return false
	}
	for _, r := range s.readers {
		if !shares(a.Centers, r.Centers) || !shares(a.Lines, r.Lines) || !shares(a.Skills, r.Skills) || !shares(a.Languages, r.Languages) {
			return false
		}
	}
	return len(s.readers) > 0
}

// find returns the articles of which a readable text has at least so many of the
// words.
func (s scan) find(q Query, words []wish, least int, has func(wish, lexis.Word) bool) []string {
	var out []string
	for id, a := range s.articles {
		if q.Types != nil && !slices.Contains(q.Types, a.Type) {
			continue
		}
		for _, text := range readable(a, q.Sight) {
			of, n := s.wordsOf(text), 0
			for _, w := range words {
				if slices.ContainsFunc(of, func(o lexis.Word) bool { return has(w, o) }) {
					n++
				}
			}
			if n >= least {
				out = append(out, id)
				break
			}
		}
	}
	slices.Sort(out)
	return out
}

// expect returns what a search must find: as it is asked, and similar.
func (s scan) expect(t testing.TB, q Query) (exact, similar []string) {
	words, err := asked(q.Text)
	if err != nil {
		t.Fatal(err)
	}
	wishes := sought(words, false)
	exact = s.find(q, wishes, len(wishes), func(w wish, o lexis.Word) bool { return w.Stem == o.Stem })
	if len(exact) >= enough {
		return exact, nil
	}
	similar = s.find(q, wishes, len(wishes), wish.like)
	if len(similar) == 0 && len(wishes) >= 3 {
		similar = s.find(q, wishes, (len(wishes)+1)/2, wish.like)
	}
	return exact, slices.DeleteFunc(similar, func(id string) bool { return slices.Contains(exact, id) })
}

// pages reads all pages of a search, on which each article stands once.
func pages(x *Index, q Query) (hits []Hit, err error) {
	if hits, err = readPages(x, q); err != nil {
		return nil, err
	}
	seen := map[string]bool{}
	for _, h := range hits {
		if seen[h.Article] {
			return nil, fmt.Errorf("%q: article %s stands on two pages", q.Text, h.Article)
		}
		seen[h.Article] = true
	}
	return hits, nil
}

func readPages(x *Index, q Query) (hits []Hit, err error) {
	for {
		q.Offset = len(hits)
		r, err := x.Search(q)
		if err != nil {
			return nil, err
		}
		hits = append(hits, r.Hits...)
		if len(hits) >= r.Total || len(r.Hits) == 0 {
			if len(hits) != r.Total {
				return nil, fmt.Errorf("%q: %d hits on all pages, %d in total", q.Text, len(hits), r.Total)
			}
			return hits, nil
		}
	}
}

// compare holds a search against the scan.
func compare(t testing.TB, x *Index, s scan, q Query) error {
	hits, err := pages(x, q)
	if err != nil {
		return err
	}
	exact, similar := s.expect(t, q)
	var got, alike []string
	for _, h := range hits {
		if h.Similar {
			alike = append(alike, h.Article)
		} else {
			got = append(got, h.Article)
		}
		if err := rightful(s.articles[h.Article], h, q.Sight); err != nil {
			return err
		}
	}
	if !slices.IsSortedFunc(hits, func(a, b Hit) int { return order(a.Similar, b.Similar) }) {
		return fmt.Errorf("%q: similar ones come before others", q.Text)
	}
	slices.Sort(got)
	slices.Sort(alike)
	if !slices.Equal(got, exact) || !slices.Equal(alike, similar) {
		return fmt.Errorf("%q by %+v: found %v and like it %v, want %v and %v", q.Text, q.Sight, got, alike, exact, similar)
	}
	return nil
}

func order(a, b bool) int {
	switch {
	case a == b:
		return 0
	case b:
		return -1
	}
	return 1
}

// rightful reports what a hit shows that the asker may not see.
func rightful(a Article, h Hit, s Sight) error {
	if h.Answer == "" && len(a.Answers) == 0 && s.all {
		return nil
	}
	i := slices.IndexFunc(a.Answers, func(one Answer) bool { return one.ID == h.Answer })
	if i < 0 || !seesPlainly(a.Answers[i].Audience, s) {
		return fmt.Errorf("article %s shows answer %q to %+v", a.ID, h.Answer, s)
	}
	for _, p := range h.Snippet {
		if !strings.Contains(a.Answers[i].Text, strings.Trim(p.Text, " …")) {
			return fmt.Errorf("article %s shows %q, which is not of answer %s", a.ID, p.Text, h.Answer)
		}
	}
	return nil
}

// question makes up what somebody looks for: words of the language, often such
// as are in an article, sometimes with a typo or not written to their end.
func (w *writer) question(s scan, ids []string) string {
	words := strings.Fields(w.text(1 + w.rand.IntN(3)))
	if a := s.articles[ids[w.rand.IntN(len(ids))]]; w.rand.IntN(3) > 0 {
		from := strings.Fields(a.Title + " " + strings.Join(a.Questions, " "))
		for _, one := range a.Answers {
			from = append(from, strings.Fields(one.Text)...)
		}
		for i := range words {
			words[i] = from[w.rand.IntN(len(from))]
		}
	}
	for i, one := range words {
		letters := []rune(one)
		at := w.rand.IntN(len(letters))
		switch w.rand.IntN(8) {
		case 0:
			words[i] = string(slices.Delete(letters, at, at+1))
		case 1:
			letters[at] = 'ж'
			words[i] = string(letters)
		case 2:
			words[i] = string(letters[:at+1])
		}
	}
	return strings.Join(words, " ")
}

// differ tries an index against a scan: changes and questions at random.
func differ(t testing.TB, seed uint64, rounds int, f fault) error {
	x := opened(t, t.TempDir())
	x.fault = f
	w, s := newWriter(seed, 800), newScan()
	for round := range rounds {
		var changes []Change
		for range 40 {
			id := fmt.Sprintf("a%d", w.rand.IntN(150))
			changes = append(changes, Change{Article: w.article(id, 12), Removed: w.rand.IntN(5) == 0})
		}
		if err := x.Apply(changes, uint64(round)); err != nil {
			return err
		}
		s.apply(changes)
		ids := s.ids()
		for range 25 {
			q := Query{Text: w.question(s, ids), Sight: w.sight(), Limit: 7}
			if w.rand.IntN(4) == 0 {
				q.Types = []string{"type1", "type2"}
			}
			if err := compare(t, x, s, q); err != nil {
				return fmt.Errorf("seed %d, round %d: %w", seed, round, err)
			}
		}
	}
	return nil
}

// proves G41: the index against a plain scan filtered by rights.
func TestG41_ArticlesAreFoundAsByAPlainScan(t *testing.T) {
	for seed := range uint64(2) {
		if err := differ(t, seed, 8, none); err != nil {
			t.Fatal(err)
		}
	}
}

// Who turns pages looks at what was there when they began, whatever the index puts
// together meanwhile, until something changes.
func TestPagesAreOfOneView(t *testing.T) {
	x := library(t)
	reader := func() (out any) {
		t.Helper()
		if err := x.current.Load().ask(func(r *bluge.Reader) error { out = r; return nil }); err != nil {
			t.Fatal(err)
		}
		return out
	}
	first := reader()
	if reader() != first {
		t.Error("the second page is of another view than the first")
	}
	if err := x.Apply([]Change{{Article: Article{ID: "4"}, Removed: true}}, 2); err != nil {
		t.Fatal(err)
	}
	if reader() == first {
		t.Error("a change is not in the view after it")
	}
	if r, err := x.Search(Query{Text: "черновик", Sight: Everything(), Limit: 1}); err != nil || r.Total != 0 {
		t.Errorf("what was removed is found: %+v, %v", r, err)
	}
}

func TestG41_ArticlesFaultsAreSeen(t *testing.T) {
	for _, f := range []fault{reckless, forgets} {
		if differ(t, 1, 8, f) == nil {
			t.Errorf("fault %d is not seen", f)
		}
	}
}
