package main

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"io/fs"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"google.golang.org/protobuf/proto"

	"crafttalkd/actors/event"
	"crafttalkd/store"
	"crafttalkd/store/keys"
	"crafttalkd/transport/wire"
)

// mark is in everything personal that the scenes below say of Clara, and
// nowhere else. Her phone is digits alone.
const (
	mark = "qzxvwkjhq"
	cell = "79035550142"
)

// says reports whether b tells anything of Clara.
func says(b []byte) bool { return bytes.Contains(b, []byte(mark)) || bytes.Contains(b, []byte(cell)) }

// A scene is a server, its operator, and a receiver of what it sends.
type scene struct {
	t        *testing.T
	dir      string
	server   *child
	admin    client
	olga     *socket
	shop     client // with the account's key
	receiver *httptest.Server
	clara    string // customer id
	file     string // her file's path, relative to the server
	said     string // the shop's last message, by our name
	calls    int
}

// newScene starts a program on a new directory.
func newScene(t *testing.T, program string) *scene {
	t.Helper()
	s := &scene{t: t, dir: filepath.Join(t.TempDir(), "data")}
	s.receiver = httptest.NewServer(http.HandlerFunc(receive))
	t.Cleanup(s.receiver.Close)
	s.server = newServerOf(t, program, s.dir, "--listen", "127.0.0.1:0", "--allow", "127.0.0.0/8", "--public-url", "https://chat.example")
	s.enter()
	s.admin.widget(t, "site")
	var made struct{ Key string }
	s.must(s.admin.ask("PUT", "/api/v1/accounts/shop", object{"kind": "api", "name": "Shop", "center_id": "main",
		"routing": object{"line_id": "first"}, "settings": object{"webhook_url": s.receiver.URL}}, &made))
	s.shop = client{s.server.url, made.Key}
	s.must(s.admin.ask("PUT", "/api/v1/users/olga", object{"login": "olga", "password": adminPassword, "first_name": "Olga",
		"roles": []string{"login", "view_clients", "view_reroute_btn", "view_kb"}, "center_ids": []string{"main"}, "line_ids": []string{"first"}, "capacity": 9}, nil))
	return s
}

// receive takes what the server sends, and refuses with its own words what asks
// for it: a receiver that repeats what it was told.
func receive(w http.ResponseWriter, r *http.Request) {
	b, err := io.ReadAll(r.Body)
	if err == nil && bytes.Contains(b, []byte("refuse")) {
		w.WriteHeader(http.StatusUnprocessableEntity)
	}
	w.Write(b)
}

func (s *scene) must(err error) {
	s.t.Helper()
	if err != nil {
		s.t.Fatalf("%v\n%s", err, s.server.log)
	}
}

// enter signs the administrator in.
func (s *scene) enter() {
	s.t.Helper()
	var err error
	s.admin, err = signIn(s.server.url, adminLogin, adminPassword)
	s.must(err)
}

// reception puts Olga to work.
func (s *scene) reception() {
	s.t.Helper()
	olga, err := signIn(s.server.url, "olga", adminPassword)
	s.must(err)
	s.olga, err = dial(s.server.url, "/desk/v1/socket", olga.token)
	s.must(err)
	s.t.Cleanup(func() { s.olga.ws.Close() })
	s.do(s.olga, &wire.FromClient{Is: &wire.FromClient_SetPresence{SetPresence: &wire.SetPresence{Presence: event.Presence_ONLINE}}})
}

// do sends a frame and waits until what it asks is done.
func (s *scene) do(to *socket, f *wire.FromClient) {
	s.t.Helper()
	id, err := to.write(f)
	s.must(err)
	s.frame(to, func(f *wire.FromServer) bool {
		a := f.GetAnswer()
		if a.GetId() == id && a.Kind != "" {
			s.t.Fatalf("refused: %v", a)
		}
		return a.GetId() == id
	})
}

// frame waits for a frame.
func (s *scene) frame(from *socket, wanted func(*wire.FromServer) bool) {
	s.t.Helper()
	from.ws.SetReadDeadline(time.Now().Add(startTime))
	for {
		f, err := from.read()
		s.must(err)
		if wanted(f) {
			return
		}
	}
}

// serves waits until Olga is told that she has a conversation.
func (s *scene) serves(conversation string) {
	s.t.Helper()
	s.frame(s.olga, func(f *wire.FromServer) bool {
		e := f.GetEntry()
		return e.GetStream() == event.ConversationStream+conversation && e.Fact.GetConversationAssigned() != nil
	})
}

