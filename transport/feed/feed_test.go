package feed

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/cockroachdb/pebble/v2/vfs"
	"google.golang.org/protobuf/types/known/timestamppb"

	"crafttalkd/actors/directory"
	"crafttalkd/actors/event"
	"crafttalkd/actors/refusal"
	"crafttalkd/store"
	"crafttalkd/store/journal"
	"crafttalkd/store/keys"
	"crafttalkd/store/pebblestore"
)

// A desk is a journal in memory, and who writes to it.
type desk struct {
	t        *testing.T
	store    *pebblestore.Store
	ring     *keys.Ring
	journal  *journal.Journal
	mu       sync.Mutex // guards versions
	versions map[string]uint64
}

func openDesk(t *testing.T) *desk {
	t.Helper()
	s, err := pebblestore.Open("store", pebblestore.Options{FS: vfs.NewMem()})
	if err != nil {
		t.Fatal(err)
	}
	d := &desk{t: t, store: s, ring: keys.NewRing(keys.NewMaster(), s), versions: map[string]uint64{}}
	if d.journal, err = journal.Open(s, d.ring); err != nil {
		t.Fatal(err)
	}
	return d
}

func (d *desk) close() {
	d.journal.Close()
	if err := d.store.Close(); err != nil {
		d.t.Error(err)
	}
}

// feed returns one on the desk's journal, with a fault.
func (d *desk) feed(f fault) *Feed {
	return New(Config{Journal: d.journal, Key: []byte("a key"), Directory: func() directory.State { return directory.State{} }, fault: f})
}

// write appends events to a stream and returns when they are on disk.
func (d *desk) write(stream string, events ...event.Event) {
	d.mu.Lock()
	expect := d.versions[stream]
	d.versions[stream] += uint64(len(events))
	d.mu.Unlock()
	done := make(chan error, 1)
	d.journal.Append(journal.Append{Stream: stream, Expect: expect, Events: events}, func(_ store.Receipt, err error) { done <- err })
	if err := <-done; err != nil {
		d.t.Errorf("write to %s: %v", stream, err)
	}
}

var boss = &event.User{UserId: "boss", Roles: []string{directory.Admin, directory.ViewClients, directory.ViewMonitoring}}

func said(text string) event.Event {
	return &event.MessageReceived{At: timestamppb.Now(), MessageId: text, Content: &event.Content{Text: text}}
}

// readAll goes from page to page until there is nothing more, by the cursor as
// its owner keeps it.
func readAll(t *testing.T, f *Feed, u *event.User, cursor string, limit int) (items []Item, end string) {
	t.Helper()
	for {
		from := Cursor{}
		if cursor != "" {
			var err error
			if from, err = f.Read(cursor); err != nil {
				t.Fatal(err)
			}
		}
		page, err := f.Page(t.Context(), Question{User: u, From: from, Limit: limit})
		if err != nil {
			t.Fatal(err)
		}
		if len(page.Items) > limit {
			t.Errorf("a page of %d has %d items", limit, len(page.Items))
		}
		items, cursor = append(items, page.Items...), f.Write(page.Cursor)
		if !page.More {
			return items, cursor
		}
	}
}

// missing returns what of the streams was not told, or not in order.
func (d *desk) missing(items []Item) (wrong []string) {
	next := map[string]uint64{}
	for _, i := range items {
		if i.Version != next[i.Stream]+1 {
			wrong = append(wrong, fmt.Sprintf("%s: %d after %d", i.Stream, i.Version, next[i.Stream]))
		}
		next[i.Stream] = i.Version
	}
	for stream, n := range d.versions {
		if next[stream] != n {
			wrong = append(wrong, fmt.Sprintf("%s: %d of %d", stream, next[stream], n))
		}
	}
	return wrong
}

// proves G42: who pages through the feed while many write is told everything,
// each once and the facts of each stream in order; and so is who goes on with
// the cursor at another server process.
func TestG42_PagesMissNothing(t *testing.T) {
	for _, tt := range []struct {
		fault fault
		whole bool
	}{{none, true}, {skips, false}} {
		d := openDesk(t)
		f := d.feed(tt.fault)
		var writing sync.WaitGroup
		for w := range 8 {
			writing.Go(func() {
				for n := range 60 {
					stream := fmt.Sprintf("%s%d-%d.1", event.ConversationStream, w, n%7)
					d.write(stream, said(fmt.Sprint(n)), said("and more"))
				}
			})
		}
		written := make(chan struct{})
		go func() { writing.Wait(); close(written) }()
		var items []Item
		cursor, over := "", false
		for !over {
			select {
			case <-written:
				over = true
			default:
			}
			var some []Item
			some, cursor = readAll(t, f, boss, cursor, 7)
			items = append(items, some...)
		}
		d.write(event.ConversationStream+"later.1", said("after all that"))
		later, err := journal.Open(d.store, d.ring)
		if err != nil {
			t.Fatal(err)
		}
		d.journal = later
		some, _ := readAll(t, d.feed(tt.fault), boss, cursor, 1000)
		items = append(items, some...)
		if wrong := d.missing(items); (len(wrong) == 0) != tt.whole {
			t.Errorf("fault %d: %d items, wrong: %v", tt.fault, len(items), wrong)
		}
		d.close()
	}
}

