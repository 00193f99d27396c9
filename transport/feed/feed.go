package feed

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"sync"
	"time"

	"google.golang.org/protobuf/encoding/protojson"

	"crafttalkd/actors/directory"
	"crafttalkd/actors/event"
	"crafttalkd/actors/refusal"
	"crafttalkd/store"
	"crafttalkd/store/journal"
	"crafttalkd/transport/auth"
)

// Bounds of one page.
const (
	mostRead = 20_000                 // facts looked at
	turn     = 64                     // of one shard before the next has its turn
	breath   = 100 * time.Millisecond // between two looks of who waits
)

// Config is what a feed is made of.
type Config struct {
	Journal   *journal.Journal
	Directory func() directory.State
	Key       []byte // that cursors are sealed with

	fault fault
}

// A fault is a deliberate mistake that a test must be able to see.
type fault int

const (
	none     fault = iota
	skips          // takes the end of the journal for the end of the page
	seesAll        // knows no limits
	seesLate       // judges a fact by where its conversation belongs now
)

// A Feed reads the journal for others. It may be asked by many at once.
type Feed struct {
	config Config
	trails trails

	mu    sync.Mutex    // guards grown
	grown chan struct{} // closed when there are new facts
}

// New returns a feed.
func New(c Config) *Feed {
	return &Feed{config: c, trails: trails{journal: c.Journal, by: map[string]*trail{}}, grown: make(chan struct{})}
}

// Run wakes who waits for new facts, until the journal is closed.
func (f *Feed) Run() error {
	return f.config.Journal.Follow("feed", f.config.Journal.Now(), func([]journal.Entry) error {
		f.mu.Lock()
		defer f.mu.Unlock()
		close(f.grown)
		f.grown = make(chan struct{})
		return nil
	})
}

// Grown is closed when there are facts that were not there when it was asked for.
func (f *Feed) Grown() <-chan struct{} {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.grown
}

// A Question is what somebody wants to be told.
type Question struct {
	User  *event.User // whose permissions and limits count
	Kinds []string    // none stands for all that may be told
	From  Cursor
	Limit int
}

// A Page is some facts, and where the next ones are.
type Page struct {
	Items  []Item
	Cursor Cursor
	More   bool // there are facts after it, which may be for this reader or not
}

// An Item is one fact as it is told.
type Item struct {
	ID      string          `json:"id" doc:"the same whenever the fact is told"`
	At      time.Time       `json:"at"`
	Kind    string          `json:"kind" doc:"the name of the fact"`
	Stream  string          `json:"stream" doc:"conversation/ID, customer/ID or operator/ID"`
	Version uint64          `json:"version" doc:"of the stream; its facts are numbered without gaps"`
	Fact    json.RawMessage `json:"fact" doc:"an object with one field, called like the kind"`
}

// Page reads the next facts. It looks at a bounded number, so that a reader who
// is told little is not served long: then the page is empty, and there is more.
func (f *Feed) Page(ctx context.Context, q Question) (Page, error) {
	wanted, err := kinds(q.User, q.Kinds)
	if err != nil {
		return Page{}, err
	}
	r := &reading{feed: f, user: q.User, wanted: wanted, limit: q.Limit, page: Page{Cursor: q.From}}
	for r.round() && ctx.Err() == nil {
	}
	if r.err != nil {
		return Page{}, r.err
	}
	if f.config.fault == skips {
		r.page.Cursor.Places = f.config.Journal.Now()
	}
	now := f.config.Journal.Now()
	for shard, n := range r.page.Cursor.Places {
		r.page.More = r.page.More || n < now[shard]
	}
	return r.page, ctx.Err()
}

