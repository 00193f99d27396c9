package introducer

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"maps"
	"math/rand/v2"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/cockroachdb/pebble/v2/vfs"

	"crafttalkd/actors/customer"
	"crafttalkd/actors/event"
	"crafttalkd/actors/refusal"
	"crafttalkd/actors/system"
	"crafttalkd/channels"
	"crafttalkd/store/journal"
	"crafttalkd/store/keys"
	"crafttalkd/store/pebblestore"
)

// A world is the providers and their servers of pictures.
type world struct {
	fault fault
	knows func(ctx context.Context, account, address string, try int) (map[string]string, error)
	fetch func(source string, try int) (string, error) // nil brings all

	mu      sync.Mutex // guards what follows
	asked   []string   // account/address, as often as it was asked about
	fetched []string   // account/customer/source
}

func (w *world) note(list *[]string, what string) (try int) {
	w.mu.Lock()
	defer w.mu.Unlock()
	for _, o := range *list {
		if o == what {
			try++
		}
	}
	*list = append(*list, what)
	return try + 1
}

func (w *world) questions() int {
	w.mu.Lock()
	defer w.mu.Unlock()
	return len(w.asked)
}

// A silent channel tells nothing of who writes, and can't be asked.
type silent struct{}

func (silent) Deliver(context.Context, channels.Outbound) (string, error) { return "", nil }

// A teller can be asked.
type teller struct {
	silent
	*world
	account string
}

func (t teller) Introduce(ctx context.Context, address string) (map[string]string, error) {
	return t.knows(ctx, t.account, address, t.note(&t.asked, t.account+"/"+address))
}

func (w *world) open(account string) (channels.Channel, error) {
	switch {
	case strings.HasPrefix(account, "api"):
		return silent{}, nil
	case account == "gone":
		return nil, refusal.New(refusal.NotFound, "there is no channel")
	}
	return teller{world: w, account: account}, nil
}

func (w *world) bring(_ context.Context, account, who, source string) (string, error) {
	try := w.note(&w.fetched, account+"/"+who+"/"+source)
	if w.fetch == nil {
		return "hash", nil
	}
	return w.fetch(source, try)
}

// A node is a whole system with an introducer, on a disk in memory.
type node struct {
	*system.System
	t        *testing.T
	disk     *vfs.MemFS
	store    *pebblestore.Store
	ring     *keys.Ring
	pictures *Pictures
	running  sync.WaitGroup
	cancel   context.CancelFunc
}

func boot(t *testing.T, w *world, disk *vfs.MemFS) *node {
	t.Helper()
	n := &node{t: t, disk: disk, pictures: &Pictures{Now: time.Now}}
	log := slog.New(slog.DiscardHandler)
	must := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	var err error
	n.store, err = pebblestore.Open("store", pebblestore.Options{FS: disk, Log: log, MemTableSize: 1 << 20, CacheSize: 1 << 20})
	must(err)
	master, err := keys.ParseMaster("0000000000000000000000000000000000000000000000000000000000000001")
	must(err)
	n.ring = keys.NewRing(master, n.store)
	j, err := journal.Open(n.store, n.ring)
	must(err)
	n.System, err = system.Start(system.Config{Journal: j, Now: time.Now, Log: log})
	must(err)
	i, err := Open(Config{System: n.System, Journal: j, Table: n.store, Open: w.open, Fetch: w.bring, Pictures: n.pictures, Log: log, fault: w.fault})
	must(err)
	var ctx context.Context
	ctx, n.cancel = context.WithCancel(context.Background())
	n.running.Go(func() {
		if err := i.Follow(); err != nil {
			t.Error(err)
		}
	})
	n.running.Go(func() { i.Run(ctx) })
	return n
}

// stop ends a node in order.
func (n *node) stop() {
	n.t.Helper()
	n.end(n.Stop(context.Background()))
}

// crash ends a node without power, and returns its disk.
func (n *node) crash() *vfs.MemFS {
	n.t.Helper()
	left := n.disk.CrashClone(vfs.CrashCloneCfg{RNG: rand.New(rand.NewPCG(1, 2))})
	n.Kill()
	n.end(nil)
	return left
}

func (n *node) end(err error) {
	n.t.Helper()
	n.cancel()
	n.running.Wait()
	if err := errors.Join(err, n.store.Close()); err != nil {
		n.t.Error(err)
	}
	synctest.Wait()
}

