package search

import (
	"bytes"
	"cmp"
	"context"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/blugelabs/bluge"
	"github.com/blugelabs/bluge/search"
	"github.com/blugelabs/bluge/search/similarity"

	"crafttalkd/actors/refusal"
	"crafttalkd/store/search/compound"
	"crafttalkd/store/search/lexis"
)

// Bounds of what may be asked.
const (
	longestQuery = 500 // characters
	mostWords    = 16
	mostShown    = 100
	longestFuzzy = 32 // characters of a word whose like are looked for
)

// asked cuts a question into words, each once.
func asked(question string) ([]lexis.Word, error) {
	if utf8.RuneCountInString(question) > longestQuery {
		return nil, refusal.Of("query", "at most %d characters are looked for", longestQuery)
	}
	var out []lexis.Word
	for _, w := range lexis.Of(question) {
		if !slices.ContainsFunc(out, func(v lexis.Word) bool { return v.Fold == w.Fold }) {
			out = append(out, w)
		}
	}
	if len(out) > mostWords {
		return nil, refusal.Of("query", "at most %d words are looked for", mostWords)
	}
	return out, nil
}

func inBounds(limit, offset int) error {
	switch {
	case limit < 1 || limit > mostShown:
		return refusal.Of("limit", "between 1 and %d are shown", mostShown)
	case offset < 0:
		return refusal.Of("offset", "it is not negative")
	}
	return nil
}

// A wish is one word that is looked for.
type wish struct {
	lexis.Word
	typos  int  // that are forgiven where similar words are looked for
	prefix bool // the word may not have been written to its end
}

// sought are the words that are looked for: those that say something, or all if
// none does. The last one may still be being written.
func sought(words []lexis.Word, all bool) []wish {
	var out []wish
	for i, w := range words {
		if !all && lexis.IsStop(w.Fold) {
			continue
		}
		out = append(out, wish{Word: w, typos: forgiven(w), prefix: i == len(words)-1 && utf8.RuneCountInString(w.Fold) >= shortestPrefix})
	}
	if out == nil && len(words) > 0 {
		return sought(words, true)
	}
	return out
}

// shortestPrefix is how many letters a word has at least that may go on: fewer
// begin too many words.
const shortestPrefix = 4

// forgiven is how many typos a word may have.
func forgiven(w lexis.Word) int {
	n := utf8.RuneCountInString(w.Fold)
	switch {
	case n > longestFuzzy || strings.Trim(w.Fold, "0123456789") == "":
		return 0 // another number is another thing
	case n >= 8:
		return 2
	case n >= 4:
		return 1
	}
	return 0
}

// like reports whether a word of a text is similar to the one that is looked for.
func (w wish) like(other lexis.Word) bool {
	return other.Stem == w.Stem || w.prefix && strings.HasPrefix(other.Stem, w.Fold) ||
		w.typos > 0 && within(w.Stem, other.Stem, w.typos)
}

// all finds what each of several queries finds.
func all(of ...bluge.Query) bluge.Query { return compound.All{Of: of, Counts: compound.Sum} }

// some finds what at least so many of several queries find.
func some(least int, of ...bluge.Query) bluge.Query {
	return compound.Some{Least: least, Of: of, Counts: compound.Sum}
}

// flat finds what a query finds, all of it equally well.
func flat(query bluge.Query, score float64) bluge.Query {
	return compound.Quiet{Of: []bluge.Query{query}, Score: score}
}

func exactly(field, value string) bluge.Query { return bluge.NewTermQuery(value).SetField(field) }

// allowed are the texts of certain types that are seen, whatever their words.
func allowed(s Sight, types []string) bluge.Query {
	out := []bluge.Query{exactly(ofKind, kindText)}
	if s.all {
		out[0] = some(1, exactly(ofKind, kindText), exactly(ofKind, kindBare))
	}
	if types != nil {
		out = append(out, anyOf(ofType, "", types))
	}
	for _, r := range s.readers {
		for i, list := range r.lists() {
			if list != nil && !s.all {
				out = append(out, anyOf(sighted[i], anybody, list))
			}
		}
	}
	return compound.Quiet{Of: out}
}

// anyOf finds what has one of the ids in a field, or the other term if there is
// one.
func anyOf(field, other string, ids []string) bluge.Query {
	var of []bluge.Query
	if other != "" {
		of = append(of, exactly(field, other))
	}
	for _, id := range ids {
		of = append(of, exactly(field, idTerm(id)))
	}
	return some(1, of...)
}

// A finder looks for texts at one moment of the index.
type finder struct {
	reader *bluge.Reader
	sight  Sight
	types  []string
	words  []wish
}

// exact finds the articles that have all words as they are, and holds so many.
func (f *finder) exact(most int) (*collector, error) {
	q := []bluge.Query{allowed(f.sight, f.types)}
	for _, w := range f.words {
		q = append(q, some(1, everywhere(func(field string, weight float64) []bluge.Query {
			return []bluge.Query{bluge.NewTermQuery(w.Stem).SetField(field).SetBoost(weight)}
		})...))
	}
	return f.collect(all(q...), most, nil)
}

// similar finds the articles that have all words or similar ones; if there are
// none, those that have at least half of three words or more. It leaves out what
// has been found.
func (f *finder) similar(most int, before []found) (*collector, error) {
	var of []bluge.Query
	for _, w := range f.words {
		of = append(of, some(1, everywhere(w.similar)...))
	}
	out, err := f.collect(all(append([]bluge.Query{allowed(f.sight, f.types)}, of...)...), most, before)
	if err != nil || out.total > 0 || len(before) > 0 || len(of) < 3 {
		return out, err
	}
	return f.collect(all(allowed(f.sight, f.types), some((len(of)+1)/2, of...)), most, nil)
}

