package main

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"time"

	"crafttalkd/actors/customer"
	"crafttalkd/actors/event"
	"crafttalkd/actors/system"
	"crafttalkd/store/journal"
	"crafttalkd/transport/live"
	"crafttalkd/transport/wire"
)

// round is a word that no other round has.
func (w *town) round() string { return fmt.Sprintf("r%d", w.rounds) }

// turn is one round: everybody comes, is served and goes, some of them in the
// middle of something, and then nobody is there for long.
func (w *town) turn() {
	w.rounds++
	w.admin, w.olga = w.signIn(adminLogin), w.signIn("olga")
	for i, token := range w.visitors {
		w.visit(i, token)
	}
	for i := range townPartners {
		w.partner(i)
	}
	w.strangers()
	w.serve()
	w.breakOff()
	w.ask("DELETE", "/api/v1/session", w.olga, nil, nil) // the administrator's ends by itself
}

// visit is a visitor who writes, gives a file, types and goes.
func (w *town) visit(i int, token string) {
	w.t.Helper()
	s := w.socket("/widget/v1/site/socket", token)
	defer leave(s, i%2 == 0)
	say := &wire.Say{MessageId: w.round(), Order: int64(2 * w.rounds), Content: &event.Content{Text: "Hello " + w.round()}}
	w.do(s, &wire.FromClient{Is: &wire.FromClient_Say{Say: say}})
	s.write(&wire.FromClient{Is: &wire.FromClient_Typing{Typing: &wire.Typing{}}})
	if i%3 > 0 {
		return
	}
	var f struct {
		Blob, Name, Mime string
		Size             int64
	}
	w.send("POST", "/widget/v1/site/files?name=a.png", token, "image/png", strings.NewReader(picture+w.round()), &f)
	w.do(s, &wire.FromClient{Is: &wire.FromClient_Say{Say: &wire.Say{MessageId: w.round() + "f", Order: int64(2*w.rounds + 1), Content: &event.Content{
		Attachments: []*event.Attachment{{AttachmentId: "1", Blob: f.Blob, Name: f.Name, Mime: f.Mime, Size: f.Size}}}}}})
}

// partner is a customer of a third party who writes and gives a file.
func (w *town) partner(i int) {
	w.t.Helper()
	user := fmt.Sprint("partner", i)
	var up struct {
		UploadID string `json:"upload_id"`
	}
	w.send("POST", "/channel/v1/shop/files?user="+user, w.key, "image/png", strings.NewReader(picture+w.round()), &up)
	w.ask("POST", "/channel/v1/shop/messages", w.key, object{"id": user + w.round(), "user": object{"id": user}, "text": "Good day",
		"attachments": []object{{"upload_id": up.UploadID, "name": "up.png"}}}, nil)
}

// strangers look in and never write.
func (w *town) strangers() {
	for i := range 4 {
		leave(w.socket("/widget/v1/site/socket", w.visitor()), i%2 == 0)
	}
}

// serve is Olga, who answers everybody and says goodbye, and the supervisor who
// looks on.
func (w *town) serve() {
	w.t.Helper()
	wall := w.socket("/api/v1/wall", w.admin)
	defer leave(wall, w.rounds%2 == 0)
	s := w.socket("/desk/v1/socket", w.olga)
	defer leave(s, w.rounds%2 == 1)
	s.write(&wire.FromClient{Is: &wire.FromClient_SetPresence{SetPresence: &wire.SetPresence{Presence: event.Presence_ONLINE}}})
	served, over := map[string]bool{}, 0
	for over < townTalks {
		f, err := s.read()
		if err != nil {
			w.t.Fatalf("%d conversations of round %d are over: %v", over, w.rounds, err)
		}
		e := f.GetEntry()
		if e == nil {
			continue
		}
		switch e.Fact.Unwrap().(type) {
		case *event.ConversationAssigned:
			if id := strings.TrimPrefix(e.Stream, event.ConversationStream); !served[id] {
				served[id] = true
				s.write(&wire.FromClient{Is: &wire.FromClient_Typing{Typing: &wire.Typing{ConversationId: id}}})
				s.write(&wire.FromClient{Is: &wire.FromClient_Reply{Reply: &wire.Reply{ConversationId: id, MessageId: "a" + w.round(), Content: &event.Content{Text: "Good day"}}}})
				s.write(&wire.FromClient{Is: &wire.FromClient_Close{Close: &wire.Close{ConversationId: id}}})
			}
		case *event.ConversationClosed:
			over++
		}
	}
}

