// Package actortest runs machines from scripts, in one goroutine and on a
// clock that moves only when told to.
//
// A script is a list of commands, each followed by the events it led to:
//
//	receive id=m1
//	Where is my parcel?
//	----
//	MessageReceived message_id:m1 content:{text:"Where is my parcel?"}
//
// Two commands are known in every script: "pass 5m" lets time go by, waking
// the machine at its deadlines, and "jump 5m" moves the clock without waking.
// Run the tests with -rewrite to write down what happens now, and read the
// difference before you keep it.
package actortest

import (
	"fmt"
	"sort"
	"strings"
	"testing"
	"time"

	"github.com/cockroachdb/datadriven"
	"google.golang.org/protobuf/reflect/protoreflect"
	"google.golang.org/protobuf/types/known/durationpb"
	"google.golang.org/protobuf/types/known/timestamppb"

	"crafttalkd/actors/event"
	"crafttalkd/actors/shell"
)

// Epoch is when every script starts: a Monday morning.
var Epoch = time.Date(2024, 1, 1, 9, 0, 0, 0, time.UTC)

// Run runs every script in dir against m. Each script starts from the zero
// state. The parse function turns a line of the script into a command.
func Run[S, C any](t *testing.T, dir string, m shell.Machine[S, C], parse func(*testing.T, *datadriven.TestData) C) {
	datadriven.Walk(t, dir, func(t *testing.T, path string) {
		r := &run[S, C]{Machine: m, now: Epoch}
		datadriven.RunTest(t, path, func(t *testing.T, d *datadriven.TestData) string {
			r.out.Reset()
			switch d.Cmd {
			case "pass":
				r.pass(duration(t, d.CmdArgs[0].Key))
			case "jump":
				r.now = r.now.Add(duration(t, d.CmdArgs[0].Key))
			default:
				r.do(parse(t, d))
			}
			if r.out.Len() == 0 {
				return "nothing\n"
			}
			return r.out.String()
		})
		r.replay(t)
	})
}

type run[S, C any] struct {
	shell.Machine[S, C]
	state  S
	now    time.Time
	events []event.Event
	out    strings.Builder
}

func (r *run[S, C]) do(cmd C) {
	events, err := r.Decide(r.state, cmd, r.now)
	if err != nil {
		fmt.Fprintf(&r.out, "refused: %v\n", err)
	}
	for _, e := range events {
		r.state = r.Apply(r.state, e)
		fmt.Fprintln(&r.out, Format(e))
	}
	r.events = append(r.events, events...)
}

// pass lets d go by. A machine whose deadline does not move after it was woken
// would be woken for ever; that is a bug, and ends the script.
func (r *run[S, C]) pass(d time.Duration) {
	end := r.now.Add(d)
	for n := 0; ; n++ {
		at := r.Deadline(r.state)
		if at.IsZero() || at.After(end) {
			break
		}
		if n > 1000 {
			r.out.WriteString("woken for ever\n")
			break
		}
		if at.After(r.now) {
			r.now = at
		}
		fmt.Fprintf(&r.out, "at +%v ", r.now.Sub(Epoch))
		r.do(r.Wake)
	}
	r.now = end
}

// replay checks that the events alone lead to the same state.
func (r *run[S, C]) replay(t *testing.T) {
	var s S
	for _, e := range r.events {
		s = r.Apply(s, e)
	}
	a, err := shell.Encode(r.Version, r.state)
	if err != nil {
		t.Fatal(err)
	}
	b, err := shell.Encode(r.Version, s)
	if err != nil {
		t.Fatal(err)
	}
	if string(a) != string(b) {
		t.Errorf("state after replay\n%s\nwant the live one\n%s", b, a)
	}
}

// Format writes e on one line: its name and the fields that are set, less its
// time. Other times are written as what has passed since Epoch.
func Format(e event.Event) string {
	m := e.ProtoReflect()
	return strings.TrimSpace(string(m.Descriptor().Name()) + " " + fieldsOf(m))
}

func fieldsOf(m protoreflect.Message) string {
	var out []string
	fields := m.Descriptor().Fields()
	for i := range fields.Len() {
		if f := fields.Get(i); m.Has(f) && f.Name() != "at" {
			out = append(out, fmt.Sprintf("%s:%s", f.Name(), value(f, m.Get(f))))
		}
	}
	return strings.Join(out, " ")
}

func value(f protoreflect.FieldDescriptor, v protoreflect.Value) string {
	switch {
	case f.IsMap():
		var out []string
		v.Map().Range(func(k protoreflect.MapKey, v protoreflect.Value) bool {
			out = append(out, k.String()+"="+scalar(f.MapValue(), v))
			return true
		})
		sort.Strings(out)
		return "{" + strings.Join(out, " ") + "}"
	case f.IsList():
		var out []string
		for i := range v.List().Len() {
			out = append(out, scalar(f, v.List().Get(i)))
		}
		return "[" + strings.Join(out, " ") + "]"
	}
	return scalar(f, v)
}

func scalar(f protoreflect.FieldDescriptor, v protoreflect.Value) string {
	switch x := v.Interface().(type) {
	case string:
		if x == "" || strings.ContainsAny(x, " \n\t\"") {
			return fmt.Sprintf("%q", x)
		}
		return x
	case protoreflect.EnumNumber:
		return string(f.Enum().Values().ByNumber(x).Name())
	case protoreflect.Message:
		switch m := x.Interface().(type) {
		case *durationpb.Duration:
			return m.AsDuration().String()
		case *timestamppb.Timestamp:
			return "+" + m.AsTime().Sub(Epoch).String()
		}
		return "{" + fieldsOf(x) + "}"
	default:
		return fmt.Sprint(x)
	}
}

func duration(t *testing.T, s string) time.Duration {
	d, err := time.ParseDuration(s)
	if err != nil {
		t.Fatal(err)
	}
	return d
}
