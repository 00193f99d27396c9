package main

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"crafttalkd/actors/event"
	"crafttalkd/transport/wire"
)

const picture = "\x89PNG\r\n\x1a\n and what is in it"

// A partner is a third party: its files, its receiver, and its key here.
type partner struct {
	t      *testing.T
	dir    string // of the server's data
	server *child
	admin  client
	http   *httptest.Server
	key    string
	posted chan []byte // bodies of webhooks
	asked  chan string // paths of files
}

// newPartner starts a server with an account for a partner at the loopback, and
// an operator who is online.
func newPartner(t *testing.T) (*partner, *socket) {
	t.Helper()
	p := &partner{t: t, dir: filepath.Join(t.TempDir(), "data"), posted: make(chan []byte, 16), asked: make(chan string, 64)}
	p.http = httptest.NewServer(http.HandlerFunc(p.serve))
	t.Cleanup(p.http.Close)
	p.server = newServer(t, p.dir, "--listen", "127.0.0.1:0", "--allow", "127.0.0.1",
		"--allow-files", "127.0.0.1", "--public-url", "https://chat.example/")
	var err error
	if p.admin, err = signIn(p.server.url, adminLogin, adminPassword); err != nil {
		t.Fatal(err)
	}
	p.admin.widget(t, "site")
	var made struct{ Key string }
	for _, put := range []struct {
		path string
		body object
		into any
	}{
		{"/api/v1/accounts/shop", object{"kind": "api", "name": "Shop", "center_id": "main", "routing": object{"line_id": "first"},
			"settings": object{"webhook_url": p.http.URL + "/hook"}}, &made},
		{"/api/v1/users/olga", object{"login": "olga", "password": adminPassword, "first_name": "Olga", "center_ids": []string{"main"},
			"roles": []string{"login", "view_clients", "send_files", "send_pics"}, "line_ids": []string{"first"}, "capacity": 9}, nil},
	} {
		if err := p.admin.ask("PUT", put.path, put.body, put.into); err != nil {
			t.Fatal(err)
		}
	}
	p.key = made.Key
	olga, err := signIn(p.server.url, "olga", adminPassword)
	if err != nil {
		t.Fatal(err)
	}
	desk, err := dial(p.server.url, "/desk/v1/socket", olga.token)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { desk.ws.Close() })
	desk.write(&wire.FromClient{Is: &wire.FromClient_SetPresence{SetPresence: &wire.SetPresence{Presence: event.Presence_ONLINE}}})
	return p, desk
}

func (p *partner) serve(w http.ResponseWriter, r *http.Request) {
	switch r.URL.Path {
	case "/hook":
		b, err := io.ReadAll(r.Body)
		if err == nil {
			p.posted <- b
		}
		return
	case "/me.png":
		io.WriteString(w, picture)
	case "/inside": // 127.0.0.2 is as private as 127.0.0.1, and not allowed
		http.Redirect(w, r, strings.Replace(p.http.URL, "127.0.0.1", "127.0.0.2", 1)+"/secret", http.StatusFound)
	case "/secret":
		io.WriteString(w, "secret")
	case "/hangs":
		<-r.Context().Done()
	default:
		http.NotFound(w, r)
	}
	p.asked <- r.URL.Path
}

// post makes a request with the account's key.
func (p *partner) post(path, kind string, body io.Reader, into any) error {
	r, err := http.NewRequest("POST", p.server.url+path, body)
	if err != nil {
		return err
	}
	r.Header.Set("Content-Type", kind)
	r.Header.Set("Authorization", "Bearer "+p.key)
	resp, err := http.DefaultClient.Do(r)
	if err != nil {
		return err
	}
	defer resp.Body.Close()
	b, err := io.ReadAll(resp.Body)
	if err != nil || resp.StatusCode >= 300 {
		return fmt.Errorf("%s: %s %s %v", path, resp.Status, b, err)
	}
	return json.Unmarshal(b, into)
}

// until reads frames until one is what is waited for.
func until(t *testing.T, s *socket, what string, is func(event.Event) bool) {
	t.Helper()
	s.ws.SetReadDeadline(time.Now().Add(time.Minute))
	for {
		f, err := s.read()
		if err != nil {
			t.Fatalf("waiting for %s: %v", what, err)
		}
		if e := f.GetEntry(); e != nil && is(e.Fact.Unwrap()) {
			return
		}
	}
}

