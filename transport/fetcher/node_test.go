package fetcher

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"math/rand/v2"
	"net"
	"net/http"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/cockroachdb/pebble/v2/vfs"

	"crafttalkd/actors/customer"
	"crafttalkd/actors/directory"
	"crafttalkd/actors/event"
	"crafttalkd/actors/refusal"
	"crafttalkd/actors/shell"
	"crafttalkd/actors/system"
	"crafttalkd/channels"
	"crafttalkd/store/blob"
	"crafttalkd/store/journal"
	"crafttalkd/store/keys"
	"crafttalkd/store/pebblestore"
)

// A world is what is outside of nodes and outlives them.
type world struct {
	dir     string // of the files
	fault   fault
	largest int64
	admit   func() error
	disk    atomic.Int32            // how many times the disk of the files fails
	uploads map[string]string       // account/address/id: content
	hosts   map[string]func(*visit) // by host; the others can't be reached
	at      func(spot) bool         // whether the power is cut here; nil for never

	mu     sync.Mutex // guards what follows
	visits []*visit
}

// A spot is a place in the way of a file where the power may be cut.
type spot string

const (
	asked    spot = "when the server is asked"
	kept     spot = "when the file is kept"
	answered spot = "before the outcome is told"
	recorded spot = "after the outcome is recorded"
)

// A visit is one request at a server.
type visit struct {
	net.Conn
	request *http.Request
	try     int // of the same address
	begin   time.Time
	end     time.Time
	given   int64 // bytes
}

func (v *visit) Write(b []byte) (int, error) {
	n, err := v.Conn.Write(b)
	v.given += int64(n)
	return n, err
}

// say writes an answer.
func (v *visit) say(status int, body string, headers ...string) {
	fmt.Fprintf(v, "HTTP/1.1 %d X\r\nConnection: close\r\nContent-Length: %d\r\n%s\r\n%s", status, len(body), lines(headers), body)
}

func lines(headers []string) (out string) {
	for _, h := range headers {
		out += h + "\r\n"
	}
	return out
}

func newWorld(t *testing.T) *world {
	return &world{dir: t.TempDir(), largest: 1 << 20, uploads: map[string]string{}, hosts: map[string]func(*visit){}}
}

// dial leads to the servers of the world.
func (w *world) dial(_ context.Context, _, place string) (net.Conn, error) {
	host, _, _ := strings.Cut(place, ":")
	if strings.HasPrefix(host, "10.") {
		return nil, refusal.New(refusal.Denied, "the server does not call %s", place)
	}
	serve := w.hosts[host]
	if serve == nil {
		return nil, &net.OpError{Op: "dial", Err: errors.New("connection refused")}
	}
	ours, theirs := net.Pipe()
	go w.host(theirs, serve)
	return ours, nil
}

func (w *world) host(c net.Conn, serve func(*visit)) {
	defer c.Close()
	r, err := http.ReadRequest(bufio.NewReader(c))
	if err != nil {
		return
	}
	v := &visit{Conn: c, request: r, begin: time.Now(), try: 1}
	w.mu.Lock()
	for _, o := range w.visits {
		if o.request.Host == r.Host && o.request.URL.Path == r.URL.Path {
			v.try++
		}
	}
	w.visits = append(w.visits, v)
	w.mu.Unlock()
	serve(v)
	w.mu.Lock()
	v.end = time.Now()
	w.mu.Unlock()
}

// requests counts those that reached a server.
func (w *world) requests() int {
	w.mu.Lock()
	defer w.mu.Unlock()
	return len(w.visits)
}

// Put keeps a file, unless the disk fails.
func (n *node) Put(ctx context.Context, subject string, r io.Reader, limit int64) (blob.Blob, error) {
	if n.world.disk.Add(-1) >= 0 {
		return blob.Blob{}, errors.New("the disk does not answer")
	}
	b, err := n.blobs.Put(ctx, subject, r, limit)
	n.cut(kept)
	return b, err
}

// A node is a whole system with a fetcher, on a disk in memory that can lose
// its power.
type node struct {
	*system.System
	t       *testing.T
	disk    *vfs.MemFS
	store   *pebblestore.Store
	ring    *keys.Ring
	blobs   *blob.Store
	fetcher *Fetcher
	world   *world
	running sync.WaitGroup
	cancel  context.CancelFunc

	dead atomic.Bool
	once sync.Once
	left *vfs.MemFS // what the disk held when the power was cut
}

func boot(t *testing.T, w *world, disk *vfs.MemFS) *node {
	t.Helper()
	n := &node{t: t, world: w, disk: disk}
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
	n.blobs, err = blob.Open(w.dir, n.ring)
	must(err)
	j, err := journal.Open(n.store, n.ring)
	must(err)
	n.System, err = system.Start(system.Config{Journal: j, Now: time.Now, Log: log})
	must(err)
	n.fetcher, err = Open(Config{System: n, Journal: j, Table: n.store, Blobs: n, Uploaded: w.uploaded, Held: w.held, Admit: w.admit,
		Client:  &http.Client{Transport: &http.Transport{DialContext: w.dial, ResponseHeaderTimeout: 15 * time.Second}},
		Largest: w.largest, Now: time.Now, Log: log, fault: w.fault})
	must(err)
	var ctx context.Context
	ctx, n.cancel = context.WithCancel(context.Background())
	n.running.Go(func() {
		if err := n.fetcher.Follow(); err != nil {
			t.Error(err)
		}
	})
	n.running.Go(func() { n.fetcher.Run(ctx) })
	return n
}

