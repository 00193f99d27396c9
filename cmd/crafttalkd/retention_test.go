package main

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"google.golang.org/protobuf/types/known/timestamppb"

	"crafttalkd/actors/event"
	"crafttalkd/store"
	"crafttalkd/store/blob"
	"crafttalkd/store/journal"
	"crafttalkd/store/keys"
	"crafttalkd/transport/rest"
)

// What was said long ago, and of late.
const (
	ancient = "zqancientwkx"
	recent  = "zqrecentwkx"
)

// plant writes a customer with two conversations into a directory, in each of
// which everything personal says a word of its own, files too.
type plant struct {
	t        *testing.T
	home     *home
	journal  *journal.Journal
	who      string
	fetched  map[string]string // hashes of files, by word
	uploaded map[string]string
}

func (p *plant) must(err error) {
	p.t.Helper()
	if err != nil {
		p.t.Fatal(err)
	}
}

func (p *plant) append(stream string, events ...event.Event) {
	p.t.Helper()
	version, err := p.journal.Version(stream)
	p.must(err)
	got := make(chan error, 1)
	p.journal.Append(journal.Append{Stream: stream, Expect: version, Events: events}, func(_ store.Receipt, err error) { got <- err })
	p.must(<-got)
}

func (p *plant) file(subject, word string) string {
	b, err := p.home.blobs.Put(context.Background(), subject, strings.NewReader("a file of "+subject+" with "+word), 1<<20)
	p.must(err)
	return b.Hash
}

// talk is a conversation that ended so many days ago.
func (p *plant) talk(id, word string, ago int) {
	at := timestamppb.New(time.Now().AddDate(0, 0, -ago))
	route := &event.Routing{LineId: "first"}
	p.append(event.CustomerStream+p.who, &event.ConversationStarted{At: at, ConversationId: id})
	p.append(event.ConversationStream+id, &event.ConversationOpened{At: at, ConversationId: id, CustomerId: p.who, AccountId: "shop", Kind: "api",
		Address: word, CustomerName: word, CenterId: "main", Routing: route})
	p.fetched[word], p.uploaded[word] = p.file(id, word), p.file(blob.Loose(p.who), word)
	content := &event.Content{Text: word, Attachments: []*event.Attachment{{AttachmentId: "a", Name: word, Blob: p.uploaded[word]}}}
	facts := []event.Event{
		&event.MessageReceived{At: at, MessageId: "m1", AccountId: "shop", Address: word, Content: content},
		&event.AttachmentFetched{At: at, MessageId: "m1", Attachment: &event.Attachment{AttachmentId: "b", Name: word, Blob: p.fetched[word]}},
		&event.MessageEdited{At: at, MessageId: "m1", AccountId: "shop", Address: word, Content: content},
		&event.ConversationQueued{At: at, Turn: 1, Routing: route, Since: at, Note: word},
		&event.ConversationAssigned{At: at, Turn: 2, OperatorId: "olga", OfferId: "o"},
		&event.MessageSent{At: at, MessageId: "m2", OperatorId: "olga", AccountId: "shop", Address: word, Content: content},
		&event.MessageFailed{At: at, MessageId: "m2", Reason: "busy"},
		&event.MessageRetried{At: at, MessageId: "m2", OperatorId: "olga", AccountId: "shop", Address: word, Content: content},
		&event.MessageDelivered{At: at, MessageId: "m2", ExternalId: "x" + id},
		&event.NoteAdded{At: at, NoteId: "n1", OperatorId: "olga", Text: word},
		&event.TicketSet{At: at, Number: word, By: "olga"},
		&event.CallPlaced{At: at, CallId: "c1", OperatorId: "olga", AccountId: "shop", Address: word},
		&event.SlotFilled{At: at, Class: "name", Value: word, Caption: word, MessageId: "m1"},
		&event.AnswerChosen{At: at, About: "m1", Text: word, ArticleId: "a1", OperatorId: "olga", MessageId: "m2"},
		&event.AnswerRejected{At: at, About: "m1", Text: word, ArticleId: "a2", OperatorId: "olga"},
		&event.ConversationClosed{At: at, Turn: 2, OperatorId: "olga", CustomerId: p.who},
		&event.RatingGiven{At: at, Rating: 5, Comment: word},
		&event.MessageLabelled{At: at, MessageId: "m1", Text: word, ArticleId: "a1", By: "olga"},
		&event.ConversationReviewed{At: at, By: "olga"},
	}
	p.append(event.ConversationStream+id, facts...)
	p.append(event.CustomerStream+p.who, &event.ConversationLeft{At: at, ConversationId: id})
	p.everything(facts)
}