// What a word that begins so counts, and one that is similar. It is the same for
// rare words and frequent ones, which makes one list of all the words there are.
const (
	begun = 3.0
	typed = 2.0
)

// similar are the queries for a word and what is similar to it, in one field.
func (w wish) similar(field string, weight float64) []bluge.Query {
	out := []bluge.Query{bluge.NewTermQuery(w.Stem).SetField(field).SetBoost(weight)}
	if w.prefix {
		out = append(out, flat(bluge.NewPrefixQuery(w.Fold).SetField(field), weight*begun))
	}
	if w.typos > 0 {
		out = append(out, flat(bluge.NewFuzzyQuery(w.Stem).SetField(field).SetFuzziness(w.typos), weight*typed))
	}
	return out
}

// everywhere are the queries for a word in all fields with words.
func everywhere(query func(field string, weight float64) []bluge.Query) (out []bluge.Query) {
	for _, field := range worded {
		out = append(out, query(field.name, field.weight)...)
	}
	return out
}

// A found is an article that was found, by its best text.
type found struct {
	article string
	number  uint64 // of the text
	score   float64
	similar bool
}

// fitting compares what was found by how well it fits.
func fitting(a, b found) int {
	return cmp.Or(cmp.Compare(b.score, a.score), strings.Compare(a.article, b.article))
}

// collect asks a query. Of each article it takes the text that fits best, and of
// the articles it holds so many.
func (f *finder) collect(q bluge.Query, most int, without []found) (*collector, error) {
	c := &collector{query: q, best: top[found]{compare: fitting, most: most}, without: make(map[string]bool, len(without))}
	for _, w := range without {
		c.without[w.article] = true
	}
	ctx, cancel := context.WithTimeout(context.Background(), longestSearch)
	defer cancel()
	if _, err := f.reader.Search(ctx, c); err != nil {
		return nil, err
	}
	return c, nil
}

// longestSearch ends a search that takes too much.
const longestSearch = 5 * time.Second

// A collector gathers the articles of all texts that a query finds. It is the
// request and its collector at once. The texts of an article are written together,
// so they come one after the other.
type collector struct {
	query   bluge.Query
	one     bool                                // nothing but the number of one document is asked for
	values  func(number uint64) ([]byte, error) // the article of a text
	without map[string]bool

	best  top[found]
	total int // articles

	article []byte // the one whose texts come
	text    found  // the best of them so far
	any     bool   // there is one
}

// Collector implements [bluge.SearchRequest].
func (c *collector) Collector() search.Collector { return c }

// Searcher implements [bluge.SearchRequest].
func (c *collector) Searcher(i search.Reader, _ bluge.Config) (search.Searcher, error) {
	bm25 := similarity.NewBM25Similarity()
	scored := search.SearcherOptions{SimilarityForField: func(string) search.Similarity { return bm25 }}
	if c.one {
		c.values = func(uint64) ([]byte, error) { return nil, nil }
		return c.query.Searcher(i, scored)
	}
	articles, err := i.DocumentValueReader([]string{ofArticle})
	if err != nil {
		return nil, err
	}
	var article []byte
	keep := func(_ string, value []byte) { article = value }
	c.values = func(number uint64) ([]byte, error) {
		article = nil
		err := articles.VisitDocumentValues(number, keep)
		return article, err
	}
	return c.query.Searcher(i, scored)
}

// AddAggregation implements [bluge.SearchRequest]; there are none.
func (c *collector) AddAggregation(string, search.Aggregation) {}

// Aggregations implements [bluge.SearchRequest].
func (c *collector) Aggregations() search.Aggregations { return nil }

// Size implements [search.Collector].
func (c *collector) Size() int { return 0 }

// BackingSize implements [search.Collector].
func (c *collector) BackingSize() int { return 0 }

// Collect implements [search.Collector].
func (c *collector) Collect(ctx context.Context, _ search.Aggregations, s search.Collectible) (search.DocumentMatchIterator, error) {
	defer s.Close()
	sc := search.NewSearchContext(s.DocumentMatchPoolSize(), 0)
	for n := 0; ; n++ {
		if n%1024 == 0 && ctx.Err() != nil {
			return nil, refusal.New(refusal.Busy, "the search takes too long; ask for less at once")
		}
		m, err := s.Next(sc)
		if err != nil || m == nil {
			c.finish()
			return nil, err
		}
		article, err := c.values(m.Number)
		if err != nil {
			return nil, err
		}
		c.add(article, m.Number, m.Score)
		sc.DocumentMatchPool.Put(m)
	}
}

// add takes over a text of an article.
func (c *collector) add(article []byte, number uint64, score float64) {
	switch {
	case !c.any || !bytes.Equal(article, c.article):
		c.finish()
		c.article = append(c.article[:0], article...)
		c.text, c.any = found{number: number, score: score}, true
	case score > c.text.score:
		c.text.number, c.text.score = number, score
	}
}

// finish counts the article whose texts have come.
func (c *collector) finish() {
	waited := c.any
	if c.any = false; !waited || c.without[string(c.article)] {
		return
	}
	c.total++
	if b := &c.best; len(b.held) == b.most && b.most > 0 && c.text.score < b.held[0].score {
		return // most are not worth a name
	}
	c.text.article = string(c.article)
	c.best.offer(c.text)
}

// marker returns what finds the words in a text: also those that are similar, or
// begin with one of them.
func marker(words []wish, similar, begins bool) lexis.Marker {
	return lexis.Marker{Words: len(words), Meant: func(w lexis.Word) int {
		for i, s := range words {
			if s.Stem == w.Stem || begins && strings.HasPrefix(w.Fold, s.Fold) || similar && s.like(w) {
				return i
			}
		}
		return -1
	}}
}
