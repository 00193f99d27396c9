package shell_test

import (
	"errors"
	"fmt"
	"io"
	"iter"
	"log/slog"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/asynkron/protoactor-go/actor"

	"crafttalkd/actors/event"
	"crafttalkd/actors/refusal"
	"crafttalkd/actors/shell"
	"crafttalkd/store"
	"crafttalkd/store/journal"
)

// A disk is a journal in memory that can keep everybody waiting.
type disk struct {
	mu      sync.Mutex // guards what follows
	entries map[string][]journal.Entry
	keys    map[string]store.Receipt // by shard and key
	streams []string                 // of the appends, by position less one: one count for all shards
	snaps   map[string]snap
	slow    bool // appends wait for release
	waiting []func()
	appends []journal.Append // all that were asked for
	refuse  error            // the next one
	reads   int              // of streams
}

type snap struct {
	body    []byte
	version uint64
}

func newDisk() *disk {
	return &disk{entries: map[string][]journal.Entry{}, keys: map[string]store.Receipt{}, snaps: map[string]snap{}}
}

func keyIn(stream, key string) string { return fmt.Sprint(store.ShardOf(stream), " ", key) }

func (d *disk) Append(a journal.Append, done func(store.Receipt, error)) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.appends = append(d.appends, a)
	if d.slow {
		d.waiting = append(d.waiting, func() { done(d.keep(a)) })
		return
	}
	done(d.keep(a))
}

func (d *disk) keep(a journal.Append) (store.Receipt, error) {
	if err := d.refuse; err != nil {
		d.refuse = nil
		return store.Receipt{}, err
	}
	for _, k := range a.Keys {
		if r, taken := d.keys[keyIn(a.Stream, k)]; taken {
			return store.Receipt{}, &store.TakenError{Key: k, First: r}
		}
	}
	n := uint64(len(d.entries[a.Stream]))
	if a.Expect != n {
		return store.Receipt{}, store.ErrConflict
	}
	for _, e := range a.Events {
		n++
		d.entries[a.Stream] = append(d.entries[a.Stream], journal.Entry{Stream: a.Stream, Version: n, Event: e})
	}
	d.streams = append(d.streams, a.Stream)
	r := store.Receipt{Version: n, Position: uint64(len(d.streams))}
	for _, k := range a.Keys {
		d.keys[keyIn(a.Stream, k)] = r
	}
	return r, nil
}

// release lets everything that waits reach the disk.
func (d *disk) release() {
	d.mu.Lock()
	defer d.mu.Unlock()
	for _, f := range d.waiting {
		f()
	}
	d.waiting = nil
}

func (d *disk) Version(stream string) (uint64, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.reads++
	return uint64(len(d.entries[stream])), nil
}

func (d *disk) Events(stream string, n uint64) iter.Seq2[journal.Entry, error] {
	d.mu.Lock()
	defer d.mu.Unlock()
	rest := slices.Clone(d.entries[stream][n:])
	return func(yield func(journal.Entry, error) bool) {
		for _, e := range rest {
			if !yield(e, nil) {
				return
			}
		}
	}
}

func (d *disk) Taken(stream, key string) (store.Receipt, bool, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	r, ok := d.keys[keyIn(stream, key)]
	return r, ok, nil
}

func (d *disk) StreamAt(_ string, position uint64) (string, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if position == 0 || position > uint64(len(d.streams)) {
		return "", nil
	}
	return d.streams[position-1], nil
}

func (d *disk) Snapshot(stream string) ([]byte, uint64, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	s := d.snaps[stream]
	return s.body, s.version, nil
}

func (d *disk) PutSnapshot(stream string, version uint64, body []byte) error {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.snaps[stream] = snap{body, version}
	return nil
}

// A talk is the machine of these tests: it remembers what was said.
type talk struct {
	Said []string
	Way  string // where messages go on to
	Due  time.Time
}

type command interface{ talking() }

type (
	// say is kept under a key, if it has one.
	say struct {
		text, key string
		before    []string
		kin       []string
	}
	// goOn goes on to where the way leads; blocked is a way that is closed.
	goOn struct{ text, blocked string }
	turn struct{ to string }
	arm  struct{ at time.Time }
	wake struct{}
	// fault makes the machine panic as it decides.
	fault struct{}
	no    struct{}
)

func (say) talking()   {}
func (goOn) talking()  {}
func (turn) talking()  {}
func (arm) talking()   {}
func (wake) talking()  {}
func (fault) talking() {}
func (no) talking()    {}

func (c say) Unique() string { return c.key }

func (c say) Before() (streams, kin []string) { return c.before, c.kin }

var errNo = refusal.New(refusal.Conflict, "no")

// bomb is a word that can't be applied while it is live.
const bomb = "bomb"