// everything fails if a personal field of conversations is left out.
func (p *plant) everything(facts []event.Event) {
	for kind := event.Kind(11); kind < 60; kind++ {
		for _, f := range event.Personal(kind) {
			if !slices.ContainsFunc(facts, func(e event.Event) bool { return event.KindOf(e) == kind && e.ProtoReflect().Has(f) }) {
				p.t.Errorf("nothing is said in %s", f.FullName())
			}
		}
	}
}

// readable counts what the journal of a directory says of each word.
func readable(t *testing.T, dir string) string {
	t.Helper()
	h, err := openExisting(dir)
	if err != nil {
		t.Fatal(err)
	}
	defer h.close()
	j, err := h.journal()
	if err != nil {
		t.Fatal(err)
	}
	defer j.Close()
	said := map[string]int{}
	for shard := range store.Shards {
		for e, err := range j.Tail(shard, 0) {
			if err != nil {
				t.Fatal(err)
			}
			for _, word := range []string{ancient, recent, mark} {
				if strings.Contains(fmt.Sprint(e.Event), word) {
					said[word]++
				}
			}
		}
	}
	return fmt.Sprintf("ancient %d, recent %d, name %d", said[ancient], said[recent], said[mark])
}

// proves HS-05: after the night nothing tells what was said long ago: not the
// product, not the journal, no file, and no backup of before, once the newest
// file of keys stands for the old ones. What was said of late is there, and the
// customer is known.
func TestHS05_ForgottenEverywhere(t *testing.T) {
	s := newScene(t, "crafttalkd")
	if _, err := s.server.stop(); err != nil {
		t.Error(err)
	}
	p := &plant{t: t, who: strings.Repeat("a", 26), fetched: map[string]string{}, uploaded: map[string]string{}}
	var err error
	p.home, err = openExisting(s.dir)
	s.must(err)
	p.journal, err = p.home.journal()
	s.must(err)
	p.append(event.CustomerStream+p.who, &event.CustomerRegistered{At: timestamppb.Now(), CustomerId: p.who,
		Address: &event.Address{AccountId: "shop", Address: mark, Kind: "api"}})
	p.talk(p.who+".1", ancient, 40)
	p.talk(p.who+".2", recent, 3)
	p.journal.Close()
	s.must(p.home.close())
	s.again()

	out := filepath.Dir(s.dir)
	at := func(name string) string { return filepath.Join(out, name) }
	for word, want := range map[string]int{ancient: 1, recent: 1} {
		s.finds(word, want)
	}
	s.command("backup", at("before"), "--data", s.dir)
	then, err := os.ReadFile(at(keysName))
	s.must(err)
	s.must(os.WriteFile(at("keys.then"), then, 0o600))
	s.must(s.admin.ask("PUT", "/api/v1/settings/main", object{"retention_days": 30, "revision": 0}, nil))
	told := s.command("forget", "--data", s.dir)
	if want := "forgotten: 1 conversations, 3 messages, 2 files; left with their customers: 0 conversations\n"; told != want {
		t.Errorf("it says %q, want %q", told, want)
	}
	s.finds(ancient, 0)
	s.finds(recent, 1)
	var one rest.Conversation
	s.must(s.admin.ask("GET", "/api/v1/conversations/"+p.who+".1", nil, &one))
	if b, err := json.Marshal(one); err != nil || bytes.Contains(b, []byte(ancient)) || one.Forgotten == nil || one.Forgotten.Files != 2 {
		t.Errorf("it is shown as %s, %v", b, err)
	}
	var form rest.Customer
	s.must(s.admin.ask("GET", "/api/v1/customers/"+p.who, nil, &form))
	if form.Forgotten != (rest.ForgottenWords{Conversations: 1, Messages: 3, Files: 2}) || len(form.Addresses) != 1 {
		t.Errorf("the customer is shown as %+v", form)
	}
	for word, there := range map[string]bool{ancient: false, recent: true} {
		for _, hash := range []string{p.fetched[word], p.uploaded[word]} {
			if err := s.admin.ask("GET", "/api/v1/files/"+p.who+"/"+hash, nil, nil); (err == nil || !strings.Contains(err.Error(), "404")) != there {
				t.Errorf("the file of %s: %v", word, err)
			}
		}
	}
	s.command("backup", at("after"), "--data", s.dir)
	if _, err := s.server.stop(); err != nil {
		t.Error(err)
	}

	master := filepath.Join(s.dir, "master.key")
	s.command("restore", at("before"), "--data", at("old"), "--key", master)
	s.command("restore", at("after"), "--data", at("new"), "--key", master)
	s.command("restore", at("before"), "--data", at("wrong"), "--key", master, "--keys", at("keys.then"))
	for _, dir := range []string{s.dir, at("old"), at("new")} {
		if got := readable(t, dir); got != "ancient 0, recent 15, name 1" {
			t.Errorf("%s tells %s", dir, got)
		}
	}
	if got := readable(t, at("wrong")); got != "ancient 15, recent 15, name 1" {
		t.Errorf("with the keys of its day the old backup tells %s: the look is blind", got)
	}
	p.noKeyIsLeft(at("wrong"), s.dir, at("before"), at("after"), at("old"), at("new"))
}

