package search

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"

	"github.com/blugelabs/bluge"

	"crafttalkd/store/search/compound"
	"crafttalkd/store/search/lexis"
)

// A Query is what somebody looks for.
type Query struct {
	Text          string
	Types         []string // an article is of one of them; nil for any
	Sight         Sight
	Limit, Offset int
}

// A Result is what was found, or a part of it.
type Result struct {
	Hits  []Hit
	Total int // articles
}

// A Hit is an article that was found, with the answer that fits best of those
// that the asker may read.
type Hit struct {
	Article, Answer  string
	Identifier, Type string
	Score            float64
	Similar          bool // by words similar to those that were asked for
	Title, Snippet   []lexis.Piece
}

// enough is how many articles with the words as they are leave no wish for
// similar words.
const enough = 10

// Search returns the articles that have all words of the text: the best first,
// and after them, if there are few, those that have similar words.
func (x *Index) Search(q Query) (out Result, err error) {
	words, err := asked(q.Text)
	if err == nil {
		err = inBounds(q.Limit, q.Offset)
	}
	if err != nil || len(words) == 0 || q.Sight.blind() {
		return Result{}, err
	}
	err = x.ask(func(g *generation) error {
		return g.ask(func(r *bluge.Reader) error {
			f := &finder{reader: r, sight: x.sight(q.Sight), types: q.Types, words: sought(words, false)}
			best, total, err := f.find(q.Offset + q.Limit)
			if err != nil {
				return err
			}
			out = Result{Total: total}
			for _, h := range best[min(q.Offset, len(best)):] {
				hit, err := f.hit(h)
				if err != nil {
					return err
				}
				out.Hits = append(out.Hits, hit)
			}
			return nil
		})
	})
	return out, err
}

// find returns the n that come first, in order, and how many are found.
func (f *finder) find(n int) (out []found, total int, err error) {
	exact, err := f.exact(max(n, enough))
	if err != nil {
		return nil, 0, err
	}
	out, total = exact.best.sorted(), exact.total
	if total < enough {
		more, err := f.similar(n, out)
		if err != nil {
			return nil, 0, err
		}
		total += more.total
		for _, h := range more.best.sorted() {
			h.similar = true
			out = append(out, h)
		}
	}
	return out[:min(n, len(out))], total, nil
}

// hit reads what is shown.
func (f *finder) hit(h found) (Hit, error) {
	c, err := cardIn(f.reader, h.article)
	if err != nil {
		return Hit{}, err
	}
	var t text
	if err := read(f.reader, h.number, &t); err != nil {
		return Hit{}, fmt.Errorf("an answer of article %s: %w", h.article, err)
	}
	m := marker(f.words, h.similar, h.similar)
	return Hit{Article: h.article, Answer: t.Answer, Identifier: c.Identifier, Type: c.Type, Score: h.score, Similar: h.similar,
		Title: m.Mark(c.Title), Snippet: m.Snippet(t.Text)}, nil
}

// errGone tells of an article whose card is not in the index.
var errGone = errors.New("it has no card")

// cardIn reads the card of an article.
func cardIn(r *bluge.Reader, article string) (c card, err error) {
	one := &collector{query: compound.Quiet{Of: []bluge.Query{exactly("_id", "c"+article)}}, one: true, best: top[found]{compare: fitting, most: 1}}
	if _, err = r.Search(context.Background(), one); err == nil && one.total == 0 {
		err = errGone
	}
	if err == nil {
		err = read(r, one.best.held[0].number, &c)
	}
	if err != nil {
		err = fmt.Errorf("article %s: %w", article, err)
	}
	return c, err
}

// cardFor reads the card of an article that was found in memory. What memory and
// the index know may be a change apart: by what is shown, the asker must see the
// article too.
func cardFor(r *bluge.Reader, article string, s Sight) (c card, seen bool, err error) {
	c, err = cardIn(r, article)
	if errors.Is(err, errGone) {
		return c, false, nil
	}
	return c, err == nil && c.seenBy(s), err
}

// read reads what is stored of a document.
func read(r *bluge.Reader, number uint64, into any) error {
	err := errors.New("nothing is stored")
	visited := r.VisitStoredFields(number, func(field string, value []byte) bool {
		if field != stored {
			return true
		}
		err = json.Unmarshal(value, into)
		return false
	})
	return errors.Join(visited, err)
}