// breakOff begins what takes a while, and leaves in the middle of it.
func (w *town) breakOff() {
	w.rest(5 * time.Minute) // what was said is told by then, and who follows has to wait
	head := func(what, token, more string) string {
		return what + " HTTP/1.1\r\nHost: town\r\nAuthorization: Bearer " + token + "\r\n" + more + "\r\n"
	}
	var page struct{ Cursor string }
	w.ask("GET", "/api/v1/feed?cursor=now", w.admin, nil, &page)
	const well, ndjson = "HTTP/1.1 200 OK", "Accept: application/x-ndjson\r\n"
	for _, c := range []struct{ request, begins string }{
		{head("GET /api/v1/history/export", w.admin, ndjson), well},
		{head("GET /api/v1/history?text=hello", w.admin, ""), well},
		{head("GET /api/v1/export/users", w.admin, ""), well},
		{head("GET /api/v1/feed", w.admin, ndjson), well},
		{head("GET /api/v1/feed?wait=30&cursor="+url.QueryEscape(page.Cursor), w.admin, ""), ""},
		{head("POST /widget/v1/site/files?name=b.png", w.visitors[0], "Content-Length: 100000\r\n") + picture, ""},
		{head("POST /channel/v1/shop/files?user=partner0", w.key, "Content-Type: image/png\r\nContent-Length: 100000\r\n") + picture, ""},
		{head("GET /widget/v1/site/socket", w.visitors[0], "Connection: Upgrade\r\nUpgrade: websocket\r\n"+
			"Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: x3JJHMbDL1EzLkh9GBhXDw==\r\n"), "HTTP/1.1 101 "},
		{"GET /api/v1/his", ""},
	} {
		w.begin(c.request, c.begins)
	}
	guess := strings.NewReader(fmt.Sprintf(`{"login":"guess %s","password":"no"}`, w.round()))
	r, err := http.NewRequest("POST", "http://town/api/v1/session", guess)
	if err != nil {
		w.t.Fatal(err)
	}
	r.Header.Set("Content-Type", "application/json")
	if err := answerOf(&w.http, r, nil); err == nil {
		w.t.Error("a guess was right")
	}
}

// begin asks for something, reads how the answer begins, which comes within a
// second or not at all, and leaves.
func (w *town) begin(request, begins string) {
	w.t.Helper()
	c, err := w.pipes.dial(w.t.Context(), "", "")
	if err != nil {
		w.t.Fatal(err)
	}
	defer c.Close()
	if _, err := io.WriteString(c, request); err != nil {
		w.t.Fatal(err)
	}
	c.SetReadDeadline(time.Now().Add(time.Second))
	b := make([]byte, 1500)
	n, _ := c.Read(b)
	if got := string(b[:n]); !strings.HasPrefix(got, begins) || begins == "" && n > 0 {
		w.t.Fatalf("%q begins with %q, want %q", request, got, begins)
	}
}

// files counts what is open: of an engine, which holds its own files open, what
// is more than each of them once, and everything else by what it is.
func (w *town) files() map[string]int {
	out := map[string]int{}
	for _, engine := range []string{"store", "search", "talk"} {
		filepath.WalkDir(filepath.Join(w.dir, engine), func(string, fs.DirEntry, error) error { out[engine]--; return nil })
	}
	all, err := os.ReadDir("/proc/self/fd")
	if err != nil {
		w.t.Fatal(err)
	}
	for _, f := range all {
		name, err := os.Readlink("/proc/self/fd/" + f.Name())
		if err != nil {
			continue // the listing itself
		}
		inside, ours := strings.CutPrefix(name, w.dir+"/")
		switch part, _, _ := strings.Cut(inside, "/"); {
		case strings.HasSuffix(name, " (deleted)"):
			out["deleted"]++
		case ours:
			out[part]++
		default:
			out["other"]++
		}
	}
	for _, engine := range []string{"store", "search", "talk"} {
		out[engine] = max(out[engine], 0)
	}
	return out
}

// A deaf viewer is never let go.
type deaf struct{}

func (*deaf) See(journal.Entry, *live.Frames) {}

// keep is the fault: in each round it forgets to end one thing of each kind.
func (w *town) keep() {
	if !w.faulty {
		return
	}
	go func() { <-w.never }()
	w.hub.Watch("conversation/"+w.round(), &deaf{})
	s := w.socket("/widget/v1/site/socket", w.visitor())
	s.ws.SetReadDeadline(time.Time{})
	go func() { // it answers whether it is there
		for err := error(nil); err == nil; _, err = s.read() {
		}
	}()
	w.kept = append(w.kept, make([]byte, 2*townTalks*heapOfTalk), s)
	gone := filepath.Join(w.t.TempDir(), "gone")
	w.open(gone)
	os.Remove(gone)
	w.open(os.DevNull)
	filepath.WalkDir(filepath.Join(w.dir, "store"), func(path string, _ fs.DirEntry, _ error) error { w.open(path); return nil })
	for i := range w.rounds { // more actors every time
		_, err := system.Look(w.t.Context(), w.system, event.CustomerStream+fmt.Sprint("nobody", i), func(customer.State, uint64) bool { return true })
		if err != nil {
			w.t.Fatal(err)
		}
	}
}

func (w *town) open(path string) {
	f, err := os.OpenFile(path, os.O_RDONLY|os.O_CREATE, 0o600)
	if errors.Is(err, syscall.EISDIR) {
		return
	}
	if err != nil {
		w.t.Fatal(err)
	}
	w.kept = append(w.kept, f)
}

// release ends what the fault has kept.
func (w *town) release() {
	close(w.never)
	for _, k := range w.kept {
		switch x := k.(type) {
		case *socket:
			leave(x, false)
		case *os.File:
			x.Close()
		}
	}
}
