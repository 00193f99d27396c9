package day_test

import (
	"fmt"
	"maps"
	"math/rand/v2"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/cockroachdb/pebble/v2/vfs"
	"google.golang.org/protobuf/types/known/durationpb"

	"crafttalkd/actors/directory"
	"crafttalkd/actors/event"
	"crafttalkd/actors/refusal"
	"crafttalkd/actors/shell"
	"crafttalkd/store/keys"
)

// A size says how much happens in a day.
type size struct {
	length    time.Duration
	customers int
	operators int
	sessions  int // of one customer
	upsets    int // power cuts, restarts and jumps of the clock
}

var (
	usual = size{length: 8 * time.Hour, customers: 18, operators: 6, sessions: 3, upsets: 12}
	large = size{length: 24 * time.Hour, customers: 150, operators: 12, sessions: 11, upsets: 60}
)

// A world is one virtual day.
type world struct {
	t     *testing.T
	seed  uint64
	size  size
	fault fault
	clock *clock
	key   *keys.Master
	rng   *rand.Rand // of what happens to the server
	end   time.Time

	server atomic.Pointer[node]
	gate   gate
	people sync.WaitGroup
	log    *history
	wrong  []string // what was found, a few of each kind
	kinds  map[string]int
	cuts   int

	mu   sync.Mutex // guards what follows
	told told
}

// told is what the outside was told, and must stay true.
type told struct {
	tried  map[string]bool // messages that customers wrote, by key
	kept   map[string]bool // and those that were acknowledged
	acts   map[string]bool // operators' messages and notes, by conversation and id
	closed map[string]bool // conversations that an operator has closed
	begun  map[string]bool // and those that one has begun

	tickets map[string]bool     // numbers of tickets, by conversation
	edits   map[string][]change // what messages were changed to, by key
	removed map[string]bool     // and those that were taken back
	offers  []string            // our messages with buttons
	orders  [][]string          // keys of messages that must stand in this order
}

func newWorld(t *testing.T, seed uint64, s size, f fault) *world {
	key, err := keys.ParseMaster(master)
	if err != nil {
		t.Fatal(err)
	}
	return &world{t: t, seed: seed, size: s, fault: f, key: key,
		rng: rand.New(rand.NewPCG(seed, 0)), log: newHistory(), kinds: map[string]int{},
		told: told{tried: map[string]bool{}, kept: map[string]bool{}, acts: map[string]bool{}, closed: map[string]bool{},
			begun: map[string]bool{}, tickets: map[string]bool{},
			edits: map[string][]change{}, removed: map[string]bool{}}}
}

// run lives through the day.
func (w *world) run() {
	w.clock, w.end = newClock(), time.Now().Add(w.size.length)
	w.gate.init()
	w.start(vfs.NewCrashableMem())
	w.furnish()
	for i := range w.size.operators {
		w.people.Go(func() { w.operator(i) })
	}
	w.people.Go(w.supervisor)
	for i := range w.size.customers {
		w.people.Go(func() { w.customer(i) })
	}
	for i := range w.size.upsets {
		w.upset(i)
	}
	time.Sleep(time.Until(w.end))
	w.quietly(func() { w.look(true) })
	w.people.Wait()
	w.quietly(func() { w.look(true) })
	w.finish()
}

// finish ends the day, and reads the store once more with nobody in it.
func (w *world) finish() {
	n := w.server.Load()
	w.check(n.rest())
}

func (w *world) start(disk *vfs.MemFS) {
	w.clock.turn(true)
	n, err := open(disk, w.clock, rand.New(rand.NewPCG(w.seed, w.rng.Uint64())), w.faultNow())
	if err != nil {
		w.t.Fatalf("seed %d: start: %v", w.seed, err)
	}
	w.server.Store(n)
}

// faultNow is the fault of the node that starts now. Forgetting the place is
// no fault at the first start.
func (w *world) faultNow() fault {
	if w.fault == forgetsPlace && w.cuts == 0 {
		return noFault
	}
	return w.fault
}