// comes brings a customer who says of themselves what fields tell.
func (n *node) comes(who, account string, fields map[string]string) {
	n.t.Helper()
	if source := fields[channels.Avatar]; source != "" {
		n.pictures.Tell(account, who, source)
	}
	greet := customer.Greet{ID: who, Home: who, Address: &event.Address{AccountId: account, Address: who}, Fields: fields}
	if _, err := n.Ask(context.Background(), event.CustomerStream+who, greet); err != nil {
		n.t.Fatal(err)
	}
}

// profile is what is known of a customer.
func (n *node) profile(who string) map[string]string {
	n.t.Helper()
	out, err := system.Look(context.Background(), n.System, event.CustomerStream+who, func(s customer.State, _ uint64) map[string]string {
		out := map[string]string{}
		for name, f := range s.Fields {
			out[name] = f.Value
		}
		return out
	})
	if err != nil {
		n.t.Fatal(err)
	}
	return out
}

// rows counts what is left in the introducer's table.
func (n *node) rows() (count int) {
	n.t.Helper()
	for _, err := range n.store.Scan(rows, "") {
		if err != nil {
			n.t.Fatal(err)
		}
		count++
	}
	return count
}

// pass lets virtual time go by.
func pass(d time.Duration) {
	<-time.After(d)
	synctest.Wait()
}

type fields = map[string]string

func anna(context.Context, string, string, int) (map[string]string, error) {
	return fields{"fname": "Anna", "lname": "Ivanova", "avatar": "https://vk.example/a.jpg"}, nil
}

// A story is what is known of somebody, what the provider does, and what must
// become of it.
type story struct {
	name    string
	account string
	says    fields
	knows   func(ctx context.Context, account, address string, try int) (map[string]string, error)
	fetch   func(source string, try int) (string, error)
	want    fields
	asked   int
	fetched string // all that was, in order
}

var stories = []story{
	{"a number", "vk", nil, anna, nil, fields{"fname": "Anna", "lname": "Ivanova", "avatar": "hash"}, 1, "vk/anna/https://vk.example/a.jpg"},
	{"who tells their name", "telegram", fields{"fname": "Ann"}, anna, nil,
		fields{"fname": "Ann", "lname": "Ivanova", "avatar": "hash"}, 1, "telegram/anna/https://vk.example/a.jpg"},
	{"whose message tells all", "vk", fields{"fname": "Ann", "avatar": "https://x.example/1"}, anna, nil,
		fields{"fname": "Ann", "avatar": "hash"}, 0, "vk/anna/https://x.example/1"},
	{"whose channel can't be asked", "api", fields{"fname": "Ann", "avatar": "https://x.example/1"}, anna, nil,
		fields{"fname": "Ann", "avatar": "hash"}, 0, "api/anna/https://x.example/1"},
	{"whose channel can't be asked and says nothing", "api", nil, anna, nil, fields{}, 0, ""},
	{"whose account is no more", "gone", nil, anna, nil, fields{}, 0, ""},
	{"who has no picture", "vk", nil, func(context.Context, string, string, int) (map[string]string, error) {
		return fields{"fname": "Anna"}, nil
	}, nil, fields{"fname": "Anna"}, 1, ""},
	{"whom the provider does not know", "vk", nil, func(context.Context, string, string, int) (map[string]string, error) {
		return nil, refusal.New(refusal.NotFound, "there is nobody")
	}, nil, fields{}, 1, ""},
	{"whose provider was down", "vk", nil, func(ctx context.Context, account, address string, try int) (map[string]string, error) {
		if try < 4 {
			return nil, errors.New("status 500")
		}
		return fields{"fname": "Anna"}, nil
	}, nil, fields{"fname": "Anna"}, 4, ""},
	{"whose provider is down", "vk", nil, func(context.Context, string, string, int) (map[string]string, error) {
		return nil, errors.New("status 500")
	}, nil, fields{}, 4, ""},
	{"whose provider hangs", "vk", nil, hang, nil, fields{}, 4, ""},
	{"whose provider says nonsense", "vk", nil, func(context.Context, string, string, int) (map[string]string, error) {
		panic("index out of range")
	}, nil, fields{}, 1, ""},
	{"whose picture is none", "vk", nil, anna, func(string, int) (string, error) {
		return "", refusal.New(refusal.Invalid, "the file is no picture")
	}, fields{"fname": "Anna", "lname": "Ivanova"}, 1, "vk/anna/https://vk.example/a.jpg"},
	{"whose picture comes later", "api", fields{"fname": "Ann", "avatar": "https://x.example/1"}, nil, func(_ string, try int) (string, error) {
		if try == 1 {
			return "", errors.New("the connection broke off")
		}
		return "hash", nil
	}, fields{"fname": "Ann", "avatar": "hash"}, 0, "api/anna/https://x.example/1 api/anna/https://x.example/1"},
}

