/*
Package shell runs a pure machine as an actor.

A machine only decides. The shell does the rest, always in this order: decide,
journal, apply, set the alarm, answer. What is answered has been kept, so what
was seen is never lost.

	            batch                     on disk
	mailbox ------------> decide, append ----------> answer, go on
	   |                                                 |
	   +--- what comes meanwhile waits -------------------+

While an append is under way the actor is not blocked: what arrives is laid
aside and decided together afterwards, with one append for all of it. So a busy
actor needs one turn of the disk for many commands, and an idle one answers
after a single turn.

A shell sends nothing to anyone but the asker, except that a command may be
passed on without an event (see [Onward]). Whatever must follow from an event
is done by those who read the journal after it: see package flow.
*/
package shell

import (
	"errors"
	"fmt"
	"iter"
	"log/slog"
	"runtime/debug"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/asynkron/protoactor-go/actor"

	"crafttalkd/actors/event"
	"crafttalkd/actors/refusal"
	"crafttalkd/store"
	"crafttalkd/store/journal"
)

// batch is how many commands are decided in one turn.
const batch = 256

// A Journal keeps the events of every stream.
type Journal interface {
	Append(a journal.Append, done func(store.Receipt, error))
	Events(stream string, n uint64) iter.Seq2[journal.Entry, error]
	Version(stream string) (uint64, error)
	Taken(stream, key string) (store.Receipt, bool, error)
	StreamAt(stream string, position uint64) (string, error)
	Snapshots
}

// Snapshots keeps states as a cache of what their streams say.
type Snapshots interface {
	Snapshot(stream string) (state []byte, version uint64, err error)
	PutSnapshot(stream string, version uint64, state []byte) error
}

// A Unique command has its effect once for ever, whoever repeats it. Its key
// counts in the whole shard, or in the stream alone if it begins with "./"; an
// empty key stands for none.
type Unique interface{ Unique() string }

// An Answer is what the asker gets: a refusal or a fault, or nil in Err once
// the events are kept.
type Answer struct {
	Err      error
	Stream   string // that answered: the last one, if the command was passed on
	Version  uint64 // of the stream, after the command
	Repeated bool   // a Unique command had had its effect before
}

// A Request is a message to an actor: a command, and who wants to know. Reply
// is called once, from any goroutine, and must not block.
type Request struct {
	Command any
	Reply   func(Answer)
	Row     *Row // that it stands in; nil for none
}

// A Look reads the state, after everything that was asked before. Do is called
// by the actor itself and must not keep what can change.
type Look struct {
	Do func(state any, version uint64, err error)
}

// An Onward is where a command goes on after this actor's events for it are
// kept: at once and in order.
type Onward struct {
	Stream  string
	Command any
	// Again makes the command that comes back here when the other actor
	// refuses with err; ok is false to let the refusal stand.
	Again func(err error) (cmd any, ok bool)
}

// A House is what every shell needs of the program around it.
type House struct {
	Journal Journal
	Now     func() time.Time
	Log     *slog.Logger
	// Tell passes a command on to another actor.
	Tell func(stream string, cmd any, reply func(Answer))
	// Kin names the streams in whose shards is kept what is, or once was, of
	// one that the stream is about, the stream's own aside.
	Kin func(stream string) ([]string, error)
	// Dispatcher runs the actors' turns; nil for a goroutine each.
	Dispatcher actor.Dispatcher
	// Alarm is told of every alarm that was set.
	Alarm func(stream string, at time.Time)
}

// Ways are what a machine's commands may do besides leading to events. Either
// may be nil.
type Ways[S, C any] struct {
	// Onward returns where a command goes on from the state it has led to.
	Onward func(S, C) (Onward, bool)
	// Trace returns where to look, before a command is decided, whether it has
	// had its effect; ok is false for nowhere.
	Trace func(S, C) (t Trace, ok bool)
}

// Props returns how to spawn actors with a machine, for all streams of its kind:
// an actor's name begins with its stream, as [actor.RootContext.SpawnPrefix]
// makes it. Actors are many, and share all that they can.
func Props[S, C any](m Machine[S, C], h *House, ways Ways[S, C]) *actor.Props {
	k := &kind[S, C]{m, h, ways}
	return actor.PropsFromProducer(func() actor.Actor { return &shell[S, C]{kind: k} },
		actor.WithMailbox(actor.UnboundedLockfree()), actor.WithDispatcher(h.dispatcher()))
}

// streamOf returns the stream in an actor's name.
func streamOf(name string) string {
	if i := strings.LastIndexByte(name, '$'); i >= 0 {
		return name[:i]
	}
	return name
}

func (h *House) dispatcher() actor.Dispatcher {
	if h.Dispatcher != nil {
		return h.Dispatcher
	}
	return actor.NewDefaultDispatcher(300)
}

// A Ring says that the alarm set for At has come.
type Ring struct{ At time.Time }

// A kind is what the actors with one machine have in common.
type kind[S, C any] struct {
	machine Machine[S, C]
	house   *House
	ways    Ways[S, C]
}

