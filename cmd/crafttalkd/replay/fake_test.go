package replay

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/gorilla/websocket"
	"google.golang.org/protobuf/proto"

	"crafttalkd/actors/event"
	"crafttalkd/transport/wire"
)

// A fake is a server that keeps the protocols and nothing else: conversations
// in memory, given to the operators in turn. It can be told to do wrong.
type fake struct {
	*httptest.Server
	mu        sync.Mutex
	revisions map[string]int // of the entries that were put
	visitors  int
	streams   map[string][]*event.Fact
	open      map[string]string // customer -> conversation
	keepers   map[string]string // conversation -> operator
	taken     map[string]uint64 // message -> version
	online    []string
	desks     map[string]*websocket.Conn
	sockets   map[*websocket.Conn]bool
	said      int
	replies   int
	closed    int
	resumed   int // hellos of visitors that named what they hold
	cpu       float64

	// wrong turns an entry into what is sent to the desk, unless it is nil.
	wrong func(e *wire.Entry) []*wire.Entry
	// cut says after which message every socket is cut, before its answer.
	cut int
	// refuse says which message is refused as busy.
	refuse int
}

func newFake(t *testing.T) *fake {
	f := &fake{
		revisions: map[string]int{}, streams: map[string][]*event.Fact{}, open: map[string]string{}, keepers: map[string]string{}, taken: map[string]uint64{},
		desks: map[string]*websocket.Conn{}, sockets: map[*websocket.Conn]bool{},
	}
	mux := http.NewServeMux()
	mux.HandleFunc("POST /api/v1/session", f.signIn)
	mux.HandleFunc("PUT /api/v1/{kind}/{id}", f.put)
	mux.HandleFunc("GET /api/v1/{kind}/{id}", f.get)
	mux.HandleFunc("POST /widget/v1/{account}/session", f.session)
	mux.HandleFunc("GET /widget/v1/{account}/socket", f.widget)
	mux.HandleFunc("GET /desk/v1/socket", f.desk)
	mux.HandleFunc("POST /channel/v1/{account}/messages", f.channel)
	mux.HandleFunc("GET /metrics", f.metrics)
	f.Server = httptest.NewServer(mux)
	t.Cleanup(f.Close)
	return f
}

func (f *fake) options(t *testing.T, files ...string) Options {
	return Options{Files: files, URL: f.URL, Login: "admin", Password: "secret", Operators: 3, Customers: 5, Seed: 1}
}

func (f *fake) signIn(w http.ResponseWriter, r *http.Request) {
	var in struct{ Login, Password string }
	if json.NewDecoder(r.Body).Decode(&in) != nil || in.Password == "" || in.Password == "wrong" {
		http.Error(w, "denied", http.StatusForbidden)
		return
	}
	fmt.Fprintf(w, `{"token":"user:%s"}`, in.Login)
}

func (f *fake) put(w http.ResponseWriter, r *http.Request) {
	var in map[string]any
	if r.Header.Get("Authorization") != "Bearer user:admin" || json.NewDecoder(r.Body).Decode(&in) != nil {
		http.Error(w, "denied", http.StatusForbidden)
		return
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	id := r.PathValue("kind") + "/" + r.PathValue("id")
	if seen, _ := in["revision"].(float64); int(seen) != f.revisions[id] {
		http.Error(w, "name the revision you have seen", http.StatusPreconditionRequired)
		return
	}
	f.revisions[id]++
	if in["kind"] == "api" {
		fmt.Fprint(w, `{"key":"key"}`)
		return
	}
	fmt.Fprint(w, `{}`)
}

func (f *fake) get(w http.ResponseWriter, r *http.Request) {
	f.mu.Lock()
	defer f.mu.Unlock()
	n := f.revisions[r.PathValue("kind")+"/"+r.PathValue("id")]
	if n == 0 {
		http.NotFound(w, r)
		return
	}
	fmt.Fprintf(w, `{"revision":%d}`, n)
}

func (f *fake) session(w http.ResponseWriter, _ *http.Request) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.visitors++
	fmt.Fprintf(w, `{"token":"visitor:v%d","customer_id":"v%d"}`, f.visitors, f.visitors)
}