func (s *scene) reply(conversation, text string) string {
	s.calls++
	id := fmt.Sprint("m", s.calls)
	s.do(s.olga, &wire.FromClient{Is: &wire.FromClient_Reply{Reply: &wire.Reply{ConversationId: conversation, MessageId: id,
		Content: &event.Content{Text: text}}}})
	return id
}

func (s *scene) end(conversation string) {
	s.do(s.olga, &wire.FromClient{Is: &wire.FromClient_Close{Close: &wire.Close{ConversationId: conversation}}})
}

// say brings a message of the shop's.
func (s *scene) say(id, user string, more object) (conversation string) {
	s.t.Helper()
	m := object{"id": id, "user": object{"id": user}, "text": "Hello " + mark}
	for k, v := range more {
		m[k] = v
	}
	var a struct {
		Conversation string `json:"conversation_id"`
		Message      string `json:"message_id"`
	}
	s.must(s.shop.ask("POST", "/channel/v1/shop/messages", m, &a))
	s.said = a.Message
	return a.Conversation
}

// outward has a ticket kept, a draft begun and Clara called.
func (s *scene) outward(conversation string) {
	s.t.Helper()
	olga, err := signIn(s.server.url, "olga", adminPassword)
	s.must(err)
	s.must(s.admin.ask("PUT", "/api/v1/accounts/pbx", object{"kind": "phone", "center_id": "main", "settings": object{"webhook": s.receiver.URL}}, nil))
	number := object{"account_id": "pbx", "address": mark + "-" + cell}
	s.must(s.admin.ask("POST", "/api/v1/customers/"+s.clara+"/addresses", number, nil))
	s.must(s.admin.ask("PUT", "/api/v1/conversations/"+conversation+"/ticket", object{"number": mark + "-ticket"}, nil))
	s.must(olga.ask("PUT", "/api/v1/me/drafts/"+conversation, object{"account_id": "shop", "text": "Dear " + mark}, nil))
	s.must(olga.ask("POST", "/api/v1/conversations/"+conversation+"/call", number, nil))
}

// play lets Clara and Olga say and do everything that leaves something personal.
func (s *scene) play() {
	s.t.Helper()
	s.reception()
	s.byChannel()
	s.byForm()
	other := s.byWidget()
	s.must(s.admin.ask("POST", "/api/v1/customers/"+other+"/addresses", object{"account_id": "shop", "address": mark + "-too"}, nil))
	s.must(s.admin.ask("POST", "/api/v1/customers/"+s.clara+"/merge", object{"from": other}, nil))
	s.must(s.admin.ask("POST", "/api/v1/customers/"+s.clara+"/merge", object{"from": s.byMessenger()}, nil))
	again := s.say("3", mark+"-address", nil) // a conversation that opens with her name
	s.serves(again)
	s.outward(again)
	s.byArticle(again)
	s.end(again)
	left := s.say("4", "somebody", object{"text": "Not about the person above"})
	s.serves(left)
	s.end(left)
}

// byChannel is a conversation through the API, sent on with a word.
func (s *scene) byChannel() {
	conv := s.say("1", mark+"-address", object{
		"user":        object{"id": mark + "-address", "name": mark + " Ivanova", "phone": cell, "email": mark + "@example.com"},
		"button":      object{"caption": mark + " button", "value": mark},
		"attachments": []object{{"url": s.receiver.URL + "/" + mark, "name": mark + ".pdf", "mime": "application/pdf"}},
	})
	s.serves(conv)
	s.clara, _, _ = strings.Cut(conv, ".")
	s.reply(conv, "Hello, "+mark)
	failed := s.reply(conv, "refuse "+mark)
	s.frame(s.olga, func(f *wire.FromServer) bool { return f.GetEntry().GetFact().GetMessageFailed() != nil })
	s.do(s.olga, &wire.FromClient{Is: &wire.FromClient_Retry{Retry: &wire.Retry{ConversationId: conv, MessageId: failed}}})
	s.do(s.olga, &wire.FromClient{Is: &wire.FromClient_Note{Note: &wire.Note{ConversationId: conv, NoteId: "n1", Text: mark + " is angry"}}})
	s.do(s.olga, &wire.FromClient{Is: &wire.FromClient_Transfer{Transfer: &wire.Transfer{ConversationId: conv, TransferId: "t1",
		Routing: &event.Routing{LineId: "first"}, Note: "take care of " + mark}}})
	s.serves(conv)
	s.end(conv)
}