// A keeper is the channel of an account that keeps files: it makes requests
// with the account's key.
type keeper struct{ account string }

func (keeper) Deliver(context.Context, channels.Outbound) (string, error) { return "", nil }

func (k keeper) Request(ctx context.Context, ref string) (*http.Request, error) {
	if ref == "gone" {
		return nil, refusal.New(refusal.NotFound, "the provider has the file no more")
	}
	if ref == "busy" {
		return nil, errors.New("the provider answered 500")
	}
	r, err := http.NewRequestWithContext(ctx, "GET", ref, nil)
	if err != nil {
		return nil, err
	}
	r.Header.Set("Authorization", "Bearer of-"+k.account)
	r.Header.Set("X-Provider-Token", "of-"+k.account)
	return r, nil
}

// held opens the account shop, which keeps files, and no other.
func (w *world) held(account string) (channels.Channel, *http.Client, error) {
	if account != "shop" {
		return nil, nil, refusal.New(refusal.NotFound, "there is no channel %q", account)
	}
	return keeper{account}, &http.Client{Transport: &http.Transport{DialContext: w.dial}}, nil
}

func (w *world) uploaded(account, address, id string) (io.ReadCloser, error) {
	content, ok := w.uploads[account+"/"+address+"/"+id]
	if !ok {
		return nil, refusal.New(refusal.NotFound, "there is no such upload of this user")
	}
	return io.NopCloser(strings.NewReader(content)), nil
}

// cut takes the power away, if it is to be taken here. It tells whether there
// is none.
func (n *node) cut(s spot) bool {
	if !n.dead.Load() && n.world.at != nil && n.world.at(s) {
		n.powerOff()
	}
	return n.dead.Load()
}

func (n *node) powerOff() {
	n.once.Do(func() {
		n.dead.Store(true)
		n.left = n.disk.CrashClone(vfs.CrashCloneCfg{RNG: rand.New(rand.NewPCG(1, 2))})
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

// stop ends a node in order.
func (n *node) stop() {
	n.t.Helper()
	n.end(n.Stop(context.Background()))
}

// bury ends what a node without power still does, and returns its disk.
func (n *node) bury() *vfs.MemFS {
	n.t.Helper()
	n.powerOff()
	n.Kill()
	n.end(nil)
	return n.left
}

func (n *node) end(err error) {
	n.t.Helper()
	n.cancel()
	n.running.Wait()
	if err := errors.Join(err, n.store.Close(), n.blobs.Close()); err != nil {
		n.t.Error(err)
	}
	synctest.Wait()
}

func (n *node) ask(stream string, cmd any) {
	n.t.Helper()
	if _, err := n.Ask(context.Background(), stream, cmd); err != nil {
		n.t.Fatalf("%s: %T: %v", stream, cmd, err)
	}
}

func (n *node) center() {
	n.t.Helper()
	n.ask(event.DirectoryStream, directory.Put{By: "setup", Entry: &event.Center{CenterId: "shop", Name: "Shop"}})
	n.ask(event.DirectoryStream, directory.Put{By: "setup", Entry: &event.Line{LineId: "help", Name: "Help", CenterId: "shop"}})
	pass(50 * time.Millisecond)
}

// writes brings a message of a customer that names files by their sources.
func (n *node) writes(who, account, id string, sources ...string) {
	n.t.Helper()
	c := &event.Content{Text: "look"}
	for i, s := range sources {
		c.Attachments = append(c.Attachments, &event.Attachment{AttachmentId: fmt.Sprint(i + 1), Source: s})
	}
	n.ask(event.CustomerStream+who, customer.Receive{
		ID: who, Home: who, Key: account + "/" + who + "/" + id,
		Address: &event.Address{AccountId: account, Address: who, Kind: "api"},
		Opening: &event.ConversationOpened{AccountId: account, CenterId: "shop", Routing: &event.Routing{LineId: "help"}, Policy: &event.Policy{}},
		Message: &event.MessageReceived{MessageId: id, AccountId: account, Address: who, ExternalId: id, Content: c},
	})
}

// outcomes lists what conversation WHO.1 shows of its files.
func (n *node) outcomes(who string) (out []*event.Attachment, at []time.Time) {
	n.t.Helper()
	for e, err := range n.Journal().Durable(event.ConversationStream+who+".1", 0) {
		if err != nil {
			n.t.Fatal(err)
		}
		if f, ok := e.Event.(*event.AttachmentFetched); ok {
			out, at = append(out, f.Attachment), append(at, f.At.AsTime())
		}
	}
	return out, at
}

// content reads a file of a customer.
func (n *node) content(who, hash string) string {
	n.t.Helper()
	f, _, err := n.blobs.Get(who, hash)
	if err != nil {
		n.t.Fatal(err)
	}
	defer f.Close()
	b, err := io.ReadAll(f)
	if err != nil {
		n.t.Fatal(err)
	}
	return string(b)
}

// rows counts what is left in the fetcher's tables.
func (n *node) rows() (count int) {
	n.t.Helper()
	for _, table := range []string{rows, of} {
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
