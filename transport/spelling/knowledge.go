package spelling

import (
	"cmp"
	"context"
	"maps"
	"slices"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"crafttalkd/actors/event"
	"crafttalkd/actors/spelling"
	"crafttalkd/store/view/articles"
)

// How words of the knowledge base count. What customers are expected to ask has
// slips in it, so a word that stands in questions alone must stand in two.
const (
	written   = 2 // in a title, an answer or on a button
	asked     = 1 // in a question
	believed  = 2 // from here on a word is right
	mostWords = 50_000
)

// quiet is how long nobody must have edited anything before words are read: an
// import is many edits.
const quiet = 2 * time.Second

// Follow keeps the words of the knowledge base until ctx ends: it reads them
// all, and later those of the articles that were edited.
func (d *Desk) Follow(ctx context.Context, view *articles.View) {
	l := newLexicon(d.speller)
	for ctx.Err() == nil {
		base := view.State()
		if l.follow(base) {
			d.SetWords(l.words())
		}
		if view.Wait(ctx, base.Version+1) != nil {
			return
		}
		d.rest(ctx, view)
	}
}

// rest returns when the knowledge base has been left alone for a while.
func (d *Desk) rest(ctx context.Context, view *articles.View) {
	for edited := true; edited; {
		calm, enough := context.WithTimeout(ctx, quiet)
		edited = view.Wait(calm, view.State().Version+1) == nil
		enough()
	}
}

// A lexicon counts the words of the knowledge base that no dictionary has.
type lexicon struct {
	speller *spelling.Speller
	read    map[string]*articles.Article
	count   map[string]int // as they are written
}

func newLexicon(s *spelling.Speller) *lexicon {
	return &lexicon{speller: s, read: map[string]*articles.Article{}, count: map[string]int{}}
}

// follow brings the lexicon to a base, and reports whether any word is news.
func (l *lexicon) follow(base *articles.Base) bool {
	c := count{lexicon: l, usual: map[string]bool{}}
	for id, a := range l.read {
		if base.Article(id) != a {
			c.article(a, -1)
			delete(l.read, id)
		}
	}
	for _, a := range base.Articles() {
		if l.read[a.ArticleId] == nil {
			c.article(a, 1)
			l.read[a.ArticleId] = a
		}
	}
	return c.news
}

// words are those that are believed, each in the case it has most; when there
// are too many, those that are met most.
func (l *lexicon) words() []string {
	best, all := map[string]string{}, map[string]int{}
	for _, w := range slices.Sorted(maps.Keys(l.count)) { // capitals first
		key := spelling.Fold(w)
		all[key] += l.count[w]
		if l.count[w] >= l.count[best[key]] {
			best[key] = w
		}
	}
	maps.DeleteFunc(all, func(_ string, n int) bool { return n < believed })
	keys := slices.SortedFunc(maps.Keys(all), func(a, b string) int {
		return cmp.Or(cmp.Compare(all[b], all[a]), cmp.Compare(a, b))
	})
	var out []string
	for _, key := range keys[:min(len(keys), mostWords)] {
		out = append(out, best[key])
	}
	return out
}

// A count is one walk through what has changed. What dictionaries have is asked
// once a walk.
type count struct {
	*lexicon
	usual map[string]bool // by the word, whether it needs no counting
	news  bool
}

// article adds the words of an article, or takes them away.
func (c *count) article(a *articles.Article, sign int) {
	c.text(a.Title, sign*written)
	for _, q := range a.Questions {
		c.text(q, sign*asked)
	}
	for _, x := range a.Answers {
		c.answer(x, sign*written)
	}
}

func (c *count) answer(a *event.Answer, n int) {
	if !strings.HasPrefix(strings.TrimSpace(a.Text), "/redirect") {
		c.text(a.Text, n)
	}
	for _, b := range a.Buttons {
		c.text(b.Caption, n)
	}
}

// text counts the words of a text. Addresses have none.
func (c *count) text(text string, n int) {
	for field := range strings.FieldsSeq(text) {
		for rest := field; rest != "" && !isAddress(field); {
			var w string
			if w, rest = piece(rest); w != "" {
				c.word(w, n)
			}
		}
	}
}

// isAddress reports whether a field is one of a page or a letter box.
func isAddress(field string) bool {
	if strings.Contains(field, "://") || strings.Contains(field, "@") {
		return true
	}
	for i := 1; i+1 < len(field); i++ {
		if field[i] == '.' {
			before, _ := utf8.DecodeLastRuneInString(field[:i])
			after, _ := utf8.DecodeRuneInString(field[i+1:])
			if unicode.IsLetter(before) && unicode.IsLetter(after) {
				return true
			}
		}
	}
	return false
}

// piece cuts off the first piece of a field that may be a word: an operator's
// screen sees the same ones. A hyphen or an apostrophe is in a word, not at its
// edge.
func piece(field string) (word, rest string) {
	field = strings.TrimLeftFunc(field, func(r rune) bool { return !inWord(r) })
	for i := 0; i < len(field); {
		r, n := utf8.DecodeRuneInString(field[i:])
		after, _ := utf8.DecodeRuneInString(field[i+n:])
		if !inWord(r) && (!strings.ContainsRune("-'’", r) || !inWord(after)) {
			return field[:i], field[i:]
		}
		i += n
	}
	return field, ""
}

func inWord(r rune) bool {
	return unicode.IsLetter(r) || unicode.IsMark(r) || unicode.IsNumber(r) || r == '_'
}

func (c *count) word(w string, n int) {
	usual, met := c.usual[w]
	if !met {
		usual = c.speller.Knows(w)
		c.usual[w] = usual
	}
	if usual {
		return
	}
	c.news = true
	w = strings.Clone(w) // or its whole text would be kept
	if c.count[w] += n; c.count[w] == 0 {
		delete(c.count, w)
	}
}