func (f *fake) metrics(w http.ResponseWriter, _ *http.Request) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.cpu += 0.5
	fmt.Fprintf(w, "# HELP x\nprocess_cpu_seconds_total %g\nprocess_resident_memory_bytes 1.048576e+06\n", f.cpu)
}

func (f *fake) channel(w http.ResponseWriter, r *http.Request) {
	var in struct {
		ID, Text string
		User     Person
	}
	if r.Header.Get("Authorization") != "Bearer key" || json.NewDecoder(r.Body).Decode(&in) != nil || in.Text == "" {
		http.Error(w, "denied", http.StatusForbidden)
		return
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	f.receive("api-"+in.User.ID, in.ID, &event.Content{Text: in.Text})
	w.WriteHeader(http.StatusAccepted)
	fmt.Fprint(w, `{}`)
}

var upgrader = websocket.Upgrader{Subprotocols: []string{wire.Binary}}

// converse upgrades and answers frames until the socket ends. The first must
// be a hello.
func (f *fake) converse(w http.ResponseWriter, r *http.Request, kind string, frame func(conn *websocket.Conn, who string, m *wire.FromClient)) {
	who, ok := strings.CutPrefix(r.Header.Get("Authorization"), "Bearer "+kind+":")
	if !ok {
		http.Error(w, "denied", http.StatusUnauthorized)
		return
	}
	conn, err := upgrader.Upgrade(w, r, nil)
	if err != nil {
		return
	}
	defer conn.Close()
	f.mu.Lock()
	f.sockets[conn] = true
	f.mu.Unlock()
	for last := uint64(0); ; {
		_, b, err := conn.ReadMessage()
		if err != nil {
			return
		}
		var m wire.FromClient
		if proto.Unmarshal(b, &m) != nil || m.Id <= last || (last == 0) != (m.GetHello() != nil) {
			return
		}
		last = m.Id
		f.mu.Lock()
		frame(conn, who, &m)
		f.mu.Unlock()
	}
}

func push(conn *websocket.Conn, m *wire.FromServer) {
	b, err := proto.Marshal(m)
	if err == nil {
		conn.WriteMessage(websocket.BinaryMessage, b)
	}
}

func (f *fake) widget(w http.ResponseWriter, r *http.Request) {
	f.converse(w, r, "visitor", func(conn *websocket.Conn, who string, m *wire.FromClient) {
		if h := m.GetHello(); h != nil {
			if len(h.Held) == 1 && h.Held[0].Stream == "conversation/"+f.open[who] && h.Held[0].Version <= uint64(len(f.streams[f.open[who]])) {
				f.resumed++
			}
			push(conn, &wire.FromServer{Is: &wire.FromServer_Welcome{Welcome: &wire.Welcome{UserId: who}}})
			return
		}
		a := &wire.Answer{Id: m.Id}
		f.said++
		if f.said == f.refuse {
			a.Kind = "busy"
		} else {
			a.Stream, a.Version = f.receive(who, m.GetSay().MessageId, m.GetSay().Content)
			push(conn, &wire.FromServer{Is: &wire.FromServer_Bubble{Bubble: &wire.Bubble{MessageId: m.GetSay().MessageId}}})
		}
		if f.said == f.cut {
			for c := range f.sockets {
				c.Close()
			}
			clear(f.sockets)
			clear(f.desks)
			return
		}
		push(conn, &wire.FromServer{Is: &wire.FromServer_Answer{Answer: a}})
	})
}

// receive keeps a message once.
func (f *fake) receive(who, id string, c *event.Content) (stream string, version uint64) {
	if v, ok := f.taken[id]; ok {
		return "conversation/" + f.open[who], v
	}
	conv := f.open[who]
	if conv == "" {
		conv = fmt.Sprintf("%s.%d", who, len(f.streams)+1)
		f.open[who] = conv
		f.append(conv, &event.ConversationOpened{ConversationId: conv, CustomerId: who})
	}
	version = f.append(conv, &event.MessageReceived{MessageId: "m", ExternalId: id, Content: c})
	f.taken[id] = version
	if f.keepers[conv] == "" && len(f.online) > 0 {
		op := f.online[len(f.streams)%len(f.online)]
		f.keepers[conv] = op
		f.catchUp(op, conv, 0)
		f.append(conv, &event.ConversationAssigned{OperatorId: op})
	}
	return "conversation/" + conv, version
}

func (f *fake) append(conv string, e event.Event) uint64 {
	f.streams[conv] = append(f.streams[conv], event.Wrap(e))
	n := uint64(len(f.streams[conv]))
	if op := f.keepers[conv]; op != "" {
		f.catchUp(op, conv, n-1)
	}
	return n
}

// catchUp sends the events of a conversation after the first n.
func (f *fake) catchUp(op, conv string, n uint64) {
	conn := f.desks[op]
	if conn == nil {
		return
	}
	for i := n; i < uint64(len(f.streams[conv])); i++ {
		e := &wire.Entry{Stream: "conversation/" + conv, Version: i + 1, Fact: f.streams[conv][i]}
		sent := []*wire.Entry{e}
		if f.wrong != nil {
			sent = f.wrong(e)
		}
		for _, e := range sent {
			push(conn, &wire.FromServer{Is: &wire.FromServer_Entry{Entry: e}})
		}
	}
}

func (f *fake) desk(w http.ResponseWriter, r *http.Request) {
	f.converse(w, r, "user", func(conn *websocket.Conn, who string, m *wire.FromClient) {
		a := &wire.Answer{Id: m.Id}
		switch is := m.Is.(type) {
		case *wire.FromClient_Hello:
			f.greet(conn, who, is.Hello)
			return
		case *wire.FromClient_SetPresence:
			if is.SetPresence.Presence == event.Presence_ONLINE && !slices.Contains(f.online, who) {
				f.online = append(f.online, who)
			}
		case *wire.FromClient_Reply:
			a.Kind = f.asKeeper(who, is.Reply.ConversationId, &event.MessageSent{MessageId: is.Reply.MessageId, OperatorId: who, Content: is.Reply.Content})
			if a.Kind == "" {
				f.replies++
			}
		case *wire.FromClient_Close:
			conv := is.Close.ConversationId
			a.Kind = f.asKeeper(who, conv, &event.ConversationClosed{OperatorId: who})
			if a.Kind == "" {
				f.closed++
				delete(f.open, f.customerOf(conv))
				delete(f.keepers, conv)
				push(conn, &wire.FromServer{Is: &wire.FromServer_Gone{Gone: &wire.Gone{Stream: "conversation/" + conv}}})
			}
		}
		push(conn, &wire.FromServer{Is: &wire.FromServer_Answer{Answer: a}})
	})
}

func (f *fake) customerOf(conv string) string {
	return f.streams[conv][0].GetConversationOpened().CustomerId
}

func (f *fake) asKeeper(who, conv string, e event.Event) (kind string) {
	if f.keepers[conv] != who {
		return "denied"
	}
	f.append(conv, e)
	return ""
}

func (f *fake) greet(conn *websocket.Conn, who string, h *wire.Hello) {
	push(conn, &wire.FromServer{Is: &wire.FromServer_Welcome{Welcome: &wire.Welcome{UserId: who}}})
	desk := &wire.Desk{OperatorId: who}
	for conv, op := range f.keepers {
		if op == who {
			desk.Conversations = append(desk.Conversations, conv)
		}
	}
	push(conn, &wire.FromServer{Is: &wire.FromServer_Desk{Desk: desk}})
	f.desks[who] = conn
	held := map[string]uint64{}
	for _, s := range h.Held {
		held[s.Stream] = s.Version
	}
	for conv, op := range f.keepers {
		if op == who {
			f.catchUp(op, conv, held["conversation/"+conv])
		}
	}
}