type shell[S, C any] struct {
	*kind[S, C]
	stream string

	state   S
	version uint64 // events in state
	kept    uint64 // events in the last snapshot
	alarm   time.Time
	fault   error // why the state can't be trusted; it is read anew before the next turn

	turn    *turn // under way to the disk
	waiting []any // arrived meanwhile
	lane    lane  // commands passed on and not yet answered
	careful bool  // the last turn repeated something: look before deciding

	saving atomic.Bool // a snapshot is being written down
}

// A turn is what one append answers. Turns are used again, with the room they
// have grown to: a busy actor's has a place for each of its many commands.
type turn struct {
	owner  any // the shell that began it
	events []event.Event
	keys   []string
	asked  []any     // what is decided in it
	ring   time.Time // the alarm that rang, if one did
	ends   []end     // in order
	err    error
}

// An end is what becomes of one command or look when its turn is over.
type end struct {
	look   *Look   // nil for a command
	asked  Request // whom to answer
	answer Answer
	onward Onward // where the command goes on, in place of the answer; no stream for nowhere
	back   bool   // it has been there before
}

var turns = sync.Pool{New: func() any { return new(turn) }}

// over is called when nobody has anything of the turn any more, but for its
// events and keys, which belong to the journal.
func (t *turn) over() {
	clear(t.asked)
	clear(t.ends)
	*t = turn{asked: t.asked[:0], ends: t.ends[:0]}
	turns.Put(t)
}

// Receive implements [actor.Actor].
func (a *shell[S, C]) Receive(ctx actor.Context) {
	switch m := ctx.Message().(type) {
	case *actor.Started:
		a.stream = streamOf(ctx.Self().Id)
		a.recover()
		return
	case *turn:
		a.settle(ctx, m)
	case *Request, *Look, Ring, *returned:
		a.waiting = append(a.waiting, m)
	case drained:
		a.lane.release(ctx, a.house)
	default:
		return
	}
	for a.turn == nil && a.take(ctx) {
	}
}

// recover makes the state of what was kept.
func (a *shell[S, C]) recover() {
	var zero S
	a.state, a.version, a.kept = zero, 0, 0
	if a.fault = a.read(); a.fault != nil {
		a.house.Log.Error("recover", "stream", a.stream, "at", a.version, "err", a.fault)
		return
	}
	a.alarm = a.machine.Deadline(a.state)
}

func (a *shell[S, C]) read() error {
	last, err := a.house.Journal.Version(a.stream)
	if err != nil || last == 0 { // most actors that are started are new
		return err
	}
	b, n, err := a.house.Journal.Snapshot(a.stream)
	if err != nil {
		return err
	}
	if b != nil {
		if s, ok, err := Decode[S](a.machine.Version, b); err == nil && ok {
			a.state, a.version, a.kept = s, n, n
		}
	}
	if a.version == last {
		return nil // an iterator costs ten times as much as to ask how long the stream is
	}
	for e, err := range a.house.Journal.Events(a.stream, a.version) {
		if err != nil {
			return err
		}
		a.state = a.machine.Apply(a.state, e.Event)
		a.version = e.Version
	}
	return nil
}

// take decides what waits, up to a batch, in one turn, and reports whether
// there was anything to do.
func (a *shell[S, C]) take(ctx actor.Context) bool {
	if len(a.waiting) == 0 {
		return false
	}
	if a.fault != nil {
		a.recover()
	}
	t := turns.Get().(*turn)
	t.owner = a
	before, some := a.version, false
	rest := a.waiting[:0]
	for _, m := range a.waiting {
		if a.lane.parked(m) || len(t.ends) >= batch {
			rest = append(rest, m)
			continue
		}
		t.asked = append(t.asked, m)
		a.decide(t, m)
		some = true
	}
	clear(a.waiting[len(rest):])
	a.waiting, a.careful = rest, false
	if some {
		a.append(ctx, t, before)
	} else {
		t.over()
	}
	return some
}

// append sends the turn to the disk, or answers at once if nothing changed.
func (a *shell[S, C]) append(ctx actor.Context, t *turn, before uint64) {
	if a.fault != nil {
		a.fail(t, a.fault)
		t.over()
		return
	}
	alarm := a.machine.Deadline(a.state)
	stale := !t.ring.IsZero() && !alarm.Equal(t.ring)
	if len(t.events) == 0 && !stale && alarm.Equal(a.alarm) {
		if !t.ring.IsZero() { // the clock has jumped back since it rang
			a.house.Alarm(a.stream, alarm)
		}
		a.answer(ctx, t)
		t.over()
		return
	}
	a.alarm, a.turn = alarm, t
	root, self := ctx.ActorSystem().Root, ctx.Self()
	add := journal.Append{Stream: a.stream, Expect: before, Events: t.events, Keys: t.keys, Alarm: alarm}
	a.house.Journal.Append(add, func(_ store.Receipt, err error) {
		t.err = err
		root.Send(self, t)
	})
}

