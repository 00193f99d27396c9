package courier

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"math/rand/v2"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/cockroachdb/pebble/v2/vfs"

	"crafttalkd/actors/conversation"
	"crafttalkd/actors/customer"
	"crafttalkd/actors/directory"
	"crafttalkd/actors/event"
	"crafttalkd/actors/operator"
	"crafttalkd/actors/refusal"
	"crafttalkd/actors/shell"
	"crafttalkd/actors/system"
	"crafttalkd/channels"
	"crafttalkd/store/journal"
	"crafttalkd/store/keys"
	"crafttalkd/store/pebblestore"
)

// A node is a whole system with a courier, on a disk in memory that can lose
// its power.
type node struct {
	*system.System
	t       *testing.T
	disk    *vfs.MemFS
	store   *pebblestore.Store
	courier *Courier
	world   *world

	dead atomic.Bool
	once sync.Once
	left *vfs.MemFS // what the disk held when the power was cut
}

// A world is what is outside of nodes and outlives them.
type world struct {
	phones   map[string]*phone // by account
	fault    fault
	join     string                             // what the system says when an operator joins
	can      atomic.Pointer[channels.Abilities] // nil for everything, at the usual pace
	unlinked atomic.Int32                       // how often a link can't be made
	percent  int                                // of what was not synced, that a power cut leaves
	at       func(spot) bool                    // whether the power is cut here; nil for never
}

// A spot is a place in the way of a message where the power may be cut.
type spot string

const (
	opening  spot = "before the letter is marked"
	leaving  spot = "when the request leaves"
	taken    spot = "when the messenger has it"
	answered spot = "before the outcome is told"
	recorded spot = "after the outcome is recorded"
)

// abilities are what the world's channels can do now.
func (w *world) abilities(string) channels.Abilities {
	if a := w.can.Load(); a != nil {
		return *a
	}
	return channels.Abilities{Files: 10, Buttons: 10, Place: true}
}

// link is where the world finds an attachment.
func (w *world) link(_ string, m channels.Outbound, a *event.Attachment) error {
	if w.unlinked.Add(-1) >= 0 {
		return errors.New("the disk does not answer")
	}
	a.Source = "https://files.example/" + m.Conversation + "/" + a.AttachmentId
	return nil
}

func newWorld(accounts ...string) *world {
	w := &world{phones: map[string]*phone{}}
	for _, a := range accounts {
		w.phones[a] = &phone{}
	}
	return w
}

// A phone is an account's messenger with all its customers.
type phone struct {
	keyed bool
	does  func(ctx context.Context, m channels.Outbound, try int) (string, error) // nil accepts

	mu    sync.Mutex // guards what follows
	calls []call
	shown []string // conversation/message#part, each as often as a customer saw it
	keys  []string // of those
	tries map[string]int
}

// A call is one request that reached the messenger.
type call struct {
	name string
	text string
	at   time.Time
}

// accept shows m to its customer, unless it is known by its key.
func (p *phone) accept(m channels.Outbound) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.keyed && slices.Contains(p.keys, m.Key) {
		return
	}
	p.keys = append(p.keys, m.Key)
	p.shown = append(p.shown, nameOf(m))
}

func (p *phone) seen() []string {
	p.mu.Lock()
	defer p.mu.Unlock()
	return slices.Clone(p.shown)
}

func (p *phone) called() []call {
	p.mu.Lock()
	defer p.mu.Unlock()
	return slices.Clone(p.calls)
}

// A line is a node's channel to a phone.
type line struct {
	*node
	*phone
}

func (l line) Idempotent() bool { return l.keyed }

func (l line) Deliver(ctx context.Context, m channels.Outbound) (string, error) {
	if l.cut(leaving) {
		return "", errors.New("no power")
	}
	name := nameOf(m)
	l.phone.mu.Lock()
	l.calls = append(l.calls, call{name, m.Content.GetText(), time.Now()})
	if l.tries == nil {
		l.tries = map[string]int{}
	}
	l.tries[name]++
	try := l.tries[name]
	l.phone.mu.Unlock()
	if l.does != nil {
		if id, err := l.does(ctx, m, try); err != nil {
			return id, err
		}
	}
	l.accept(m)
	if l.cut(taken) {
		return "", errors.New("no power")
	}
	return "their-" + strings.TrimPrefix(name, m.Conversation+"/"), nil
}

// nameOf is what a phone calls a part of a message; the first one has no number.
func nameOf(m channels.Outbound) string {
	if m.Part == 0 {
		return m.Conversation + "/" + m.ID
	}
	return fmt.Sprintf("%s/%s#%d", m.Conversation, m.ID, m.Part)
}

// cut takes the power away, if it is to be taken here. It tells whether there
// is none.
func (n *node) cut(s spot) bool {
	if !n.dead.Load() && n.world.at != nil && n.world.at(s) {
		if s != recorded { // where nobody may wait
			<-time.After(time.Millisecond) // what was written goes on its way to the disk
		}
		n.powerOff()
	}
	return n.dead.Load()
}

func (n *node) powerOff() {
	n.once.Do(func() {
		n.dead.Store(true)
		n.left = n.disk.CrashClone(vfs.CrashCloneCfg{UnsyncedDataPercent: n.world.percent, RNG: rand.New(rand.NewPCG(1, 2))})
	})
}

// Tell is the system's, with the power that may go before and after.
func (n *node) Tell(stream string, cmd any, reply func(shell.Answer)) {
	if n.cut(answered) {
		return
	}
	n.System.Tell(stream, cmd, func(a shell.Answer) {
		if !n.cut(recorded) {
			reply(a)
		}
	})
}

