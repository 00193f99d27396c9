/*
Package retention forgets conversations whose words are not to be kept any
longer.

	history, the first that ended first --> a step of some --> forgotten, one by one
	                                           |               (the fact and the key in one write)
	                                           +--> files, index, figures: made without words

It works at night, by the rule of each center: so many days after a
conversation ended. One that goes on is never among them. A step is kept before
it is begun and is gone when everything of it is done, so a crash anywhere
repeats it, and each part of it bears that. What was done in a night is kept as
counts, which is its certificate.

A conversation from before conversations had keys of their own can't be
forgotten alone. It is counted and left; it goes with its customer.
*/
package retention

import (
	"context"
	"encoding/json"
	"fmt"
	"iter"
	"log/slog"
	"slices"
	"strings"
	"sync"
	"time"

	"crafttalkd/actors/figures"
	"crafttalkd/actors/shell"
	"crafttalkd/store"
	"crafttalkd/store/journal"
	"crafttalkd/store/pace"
)

// By is who forgets, in facts.
const By = "retention"

// Config is what a keeper works with.
type Config struct {
	Ask     func(ctx context.Context, stream string, cmd any) (shell.Answer, error)
	Journal *journal.Journal
	History History
	Keys    Keys
	Blobs   Blobs
	Table   store.Table
	// Conversations are all that a customer ever had.
	Conversations func(ctx context.Context, customer string) ([]string, error)
	// Days is the rule of a center; 0 keeps for ever.
	Days func(center string) int
	// Clean makes everything anew that was read of conversations which are
	// forgotten now. It is repeated after a crash.
	Clean func(ctx context.Context, conversations []string) error
	// Last ends a night: what was learnt of these customers is unlearnt, and
	// files that held destroyed keys are written anew.
	Last func(ctx context.Context, customers []string) error
	// Clock returns the next time to begin, after now.
	Clock func(now time.Time) time.Time
	Now   func() time.Time
	Log   *slog.Logger
}

// History knows which conversations ended when.
type History interface {
	Aged(until func(center string) time.Time) (iter.Seq[figures.Aged], error)
}

// Keys knows whose keys there are, and destroys them.
type Keys interface {
	Own(subject string) (bool, error)
	Erase(subject string) error
}

// Blobs keeps files.
type Blobs interface {
	With(subject, hash string) ([]string, error)
	Count(subject string) (files int, bytes int64, err error)
	Remove(subject string) error
}

// A Keeper forgets in time.
type Keeper struct {
	config  Config
	running sync.Mutex // held for a night
	fault   fault
}

// A fault is a deliberate mistake that a test must be able to see.
type fault int

const (
	sound     fault = iota
	hasty           // begins a step without keeping it
	untidy          // leaves what was read
	greedy          // forgets one day too early
	littering       // leaves files
)

// New returns a keeper.
func New(c Config) *Keeper { return &Keeper{config: c} }

// table is where nights are; present is the one under way.
const (
	table   = "retention"
	present = "present"
	past    = "night/"
	taught  = "taught/" // customers whose words were learnt from
)

// stepSize is how many conversations a step has. Each step writes the months
// anew that its conversations are in.
const stepSize = 1000

// A Night is what was forgotten in one.
type Night struct {
	Begun         time.Time        `json:"begun"`
	Ended         time.Time        `json:"ended,omitzero"`
	Conversations int              `json:"conversations"`
	Messages      int              `json:"messages"`
	Files         int              `json:"files"`
	Centers       map[string]Count `json:"centers,omitempty"`
	Left          int              `json:"left,omitempty"` // from before conversations had keys
	Step          []string         `json:"step,omitempty"` // conversations that are being forgotten
}

// ID names a night by when it began.
func (n *Night) ID() string { return n.Begun.UTC().Format("2006-01-02T15:04:05.000Z") }

// A Count is what was forgotten of one center.
type Count struct {
	Days          int `json:"days"` // the rule
	Conversations int `json:"conversations"`
	Messages      int `json:"messages"`
	Files         int `json:"files"`
}