// upset lets some time pass and then does something to the server.
func (w *world) upset(i int) {
	share := w.size.length / time.Duration(w.size.upsets)
	time.Sleep(time.Until(w.end.Add(-w.size.length + time.Duration(i)*share)))
	time.Sleep(time.Duration(w.rng.Int64N(int64(share / 2))))
	switch x := w.rng.IntN(20); {
	case x < 7:
		w.cut(func(n *node) { n.ambush.Store(int64(1 + w.rng.IntN(1+w.rng.IntN(20)))) })
	case x < 12:
		w.cut(func(n *node) { n.fuse.Store(int64(1 + w.rng.IntN(60))) })
	case x < 14:
		w.cut((*node).cut)
	case x < 16:
		w.restart()
	default:
		w.jump()
	}
	w.quietly(func() { w.look(i%8 == 7) })
}

// cut takes the power away, in a way that may take a while.
func (w *world) cut(begin func(*node)) {
	s := w.server.Load()
	begin(s)
	select {
	case <-s.life.Done():
	case <-time.After(10 * time.Minute):
	}
	s.cut()
	w.clock.turn(false)
	w.cuts++
	w.check(s.bury())
	time.Sleep(w.downtime())
	w.start(s.left)
}

func (w *world) downtime() time.Duration {
	if w.rng.IntN(6) == 0 {
		return time.Duration(w.rng.Int64N(int64(20 * time.Minute)))
	}
	return time.Duration(w.rng.Int64N(int64(20 * time.Second)))
}

// restart stops the server in order and starts it again.
func (w *world) restart() {
	s := w.server.Load()
	w.check(s.rest())
	w.clock.turn(false)
	time.Sleep(w.downtime())
	w.start(s.disk)
}

// jump moves the clock. The long jumps are rare: a whole day makes everything due.
func (w *world) jump() {
	by := []time.Duration{time.Second, time.Minute, time.Hour}[w.rng.IntN(3)]
	if w.rng.IntN(8) == 0 {
		by = 24 * time.Hour
	}
	if w.rng.IntN(2) == 0 {
		by = -by
	}
	w.clock.jump(by)
}

// quietly stops everybody, lets the server settle, and does f.
func (w *world) quietly(f func()) {
	w.gate.shut()
	defer w.gate.open()
	for range 10 { // a slow disk may have kept what follows from events waiting
		time.Sleep(2 * time.Second)
		if w.server.Load().Flowing() == 0 {
			break
		}
	}
	n := w.server.Load()
	n.slow.Store(false)
	synctest.Wait()
	f()
	n.slow.Store(true)
}

// fail notes that something is wrong: of every kind a few things.
func (w *world) fail(format string, args ...any) {
	what := fmt.Sprintf(format, args...)
	kind, _, _ := strings.Cut(what, ":")
	if w.kinds[kind]++; w.kinds[kind] <= 3 {
		w.wrong = append(w.wrong, what)
	}
}

func (w *world) check(err error) {
	if err != nil {
		w.fail("%v", err)
	}
}

// over reports whether the people go home.
func (w *world) over() bool { return !time.Now().Before(w.end) }

// act does f at the server once everybody may act, and reports what it says.
func (w *world) act(f func(*node) error) error {
	w.gate.enter()
	defer w.gate.leave()
	n := w.server.Load()
	if !n.alive() {
		return errDown
	}
	return f(n)
}

// insist does f until the server gives an answer, a refusal included. Who has
// gone home does not insist.
func (w *world) insist(f func(*node) error) error {
	for pause := 500 * time.Millisecond; ; pause = min(2*pause, 30*time.Second) {
		err := w.act(f)
		if err == nil || settled(err) || w.over() {
			return err
		}
		time.Sleep(pause)
	}
}

// settled reports whether an error is a final answer.
func settled(err error) bool {
	kind := refusal.KindOf(err)
	return kind != 0 && kind != refusal.Busy
}

// ask asks an actor, and insists.
func (w *world) ask(stream string, cmd any) (a shell.Answer, err error) {
	err = w.insist(func(n *node) (err error) {
		a, err = n.ask(stream, cmd)
		return err
	})
	return a, err
}

// A gate lets people act, or makes them wait.
type gate struct {
	mu     sync.Mutex
	moved  sync.Cond
	inside int
	closed bool
}

func (g *gate) init() { g.moved.L = &g.mu }