func hang(ctx context.Context, _, _ string, _ int) (map[string]string, error) {
	<-ctx.Done()
	return nil, ctx.Err()
}

// wrong tells a story with a fault, and returns what is wrong.
func (s story) wrong(t *testing.T, f fault) (wrong []string) {
	synctest.Test(t, func(t *testing.T) {
		w := &world{fault: f, knows: s.knows, fetch: s.fetch}
		n := boot(t, w, vfs.NewMem())
		defer n.stop()
		n.comes("anna", s.account, s.says)
		pass(time.Hour)
		if got := n.profile("anna"); !maps.Equal(got, s.want) {
			wrong = append(wrong, fmt.Sprintf("the profile is %v, want %v", got, s.want))
		}
		if got := w.questions(); got != s.asked {
			wrong = append(wrong, fmt.Sprintf("%d questions, want %d", got, s.asked))
		}
		if got := strings.Join(w.fetched, " "); got != s.fetched {
			wrong = append(wrong, fmt.Sprintf("fetched %q, want %q", got, s.fetched))
		}
		if r := n.rows(); r != 0 {
			wrong = append(wrong, fmt.Sprintf("%d rows are left", r))
		}
	})
	return wrong
}

// proves CH-02: who is only a number gets a name and a picture, whatever the
// provider does nobody is asked about for ever, and where a picture is stays no
// field.
func TestCH02_Introduced(t *testing.T) {
	for _, s := range stories {
		t.Run(s.name, func(t *testing.T) {
			for _, w := range s.wrong(t, none) {
				t.Error(w)
			}
		})
	}
}

// Every fault that an introducer may have is seen by one of the stories.
func TestCH02_IntroducedFaultsAreSeen(t *testing.T) {
	for f, name := range map[fault]string{endlessly: "whose provider is down", curious: "whose message tells all"} {
		for _, s := range stories {
			if s.name == name && len(s.wrong(t, f)) == 0 {
				t.Errorf("fault %d is not seen by one %s", f, name)
			}
		}
	}
}

// after returns how many names are known after a crash in the middle.
func after(t *testing.T, f fault) (names int) {
	synctest.Test(t, func(t *testing.T) {
		w := &world{fault: f, knows: hang}
		n := boot(t, w, vfs.NewCrashableMem())
		for c := range 10 {
			n.comes(fmt.Sprintf("anna%d", c), "vk", nil)
		}
		pass(10 * time.Second)
		for c := range 10 { // what they do meanwhile takes the place to the disk
			n.comes(fmt.Sprintf("boris%d", c), "api", nil)
		}
		pass(time.Second)
		disk := n.crash()
		w.knows = anna
		n = boot(t, w, disk)
		defer n.stop()
		pass(time.Minute)
		for c := range 10 {
			if n.profile(fmt.Sprintf("anna%d", c))["fname"] != "" {
				names++
			}
		}
		if r := n.rows(); r != 0 {
			t.Errorf("%d rows are left", r)
		}
	})
	return names
}

// A crash forgets no name.
func TestCH02_IntroducedAfterACrash(t *testing.T) {
	if got := after(t, none); got != 10 {
		t.Errorf("%d of 10 have names after a crash", got)
	}
	if got := after(t, forgets); got == 10 {
		t.Error("an introducer that keeps no rows is not seen")
	}
}

// beside returns how long names take beside an account whose provider hangs,
// and how many questions that one is asked at once.
func beside(t *testing.T, f fault) (took time.Duration, atOnce int) {
	synctest.Test(t, func(t *testing.T) {
		w := &world{fault: f}
		w.knows = func(ctx context.Context, account, address string, try int) (map[string]string, error) {
			if account == "bad" {
				return hang(ctx, account, address, try)
			}
			return fields{"fname": "Anna"}, nil
		}
		n := boot(t, w, vfs.NewMem())
		defer n.stop()
		for c := range 20 {
			n.comes(fmt.Sprintf("boris%d", c), "bad", nil)
		}
		pass(time.Second)
		atOnce = w.questions()
		begin := time.Now()
		n.comes("anna", "vk", nil)
		for took = time.Hour; time.Since(begin) < took; pass(100 * time.Millisecond) {
			if n.profile("anna")["fname"] != "" {
				took = time.Since(begin)
			}
		}
	})
	return took, atOnce
}

