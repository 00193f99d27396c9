package agent

import (
	"context"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"crafttalkd/actors/conversation"
	"crafttalkd/actors/event"
)

// follows asks for a file at an address, and returns the status and the body.
func (n *node) follows(url string) (int, string) {
	w := httptest.NewRecorder()
	n.runner.File(w, httptest.NewRequest("GET", url, nil))
	return w.Code, w.Body.String()
}

// fetched brings a file of a message, as it was fetched.
func (n *node) fetched(id, message string, a *event.Attachment) {
	n.t.Helper()
	_, err := n.Ask(context.Background(), event.ConversationStream+id, conversation.Fetched{Message: message, Attachment: a})
	n.must(err)
	settle()
}

// proves BT-07: the files of a message come to an external agent as addresses
// that it can read, for a day: those that are here, and those that follow.
func TestBT07_Files(t *testing.T) {
	var told []OccasionFile
	var answer string
	w := world{http: answering(func(r *http.Request) (int, string) {
		o := readOccasion(t, r)
		told, answer = o.Message.Attachments, o.AnswerURL
		return 202, ""
	})}
	inShop(t, w, chain(weather), func(n *node) {
		id := n.brings("anna", &event.Content{Attachments: []*event.Attachment{
			{AttachmentId: "1", Name: "a.png", Mime: "image/png", Size: 7, Blob: "b1"},
			{AttachmentId: "2", Name: "b.png", Source: "https://inside.example/2"},
			{AttachmentId: "3", Name: "c.png", Source: "https://inside.example/3"},
			{AttachmentId: "4", Name: "d.png", Blob: "gone"},
		}})
		if len(told) != 4 || told[0].Name != "a.png" || told[0].Size != 7 || !strings.HasPrefix(told[0].URL, "https://chat.example"+FilePath) ||
			strings.Contains(fmt.Sprint(told), "inside") {
			t.Fatalf("the agent is told of %+v", told)
		}
		reads := func(i, status int, body string) {
			t.Helper()
			got, said := n.follows(told[i].URL)
			if got != status || status == 200 && said != body {
				t.Errorf("file %d: %d %s, want %d %s", i+1, got, said, status, body)
			}
		}
		reads(0, 200, id+" b1")
		reads(1, 503, "")
		n.fetched(id, "m1", &event.Attachment{AttachmentId: "2", Name: "b.png", Blob: "b2"})
		n.fetched(id, "m1", &event.Attachment{AttachmentId: "3", Name: "c.png", Failure: "too large"})
		reads(1, 200, id+" b2")
		reads(2, 404, "")
		reads(3, 404, "")
		if left := time.Until(*told[0].URLUntil); left > fileLife || left < fileLife-time.Minute {
			t.Errorf("the address is good for %s", left)
		}
		pass(fileLife - time.Minute)
		reads(0, 200, id+" b1")
		pass(time.Minute)
		reads(0, 403, "")
		_, token, _ := strings.Cut(answer, AnswerPath)
		if got := n.answers("https://chat.example"+AnswerPath+strings.TrimPrefix(told[0].URL, "https://chat.example"+FilePath), `{"actions":[]}`); got != 404 {
			t.Errorf("a file's token as an answer's: %d", got)
		}
		if got, _ := n.follows("https://chat.example" + FilePath + token); got != 403 {
			t.Errorf("an answer's token as a file's: %d", got)
		}
	})
}

// proves BT-07: an address of a file that was altered anywhere is none.
func TestBT07_FilesForged(t *testing.T) {
	var url string
	w := world{http: answering(func(r *http.Request) (int, string) {
		url = readOccasion(t, r).Message.Attachments[0].URL
		return 204, ""
	})}
	inShop(t, w, chain(weather), func(n *node) {
		n.brings("anna", &event.Content{Attachments: []*event.Attachment{{AttachmentId: "1", Name: "a.png", Blob: "b1"}}})
		if got, _ := n.follows(url); got != 200 {
			t.Fatalf("the address itself is answered %d", got)
		}
		head, token, _ := strings.Cut(url, FilePath)
		for i := range len(token) - 1 { // the last letter may have bits that say nothing
			other := byte('A')
			if token[i] == other {
				other = 'B'
			}
			forged := head + FilePath + token[:i] + string(other) + token[i+1:]
			if got, _ := n.follows(forged); got != 403 {
				t.Errorf("letter %d of the address altered: %d", i, got)
			}
		}
		for _, forged := range []string{head + FilePath, head + FilePath + "a.b", url[:len(url)-4]} {
			if got, _ := n.follows(forged); got != 403 {
				t.Errorf("%s is answered %d", forged, got)
			}
		}
	})
}
