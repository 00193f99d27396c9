package history

import (
	"fmt"
	"strconv"
	"strings"

	"crafttalkd/actors/event"
	"crafttalkd/actors/figures"
	"crafttalkd/actors/refusal"
)

// Bounds of one page.
const (
	usualLimit = 50
	mostFound  = 200
)

// A Question is what somebody looks for.
type Question struct {
	Filter figures.Filter
	Order  figures.Order
	After  string // what the last page named as next
	Limit  int    // 0 stands for 50
	Figure string // only conversations that this figure is made of; empty for any
	// Sees is the rule by which the asker sees conversations.
	Sees figures.Sees
}

// A Found is one conversation of a list.
type Found struct {
	figures.Case
	Test bool // its customer is one for tests
}

// Find returns one page, the latest first, and what to name as After to get the
// next one; "" if there is none.
func (v *View) Find(q Question) (out []Found, next string, err error) {
	ids, next, err := v.IDs(q)
	if err != nil {
		return nil, "", err
	}
	for _, id := range ids {
		f, ok, err := v.read(id)
		if err != nil {
			return nil, "", err
		}
		if ok {
			out = append(out, f)
		}
	}
	return out, next, nil
}

// IDs is Find of nothing but the conversations' names.
func (v *View) IDs(q Question) (ids []string, next string, err error) {
	switch {
	case q.Limit < 0 || q.Limit > mostFound:
		return nil, "", refusal.Of("limit", "at most %d conversations are shown", mostFound)
	case q.Figure != "" && figures.Defined(q.Figure) == nil:
		return nil, "", refusal.Of("figure", "there is no figure %q", q.Figure)
	case q.Limit == 0:
		q.Limit = usualLimit
	}
	after, err := parsePlace(q.After)
	if err != nil {
		return nil, "", err
	}
	v.mu.RLock()
	defer v.mu.RUnlock()
	if !v.known {
		return nil, "", ErrLoading
	}
	last := ""
	v.columns.List(q.Order, v.choose(q), after, func(p figures.Place) bool {
		if len(ids) == q.Limit {
			next = last
			return false
		}
		ids, last = append(ids, string(p.ID)), fmt.Sprintf("%d/%s", p.At, p.ID)
		return true
	})
	return ids, next, nil
}

func (v *View) choose(q Question) *figures.Choice {
	sees := q.Sees
	if v.fault == seesAll {
		sees = func(string, *event.Routing) bool { return true }
	}
	x := v.columns.Choose(q.Filter, sees)
	if d := figures.Defined(q.Figure); d != nil {
		x.Behind(d)
	}
	return x
}

// Count answers what supervisors ask.
func (v *View) Count(q figures.Question) (figures.Answer, error) {
	v.mu.RLock()
	defer v.mu.RUnlock()
	if !v.known {
		return figures.Answer{}, ErrLoading
	}
	return v.columns.Count(q)
}

// parsePlace reads what a page named as next; nil for the first page.
func parsePlace(text string) (*figures.Place, error) {
	if text == "" {
		return nil, nil
	}
	at, id, ok := strings.Cut(text, "/")
	ms, err := strconv.ParseInt(at, 10, 64)
	if !ok || err != nil {
		return nil, refusal.Of("after", "this is not what a page named as next")
	}
	return &figures.Place{At: ms, ID: []byte(id)}, nil
}

// Pick returns those of the conversations that a question takes, as they come.
func (v *View) Pick(ids []string, q Question) (out []Found, err error) {
	taken, err := v.taken(ids, q)
	for _, id := range taken {
		f, ok, err := v.read(id)
		if err != nil {
			return nil, err
		}
		if ok {
			out = append(out, f)
		}
	}
	return out, err
}

func (v *View) taken(ids []string, q Question) (taken []string, err error) {
	v.mu.RLock()
	defer v.mu.RUnlock()
	if !v.known {
		return nil, ErrLoading
	}
	x := v.choose(q)
	for _, id := range ids {
		if v.columns.Takes(x, id) {
			taken = append(taken, id)
		}
	}
	return taken, nil
}

// Get returns a finished conversation, whoever may see it; false if there is
// none.
func (v *View) Get(id string) (Found, bool, error) {
	v.mu.RLock()
	known := v.known
	v.mu.RUnlock()
	if !known {
		return Found{}, false, ErrLoading
	}
	return v.read(id)
}

func (v *View) read(id string) (Found, bool, error) {
	row, err := v.table.Get(rows, caseKey+id)
	if err != nil || row == nil {
		return Found{}, false, err
	}
	c, err := decode(id, row)
	if err != nil {
		return Found{}, false, err
	}
	v.mu.RLock()
	defer v.mu.RUnlock()
	return Found{c, v.columns.IsTest(id)}, true, nil
}

// Forget makes the rows of conversations anew whose words were destroyed.
func (v *View) Forget(conversations []string) error {
	v.writing.Lock()
	defer v.writing.Unlock()
	n := news{cases: map[string]*figures.Case{}}
	for _, id := range conversations {
		row, err := v.table.Get(rows, caseKey+id)
		if err == nil && row != nil {
			err = v.fold(&n, id)
		}
		if err != nil {
			return err
		}
	}
	if err := v.table.Put(n.rows, true); err != nil {
		return fmt.Errorf("history of who was erased: %w", err)
	}
	v.mu.Lock()
	defer v.mu.Unlock()
	for _, c := range n.cases {
		v.put(c)
	}
	v.learn()
	return nil
}