// noKeyIsLeft looks for the very bytes of the keys of what was forgotten: the
// conversation's, and that of the file which came before its message.
func (p *plant) noKeyIsLeft(with string, without ...string) {
	p.t.Helper()
	h, err := openExisting(with)
	p.must(err)
	subjects, err := h.blobs.With(p.who, p.uploaded[ancient])
	p.must(err)
	if len(subjects) != 1 {
		p.t.Fatalf("the file is with %v", subjects)
	}
	found := wrappedKeys(p.t, h, append(subjects, p.who+".1"))
	if own, err := h.engine.Get(keys.Table, p.who+".2"); err != nil || len(own) < keys.KeySize {
		p.t.Errorf("the other conversation's key: %x, %v", own, err)
	}
	p.must(h.close())
	for _, key := range found {
		look := func(b []byte) bool { return bytes.Contains(b, key) }
		if len(filesSaying(p.t, with, look)) == 0 {
			p.t.Error("the key is not found where it is: the look is blind")
		}
		for _, dir := range without {
			if names := filesSaying(p.t, dir, look); len(names) > 0 {
				p.t.Errorf("a key is in %v", names)
			}
		}
	}
}

// again starts the server once more.
func (s *scene) again() {
	s.t.Helper()
	c, err := startChild(s.dir, nil, "--listen", "127.0.0.1:0", "--allow", "127.0.0.0/8")
	s.must(err)
	s.t.Cleanup(c.kill)
	s.server = c
	s.enter()
}

// finds waits until history finds so many conversations with a word.
func (s *scene) finds(word string, want int) {
	s.t.Helper()
	from := time.Now().AddDate(0, 0, -90).UTC().Format(time.RFC3339)
	deadline := time.Now().Add(startTime)
	for {
		var page rest.HistoryPage
		err := s.admin.ask("GET", "/api/v1/history?text="+word+"&from="+from, nil, &page)
		if err == nil && len(page.Items) == want {
			return
		}
		if time.Now().After(deadline) {
			s.t.Fatalf("%s is found in %d conversations, want %d; %v\n%s", word, len(page.Items), want, err, s.server.log)
		}
		<-time.After(patience)
	}
}