// proves G37: a provider that hangs delays its own names and nobody else's, and
// is asked few questions at once.
func TestG37_IntroductionsDelayNobody(t *testing.T) {
	if took, atOnce := beside(t, none); took > 200*time.Millisecond || atOnce != ofAccount {
		t.Errorf("beside a provider that hangs a name takes %v, which is asked %d questions at once", took, atOnce)
	}
	if took, _ := beside(t, oneLane); took < time.Second {
		t.Errorf("an introducer with one lane for everybody takes %v, and is not seen", took)
	}
}

// proves G37: what a provider asks for is kept to, for the account or for one
// customer alone; more wait than there is room for are forgotten.
func TestG37_IntroductionsLater(t *testing.T) {
	for _, only := range []bool{false, true} {
		synctest.Test(t, func(t *testing.T) {
			w := &world{knows: func(_ context.Context, _, address string, try int) (map[string]string, error) {
				if address == "anna" && try == 1 {
					return nil, &channels.Later{After: 5 * time.Minute, Only: only, Err: errors.New("status 429")}
				}
				return fields{"fname": "Somebody"}, nil
			}}
			n := boot(t, w, vfs.NewMem())
			defer n.stop()
			n.comes("anna", "vk", nil)
			pass(time.Second)
			n.comes("boris", "vk", nil)
			pass(4 * time.Minute)
			if got := n.profile("boris")["fname"] != ""; got != only || n.profile("anna")["fname"] != "" {
				t.Errorf("only=%t: boris has a name: %t, anna %v", only, got, n.profile("anna"))
			}
			pass(2 * time.Minute)
			if n.profile("boris")["fname"] == "" || n.profile("anna")["fname"] == "" {
				t.Errorf("only=%t: %v, %v", only, n.profile("anna"), n.profile("boris"))
			}
		})
	}
	synctest.Test(t, func(t *testing.T) {
		n := boot(t, &world{knows: hang}, vfs.NewMem())
		defer n.stop()
		for c := range depth + 10 {
			n.comes(fmt.Sprintf("anna%d", c), "vk", nil)
		}
		pass(time.Second)
		if r := n.rows(); r != depth {
			t.Errorf("%d rows wait, want %d", r, depth)
		}
	})
}

// Who is erased while the provider thinks is not asked for again, and gets no
// name.
func TestCH02_ErasedMeanwhile(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := &world{knows: func(_ context.Context, _, _ string, try int) (map[string]string, error) {
			if try == 1 {
				return nil, errors.New("status 500")
			}
			return fields{"fname": "Anna"}, nil
		}}
		n := boot(t, w, vfs.NewCrashableMem())
		n.comes("anna", "vk", nil)
		pass(time.Second)
		if err := n.ring.Erase("anna"); err != nil {
			t.Fatal(err)
		}
		disk := n.crash()
		n = boot(t, w, disk)
		defer n.stop()
		pass(time.Hour)
		if got := n.profile("anna"); len(got) != 0 || w.questions() != 1 || n.rows() != 0 {
			t.Errorf("the profile is %v after %d questions, %d rows", got, w.questions(), n.rows())
		}
	})
}

// What messages tell of pictures is remembered for a moment, and bounded.
func TestPictures(t *testing.T) {
	now := time.Unix(0, 0)
	p := &Pictures{Now: func() time.Time { return now }}
	at := func(address string) string { return p.of(&event.Address{AccountId: "vk", Address: address}) }
	p.Tell("vk", "anna", "one")
	p.Tell("vk", "anna", "two")
	for c := range remembered - 1 {
		p.Tell("vk", fmt.Sprint(c), "x")
	}
	if got := at("anna"); got != "two" {
		t.Errorf("anna's is %q, want the last one told", got)
	}
	p.Tell("vk", "boris", "three")
	if got := at("anna"); got != "" || len(p.by) != remembered || len(p.list) != remembered {
		t.Errorf("anna's is %q; %d and %d are remembered, want %d", got, len(p.by), len(p.list), remembered)
	}
	now = now.Add(lasts + 1)
	if got := at("boris"); got != "" {
		t.Errorf("boris's is %q after a while", got)
	}
	p.Tell("vk", "carl", "four")
	if len(p.by) != 1 {
		t.Errorf("%d are remembered after a while", len(p.by))
	}
}