func (g *gate) enter() {
	g.mu.Lock()
	defer g.mu.Unlock()
	for g.closed {
		g.moved.Wait()
	}
	g.inside++
}

func (g *gate) leave() {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.inside--
	g.moved.Broadcast()
}

// shut returns when nobody is inside.
func (g *gate) shut() {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.closed = true
	for g.inside > 0 {
		g.moved.Wait()
	}
}

func (g *gate) open() {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.closed = false
	g.moved.Broadcast()
}

// The center: three lines, two accounts, and who can do what.
var (
	lines    = []string{"help", "sales", "bank"}
	centers  = map[string]string{"help": "shop", "sales": "shop", "bank": "trust"}
	accounts = map[string]*event.Routing{
		"site":  {LineId: "help", Language: "ru"},
		"phone": {LineId: "bank", Language: "en", Skills: []string{"cards"}},
	}
)

// furnish fills the directory.
func (w *world) furnish() {
	var puts []event.Event
	for _, c := range []string{"shop", "trust"} {
		puts = append(puts, &event.Center{CenterId: c, Name: c})
	}
	for _, l := range lines {
		puts = append(puts, &event.Line{LineId: l, Name: l, CenterId: centers[l]})
	}
	for _, l := range []string{"ru", "en"} {
		puts = append(puts, &event.Language{Language: l, Name: l})
	}
	for _, s := range []string{"cards", "vip"} {
		puts = append(puts, &event.Skill{Skill: s, Name: s})
	}
	puts = append(puts, settings("shop", 1), settings("trust", 2))
	for _, id := range slices.Sorted(maps.Keys(accounts)) {
		r := accounts[id]
		puts = append(puts, &event.Account{AccountId: id, Kind: "api", Name: id, CenterId: centers[r.LineId], Routing: r})
	}
	for i := range w.size.operators {
		puts = append(puts, user(i))
	}
	for _, p := range puts {
		if _, err := w.ask(event.DirectoryStream, directory.Put{By: "setup", Entry: p}); err != nil {
			w.t.Fatalf("put %v: %v", p, err)
		}
	}
}

// settings of a center: the second one detaches nobody and says less.
func settings(center string, n int) *event.Settings {
	after := func(m int) *durationpb.Duration { return durationpb.New(time.Duration(m) * time.Minute) }
	p := &event.Policy{
		ResponseTimeout: after(3 + n),
		JoinText:        "Здравствуйте, я {fname} {lname}",
		Silence:         &event.SilencePolicy{RemindAfter: after(7), RemindText: "Вы здесь?", CloseAfter: after(13)},
		Hold: &event.HoldPolicy{Patterns: []string{"Минуту"}, OperatorTimeout: after(2), OperatorText: "Ещё минуту",
			CustomerTimeout: after(4), CustomerText: "Мы ждём"},
	}
	if n == 1 {
		p.Silence.DetachAfter, p.Silence.DetachText, p.Silence.CloseText = after(5), "Напишите, когда вернётесь", "До свидания"
		p.Silence.Messages = []*event.SilenceMessage{{After: after(1), Text: "раз"}, {After: after(3), Text: "два"}, {After: after(6), Text: "три"}}
	}
	return &event.Settings{CenterId: center, Policy: p, ConnectionGrace: durationpb.New(time.Minute)}
}

// user returns the i'th operator. Among any three in a row every account finds
// somebody who fits.
func user(i int) *event.User {
	u := &event.User{UserId: operatorID(i), Login: operatorID(i), FirstName: "Op", LastName: fmt.Sprint(i),
		Capacity: int32(1 + i%3), CenterIds: []string{"shop", "trust"}}
	switch i % 3 {
	case 0:
		u.LineIds, u.Languages = []string{"help", "sales"}, []string{"ru"}
	case 1:
		u.LineIds, u.Languages, u.Skills = []string{"bank", "sales"}, []string{"en", "ru"}, []string{"cards"}
	case 2:
		u.LineIds, u.Languages, u.Skills = lines, []string{"en", "ru"}, []string{"cards", "vip"}
	}
	return u
}

func operatorID(i int) string { return fmt.Sprintf("op%d", i) }
