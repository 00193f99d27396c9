package bench_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"runtime"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"github.com/cockroachdb/pebble/v2"
	"github.com/gorilla/websocket"
	"github.com/julienschmidt/httprouter"
	"google.golang.org/protobuf/encoding/protowire"
	"google.golang.org/protobuf/proto"

	"crafttalkd/actors/directory"
	"crafttalkd/actors/event"
	"crafttalkd/actors/system"
	"crafttalkd/store"
	"crafttalkd/store/journal"
	"crafttalkd/store/keys"
	"crafttalkd/store/pebblestore"
	"crafttalkd/transport/desk"
	"crafttalkd/transport/intake"
	"crafttalkd/transport/live"
	"crafttalkd/transport/problem"
	"crafttalkd/transport/visitor"
	"crafttalkd/transport/wire"
)

const (
	visitors = 200
	desks    = 20
	text     = "Здравствуйте! Подскажите, пожалуйста, где сейчас мой заказ? Обещали доставить вчера до шести вечера, но курьер так и не приехал, и телефон не отвечает."
)

// Fields of the frames that the clients look for.
const (
	answerField, kindField protowire.Number = 2, 2
	entryField, factField  protowire.Number = 3, 3
	messageReceived        protowire.Number = 11
	conversationAssigned   protowire.Number = 24

	streamField   protowire.Number = 1 // of an entry
	operatorField protowire.Number = 3 // of an assignment
)

// BenchmarkBareLoop is the least: WebSocket in, one group commit, WebSocket out.
func BenchmarkBareLoop(b *testing.B) {
	db, err := pebble.Open(b.TempDir(), &pebble.Options{FormatMajorVersion: pebble.FormatNewest,
		MemTableSize: 32 << 20, Logger: silent{}})
	if err != nil {
		b.Fatal(err)
	}
	defer db.Close()
	l := newLoop(db)
	srv := httptest.NewServer(l)
	defer srv.Close()
	url := "ws" + strings.TrimPrefix(srv.URL, "http")
	var got atomic.Int64
	for i := range desks {
		ws := dial(b, fmt.Sprintf("%s/out?n=%d", url, i), nil)
		go func() {
			for {
				if _, _, err := ws.ReadMessage(); err != nil {
					return
				}
				got.Add(1)
			}
		}()
	}
	var sockets []*websocket.Conn
	for i := range visitors {
		sockets = append(sockets, dial(b, fmt.Sprintf("%s/in?n=%d", url, i%desks), nil))
	}
	frame := []byte(strings.Repeat("x", 300))
	start := begin(b)
	pump(b, sockets, func(int) []byte { return frame }, func(ws *websocket.Conn) error {
		_, _, err := ws.ReadMessage()
		return err
	})
	until(b, &got, int64(b.N))
	start.report(b)
}

// BenchmarkMessagePath is the product: a visitor's message, checked, sealed,
// kept, acknowledged, shown to the operator who serves the conversation.
func BenchmarkMessagePath(b *testing.B) {
	p := newProduct(b, center()...)
	var got atomic.Int64
	for i := range desks {
		p.desk(b, fmt.Sprintf("op%d", i), &got)
	}
	var sockets []*websocket.Conn
	for range visitors {
		sockets = append(sockets, p.visitor(b))
	}
	// A first message each, so that every conversation is with its operator.
	for i, ws := range sockets {
		write(b, ws, say(uint64(i), fmt.Sprintf("first-%d", i)))
		await(b, ws, uint64(i))
	}
	until(b, &got, visitors)
	got.Store(0)
	start := begin(b)
	pump(b, sockets, func(n int) []byte { return say(uint64(n)+visitors, fmt.Sprintf("m-%d", n)) }, readAnswer)
	until(b, &got, int64(b.N))
	start.report(b)
}

// A begun is when a measurement began, and the processor time until then.
type begun struct {
	at  time.Time
	cpu time.Duration
}