// proves G42: a busy customer does not hold up the others, and a page looks at a
// bounded number of facts.
func TestG42_ShardsTakeTurns(t *testing.T) {
	d := openDesk(t)
	defer d.close()
	var many []event.Event
	for n := range 1000 {
		many = append(many, said(fmt.Sprint(n)))
	}
	d.write(event.ConversationStream+"busy.1", many...)
	for n := range 20 {
		d.write(fmt.Sprintf("%scalm%d.1", event.ConversationStream, n), said("hello"))
	}
	f, met, from := d.feed(none), map[string]bool{}, Cursor{}
	for range 3 {
		page, err := f.Page(t.Context(), Question{User: boss, From: from, Limit: 100})
		if err != nil {
			t.Fatal(err)
		}
		for _, i := range page.Items {
			met[i.Stream] = true
		}
		from = page.Cursor
	}
	if len(met) < 21 {
		t.Errorf("after 300 facts %d of 21 conversations were told of", len(met))
	}
	quiet := &event.User{UserId: "quiet", Roles: []string{directory.ViewClients}, CenterIds: []string{"nowhere"}}
	items, _ := readAll(t, f, quiet, "", 1)
	if len(items) != 0 {
		t.Errorf("who sees nothing is told %v", items)
	}
}

// travels is a conversation that goes from one line to another and back.
func (d *desk) travels(step func()) {
	const customer, stream = "c1", event.ConversationStream + "c1.1"
	to := func(line string) *event.Routing { return &event.Routing{LineId: line} }
	for _, e := range []struct {
		stream string
		fact   event.Event
	}{
		{event.CustomerStream + customer, &event.CustomerRegistered{CustomerId: customer}},
		{event.CustomerStream + customer, &event.ConversationStarted{ConversationId: "c1.1"}},
		{stream, &event.ConversationOpened{ConversationId: "c1.1", CenterId: "shop", Routing: to("sales")}},
		{stream, said("for sales")},
		{event.CustomerStream + customer, &event.ProfileChanged{Fields: map[string]string{"fname": "Known to sales"}}},
		{stream, &event.ConversationQueued{Routing: to("repairs")}},
		{stream, said("for repairs")},
		{event.CustomerStream + customer, &event.ProfileChanged{Fields: map[string]string{"fname": "Known to repairs"}}},
		{stream, &event.ConversationQueued{Routing: to("sales")}},
		{stream, said("for sales again")},
		{stream, &event.ConversationClosed{}},
	} {
		d.write(e.stream, e.fact)
		step()
	}
}

// proves G42, US-08: what a reader with limits is told depends on where things
// belonged when they happened, and not on when it reads.
func TestG42_ScopeIsThatOfTheMoment(t *testing.T) {
	repairs := &event.User{UserId: "key:repairs", Roles: []string{directory.ViewClients}, LineIds: []string{"repairs"}}
	want := "conversation_queued message_received profile_changed conversation_queued"
	for _, tt := range []struct {
		fault fault
		good  bool
	}{{none, true}, {seesAll, false}, {seesLate, false}} {
		d := openDesk(t)
		f, eager, cursor := d.feed(tt.fault), []string(nil), ""
		read := func(f *Feed, from string) (names []string, end string) {
			items, end := readAll(t, f, repairs, from, 100)
			for _, i := range items {
				names = append(names, i.Kind)
				for _, foreign := range []string{"for sales", "Known to sales"} {
					if tt.good && strings.Contains(string(i.Fact), foreign) {
						t.Errorf("repairs is told %s", i.Fact)
					}
				}
			}
			return names, end
		}
		d.travels(func() {
			var some []string
			some, cursor = read(f, cursor)
			eager = append(eager, some...)
		})
		late, _ := read(d.feed(tt.fault), "")
		if good := strings.Join(eager, " ") == want && slices.Equal(eager, late); good != tt.good {
			t.Errorf("fault %d: told at once %v, told later %v, want %s", tt.fault, eager, late, want)
		}
		d.close()
	}
}

