package knowledge

import (
	"errors"
	"fmt"
	"strconv"
	"strings"

	"google.golang.org/protobuf/types/known/timestamppb"

	"crafttalkd/actors/event"
	"crafttalkd/actors/refusal"
)

const (
	maxItems  = 100_000 // of an import
	maxFaults = 100     // that are told in full
)

// A Fault is one thing that is wrong with an import.
type Fault struct {
	Line  int // of the file
	Field string
	Text  string
}

// Faults are all that is wrong with an import, which did not happen. They are a
// refusal about the first one.
type Faults struct {
	List []Fault // the first ones, in order of the file
	More int     // how many there are after them
}

func (f *Faults) Error() string {
	first := f.List[0]
	text := fmt.Sprintf("line %d: %s", first.Line, first.Text)
	if n := len(f.List) + f.More; n > 1 {
		text += fmt.Sprintf(", and %d more", n-1)
	}
	return text
}

// Unwrap makes the faults a refusal of one field.
func (f *Faults) Unwrap() error { return refusal.Of(f.List[0].Field, "%s", f.Error()) }

// Add notes one more fault.
func (f *Faults) Add(line int, field, text string) {
	if len(f.List) == maxFaults {
		f.More++
		return
	}
	f.List = append(f.List, Fault{line, field, text})
}

// Err returns the faults as an error; nil if there are none.
func (f *Faults) Err() error {
	if len(f.List) == 0 {
		return nil
	}
	return f
}

// Refuse notes why an item is refused.
func (f *Faults) Refuse(item Item, err error) {
	field := ""
	if r, ok := errors.AsType[*refusal.Error](err); ok {
		field = r.Field
	}
	f.Add(item.lineOf(field), field, err.Error())
}

// lineOf is the line that a field of the item is in.
func (i Item) lineOf(field string) int {
	rest, ok := strings.CutPrefix(field, "answers.")
	number, _, _ := strings.Cut(rest, ".")
	if n, err := strconv.Atoi(number); ok && err == nil && n < len(i.Answers) {
		return i.Answers[n]
	}
	return i.Line
}

// importAll puts every entry that is news. Entries may refer to each other in
// any order, and exchange their names.
func importAll(s State, c Import, at *timestamppb.Timestamp) ([]event.Event, error) {
	switch {
	case c.By == "":
		return nil, errAuthor
	case len(c.Items) > maxItems:
		return nil, refusal.New(refusal.Invalid, "an import has at most %d entries", maxItems)
	}
	b, values, errs := lay(s, c.Items)
	faults := &Faults{}
	for i, v := range values {
		if errs[i] == nil {
			errs[i] = b.check(v)
		}
		if errs[i] != nil {
			faults.Refuse(c.Items[i], errs[i])
		}
	}
	if err := faults.Err(); err != nil {
		return nil, err
	}
	var out []event.Event
	for _, kind := range []string{articleType, slot, article} {
		for _, v := range values {
			if e := entryOf(v); e.kind == kind && b.news(e, v) {
				out = append(out, fact(s, v, c.By, "import", at))
			}
		}
	}
	return out, nil
}

// lay lays an import over the state, and returns its values as they would be
// kept, and what is wrong with one beside the others.
func lay(s State, items []Item) (b base, values []event.Event, errs []error) {
	b = base{State: s, brought: map[string]map[string]event.Event{}, names: map[string]map[string]bool{}}
	for _, kind := range []string{article, slot, articleType} {
		b.brought[kind], b.names[kind] = map[string]event.Event{}, map[string]bool{}
	}
	values, errs = make([]event.Event, len(items)), make([]error, len(items))
	for i, item := range items {
		if values[i], errs[i] = tidy(item.Entry); errs[i] == nil {
			errs[i] = b.bring(values[i])
		}
	}
	return b, values, errs
}

// bring lays one value over the state, unless another of the import is it.
func (b base) bring(v event.Event) error {
	e := entryOf(v)
	if _, twice := b.brought[e.kind][e.id]; twice {
		return refusal.Of("id", "%s %q is there twice", e.kind, e.id)
	}
	if b.names[e.kind][e.name] && e.name != "" {
		return refusal.Of("identifier", "%s %q is there twice", e.kind, e.name)
	}
	b.brought[e.kind][e.id], b.names[e.kind][e.name] = v, true
	return nil
}

// news reports whether a value is another than the one that is kept.
func (b base) news(e entry, v event.Event) bool {
	old, found := b.mark(e)
	return !found || old.Print != fingerprint(v)
}