func begin(b *testing.B) begun {
	ballast := make([]byte, 64<<20) // as the server has: see serve
	b.Cleanup(func() { runtime.KeepAlive(ballast) })
	b.ResetTimer()
	return begun{time.Now(), cpu(b)}
}

// report gives the rate, and the processor time of both ends for a message. On
// a machine with neighbours the second is the steadier figure.
func (s begun) report(b *testing.B) {
	b.ReportMetric(float64(b.N)/time.Since(s.at).Seconds(), "msg/s")
	b.ReportMetric(float64((cpu(b)-s.cpu).Microseconds())/float64(b.N), "cpu-µs/msg")
}

// cpu returns the processor time of this process.
func cpu(b *testing.B) time.Duration {
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		b.Fatal(err)
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}

// pump sends b.N messages over the sockets, one under way on each.
func pump(b *testing.B, sockets []*websocket.Conn, frame func(n int) []byte, answered func(*websocket.Conn) error) {
	var next atomic.Int64
	var all sync.WaitGroup
	for _, ws := range sockets {
		all.Go(func() {
			for {
				n := int(next.Add(1)) - 1
				if n >= b.N {
					return
				}
				if err := ws.WriteMessage(websocket.BinaryMessage, frame(n)); err != nil {
					b.Error(err)
					return
				}
				if err := answered(ws); err != nil {
					b.Error(err)
					return
				}
			}
		})
	}
	all.Wait()
}

// until waits for messages to arrive.
func until(b *testing.B, got *atomic.Int64, n int64) {
	b.Helper()
	for end := time.Now().Add(20 * time.Second); got.Load() < n; time.Sleep(100 * time.Microsecond) {
		if time.Now().After(end) {
			b.Fatalf("%d of %d messages arrived", got.Load(), n)
		}
	}
}

// A loop merges commits as the product does, and nothing else.
type loop struct {
	up    websocket.Upgrader
	queue chan item
	mu    sync.Mutex
	outs  map[string]*out
}

type item struct {
	from *out
	to   *out
	data []byte
}

type out struct {
	mu sync.Mutex
	ws *websocket.Conn
}

func (o *out) write(b []byte) {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.ws.WriteMessage(websocket.BinaryMessage, b)
}

func newLoop(db *pebble.DB) *loop {
	l := &loop{queue: make(chan item, 4096), outs: map[string]*out{}}
	go func() {
		var n uint64
		for first := range l.queue {
			batch := db.NewBatch()
			items := []item{first}
			for more := true; more && len(items) < 1024; {
				select {
				case i, ok := <-l.queue:
					if !ok {
						more = false
						break
					}
					items = append(items, i)
				default:
					more = false
				}
			}
			for _, i := range items {
				n++
				batch.Set(fmt.Appendf(nil, "e%016d", n), i.data, nil)
			}
			if err := batch.Commit(pebble.Sync); err != nil {
				panic(err)
			}
			batch.Close()
			for _, i := range items {
				go i.from.write([]byte("ok"))
				go i.to.write(i.data)
			}
		}
	}()
	return l
}

func (l *loop) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	me, name := &out{}, r.URL.Query().Get("n")
	me.mu.Lock()
	defer me.mu.Unlock()
	if r.URL.Path == "/out" { // it is known before the client is told that it is there
		l.mu.Lock()
		l.outs[name] = me
		l.mu.Unlock()
	}
	ws, err := l.up.Upgrade(w, r, nil)
	if err != nil {
		return
	}
	if me.ws = ws; r.URL.Path == "/out" {
		return
	}
	l.mu.Lock()
	to := l.outs[name]
	l.mu.Unlock()
	go func() {
		for {
			_, data, err := ws.ReadMessage()
			if err != nil {
				return
			}
			l.queue <- item{me, to, data}
		}
	}()
}

// A product is the real thing, with sign-in replaced by a name in the query.
type product struct {
	url   string
	sys   *system.System
	door  *intake.Door
	table store.Table
	disk  *disk
}

