package history

import (
	"encoding/binary"
	"errors"
	"fmt"
	"time"

	"crafttalkd/actors/event"
	"crafttalkd/actors/figures"
)

// A row of the table is a case in a few bytes: a number that says how it is
// written, the words that occur in it, each once, and numbers. A word is told by
// its place among the words, and a time by the milliseconds since the opening.

// written is how rows are written now. A row of another writing is not read: the
// view is made anew.
const written = 1

var errWriting = errors.New("the row is damaged, or written otherwise: 'crafttalkd rebuild' makes it anew")

// encode writes a case.
func encode(c *figures.Case) []byte {
	w := writer{words: map[string]uint64{}, opened: c.Opened}
	for _, word := range []string{c.Customer, c.Account, c.Kind, c.Center, c.Line, c.Language, c.Topic, c.OpenedBy, c.ClosedBy, c.ReviewedBy} {
		w.word(word)
	}
	w.size(len(c.Skills))
	for _, s := range c.Skills {
		w.word(s)
	}
	w.time(c.Closed)
	w.number(int(c.Cause))
	w.number(judgement(c.Dissatisfied))
	w.number(int(c.Rating))
	w.time(c.Reviewed)
	w.number(c.Labels)
	w.number(flags(c))
	w.number(c.Asked)
	w.time(c.Began)
	w.time(c.Answered)
	w.size(len(c.Sessions))
	for _, s := range c.Sessions {
		w.number(int(s.Handler))
		w.word(s.ID)
		w.time(s.Begin)
		w.time(s.End)
	}
	w.size(len(c.Works))
	for _, k := range c.Works {
		w.word(k.Operator)
		w.number(k.Messages)
		w.number(k.Measured)
		w.number(k.Length)
	}
	w.size(len(c.Pairs))
	for _, p := range c.Pairs {
		w.word(p.Operator)
		w.time(p.Asked)
		w.time(p.Answered)
	}
	if !c.Forgotten.At.IsZero() {
		w.time(c.Forgotten.At)
		w.number(c.Forgotten.Days)
		w.number(c.Forgotten.Messages)
		w.number(c.Forgotten.Files)
	}
	return w.row()
}

// What a case is or is not. Words that are gone are told of at the row's end.
const (
	byAgent   = 1
	forgotten = 2
)

func flags(c *figures.Case) (n int) {
	if c.ByAgent {
		n |= byAgent
	}
	if !c.Forgotten.At.IsZero() {
		n |= forgotten
	}
	return n
}

// judgement is 0 for what nobody said, and 1 or 2.
func judgement(dissatisfied *bool) int {
	switch {
	case dissatisfied == nil:
		return 0
	case *dissatisfied:
		return 2
	}
	return 1
}

type writer struct {
	words  map[string]uint64
	head   []byte // the words
	body   []byte
	opened time.Time
}

func (w *writer) word(s string) {
	n, ok := w.words[s]
	if !ok {
		n = uint64(len(w.words))
		w.words[s] = n
		w.head = append(binary.AppendUvarint(w.head, uint64(len(s))), s...)
	}
	w.body = binary.AppendUvarint(w.body, n)
}

func (w *writer) number(n int) { w.body = binary.AppendVarint(w.body, int64(n)) }

// size writes how many follow.
func (w *writer) size(n int) { w.body = binary.AppendUvarint(w.body, uint64(n)) }

// time writes 0 for the zero time, and 1 for the opening.
func (w *writer) time(at time.Time) {
	switch n := at.Sub(w.opened).Milliseconds(); {
	case at.IsZero():
		w.body = binary.AppendVarint(w.body, 0)
	case n >= 0:
		w.body = binary.AppendVarint(w.body, n+1)
	default:
		w.body = binary.AppendVarint(w.body, n)
	}
}

func (w *writer) row() []byte {
	out := binary.AppendUvarint([]byte{written}, uint64(w.opened.UnixMilli()))
	out = binary.AppendUvarint(out, uint64(len(w.words)))
	return append(append(out, w.head...), w.body...)
}

// decode reads the case of a conversation.
func decode(id string, row []byte) (figures.Case, error) {
	if len(row) == 0 || row[0] != written {
		return figures.Case{}, fmt.Errorf("case %s: %w", id, errWriting)
	}
	r := reader{rest: row[1:]}
	r.opened = time.UnixMilli(int64(r.uvarint())).UTC()
	r.words = make([]string, r.count())
	for i := range r.words {
		r.words[i] = r.text()
	}
	c := figures.Case{ID: id, Opened: r.opened}
	r.read(&c)
	if r.bad || len(r.rest) > 0 {
		return figures.Case{}, fmt.Errorf("case %s: %w", id, errWriting)
	}
	return c, nil
}

type reader struct {
	rest   []byte
	words  []string
	opened time.Time
	bad    bool
}

func (r *reader) read(c *figures.Case) {
	for _, to := range []*string{&c.Customer, &c.Account, &c.Kind, &c.Center, &c.Line, &c.Language, &c.Topic, &c.OpenedBy, &c.ClosedBy, &c.ReviewedBy} {
		*to = r.word()
	}
	for range r.count() {
		c.Skills = append(c.Skills, r.word())
	}
	c.Closed, c.Cause = r.time(), event.Cause(r.number())
	if n := r.number(); n > 0 {
		c.Dissatisfied = new(n == 2)
	}
	c.Rating, c.Reviewed, c.Labels = int32(r.number()), r.time(), r.number()
	is := r.number()
	c.ByAgent, c.Asked = is&byAgent != 0, r.number()
	c.Began, c.Answered = r.time(), r.time()
	for range r.count() {
		c.Sessions = append(c.Sessions, figures.Session{Handler: figures.Handler(r.number()), ID: r.word(), Begin: r.time(), End: r.time()})
	}
	for range r.count() {
		c.Works = append(c.Works, figures.Work{Operator: r.word(), Messages: r.number(), Measured: r.number(), Length: r.number()})
	}
	for range r.count() {
		c.Pairs = append(c.Pairs, figures.Pair{Operator: r.word(), Asked: r.time(), Answered: r.time()})
	}
	if is&forgotten != 0 {
		c.Forgotten = figures.Forgotten{At: r.time(), Days: r.number(), Messages: r.number(), Files: r.number()}
	}
}

func (r *reader) uvarint() uint64 {
	n, size := binary.Uvarint(r.rest)
	if size <= 0 {
		r.bad, r.rest = true, nil
		return 0
	}
	r.rest = r.rest[size:]
	return n
}

// count is how many follow, which are at least a byte each.
func (r *reader) count() int {
	n := r.uvarint()
	if n > uint64(len(r.rest)) {
		r.bad, r.rest = true, nil
		return 0
	}
	return int(n)
}

func (r *reader) text() string {
	n := r.count()
	s := string(r.rest[:n])
	r.rest = r.rest[n:]
	return s
}

func (r *reader) word() string {
	n := r.uvarint()
	if n >= uint64(len(r.words)) {
		r.bad, r.rest = true, nil
		return ""
	}
	return r.words[n]
}

func (r *reader) number() int {
	n, size := binary.Varint(r.rest)
	if size <= 0 {
		r.bad, r.rest = true, nil
		return 0
	}
	r.rest = r.rest[size:]
	return int(n)
}

func (r *reader) time() time.Time {
	switch n := r.number(); {
	case n == 0:
		return time.Time{}
	case n > 0:
		return r.opened.Add(time.Duration(n-1) * time.Millisecond)
	default:
		return r.opened.Add(time.Duration(n) * time.Millisecond)
	}
}