// byArticle gives her a survey, which she answers, and has it said what answers
// her words and what does not.
func (s *scene) byArticle(conv string) {
	asked := s.said
	s.must(s.admin.ask("PUT", "/api/v1/slots/wish", object{"identifier": "wish", "question": object{"text": "What is it?"}}, nil))
	s.must(s.admin.ask("PUT", "/api/v1/articles/wishes", object{"identifier": "wishes", "slot_ids": []string{"wish"},
		"answers": []object{{"answer_id": "a1", "text": "We see."}}}, nil))
	s.do(s.olga, &wire.FromClient{Is: &wire.FromClient_Present{Present: &wire.Present{ConversationId: conv, SurveyId: "v1", ArticleId: "wishes",
		Choice: &wire.Choice{About: asked}}}})
	s.do(s.olga, &wire.FromClient{Is: &wire.FromClient_Reject{Reject: &wire.Reject{ConversationId: conv, About: asked, ArticleId: "wishes"}}})
	s.say("6", mark+"-address", object{"text": "It is " + mark})
	s.frame(s.olga, func(f *wire.FromServer) bool { return f.GetEntry().GetFact().GetSurveyEnded() != nil })
	s.must(s.admin.ask("PUT", "/api/v1/conversations/"+conv+"/messages/"+asked+"/label", object{"article_id": "wishes"}, nil))
}

// byForm changes the customer's form in every way.
func (s *scene) byForm() {
	at := "/api/v1/customers/" + s.clara
	s.must(s.admin.ask("PATCH", at, object{"fields": object{"lname": mark + " Petrova"}}, nil))
	var form struct {
		Addresses []struct {
			ID      string `json:"address_id"`
			Address string `json:"address"`
		}
	}
	for i := range 2 {
		s.must(s.admin.ask("POST", at+"/addresses", object{"account_id": "shop", "address": fmt.Sprint(mark, "-", i)}, &form))
	}
	for _, a := range form.Addresses {
		switch a.Address {
		case mark + "-0":
			s.must(s.admin.ask("PUT", at+"/addresses/"+a.ID, object{"account_id": "shop", "address": mark + "-changed"}, nil))
		case mark + "-1":
			s.must(s.admin.ask("DELETE", at+"/addresses/"+a.ID, nil, nil))
		}
	}
}

// byWidget is a conversation from a page, with a file and a rating. It returns
// who it was with.
func (s *scene) byWidget() string {
	var a struct{ Token string }
	s.must(client{url: s.server.url}.ask("POST", "/widget/v1/site/session", object{}, &a))
	v, err := dial(s.server.url, "/widget/v1/site/socket", a.Token)
	s.must(err)
	defer v.ws.Close()
	var who string
	s.frame(v, func(f *wire.FromServer) bool { who = f.GetWelcome().GetUserId(); return who != "" })
	s.do(v, &wire.FromClient{Is: &wire.FromClient_Identify{Identify: &wire.Identify{Fields: map[string]string{"fname": mark, "contract": mark}}}})
	file := s.upload(a.Token)
	s.do(v, &wire.FromClient{Is: &wire.FromClient_Say{Say: &wire.Say{MessageId: "w1", Order: 1, Content: &event.Content{Text: mark,
		Location:    &event.Location{Latitude: 55.75123, Longitude: 37.61123},
		Attachments: []*event.Attachment{{AttachmentId: "a1", Name: mark + ".txt", Mime: "text/plain", Blob: file}}}}}})
	s.serves(who + ".1")
	s.file = "/api/v1/files/" + who + "/" + file
	s.end(who + ".1")
	s.do(v, &wire.FromClient{Is: &wire.FromClient_Rate{Rate: &wire.Rate{ConversationId: who + ".1", Rating: 4, Comment: mark}}})
	return who
}

// byMessenger is a conversation in which the number is asked for, a message is
// changed, and the bot is stopped. It returns who it was with.
func (s *scene) byMessenger() string {
	p := maxOf()
	p.start(s.t)
	s.must(s.admin.ask("PUT", "/api/v1/accounts/max", object{"kind": "max", "center_id": "main", "routing": object{"line_id": "first"},
		"settings": object{"base_url": p.http.URL}, "secrets": p.secrets}, nil))
	sender := object{"user_id": mark + "-max", "first_name": mark}
	said := func(kind, text string) object {
		return object{"update_type": kind, "timestamp": 1, "user": sender, "message": object{"sender": sender,
			"recipient": object{"chat_id": mark, "chat_type": "dialog"}, "body": object{"mid": "mid.1", "text": text}}}
	}
	p.calls(s.t, s.server.url, said("message_created", mark))
	var conv string
	s.frame(s.olga, func(f *wire.FromServer) bool {
		e := f.GetEntry()
		conv = strings.TrimPrefix(e.GetStream(), event.ConversationStream)
		return e.GetFact().GetConversationAssigned() != nil
	})
	p.calls(s.t, s.server.url, said("message_edited", "I am "+mark))
	p.calls(s.t, s.server.url, said("bot_stopped", ""))
	s.end(conv)
	who, _, _ := strings.Cut(conv, ".")
	return who
}