// Run forgets every night until ctx is done. A night that was broken off is gone
// on with at once.
func (k *Keeper) Run(ctx context.Context) {
	broken, err := k.read()
	next := k.config.Clock(k.config.Now())
	if err != nil || broken != nil {
		next = k.config.Now()
	}
	for ctx.Err() == nil {
		select {
		case <-ctx.Done():
			return
		case <-time.After(max(next.Sub(k.config.Now()), 0)):
		}
		n, err := k.Night(ctx)
		switch {
		case ctx.Err() != nil:
			return
		case err != nil:
			k.config.Log.Error("retention", "err", err)
			next = k.config.Now().Add(again)
		default:
			k.config.Log.Info("retention", "conversations", n.Conversations, "messages", n.Messages, "files", n.Files, "left", n.Left, "took", n.Ended.Sub(n.Begun))
			next = k.config.Clock(k.config.Now())
		}
	}
}

// again is how long a night waits that met a fault.
const again = 10 * time.Minute

// Night forgets what is due, and returns the certificate.
func (k *Keeper) Night(ctx context.Context) (*Night, error) {
	k.running.Lock()
	defer k.running.Unlock()
	n, err := k.read()
	if err != nil {
		return nil, err
	}
	if n == nil {
		n = &Night{Begun: k.config.Now(), Centers: map[string]Count{}}
	}
	if len(n.Step) > 0 {
		if err := k.step(ctx, n); err != nil {
			return nil, err
		}
	}
	n.Left = 0
	if err := k.walk(ctx, n); err != nil {
		return nil, err
	}
	return n, k.end(ctx, n)
}

// walk goes through what is due, step by step.
func (k *Keeper) walk(ctx context.Context, n *Night) error {
	now := k.config.Now()
	if k.fault == greedy {
		now = now.AddDate(0, 0, 1)
	}
	due, err := k.config.History.Aged(until(now, k.config.Days))
	if err != nil {
		return err
	}
	flush := func() error {
		if len(n.Step) == 0 {
			return nil
		}
		if k.fault != hasty {
			if err := k.keep(n); err != nil {
				return err
			}
		}
		return k.step(ctx, n)
	}
	for a := range due {
		own, err := k.config.Keys.Own(a.ID)
		if err != nil {
			return err
		}
		if !own {
			n.Left++
			continue
		}
		if n.Step = append(n.Step, a.ID); len(n.Step) == stepSize {
			if err := flush(); err != nil {
				return err
			}
		}
	}
	return flush()
}

// until is when conversations of a center must have ended by, to be due now.
func until(now time.Time, days func(center string) int) func(center string) time.Time {
	return func(center string) time.Time {
		if n := days(center); n > 0 {
			return now.AddDate(0, 0, -n)
		}
		return time.Time{}
	}
}

// step forgets the conversations of the night's step, cleans up behind them and
// counts them. All of that may be done twice.
func (k *Keeper) step(ctx context.Context, n *Night) error {
	rest := &pace.Pace{}
	for _, id := range n.Step {
		if err := k.forget(ctx, id); err != nil {
			return fmt.Errorf("forget %s: %w", id, err)
		}
		if rest.Stop(ctx) {
			return ctx.Err()
		}
	}
	for _, id := range n.Step {
		if k.fault == littering {
			break
		}
		if err := k.config.Blobs.Remove(id); err != nil {
			return err
		}
	}
	if k.fault != untidy {
		if err := k.config.Clean(ctx, n.Step); err != nil {
			return err
		}
	}
	rows, err := k.count(n)
	if err != nil {
		return err
	}
	n.Step = nil
	return k.keep(n, rows...)
}

// count adds what the facts of the step say to the night, and returns rows that
// name whose words were learnt from.
func (k *Keeper) count(n *Night) (rows []store.Row, err error) {
	customers := map[string]bool{}
	for _, id := range n.Step {
		t, err := k.tell(id)
		if err != nil {
			return nil, err
		}
		if f := t.forgotten; f != nil {
			c := n.Centers[t.center]
			n.Conversations, n.Messages, n.Files = n.Conversations+1, n.Messages+int(f.Messages), n.Files+int(f.Files)
			n.Centers[t.center] = Count{int(f.Days), c.Conversations + 1, c.Messages + int(f.Messages), c.Files + int(f.Files)}
		}
		if customer, _, _ := strings.Cut(id, "."); t.taught && !customers[customer] {
			customers[customer] = true
			rows = append(rows, store.Row{Table: table, Key: taught + customer, Value: []byte{1}})
		}
	}
	return rows, nil
}