// Item returns one fact, if a user may be told it.
func (f *Feed) Item(u *event.User, stream string, version uint64) (Item, bool, error) {
	wanted, err := kinds(u, nil)
	if refusal.KindOf(err) != 0 {
		return Item{}, false, nil
	}
	if err != nil {
		return Item{}, false, err
	}
	r := &reading{feed: f, user: u, wanted: wanted}
	for e, err := range f.config.Journal.Durable(stream, version-1) {
		if err == nil {
			err = r.take(e)
		}
		if err != nil || len(r.page.Items) == 0 {
			return Item{}, false, err
		}
		return r.page.Items[0], true, nil
	}
	return Item{}, false, nil
}

// Await is Page that waits for something to tell until ctx is done.
func (f *Feed) Await(ctx context.Context, q Question) (Page, error) {
	for {
		grown := f.Grown()
		page, err := f.Page(ctx, q)
		if err != nil || len(page.Items) > 0 {
			return page, err
		}
		q.From = page.Cursor
		if page.More {
			continue
		}
		select {
		case <-ctx.Done():
			return page, ctx.Err()
		case <-grown:
		}
		select { // facts come in bursts
		case <-ctx.Done():
			return page, ctx.Err()
		case <-time.After(breath):
		}
	}
}

// A reading is one page in the making.
type reading struct {
	feed   *Feed
	user   *event.User
	wanted map[event.Kind]string
	limit  int
	looked int
	page   Page
	err    error
}

func (r *reading) full() bool {
	return r.err != nil || len(r.page.Items) >= r.limit || r.looked >= mostRead
}

// round gives every shard its turn, and tells whether another round is worth it.
func (r *reading) round() bool {
	before := r.looked
	c := &r.page.Cursor
	for range store.Shards {
		if r.full() {
			return false
		}
		r.shard(int(c.next))
		c.next = (c.next + 1) % store.Shards
	}
	return r.looked > before && !r.full()
}

// shard reads some facts of one.
func (r *reading) shard(n int) {
	place := &r.page.Cursor.Places[n]
	if r.feed.config.Journal.Position(n) <= *place {
		return
	}
	taken := 0
	for e, err := range r.feed.config.Journal.Tail(n, *place) {
		if err != nil {
			r.err = err
			return
		}
		if r.err = r.take(e); r.err != nil {
			return
		}
		*place = e.Position
		r.looked++
		if taken++; taken >= turn || r.full() {
			return
		}
	}
}

// take puts a fact on the page, if it is for this reader.
func (r *reading) take(e journal.Entry) error {
	name, ok := r.wanted[event.KindOf(e.Event)]
	if !ok {
		return nil
	}
	if in, err := r.feed.sees(r.user, e); err != nil || !in {
		return err
	}
	fact, err := protojson.MarshalOptions{UseProtoNames: true}.Marshal(event.Wrap(clean(e.Event)))
	if err != nil {
		return fmt.Errorf("tell %s@%d: %w", e.Stream, e.Version, err)
	}
	r.page.Items = append(r.page.Items, Item{ID: fmt.Sprintf("%s@%d", e.Stream, e.Version), At: event.At(e.Event).UTC(),
		Kind: name, Stream: e.Stream, Version: e.Version, Fact: fact})
	return nil
}

// sees reports whether a fact belongs where a user's limits reach.
func (f *Feed) sees(u *event.User, e journal.Entry) (bool, error) {
	position := e.Position
	switch {
	case auth.Everywhere(u) || f.config.fault == seesAll:
		return true, nil
	case f.config.fault == seesLate:
		position = 1 << 62
	}
	switch {
	case strings.HasPrefix(e.Stream, event.ConversationStream):
		return f.trails.belongs(u, e.Stream, position)
	case strings.HasPrefix(e.Stream, event.CustomerStream):
		return f.trails.knows(u, e.Stream, position)
	}
	d := f.config.Directory()
	return slices.ContainsFunc(d.User(idOf(e.Stream)).GetLineIds(), func(line string) bool {
		l := d.Line(line)
		return l != nil && auth.InScope(u, &event.Routing{LineId: line}, l.CenterId)
	}), nil
}