// settle answers a turn that is on disk, or was refused there.
func (a *shell[S, C]) settle(ctx actor.Context, t *turn) {
	defer t.over()
	if t.owner != any(a) {
		a.fail(t, errLost)
		return
	}
	a.turn = nil
	if _, taken := errors.AsType[*store.TakenError](t.err); taken {
		a.decideAgain(t)
		return
	}
	if t.err != nil {
		a.fault = fmt.Errorf("append to %s: %w", a.stream, t.err)
		a.house.Log.Error("journal", "stream", a.stream, "err", t.err)
		a.fail(t, a.fault)
		return
	}
	a.house.Alarm(a.stream, a.alarm)
	a.answer(ctx, t)
	if a.machine.Every > 0 && a.version >= a.kept+a.machine.Every {
		a.snapshot()
	}
}

// decideAgain takes a turn back in which something was asked a second time. The
// store has refused all of it; now each command's key is looked up first. So
// only who repeats pays for the looking.
func (a *shell[S, C]) decideAgain(t *turn) {
	a.recover()
	a.careful = true
	a.waiting = slices.Concat(t.asked, a.waiting)
}

// errLost is the answer when an actor stopped in the middle of a turn.
var errLost = errors.New("the actor was started anew")

// answer tells everybody that the turn is kept, or sends on what goes on.
func (a *shell[S, C]) answer(ctx actor.Context, t *turn) {
	for i := range t.ends {
		switch e := &t.ends[i]; {
		case e.look != nil:
			e.look.Do(a.state, a.version, nil)
		case e.onward.Stream != "":
			a.lane.pass(ctx, a.house, passing{e.onward, e.asked.Reply, e.back})
		default:
			e.asked.Reply(e.answer)
		}
	}
}

// fail tells everybody that the turn came to nothing.
func (a *shell[S, C]) fail(t *turn, err error) {
	for i := range t.ends {
		e := &t.ends[i]
		if e.look != nil {
			e.look.Do(nil, 0, err)
			continue
		}
		e.asked.Row.meet()
		e.asked.Reply(Answer{Err: err, Stream: a.stream})
	}
}

// decide puts what m leads to into the turn.
func (a *shell[S, C]) decide(t *turn, m any) {
	switch m := m.(type) {
	case *Look:
		t.ends = append(t.ends, end{look: m})
	case Ring:
		t.ring = m.At
		a.command(t, end{asked: Request{Command: a.machine.Wake, Reply: func(Answer) {}}})
	case *Request:
		a.command(t, end{asked: *m})
	case *returned:
		a.lane.back(m)
		a.command(t, end{asked: Request{Command: m.command, Reply: m.reply}, back: true})
	}
}

// command puts what a command leads to into the turn, and how it ends.
func (a *shell[S, C]) command(t *turn, e end) {
	e.answer = a.outcome(t, &e)
	if e.answer.Err != nil && refusal.KindOf(e.answer.Err) == 0 {
		e.asked.Row.meet()
	}
	t.ends = append(t.ends, e)
}

// outcome decides a command and returns the answer, or notes in e where the
// command goes on.
func (a *shell[S, C]) outcome(t *turn, e *end) Answer {
	cmd := e.asked.Command
	if e.asked.Row.isBroken() {
		return Answer{Err: errBehind, Stream: a.stream}
	}
	c, ok := cmd.(C)
	if !ok {
		return Answer{Err: fmt.Errorf("%s: command %T is not for it", a.stream, cmd), Stream: a.stream}
	}
	if done, ok := a.known(t, c); ok {
		return done
	}
	key, n := a.key(cmd), len(t.events)
	err := a.run(t, c)
	answer := Answer{Err: err, Stream: a.stream, Version: a.version}
	switch fresh := err == nil && len(t.events) > n; {
	case key != "" && fresh:
		t.keys = append(t.keys, key)
	case key != "": // refused, or no news: perhaps because it was done before
		if done, ok := a.repeated(t, traceOf(cmd, key)); ok {
			return done
		}
	}
	if err == nil && a.ways.Onward != nil {
		if on, ok := a.ways.Onward(a.state, c); ok {
			e.onward = on
		}
	}
	return answer
}

// run decides and applies. A machine that panics has refused nothing and done
// nothing: the asker gets a fault, and the state is read anew if it is in doubt.
func (a *shell[S, C]) run(t *turn, c C) (err error) {
	applying := false
	defer func() {
		if r := recover(); r != nil {
			err = fmt.Errorf("%s: %T: %v", a.stream, c, r)
			a.house.Log.Error("machine", "err", err, "stack", string(debug.Stack()))
			if applying {
				a.fault = err
			}
		}
	}()
	events, err := a.machine.Decide(a.state, c, a.house.Now())
	applying = true
	for _, e := range events {
		a.state = a.machine.Apply(a.state, e)
		a.version++
	}
	t.events = append(t.events, events...)
	return err
}