// end cleans up behind the whole night and keeps its certificate.
func (k *Keeper) end(ctx context.Context, n *Night) error {
	var customers []string
	var rows []store.Row
	for r, err := range k.config.Table.Scan(table, taught) {
		if err != nil {
			return fmt.Errorf("retention: %w", err)
		}
		customers = append(customers, strings.TrimPrefix(r.Key, taught))
		rows = append(rows, store.Row{Table: table, Key: r.Key})
	}
	if n.Conversations > 0 {
		if err := k.config.Last(ctx, customers); err != nil {
			return err
		}
	}
	n.Ended = k.config.Now()
	value, err := json.Marshal(n)
	if err != nil {
		return fmt.Errorf("retention: %w", err)
	}
	rows = append(rows, store.Row{Table: table, Key: present})
	if n.Conversations > 0 || n.Left > 0 {
		rows = append(rows, store.Row{Table: table, Key: past + n.ID(), Value: value})
	}
	if err := k.config.Table.Put(rows, true); err != nil {
		return fmt.Errorf("retention: %w", err)
	}
	return nil
}

// keep keeps the night as it stands, so that it can be gone on with.
func (k *Keeper) keep(n *Night, more ...store.Row) error {
	value, err := json.Marshal(n)
	if err == nil {
		err = k.config.Table.Put(append(more, store.Row{Table: table, Key: present, Value: value}), true)
	}
	if err != nil {
		return fmt.Errorf("retention: %w", err)
	}
	return nil
}

// read returns the night under way, nil if none is.
func (k *Keeper) read() (*Night, error) {
	value, err := k.config.Table.Get(table, present)
	if err != nil || value == nil {
		return nil, err
	}
	n := &Night{}
	if err := json.Unmarshal(value, n); err != nil {
		return nil, fmt.Errorf("retention: %w", err)
	}
	if n.Centers == nil {
		n.Centers = map[string]Count{}
	}
	return n, nil
}

// Nights returns the certificates, the latest first, of at most so many nights;
// the first of them has no end while it is under way.
func (k *Keeper) Nights(limit int) ([]Night, error) {
	out := []Night{}
	for r, err := range k.config.Table.Scan(table, past) {
		var n Night
		if err == nil {
			err = json.Unmarshal(r.Value, &n)
		}
		if err != nil {
			return nil, fmt.Errorf("retention: %w", err)
		}
		out = append(out, n)
	}
	n, err := k.read()
	if err != nil {
		return nil, err
	}
	if n != nil {
		out = append(out, *n)
	}
	slices.Reverse(out)
	return out[:min(len(out), limit)], nil
}

// Certificate returns one of the nights by its ID, nil if there is none.
func (k *Keeper) Certificate(id string) (*Night, error) {
	n, err := k.read()
	if err != nil || n != nil && n.ID() == id {
		return n, err
	}
	value, err := k.config.Table.Get(table, past+id)
	if err != nil || value == nil {
		return nil, err
	}
	n = &Night{}
	if err := json.Unmarshal(value, n); err != nil {
		return nil, fmt.Errorf("retention: %w", err)
	}
	return n, nil
}

// Next is when the next night begins.
func (k *Keeper) Next() time.Time { return k.config.Clock(k.config.Now()) }

// A Plan is what a rule would take away.
type Plan struct {
	Conversations, Messages, Left int
	First                         time.Time // when the first of them ended
}

// Plan counts what rules would take away at a time, by center, in force or not.
func (k *Keeper) Plan(ctx context.Context, at time.Time, days func(center string) int) (map[string]Plan, error) {
	due, err := k.config.History.Aged(until(at, days))
	if err != nil {
		return nil, err
	}
	out := map[string]Plan{}
	for a := range due {
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		own, err := k.config.Keys.Own(a.ID)
		if err != nil {
			return nil, err
		}
		p := out[a.Center]
		if p.First.IsZero() && own {
			p.First = time.UnixMilli(a.Closed).UTC()
		}
		if own {
			p.Conversations, p.Messages = p.Conversations+1, p.Messages+a.Messages
		} else {
			p.Left++
		}
		out[a.Center] = p
	}
	return out, nil
}