// What permissions do not open is not told, and what is asked for besides is
// refused.
func TestKindsArePermitted(t *testing.T) {
	d := openDesk(t)
	defer d.close()
	d.write(event.OperatorStream+"oleg", &event.PresenceChanged{Presence: event.Presence_ONLINE}, &event.SlotReserved{OfferId: "o1"})
	d.write(event.ConversationStream+"c1.1", said("hello"))
	d.write(event.CustomerStream+"c1", &event.CustomerRegistered{CustomerId: "c1"}, &event.InviteLinkMade{TokenHash: "hush"},
		&event.CustomerMerged{CustomerId: "c1", Into: "c2", Links: []*event.InviteLinkMade{{TokenHash: "hush"}}})
	d.write(event.DirectoryStream, &event.PasswordSet{UserId: "oleg", Hash: "hush"})
	f := d.feed(none)
	for role, want := range map[string][]string{
		directory.ViewMonitoring:    {"presence_changed", "message_received"},
		directory.ViewClient:        {"message_received", "customer_registered", "customer_merged"},
		directory.ViewDialogsSearch: {"message_received"},
	} {
		u := &event.User{Roles: []string{directory.Admin, role}}
		items, _ := readAll(t, f, u, "", 100)
		var got []string
		for _, i := range items {
			got = append(got, i.Kind)
			if strings.Contains(string(i.Fact), "hush") {
				t.Errorf("%s is told a secret: %s", role, i.Fact)
			}
		}
		slices.Sort(got)
		if slices.Sort(want); !slices.Equal(got, want) {
			t.Errorf("%s is told %v, want %v", role, got, want)
		}
	}
	for name, tt := range map[string]struct {
		role, kind string
		want       refusal.Kind
	}{
		"another theme":   {directory.ViewMonitoring, "customer_registered", refusal.Denied},
		"no fact":         {directory.ViewClients, "everything", refusal.Invalid},
		"the directory's": {directory.ViewClients, "password_set", refusal.Invalid},
		"a slot":          {directory.ViewMonitoring, "slot_reserved", refusal.Invalid},
		"no permission":   {directory.ViewKB, "message_received", refusal.Denied},
	} {
		q := Question{User: &event.User{Roles: []string{directory.Admin, tt.role}}, Kinds: []string{tt.kind}, Limit: 1}
		if _, err := f.Page(t.Context(), q); refusal.KindOf(err) != tt.want {
			t.Errorf("%s: %v, want %v", name, err, tt.want)
		}
	}
	items, err := f.Page(t.Context(), Question{User: boss, Kinds: []string{"presence_changed"}, Limit: 9})
	if err != nil || len(items.Items) != 1 {
		t.Errorf("one kind: %v, %v", items.Items, err)
	}
}

// A cursor is taken as it was given, and in no other way.
func TestCursorsAreSealed(t *testing.T) {
	d := openDesk(t)
	defer d.close()
	for n := range 300 {
		d.write(fmt.Sprintf("%s%d.1", event.ConversationStream, n), said("hello"))
	}
	f := d.feed(none)
	c := f.Now()
	c.next = 17
	s := f.Write(c)
	if back, err := f.Read(s); err != nil || back != c {
		t.Errorf("read back: %v, %v; want %v", back, err, c)
	}
	if len(s) > 200 {
		t.Errorf("a cursor is %d characters", len(s))
	}
	for i := range len(s) {
		forged := s[:i] + string(s[i]^1) + s[i+1:]
		if got, err := f.Read(forged); err == nil && got != c {
			t.Fatalf("%s is taken for %v", forged, got)
		}
	}
	other := New(Config{Journal: d.journal, Key: []byte("another key")})
	ahead := c
	ahead.Places[3]++
	for name, tt := range map[string]struct {
		s    string
		want refusal.Kind
	}{
		"nothing": {"", refusal.Invalid}, "cut": {s[:40], refusal.Invalid}, "long": {s + "AAAA", refusal.Invalid},
		"another server's": {other.Write(c), refusal.Invalid}, "ahead": {f.Write(ahead), refusal.Conflict},
	} {
		if _, err := f.Read(tt.s); refusal.KindOf(err) != tt.want {
			t.Errorf("%s: %v, want %v", name, err, tt.want)
		}
	}
}

// Who waits is told soon after something happens, and nothing is read meanwhile.
func TestAwait(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		d := openDesk(t)
		f := d.feed(none)
		ended := make(chan error, 1)
		go func() { ended <- f.Run() }()
		synctest.Wait()
		begin := time.Now()
		time.AfterFunc(time.Minute, func() { d.write(event.ConversationStream+"c1.1", said("at last")) })
		page, err := f.Await(t.Context(), Question{User: boss, From: f.Now(), Limit: 10})
		if err != nil || len(page.Items) != 1 || time.Since(begin) != time.Minute+breath {
			t.Errorf("after %s: %v, %v", time.Since(begin), page.Items, err)
		}
		ctx, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		page, err = f.Await(ctx, Question{User: boss, From: page.Cursor, Limit: 10})
		if !errors.Is(err, context.DeadlineExceeded) || len(page.Items) != 0 {
			t.Errorf("nothing happened: %v, %v", page.Items, err)
		}
		d.close()
		if err := <-ended; err != nil {
			t.Error(err)
		}
	})
}