// newProduct starts one whose directory holds the entries.
func newProduct(b *testing.B, entries ...event.Event) *product {
	disk := newDisk()
	e, err := pebblestore.Open(b.TempDir(), pebblestore.Options{FS: disk})
	if err != nil {
		b.Fatal(err)
	}
	master := keys.NewMaster()
	j, err := journal.Open(e, keys.NewRing(master, e))
	if err != nil {
		b.Fatal(err)
	}
	log := slog.New(slog.NewTextHandler(io.Discard, nil))
	sys, err := system.Start(system.Config{Journal: j, Now: time.Now, Log: log})
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() { sys.Kill(); e.Close() })
	put(b, sys, entries)
	links, err := intake.OpenLinks(j, e)
	if err != nil {
		b.Fatal(err)
	}
	door := intake.NewDoor(intake.Config{System: sys, CustomerID: master.CustomerID, Links: links, Room: e.Room, Reserve: 1})
	hub := live.NewHub(j)
	go hub.Run()
	lobby := visitor.New(visitor.Config{System: sys, Hub: hub, Door: door, Log: log, CustomerID: master.CustomerID,
		Secret: []byte("secret"), Refuse: problem.Write})
	d := desk.New(desk.Config{System: sys, Hub: hub, Log: log, Refuse: problem.Write,
		Origin: func(*http.Request, string) bool { return true },
		Authenticate: func(r *http.Request) (desk.Who, error) {
			return desk.Who{User: r.URL.Query().Get("user"), Alive: func() bool { return true }}, nil
		}})
	router := httprouter.New()
	router.HandlerFunc("POST", "/widget/v1/:account/session", lobby.Session)
	router.HandlerFunc("GET", "/widget/v1/:account/socket", lobby.Socket)
	router.Handler("GET", "/desk/v1/socket", d)
	srv := httptest.NewServer(router)
	b.Cleanup(srv.Close)
	return &product{srv.URL, sys, door, e, disk}
}

// center is a shop with one line and as many operators as there are desks.
func center() []event.Event {
	entries := []event.Event{
		&event.Center{CenterId: "shop", Name: "Shop"},
		&event.Line{LineId: "help", Name: "Help", CenterId: "shop"},
		&event.Account{AccountId: "site", Kind: "widget", Name: "Site", CenterId: "shop",
			Routing: &event.Routing{LineId: "help"}, Settings: `{"rate":100000}`},
	}
	for i := range desks {
		id := fmt.Sprintf("op%d", i)
		entries = append(entries, &event.User{UserId: id, Login: id, FirstName: id, LineIds: []string{"help"}, CenterIds: []string{"shop"}, Capacity: 100})
	}
	return entries
}

// put changes the directory and returns when everybody knows.
func put(b *testing.B, sys *system.System, entries []event.Event) {
	for _, e := range entries {
		if _, err := sys.Ask(b.Context(), event.DirectoryStream, directory.Put{By: "setup", Entry: e}); err != nil {
			b.Fatal(err)
		}
	}
	if err := sys.Directory.Wait(b.Context(), uint64(len(entries))); err != nil {
		b.Fatal(err)
	}
}

func (p *product) visitor(b *testing.B) *websocket.Conn {
	r, err := http.Post(p.url+"/widget/v1/site/session", "application/json", strings.NewReader("{}"))
	if err != nil {
		b.Fatal(err)
	}
	defer r.Body.Close()
	var s struct{ Token string }
	if err := json.NewDecoder(r.Body).Decode(&s); err != nil || s.Token == "" {
		b.Fatalf("session: %v %v", r.Status, err)
	}
	ws := dial(b, "ws"+strings.TrimPrefix(p.url, "http")+"/widget/v1/site/socket", http.Header{"Authorization": {"Bearer " + s.Token}})
	write(b, ws, encode(&wire.FromClient{Is: &wire.FromClient_Hello{Hello: &wire.Hello{}}}))
	await(b, ws, 0)
	return ws
}

