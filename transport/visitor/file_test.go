package visitor_test

import (
	"bytes"
	"encoding/json"
	"io"
	"net/http"
	"strings"
	"testing"

	"google.golang.org/protobuf/proto"

	"crafttalkd/actors/conversation"
	"crafttalkd/actors/customer"
	"crafttalkd/actors/directory"
	"crafttalkd/actors/event"
	"crafttalkd/channels"
	"crafttalkd/transport/live/livetest"
	"crafttalkd/transport/wire"
)

// fetch makes a request of a visitor and returns the answer and its body.
func fetch(t *testing.T, s *livetest.Server, token, method, path string, body io.Reader) (*http.Response, []byte) {
	t.Helper()
	r, err := http.NewRequestWithContext(t.Context(), method, s.HTTP.URL+path, body)
	if err != nil {
		t.Fatal(err)
	}
	r.Header.Set("Authorization", "Bearer "+token)
	resp, err := http.DefaultClient.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	b, err := io.ReadAll(resp.Body)
	if err != nil {
		t.Fatal(err)
	}
	return resp, b
}

// proves WG-01, CH-02: a visitor's file is kept, said in a message by its hash,
// comes back byte for byte for saving, and is nobody else's.
func TestWG01_Files(t *testing.T) {
	s := livetest.Start(t, livetest.Options{})
	token, anna := s.Token(t, "site")
	page := []byte("<html><script>alert(1)</script></html>")
	resp, body := fetch(t, s, token, "POST", "/widget/v1/site/files?name=page.html", bytes.NewReader(page))
	var kept struct {
		Blob, Name, Mime string
		Size             int64
	}
	if err := json.Unmarshal(body, &kept); err != nil || resp.StatusCode != 200 || kept.Size != int64(len(page)) || kept.Name != "page.html" {
		t.Fatalf("upload: %s: %s", resp.Status, body)
	}
	tab := s.Visitor(t, token, nil)
	tab.Must(&wire.FromClient{Is: &wire.FromClient_Say{Say: &wire.Say{MessageId: "m1", Content: &event.Content{
		Attachments: []*event.Attachment{{AttachmentId: "a1", Name: kept.Name, Mime: kept.Mime, Size: kept.Size, Blob: kept.Blob}}}}}})
	facts := s.Facts(event.ConversationStream + anna + ".1")
	said := false
	for _, f := range facts {
		if m, ok := f.(*event.MessageReceived); ok {
			said = m.Content.Attachments[0].Blob == kept.Blob
		}
	}
	if !said {
		t.Error("the message does not carry the file")
	}
	resp, body = fetch(t, s, token, "GET", "/widget/v1/site/files/"+kept.Blob+"?name=page.html", nil)
	if !bytes.Equal(body, page) {
		t.Errorf("download: %s: %q", resp.Status, body)
	}
	if h := resp.Header; !strings.HasPrefix(h.Get("Content-Disposition"), "attachment") || h.Get("X-Content-Type-Options") != "nosniff" ||
		h.Get("Content-Type") != "application/octet-stream" || !strings.HasPrefix(h.Get("Content-Security-Policy"), "sandbox") {
		t.Errorf("a page could run: %v", h)
	}
	other, _ := s.Token(t, "site")
	if resp, _ := fetch(t, s, other, "GET", "/widget/v1/site/files/"+kept.Blob, nil); resp.StatusCode != 404 {
		t.Errorf("somebody else's file: %s, want 404", resp.Status)
	}
}

// proves G7: a file that a message named elsewhere comes to the visitor's page
// after the text, without where it came from.
func TestG7_FileFollowsToTheWidget(t *testing.T) {
	s := livetest.Start(t, livetest.Options{})
	token, anna := s.Token(t, "site")
	tab := s.Visitor(t, token, nil)
	tab.Must(livetest.Say("m1", "Here I am"))
	elsewhere := func(id string, c *event.Content) {
		t.Helper()
		done := make(chan error, 1)
		s.Door.Receive(t.Context(), channels.Inbound{Account: "bot", Address: "anna", ID: id, Content: c},
			func(_ channels.Kept, err error) { done <- err })
		if err := <-done; err != nil {
			t.Fatal(err)
		}
	}
	elsewhere("1", &event.Content{Text: "And here"})
	kept := s.Master.CustomerID("bot", "anna")
	s.Ask(event.CustomerStream+kept, customer.Merge{ID: kept, From: anna, By: "oleg"})
	tab.Bubble("And here") // the socket shows the other's conversation from now on
	elsewhere("2", &event.Content{Text: "Look", Attachments: []*event.Attachment{{AttachmentId: "1", Source: "https://secret.example/?sig=7"}}})
	b := tab.Bubble("Look")
	if a := b.Content.Attachments; len(a) != 1 || a[0].Blob != "" || a[0].Source != "" {
		t.Errorf("the message is shown with %v", a)
	}
	s.Ask(event.ConversationStream+b.ConversationId, conversation.Fetched{Message: b.MessageId,
		Attachment: &event.Attachment{AttachmentId: "1", Blob: "ab", Mime: "image/png", Size: 7, Source: "https://secret.example/?sig=7"}})
	got := tab.Until("the file", func(f *wire.FromServer) bool { return f.GetFile() != nil }).GetFile()
	want := &wire.File{ConversationId: b.ConversationId, Version: got.Version, MessageId: b.MessageId,
		Attachment: &event.Attachment{AttachmentId: "1", Blob: "ab", Mime: "image/png", Size: 7}}
	if !proto.Equal(got, want) || got.Version <= b.Version {
		t.Errorf("the file is shown as %v, want %v", got, want)
	}
}