func boot(t *testing.T, w *world, disk *vfs.MemFS) *node {
	t.Helper()
	n := &node{t: t, world: w, disk: disk}
	log := slog.New(slog.DiscardHandler)
	var err error
	if n.store, err = pebblestore.Open("store", pebblestore.Options{FS: disk, Log: log, MemTableSize: 1 << 20, CacheSize: 1 << 20}); err != nil {
		t.Fatal(err)
	}
	master, err := keys.ParseMaster("0000000000000000000000000000000000000000000000000000000000000001")
	if err != nil {
		t.Fatal(err)
	}
	j, err := journal.Open(n.store, keys.NewRing(master, n.store))
	if err != nil {
		t.Fatal(err)
	}
	if n.System, err = system.Start(system.Config{Journal: j, Now: time.Now, Log: log}); err != nil {
		t.Fatal(err)
	}
	n.courier, err = Start(Config{
		System: n, Journal: j, Table: n.store, Open: n.open, Now: time.Now, Log: log, fault: w.fault,
		Carries: func(account string) bool { return account != "widget" },
		Link:    w.link, Abilities: w.abilities,
	})
	if err != nil {
		t.Fatal(err)
	}
	return n
}

func (n *node) open(account string) (channels.Channel, error) {
	if n.cut(opening) {
		return nil, errors.New("no power")
	}
	p, ok := n.world.phones[account]
	if !ok {
		return nil, refusal.New(refusal.NotFound, "there is no account %s", account)
	}
	return line{n, p}, nil
}

// stop ends a node in order.
func (n *node) stop() {
	n.t.Helper()
	n.courier.Stop(context.Background())
	n.end(n.Stop(context.Background()))
}

// bury ends what a node without power still does.
func (n *node) bury() {
	n.t.Helper()
	gone, cancel := context.WithCancel(context.Background())
	cancel()
	n.courier.Stop(gone)
	n.Kill()
	n.end(nil)
}

func (n *node) end(err error) {
	n.t.Helper()
	n.courier.Wait()
	if err := errors.Join(err, n.store.Close()); err != nil {
		n.t.Error(err)
	}
}

func (n *node) ask(stream string, cmd any) shell.Answer {
	n.t.Helper()
	a, err := n.Ask(context.Background(), stream, cmd)
	if err != nil {
		n.t.Fatalf("%s: %T: %v", stream, cmd, err)
	}
	return a
}

// center makes a line with one operator, Oleg, who has time for everybody.
func (n *node) center() {
	n.t.Helper()
	for _, put := range []event.Event{
		&event.Center{CenterId: "shop", Name: "Shop"},
		&event.Line{LineId: "help", Name: "Help", CenterId: "shop"},
		&event.User{UserId: "oleg", Login: "oleg", FirstName: "Oleg", LineIds: []string{"help"}, CenterIds: []string{"shop"}, Capacity: 100},
	} {
		n.ask(event.DirectoryStream, directory.Put{By: "setup", Entry: put})
	}
	pass(50 * time.Millisecond) // appends are gathered, which takes time
	n.ask("operator/oleg", operator.Connect{})
	n.ask("operator/oleg", operator.SetPresence{Presence: event.Presence_ONLINE, Cause: event.Cause_OPERATOR_CHOICE})
	pass(50 * time.Millisecond) // appends are gathered, which takes time
}

// greet opens conversation WHO.1 by the customer's message to an account.
func (n *node) greet(who, account string) {
	n.t.Helper()
	n.ask(event.CustomerStream+who, customer.Receive{
		ID: who, Home: who, Key: account + "/" + who + "/1",
		Address: &event.Address{AccountId: account, Address: who, Kind: "api"},
		Opening: &event.ConversationOpened{AccountId: account, CenterId: "shop", Routing: &event.Routing{LineId: "help"}, Policy: &event.Policy{JoinText: n.world.join}},
		Message: &event.MessageReceived{MessageId: "c1", AccountId: account, ExternalId: "1", Content: &event.Content{Text: "hello"}},
	})
	pass(50 * time.Millisecond) // appends are gathered, which takes time
}

// reply sends Oleg's message into conversation WHO.1.
func (n *node) reply(who, id, text string) {
	n.t.Helper()
	n.ask(event.ConversationStream+who+".1", conversation.Reply{Operator: "oleg", ID: id, Content: &event.Content{Text: text}})
}

// outcomes lists what conversation WHO.1 has recorded of its messages.
func (n *node) outcomes(who string) (out []string) {
	n.t.Helper()
	for e, err := range n.Journal().Events(event.ConversationStream+who+".1", 0) {
		if err != nil {
			n.t.Fatal(err)
		}
		switch m := e.Event.(type) {
		case *event.MessageDelivered:
			out = append(out, fmt.Sprintf("%s delivered %s", m.MessageId, strings.Join(append(m.EarlierIds, m.ExternalId), " ")))
		case *event.MessageFailed:
			out = append(out, fmt.Sprintf("%s failed: %s", m.MessageId, m.Reason))
		case *event.MessageUncertain:
			out = append(out, fmt.Sprintf("%s uncertain: %s", m.MessageId, m.Reason))
		}
	}
	return out
}

// rows counts what is left in the courier's tables.
func (n *node) rows() (count int) {
	n.t.Helper()
	for _, table := range []string{letters, of, tried} {
		for _, err := range n.store.Scan(table, "") {
			if err != nil {
				n.t.Fatal(err)
			}
			count++
		}
	}
	return count
}

// pass lets virtual time go by.
func pass(d time.Duration) {
	<-time.After(d)
	synctest.Wait()
}