func (p *product) desk(b *testing.B, user string, got *atomic.Int64) {
	ws := dial(b, "ws"+strings.TrimPrefix(p.url, "http")+"/desk/v1/socket?user="+user, nil)
	write(b, ws, encode(&wire.FromClient{Is: &wire.FromClient_Hello{Hello: &wire.Hello{}}}))
	write(b, ws, encode(&wire.FromClient{Id: 1, Is: &wire.FromClient_SetPresence{SetPresence: &wire.SetPresence{Presence: event.Presence_ONLINE}}}))
	await(b, ws, 1)
	go func() {
		for {
			_, frame, err := ws.ReadMessage()
			if err != nil {
				return
			}
			if shown(frame) {
				got.Add(1)
			}
		}
	}()
}

func dial(b *testing.B, url string, h http.Header) *websocket.Conn {
	d := websocket.Dialer{Subprotocols: []string{wire.Binary}}
	ws, r, err := d.Dial(url, h)
	if err != nil {
		b.Fatalf("%s: %v %v", url, err, r)
	}
	b.Cleanup(func() { ws.Close() })
	return ws
}

func say(id uint64, message string) []byte {
	return encode(&wire.FromClient{Id: id, Is: &wire.FromClient_Say{Say: &wire.Say{MessageId: message, Content: &event.Content{Text: text}}}})
}

func encode(m proto.Message) []byte {
	b, err := proto.Marshal(m)
	if err != nil {
		panic(err)
	}
	return b
}

func write(b *testing.B, ws *websocket.Conn, frame []byte) {
	if err := ws.WriteMessage(websocket.BinaryMessage, frame); err != nil {
		b.Fatal(err)
	}
}

func read(ws *websocket.Conn) (*wire.FromServer, error) {
	_, data, err := ws.ReadMessage()
	if err != nil {
		return nil, err
	}
	f := &wire.FromServer{}
	return f, proto.Unmarshal(data, f)
}

// next reads a frame into room, or into more of it.
func next(ws *websocket.Conn, room []byte) ([]byte, error) {
	_, r, err := ws.NextReader()
	if err != nil {
		return nil, err
	}
	into := bytes.NewBuffer(room[:0])
	_, err = into.ReadFrom(r)
	return into.Bytes(), err
}

// readAnswer looks at a frame no closer than the bare loop's client does.
func readAnswer(ws *websocket.Conn) error {
	for {
		_, frame, err := ws.ReadMessage()
		if err != nil {
			return err
		}
		if a := field(frame, answerField); a != nil {
			if field(a, kindField) != nil {
				return fmt.Errorf("refused: %q", a)
			}
			return nil
		}
	}
}

// shown reports whether a frame of the desk is a customer's message.
func shown(frame []byte) bool {
	return field(field(field(frame, entryField), factField), messageReceived) != nil
}

// field returns the bytes of a message's first field of a number, or nil.
func field(m []byte, want protowire.Number) []byte {
	for len(m) > 0 {
		number, kind, n := protowire.ConsumeTag(m)
		if n < 0 {
			return nil
		}
		size := protowire.ConsumeFieldValue(number, kind, m[n:])
		if size < 0 {
			return nil
		}
		if value := m[n : n+size]; number == want && kind == protowire.BytesType {
			content, _ := protowire.ConsumeBytes(value)
			return content
		}
		m = m[n+size:]
	}
	return nil
}

func await(b *testing.B, ws *websocket.Conn, id uint64) {
	for {
		f, err := read(ws)
		if err != nil {
			b.Fatal(err)
		}
		if a := f.GetAnswer(); a != nil && a.Id == id {
			if a.Kind != "" {
				b.Fatalf("refused: %s: %s", a.Kind, a.Text)
			}
			return
		}
	}
}

type silent struct{}

func (silent) Infof(string, ...any)           {}
func (silent) Errorf(string, ...any)          {}
func (silent) Fatalf(format string, a ...any) { panic(fmt.Sprintf(format, a...)) }