// proves CT-10: the chat on a site says that a letter went or came, and nothing
// of what is in it: not the text, not the address, not the files, not by the
// socket and not by the page. Who took the channel out shows none of it either.
func TestCT10_LettersStayInTheMailbox(t *testing.T) {
	s := livetest.Start(t, livetest.Options{})
	s.Put(&event.Account{AccountId: "mail", Kind: "email", Name: "Mail", CenterId: "shop", Routing: &event.Routing{LineId: "help"}})
	oleg := s.Online(t, "oleg")
	token, _ := s.Token(t, "site")
	tab := s.Visitor(t, token, nil)
	tab.Must(livetest.Say("m1", "Hello"))
	conv := oleg.Assigned("oleg")
	stream := event.ConversationStream + conv
	s.Ask(stream, conversation.Reply{Operator: "oleg", ID: "out", Account: "mail", Address: "secret@example.org", Content: &event.Content{Text: "secret out"}})
	s.Ask(stream, conversation.Receive{Message: &event.MessageReceived{MessageId: "in", AccountId: "mail", Address: "secret@example.org",
		Content: &event.Content{Text: "secret in", Attachments: []*event.Attachment{{AttachmentId: "1", Name: "secret.pdf", Source: "https://secret.example"}}}}})
	s.Ask(stream, conversation.Fetched{Message: "in", Attachment: &event.Attachment{AttachmentId: "1", Name: "secret.pdf", Blob: "ab"}})
	s.Ask(stream, conversation.Reply{Operator: "oleg", ID: "chat", Account: "site", Address: "here", Content: &event.Content{Text: "In the chat"}})
	for _, from := range []string{"operator", "customer"} {
		b := tab.Until("a letter", func(f *wire.FromServer) bool { return f.GetBubble().GetLetter() }).GetBubble()
		if b.From != from || b.Content != nil || b.At == nil {
			t.Errorf("a letter of the %s is shown as %v", from, b)
		}
	}
	tab.Until("the chat, and no file before it", func(f *wire.FromServer) bool {
		if f.GetFile() != nil {
			t.Errorf("a file of a letter is shown: %v", f)
		}
		return f.GetBubble().GetContent().GetText() == "In the chat"
	})
	for _, removed := range []bool{false, true} {
		if removed {
			a := s.Ask(event.DirectoryStream, directory.Remove{By: "setup", Kind: "Account", ID: "mail"})
			if err := s.Directory.Wait(t.Context(), a.Version); err != nil {
				t.Fatal(err)
			}
		}
		_, page := fetch(t, s, token, "GET", "/widget/v1/site/messages?after=0", nil)
		if said := string(page); strings.Contains(said, "secret") || strings.Count(said, `"letter":true`) != 2 || !strings.Contains(said, "In the chat") {
			t.Errorf("the channel is gone: %v: the page has %s", removed, said)
		}
	}
}

func TestFilesAreRefused(t *testing.T) {
	s := livetest.Start(t, livetest.Options{})
	token, _ := s.Token(t, "site")
	for _, c := range []struct {
		name, token, path string
		body              io.Reader
		want              int
	}{
		{"no token", "", "/widget/v1/site/files", strings.NewReader("x"), 403},
		{"empty", token, "/widget/v1/site/files", strings.NewReader(""), 422},
		{"long name", token, "/widget/v1/site/files?name=" + strings.Repeat("n", 201), strings.NewReader("x"), 422},
		{"too large", token, "/widget/v1/site/files", io.LimitReader(zeros{}, 21<<20), 422},
	} {
		if resp, body := fetch(t, s, c.token, "POST", c.path, c.body); resp.StatusCode != c.want {
			t.Errorf("%s: %s, want %d: %s", c.name, resp.Status, c.want, body)
		}
	}
	if resp, _ := fetch(t, s, token, "GET", "/widget/v1/site/files/..%2f..%2fmaster.key", nil); resp.StatusCode != 404 {
		t.Errorf("a name that leads elsewhere: %s, want 404", resp.Status)
	}
}

// zeros reads as zero bytes without end.
type zeros struct{}

func (zeros) Read(b []byte) (int, error) {
	clear(b)
	return len(b), nil
}