func (s *scene) upload(token string) (hash string) {
	r, err := http.NewRequest("POST", s.server.url+"/widget/v1/site/files?name="+mark+".txt", strings.NewReader("a file of "+mark))
	s.must(err)
	r.Header.Set("Authorization", "Bearer "+token)
	var a struct{ Blob string }
	s.must(answer(r, &a))
	return a.Blob
}

// command runs the program beside the server.
func (s *scene) command(args ...string) string {
	s.t.Helper()
	out, err := exec.Command("crafttalkd", args...).CombinedOutput()
	if err != nil {
		s.t.Fatalf("crafttalkd %s: %v\n%s", strings.Join(args, " "), err, out)
	}
	return string(out)
}

// shown is everything of Clara that the product shows to the administrator.
func (s *scene) shown() (all []byte) {
	s.t.Helper()
	var form struct{ Conversations []string }
	at := "/api/v1/customers/" + s.clara
	s.must(s.admin.ask("GET", at, nil, &form))
	paths := []string{at, "/api/v1/errors", "/api/v1/monitoring", "/api/v1/surveys", "/api/v1/surveys/export", "/api/v1/reviews", s.file}
	for _, c := range form.Conversations {
		paths = append(paths, "/api/v1/conversations/"+c, "/api/v1/conversations/"+c+"/events", "/api/v1/conversations/"+c+"/verdicts")
	}
	for _, p := range paths {
		r, err := http.NewRequest("GET", s.server.url+p, nil)
		s.must(err)
		r.Header.Set("Authorization", "Bearer "+s.admin.token)
		resp, err := http.DefaultClient.Do(r)
		s.must(err)
		b, err := io.ReadAll(resp.Body)
		resp.Body.Close()
		s.must(err)
		all = append(append(all, b...), '\n')
	}
	return all
}

// filesSaying are the files below dir that look finds something in.
func filesSaying(t *testing.T, dir string, look func([]byte) bool) (names []string) {
	t.Helper()
	err := filepath.WalkDir(dir, func(name string, d fs.DirEntry, err error) error {
		if err != nil || !d.Type().IsRegular() {
			return err
		}
		if look([]byte(d.Name())) {
			names = append(names, name)
		}
		b, err := os.ReadFile(name)
		if look(b) {
			names = append(names, name)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return names
}

// told are the personal fields that a directory's journal can still be read of,
// and how much of others it tells.
func told(t *testing.T, dir string) (fields map[string]bool, others int) {
	t.Helper()
	h, err := openExisting(dir)
	if err != nil {
		t.Fatal(err)
	}
	defer h.close()
	if err := h.sound(context.Background()); err != nil {
		t.Error(err)
	}
	j, err := h.journal()
	if err != nil {
		t.Fatal(err)
	}
	defer j.Close()
	fields = map[string]bool{}
	for shard := range store.Shards {
		for e, err := range j.Tail(shard, 0) {
			if err != nil {
				t.Fatal(err)
			}
			m := e.Event.ProtoReflect()
			for _, f := range event.Personal(event.KindOf(e.Event)) {
				alone := m.New()
				if m.Has(f) {
					alone.Set(f, m.Get(f))
				}
				b, err := proto.Marshal(alone.Interface())
				if err != nil {
					t.Fatal(err)
				}
				if says(b) {
					fields[string(f.FullName().Parent().Name()+"."+f.Name())] = true
				}
				others += bytes.Count(b, []byte("Not about"))
			}
		}
	}
	return fields, others
}

// wrappedKeys are the values of the keys in a file of keys.
func wrappedKeys(t *testing.T, h *home, subjects []string) (out [][]byte) {
	t.Helper()
	for _, subject := range subjects {
		b, err := h.engine.Get(keys.Table, subject)
		if err != nil || len(b) < keys.KeySize {
			t.Fatalf("key of %s: %x, %v", subject, b, err)
		}
		out = append(out, bytes.Clone(b[len(b)-keys.KeySize:]))
	}
	return out
}