// proves G7, AP-04: a message that names files is at the operator's desk at
// once; each file follows or says why not, and a redirect does not lead inside.
func TestG7_FilesOfAThirdParty(t *testing.T) {
	p, desk := newPartner(t)
	var up struct {
		UploadID string `json:"upload_id"`
	}
	if err := p.post("/channel/v1/shop/files?user=anna", "image/png", strings.NewReader(picture), &up); err != nil {
		t.Fatal(err)
	}
	message := func(id string, files ...object) string {
		b, err := json.Marshal(object{"id": id, "user": object{"id": "anna"}, "text": "look", "attachments": files})
		if err != nil {
			t.Fatal(err)
		}
		return string(b)
	}
	var kept struct {
		ConversationID string `json:"conversation_id"`
	}
	body := message("1", object{"url": p.http.URL + "/hangs"}, object{"url": p.http.URL + "/me.png"}, object{"url": p.http.URL + "/inside"},
		object{"url": p.http.URL + "/nothing"}, object{"url": "http://169.254.169.254/latest"}, object{"upload_id": up.UploadID, "name": "up.png"})
	if err := p.post("/channel/v1/shop/messages", "application/json", strings.NewReader(body), &kept); err != nil {
		t.Fatal(err)
	}
	if err := p.post("/channel/v1/shop/messages", "application/json", strings.NewReader(message("2", object{"upload_id": "00"})), &kept); err == nil ||
		!strings.Contains(err.Error(), "attachments.0.upload_id") {
		t.Errorf("an upload that is not there: %v", err)
	}
	customer, _, _ := strings.Cut(kept.ConversationID, ".")
	got := map[string]*event.Attachment{}
	for len(got) < 5 { // all but the server that hangs
		until(t, desk, "a file", func(e event.Event) bool {
			f, ok := e.(*event.AttachmentFetched)
			if ok {
				got[f.Attachment.AttachmentId] = f.Attachment
			}
			return ok
		})
	}
	denied := "the file is at an address that the server does not call"
	for id, want := range map[string]string{"2": "", "3": denied, "4": "the server answered 404 Not Found", "5": denied, "6": ""} {
		if a := got[id]; a.GetFailure() != want || (a.GetBlob() == "") != (want != "") {
			t.Errorf("file %s is %v, want %q", id, a, want)
		}
	}
	for _, id := range []string{"2", "6"} {
		if b := p.get(p.server.url+"/api/v1/files/"+customer+"/"+got[id].Blob, p.admin.token, 200); b != picture {
			t.Errorf("file %s holds %q", id, b)
		}
	}
	for len(p.asked) > 0 {
		if path := <-p.asked; path == "/secret" {
			t.Error("the server was led inside")
		}
	}
}

// get reads an address, which must answer with the status.
func (p *partner) get(address, token string, status int) string {
	p.t.Helper()
	r, err := http.NewRequest("GET", address, nil)
	if err != nil {
		p.t.Fatal(err)
	}
	if token != "" {
		r.Header.Set("Authorization", "Bearer "+token)
	}
	resp, err := http.DefaultClient.Do(r)
	if err != nil {
		p.t.Fatal(err)
	}
	defer resp.Body.Close()
	b, err := io.ReadAll(resp.Body)
	if err != nil || resp.StatusCode != status {
		p.t.Fatalf("%s: %s %s %v, want %d", address, resp.Status, b, err, status)
	}
	return string(b)
}

// proves AP-04: an operator's file reaches a third party as a link, with what
// the file is; without the signature there is nothing to be had.
func TestAP04_FilesToAThirdParty(t *testing.T) {
	p, desk := newPartner(t)
	var kept struct {
		ConversationID string `json:"conversation_id"`
	}
	if err := p.post("/channel/v1/shop/messages", "application/json", strings.NewReader(`{"id":"1","user":{"id":"anna"},"text":"hello"}`), &kept); err != nil {
		t.Fatal(err)
	}
	until(t, desk, "the conversation", func(e event.Event) bool { _, ok := e.(*event.ConversationAssigned); return ok })
	r, err := http.NewRequest("POST", p.server.url+"/api/v1/files?conversation="+kept.ConversationID, strings.NewReader(picture))
	if err != nil {
		t.Fatal(err)
	}
	r.Header.Set("Authorization", "Bearer "+p.admin.token)
	resp, err := http.DefaultClient.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	var file struct{ Blob string }
	if err := json.NewDecoder(resp.Body).Decode(&file); err != nil || resp.StatusCode != 200 {
		t.Fatalf("upload: %s %v", resp.Status, err)
	}
	desk.write(&wire.FromClient{Is: &wire.FromClient_Reply{Reply: &wire.Reply{ConversationId: kept.ConversationID, MessageId: "r1",
		Content: &event.Content{Text: "Here", Attachments: []*event.Attachment{{AttachmentId: "1", Name: "me.png", Blob: file.Blob}}}}}})
	var hook struct {
		Data struct {
			Attachments []struct {
				Name, Mime, SHA256, URL string
				Size                    int64
			}
		}
	}
	select {
	case b := <-p.posted:
		if err := json.Unmarshal(b, &hook); err != nil || len(hook.Data.Attachments) != 1 {
			t.Fatalf("the webhook is %s %v", b, err)
		}
	case <-time.After(time.Minute):
		t.Fatal("no webhook came")
	}
	a, sum := hook.Data.Attachments[0], sha256.Sum256([]byte(picture))
	if a.Name != "me.png" || a.Mime != "image/png" || a.Size != int64(len(picture)) || a.SHA256 != hex.EncodeToString(sum[:]) ||
		!strings.HasPrefix(a.URL, "https://chat.example/files/v1/") {
		t.Errorf("the attachment is %+v", a)
	}
	u, err := url.Parse(strings.Replace(a.URL, "https://chat.example", p.server.url, 1))
	if err != nil {
		t.Fatal(err)
	}
	if b := p.get(u.String(), "", 200); !bytes.Equal([]byte(b), []byte(picture)) {
		t.Errorf("the link leads to %q", b)
	}
	q := u.Query()
	q.Del("sign")
	u.RawQuery = q.Encode()
	p.get(u.String(), "", 403)
}
