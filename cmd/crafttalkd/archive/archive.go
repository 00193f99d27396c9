/*
Package archive makes up a year of a contact center's finished conversations: to
try statistics and searches on as many as one likes.

They are facts as the machines write them, appended straight to the journal, so
all that reads the journal reads them as its own. Operators work in shifts: they are
online, at lunch and in trainings, and have only conversations that began while they
could be given any. Chance comes from a seed: the
same seed makes the same conversations. An archive is written into a store that
holds no conversation yet; what acts on facts, such as the courier, is told by
whoever calls that these have been dealt with.
*/
package archive

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"time"

	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/types/known/timestamppb"

	"crafttalkd/actors/event"
	"crafttalkd/store"
	"crafttalkd/store/journal"
)

// A Config says what is made up.
type Config struct {
	Conversations int
	Seed          uint64
	Until         time.Time     // the last one ended before then
	Progress      func(int)     // told now and then how many there are; may be nil
	Period        time.Duration // in which they began; 0 stands for a year
}

// Opened is when the organisation began to work: before anything else happened.
func (c Config) Opened() time.Time { return c.period().first() }

// period is the config with what is meant where nothing is said.
func (c Config) period() Config {
	if c.Period == 0 {
		c.Period = 365 * day
	}
	return c
}

// Sizes of the center.
const (
	lines     = 12
	operators = 120
	topics    = 40
)

// Center is whose the conversations are.
const Center = "archive"

// kinds are the channels, each with an account of its own.
var kinds = []string{"widget", "telegram", "vk", "whatsapp", "email"}

// Entries are the organisation, for the directory.
func Entries() (out []event.Event) {
	out = append(out, &event.Center{CenterId: Center, Name: "Архив"})
	var all []string
	for i := range lines {
		all = append(all, lineID(i))
		out = append(out, &event.Line{LineId: lineID(i), Name: fmt.Sprintf("Линия %d", i+1), CenterId: Center})
	}
	for i := range topics {
		out = append(out, &event.Topic{TopicId: topicID(i), Name: fmt.Sprintf("Тематика %d", i+1)})
	}
	for i := range operators {
		out = append(out, &event.User{UserId: operatorID(i), Login: operatorID(i), FirstName: names[i%len(names)], LastName: fmt.Sprint(i + 1),
			CenterIds: []string{Center}, LineIds: []string{all[i%lines]}, Capacity: 5})
	}
	for _, kind := range kinds[:1] { // others need secrets to be entered
		out = append(out, &event.Account{AccountId: accountID(kind), Kind: kind, Name: kind, CenterId: Center, Routing: &event.Routing{LineId: all[0]}})
	}
	return out
}

func lineID(i int) string                   { return fmt.Sprintf("line-%d", i+1) }
func topicID(i int) string                  { return fmt.Sprintf("topic-%d", i+1) }
func operatorID(i int) string               { return fmt.Sprintf("operator-%d", i+1) }
func accountID(kind string) string          { return "archive-" + kind }
func customerID(n uint64) string            { return fmt.Sprintf("%016x", n) }
func at(t time.Time) *timestamppb.Timestamp { return timestamppb.New(t) }
func text(of string) *event.Content         { return &event.Content{Text: of} }

// A writer is an archive on its way.
type writer struct {
	Config
	journal *journal.Journal
	rand    *rand.Rand
	failed  chan error
	open    chan struct{} // has room for what is under way
	stints  [operators][]stint
}

// underWay is how many customers are being written at once.
const underWay = 2048

// Write makes conversations up and returns when all of them are on disk.
func Write(j *journal.Journal, c Config) error {
	w := &writer{Config: c.period(), journal: j, rand: rand.New(rand.NewPCG(c.Seed, 1)), failed: make(chan error, 1), open: make(chan struct{}, underWay)}
	for made := 0; made < c.Conversations; {
		n := min(1+w.rand.IntN(3), c.Conversations-made)
		w.customer(n)
		if made += n; made/10_000 != (made-n)/10_000 && c.Progress != nil {
			c.Progress(made)
		}
		select {
		case err := <-w.failed:
			return err
		default:
		}
	}
	if err := w.presence(); err != nil {
		return err
	}
	for range underWay {
		w.open <- struct{}{}
	}
	select {
	case err := <-w.failed:
		return err
	default:
		return nil
	}
}

// append writes the facts of a stream, all of them.
func (w *writer) append(stream string, facts []event.Event) { w.appendTo(stream, 0, facts) }

// appendTo writes facts behind those that a stream has.
func (w *writer) appendTo(stream string, version uint64, facts []event.Event) {
	w.open <- struct{}{}
	w.journal.Append(journal.Append{Stream: stream, Expect: version, Events: facts}, func(_ store.Receipt, err error) {
		if err != nil {
			select {
			case w.failed <- fmt.Errorf("write %s: %w", stream, err):
			default:
			}
		}
		<-w.open
	})
}

// customer makes a customer up, with all conversations that the customer had.
func (w *writer) customer(conversations int) {
	id := customerID(w.rand.Uint64())
	kind := kinds[w.rand.IntN(len(kinds))]
	address := &event.Address{AccountId: accountID(kind), Address: "a" + id, Kind: kind}
	begins := make([]time.Time, conversations)
	for i := range begins {
		begins[i] = w.Until.Add(-6*time.Hour - time.Duration(w.rand.Int64N(int64(w.Period)))).Truncate(time.Second)
	}
	slices.SortFunc(begins, time.Time.Compare)
	facts := []event.Event{&event.CustomerRegistered{At: at(begins[0]), CustomerId: id, Address: address},
		&event.ProfileChanged{At: at(begins[0]), Fields: map[string]string{"fname": w.one(names...), "lname": w.one("Иванова", "Smith", "Петров", "Ли")}, By: "channel", Revision: 1}}
	if w.rand.IntN(200) == 0 {
		facts = append(facts, &event.CustomerTyped{At: at(begins[0]), Test: true, By: "setup"})
	}
	last := begins[0]
	for i, begin := range begins {
		if !begin.After(last) {
			begin = last.Add(time.Second)
		}
		t := &talk{writer: w, id: fmt.Sprintf("%s.%d", id, i+1), customer: id, address: address, now: begin}
		t.make()
		facts = append(facts, &event.ConversationStarted{At: at(begin), ConversationId: t.id}, &event.ConversationLeft{At: at(t.now), ConversationId: t.id})
		last = t.now
		w.append(event.ConversationStream+t.id, t.facts)
	}
	w.append(event.CustomerStream+id, facts)
}

func (w *writer) one(of ...string) string { return of[w.rand.IntN(len(of))] }

// words makes a sentence up.
func (w *writer) words(from []string, least, most int) string {
	out := make([]string, least+w.rand.IntN(most-least+1))
	for i := range out {
		out[i] = w.one(from...)
	}
	return strings.Join(out, " ")
}

// clone is a routing of its own: facts belong to the journal once they are there.
func clone(r *event.Routing) *event.Routing { return proto.Clone(r).(*event.Routing) }
