/*
Package compound makes one query of several.

They are made of searchers and not of bluge's own boolean queries: those leave
out a part that finds nothing, and with it the rights that it stood for.
*/
package compound

import (
	"github.com/blugelabs/bluge"
	"github.com/blugelabs/bluge/search"
	"github.com/blugelabs/bluge/search/searcher"
	"github.com/blugelabs/bluge/search/similarity"
)

// Sum lets what is found count as much as its parts together; Nothing lets it
// count nothing.
var (
	Sum     search.CompositeScorer = similarity.NewCompositeSumScorer()
	Nothing search.CompositeScorer = similarity.ConstantScorer(0)
)

// All finds what each of several queries finds.
type All struct {
	Of     []bluge.Query
	Counts search.CompositeScorer
}

// Searcher implements [bluge.Query].
func (q All) Searcher(i search.Reader, o search.SearcherOptions) (search.Searcher, error) {
	parts, err := searchers(q.Of, i, o)
	if err != nil {
		return nil, err
	}
	return searcher.NewConjunctionSearcher(i, parts, q.Counts, o)
}

// Some finds what at least so many of several queries find.
type Some struct {
	Least  int
	Of     []bluge.Query
	Counts search.CompositeScorer
}

// Searcher implements [bluge.Query].
func (q Some) Searcher(i search.Reader, o search.SearcherOptions) (search.Searcher, error) {
	parts, err := searchers(q.Of, i, o)
	if err != nil {
		return nil, err
	}
	return searcher.NewDisjunctionSearcher(i, parts, q.Least, q.Counts, o)
}

// Quiet finds what each of several queries finds, all of it equally well, and
// without reading how well.
type Quiet struct {
	Of    []bluge.Query
	Score float64
}

// Searcher implements [bluge.Query].
func (q Quiet) Searcher(i search.Reader, o search.SearcherOptions) (search.Searcher, error) {
	quiet := o
	quiet.Score = "none"
	found, err := All{q.Of, Nothing}.Searcher(i, quiet)
	if err != nil {
		return nil, err
	}
	return searcher.NewConjunctionSearcher(i, []search.Searcher{found}, similarity.ConstantScorer(q.Score), o)
}

func searchers(of []bluge.Query, i search.Reader, o search.SearcherOptions) ([]search.Searcher, error) {
	var out []search.Searcher
	for _, q := range of {
		s, err := q.Searcher(i, o)
		if err != nil {
			for _, done := range out {
				_ = done.Close() // the first error is the one to tell
			}
			return nil, err
		}
		out = append(out, s)
	}
	return out, nil
}
