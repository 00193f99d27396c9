package search

import (
	"cmp"
	"slices"
	"strings"

	"github.com/blugelabs/bluge"

	"crafttalkd/store/search/lexis"
)

// A Column is what a table of articles is ordered by.
type Column int

const (
	ByTitle Column = iota
	ByIdentifier
	ByType
)

// A Filter says which rows of the table of articles are shown.
type Filter struct {
	Text          string   // a part of the title, the identifier or the type's id; empty for all
	Named         []string // types whose names have the text in them, which the index doesn't know
	Types         []string // an article is of one of them; nil for any
	Sight         Sight
	By            Column
	Descending    bool
	Limit, Offset int
}

// A Row is an article in the table.
type Row struct {
	Article, Identifier, Title, Type string
	Questions, Answers               int // how many
}

// Filter returns the rows that have the text in them, wherever, and how many
// there are.
func (x *Index) Filter(f Filter) (rows []Row, total int, err error) {
	if _, err := asked(f.Text); err != nil {
		return nil, 0, err
	}
	if err := inBounds(f.Limit, f.Offset); err != nil || f.Sight.blind() {
		return nil, 0, err
	}
	f.Sight = x.sight(f.Sight)
	err = x.ask(func(g *generation) error {
		rows, total = nil, 0
		return g.ask(func(r *bluge.Reader) error {
			var ids []string
			ids, total = g.filtered(f)
			for _, id := range ids {
				c, seen, err := cardFor(r, id, f.Sight)
				if err != nil {
					return err
				}
				if !seen {
					continue
				}
				rows = append(rows, Row{Article: id, Identifier: c.Identifier, Title: c.Title, Type: c.Type, Questions: len(c.Questions), Answers: len(c.Answers)})
			}
			return nil
		})
	})
	return rows, total, err
}

func (g *generation) filtered(f Filter) (ids []string, total int) {
	g.mu.RLock()
	defer g.mu.RUnlock()
	return g.cards.filter(f)
}

// filter returns the ids of the rows that are shown, in order, and how many
// there are.
func (x *cards) filter(f Filter) (ids []string, total int) {
	needle := lexis.Fold(strings.TrimSpace(f.Text))
	eyes := x.eyes(f.Sight)
	top := &top[uint32]{compare: x.order(f), most: f.Offset + f.Limit}
	for n := range x.entries {
		e := &x.entries[n]
		if e.id == "" || !e.isOf(f.Types) || !strings.Contains(e.plain, needle) && !slices.Contains(f.Named, e.kind) || !eyes.sees(uint32(n)) {
			continue
		}
		total++
		top.offer(uint32(n))
	}
	for _, n := range top.sorted()[min(f.Offset, len(top.held)):] {
		ids = append(ids, x.entries[n].id)
	}
	return ids, total
}

// order compares entries as the table is ordered: by the column, and then by
// title and id.
func (x *cards) order(f Filter) func(a, b uint32) int {
	return func(m, n uint32) int {
		a, b := &x.entries[m], &x.entries[n]
		c := strings.Compare(a.column(f.By), b.column(f.By))
		if f.Descending {
			c = -c
		}
		return cmp.Or(c, strings.Compare(a.plain, b.plain), strings.Compare(a.id, b.id))
	}
}

// column returns what an entry has in a column, folded.
func (e *entry) column(c Column) string {
	rest := e.plain
	for range int(c) {
		_, rest, _ = strings.Cut(rest, "\n")
	}
	out, _, _ := strings.Cut(rest, "\n")
	return out
}