func machine(every uint64, live *bool) shell.Machine[talk, command] {
	return shell.Machine[talk, command]{
		Decide: decide,
		Apply: func(s talk, e event.Event) talk {
			if live != nil && *live && e.(*event.TopicSet).TopicId == bomb {
				panic("the word can't be applied")
			}
			return apply(s, e)
		},
		Deadline: func(s talk) time.Time { return s.Due },
		Wake:     wake{}, Version: 3, Every: every,
	}
}

func said(by, text string) []event.Event {
	return []event.Event{&event.TopicSet{By: by, TopicId: text}}
}

func decide(s talk, c command, now time.Time) ([]event.Event, error) {
	switch c := c.(type) {
	case say:
		return said("", c.text), nil
	case goOn:
		if c.blocked != "" && s.Way == c.blocked {
			return said("way", s.Way+"+"), nil
		}
	case turn:
		return said("way", c.to), nil
	case arm:
		return said("due", c.at.Format(time.RFC3339Nano)), nil
	case wake:
		if !s.Due.IsZero() && !s.Due.After(now) {
			return said("due", time.Time{}.Format(time.RFC3339Nano)), nil
		}
	case fault:
		panic("no decision")
	case no:
		return nil, errNo
	}
	return nil, nil
}

func apply(s talk, e event.Event) talk {
	switch e := e.(*event.TopicSet); e.By {
	case "way":
		s.Way = e.TopicId
	case "due":
		s.Due, _ = time.Parse(time.RFC3339Nano, e.TopicId)
	default:
		s.Said = append(slices.Clip(s.Said), e.TopicId)
	}
	return s
}

// onward sends what goes on to where the way leads.
func onward(s talk, c command) (shell.Onward, bool) {
	g, ok := c.(goOn)
	way := s.Way
	return shell.Onward{Stream: way, Command: g.text, Again: func(err error) (any, bool) {
		return goOn{g.text, way}, errors.Is(err, errNo)
	}}, ok
}

// trace looks for a say before it is decided that says so by its key.
func trace(_ talk, c command) (shell.Trace, bool) {
	s, ok := c.(say)
	key, first := strings.CutPrefix(s.key, "first:")
	return shell.Trace{Key: key, Streams: s.before, Kin: s.kin}, ok && first
}

// A stage is one actor of a talk, and all that is heard of it.
type stage struct {
	*disk
	house   *shell.House
	system  *actor.ActorSystem
	pid     *actor.PID
	answers []shell.Answer
	passed  []letter // on to others
	alarms  []time.Time
	clock   time.Duration // what Now is ahead
}

// A letter is a command that was passed on.
type letter struct {
	stream, text string
	reply        func(shell.Answer)
}

const stream = "conversation/anna.1"

// on runs f with an actor in a bubble of virtual time.
func on(t *testing.T, d *disk, m shell.Machine[talk, command], f func(*testing.T, *stage)) {
	synctest.Test(t, func(t *testing.T) {
		quiet := slog.New(slog.NewTextHandler(io.Discard, nil))
		s := &stage{disk: d, system: actor.NewActorSystem(actor.WithLoggerFactory(func(*actor.ActorSystem) *slog.Logger { return quiet }))}
		s.house = &shell.House{Journal: d, Log: quiet,
			Now: func() time.Time { return time.Now().Add(s.clock) },
			Kin: func(stream string) ([]string, error) {
				return map[string][]string{"customer/carol": {"customer/bob"}}[stream], nil
			},
			Alarm: func(_ string, at time.Time) { s.alarms = append(s.alarms, at) },
			Tell: func(stream string, cmd any, reply func(shell.Answer)) {
				s.passed = append(s.passed, letter{stream, cmd.(string), reply})
			}}
		s.pid = s.system.Root.SpawnPrefix(shell.Props(m, s.house, shell.Ways[talk, command]{Onward: onward, Trace: trace}), stream)
		synctest.Wait()
		f(t, s)
		s.system.Root.Stop(s.pid)
		s.system.Shutdown()
	})
}

// tell sends commands; what they lead to has happened when it returns, as far
// as the disk lets it.
func (s *stage) tell(cmds ...any) {
	for _, c := range cmds {
		s.system.Root.Send(s.pid, &shell.Request{Command: c, Reply: func(a shell.Answer) { s.answers = append(s.answers, a) }})
	}
	synctest.Wait()
}

// state is what a Look sees.
func (s *stage) state(t *testing.T) (got talk) {
	t.Helper()
	s.system.Root.Send(s.pid, &shell.Look{Do: func(state any, _ uint64, err error) {
		if err != nil {
			t.Error(err)
			return
		}
		got = state.(talk)
	}})
	synctest.Wait()
	return got
}

func (s *stage) wantSaid(t *testing.T, want ...string) {
	t.Helper()
	if got := s.state(t).Said; !slices.Equal(got, want) {
		t.Errorf("said %q, want %q", got, want)
	}
}
