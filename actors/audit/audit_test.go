package audit

import (
	"fmt"
	"iter"
	"slices"
	"strings"
	"testing"
	"time"

	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/reflect/protoreflect"
	"google.golang.org/protobuf/types/known/timestamppb"

	"crafttalkd/actors/event"
)

// A book is a log and its machine.
type book struct {
	t     *testing.T
	now   time.Time
	state State
	lines []*event.AuditNoted
}

func newBook(t *testing.T) *book {
	return &book{t: t, now: time.Date(2026, 3, 1, 9, 0, 0, 0, time.UTC)}
}

func (b *book) note(n Note) int {
	b.t.Helper()
	events, err := Decide(b.state, n, b.now)
	if err != nil {
		b.t.Fatal(err)
	}
	for _, e := range events {
		b.state = Apply(b.state, e)
		b.lines = append(b.lines, e.(*event.AuditNoted))
	}
	return len(events)
}

func all(lines []*event.AuditNoted) iter.Seq2[*event.AuditNoted, error] {
	return func(yield func(*event.AuditNoted, error) bool) {
		for _, l := range lines {
			if !yield(l, nil) {
				return
			}
		}
	}
}

// proves G43: a fact is noted once, however often it is told, and the log never
// goes back in time.
func TestG43_AFactIsNotedOnce(t *testing.T) {
	b := newBook(t)
	early := b.now.Add(-time.Hour)
	for i, tt := range []struct {
		note Note
		want int
	}{
		{Note{By: "boss", Act: "user_put", Object: "mila", Of: Fact{"directory/main", 7, 3, 20}}, 1},
		{Note{By: "boss", Act: "user_put", Object: "mila", Of: Fact{"directory/main", 7, 3, 20}}, 0},
		{Note{By: "boss", Act: "user_put", Object: "olga", Of: Fact{"directory/main", 6, 3, 19}}, 0},
		{Note{By: "boss", Act: "conversation_watched", Object: "a.1", Of: Fact{"watcher/boss", 1, 4, 5}, At: early}, 1},
		{Note{By: "boss", Act: SignedIn, Object: "boss"}, 1},
		{Note{By: "boss", Act: SignedIn, Object: "boss"}, 1},
		{Note{By: "boss", Act: "user_put", Object: "mila", Of: Fact{"directory/main", 8, 3, 21}}, 1},
	} {
		if got := b.note(tt.note); got != tt.want {
			t.Errorf("note %d: %d lines, want %d", i, got, tt.want)
		}
	}
	for i, l := range b.lines {
		if l.Number != uint64(i+1) || l.At.AsTime().Before(b.now) {
			t.Errorf("line %d: %v", i+1, l)
		}
	}
	if _, err := Decide(b.state, Note{By: "boss"}, b.now); err == nil {
		t.Error("nothing was done, and it was noted")
	}
}

// proves G43: a line that is changed in any field, taken out, put in, moved, or
// cut off behind a known end is reported, and by its number.
func TestG43_TheChainShowsWhatWasDoneToIt(t *testing.T) {
	b := newBook(t)
	for i := range 9 {
		b.now = b.now.Add(time.Minute)
		b.note(Note{By: "boss", Act: "user_put", Object: fmt.Sprint("u", i), Of: Fact{"directory/main", uint64(i + 1), 3, uint64(i + 10)}, IP: "::1", Count: 2})
	}
	known, err := Check(all(b.lines[:5]), Head{})
	if err != nil || known.Number != 5 {
		t.Fatalf("the sound log: %v, %v", known, err)
	}
	if told, err := ParseHead(known.String()); err != nil || told.String() != known.String() {
		t.Errorf("%s is read as %v, %v", known, told, err)
	}
	if at, err := Check(all(b.lines), known); err != nil || at.String() != b.state.Head.String() {
		t.Errorf("the log that went on: %v, %v, want %v", at, err, b.state.Head)
	}
	with := func(at int, change func(*event.AuditNoted)) []*event.AuditNoted {
		out := slices.Clone(b.lines)
		out[at] = proto.CloneOf(out[at])
		change(out[at])
		return out
	}
	last := len(b.lines) - 1
	for name, tt := range map[string]struct {
		log  []*event.AuditNoted
		says string
	}{
		"taken out":       {slices.Delete(slices.Clone(b.lines), 2, 3), "line 3 is missing"},
		"the first gone":  {b.lines[1:], "line 1 is missing"},
		"put in":          {slices.Insert(slices.Clone(b.lines), 3, b.lines[0]), "line 4 is missing"},
		"moved":           {append(slices.Clone(b.lines[:2]), b.lines[3], b.lines[2]), "line 3 is missing"},
		"cut off":         {b.lines[:4], "ends at line 4, and it had 5"},
		"made anew":       {remade(t, b.lines, 4), "line 5, or one before it"},
		"emptied":         {nil, "ends at line 0"},
		"the last forged": {with(4, func(n *event.AuditNoted) { n.Object = "nobody" })[:5], "line 5, or one before it"},
	} {
		if _, err := Check(all(tt.log), known); err == nil || !strings.Contains(err.Error(), tt.says) {
			t.Errorf("%s: %v, want %q", name, err, tt.says)
		}
	}
	for i := range (&event.AuditNoted{}).ProtoReflect().Descriptor().Fields().Len() {
		forged := with(6, func(n *event.AuditNoted) { alter(n, i) })
		if _, err := Check(all(forged), known); err == nil {
			t.Errorf("another %s passes", forged[6].ProtoReflect().Descriptor().Fields().Get(i).Name())
		}
	}
	// Nothing stands behind the last line: the next end that is told will.
	if _, err := Check(all(with(last, func(n *event.AuditNoted) { n.Object = "nobody" })), b.state.Head); err == nil {
		t.Error("another last line passes its own head")
	}
}

// alter changes one field.
func alter(n *event.AuditNoted, field int) {
	m := n.ProtoReflect()
	f := m.Descriptor().Fields().Get(field)
	switch v := m.Get(f).Interface().(type) {
	case string:
		m.Set(f, protoreflect.ValueOfString(v+"x"))
	case []byte:
		n.Before = append([]byte{1}, v...)
	case uint64:
		m.Set(f, protoreflect.ValueOfUint64(v+1))
	case int32:
		n.Count++
	default:
		n.At = timestamppb.New(n.At.AsTime().Add(time.Nanosecond))
	}
}

// remade is a log that somebody has written anew from a line on, with a chain that
// holds: only who knows an end can tell.
func remade(t *testing.T, lines []*event.AuditNoted, from int) []*event.AuditNoted {
	b := newBook(t)
	for i, l := range lines {
		object := l.Object
		if i == from {
			object = "nobody"
		}
		b.now = l.At.AsTime()
		b.note(Note{By: l.By, Act: l.Act, Object: object, Of: Fact{l.Stream, l.Version, l.Shard, l.Position}, IP: l.Ip, Count: l.Count})
	}
	if _, err := Check(all(b.lines), Head{}); err != nil {
		t.Fatalf("the forged chain does not hold by itself: %v", err)
	}
	return b.lines
}

// What is no head is said so.
func TestHeadsAreRead(t *testing.T) {
	for _, text := range []string{"", "x", "5", "5:zz", "5:abcd", "-1:", ":ab"} {
		if h, err := ParseHead(text); err == nil {
			t.Errorf("%q is the head %v", text, h)
		}
	}
	if h, err := ParseHead(" 0: \n"); err != nil || h.Number != 0 {
		t.Errorf("the empty log: %v, %v", h, err)
	}
}
