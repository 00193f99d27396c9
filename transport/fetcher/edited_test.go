package fetcher

import (
	"slices"
	"testing"
	"testing/synctest"
	"time"

	"github.com/cockroachdb/pebble/v2/vfs"

	"crafttalkd/actors/conversation"
	"crafttalkd/actors/event"
)

// proves G7, CH-14: a file that takes the place of another in a message is
// fetched too, the way that the edit came, and each file is what it was named for.
func TestG7_EditedFiles(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t)
		w.hosts["files.example"] = func(v *visit) {
			<-time.After(5 * time.Second)
			v.say(200, picture+" from "+v.request.URL.Path)
		}
		w.uploads["bot/anna-there/u1"] = picture + " uploaded"
		n := boot(t, w, vfs.NewMem())
		defer n.stop()
		n.center()
		n.writes("anna", "shop", "m1", "http://files.example/old")
		edit := conversation.Edit{Message: "m1", At: time.Now(), Account: "bot", Address: "anna-there", Content: &event.Content{Attachments: []*event.Attachment{
			{AttachmentId: "1", Source: "http://files.example/new"}, {AttachmentId: "2", Source: "upload:u1"}}}}
		for range 2 {
			n.ask(event.ConversationStream+"anna.1", edit)
		}
		pass(6 * time.Second)
		got, _ := n.outcomes("anna")
		var contents, names []string
		for _, a := range got {
			if a.Failure != "" {
				t.Fatalf("no file: %v", a)
			}
			contents, names = append(contents, n.content("anna", a.Blob)[len(picture):]), append(names, a.AttachmentId)
		}
		slices.Sort(contents)
		slices.Sort(names)
		if want := []string{" from /new", " from /old", " uploaded"}; !slices.Equal(contents, want) || len(slices.Compact(names)) != 3 {
			t.Errorf("the files are %q, named %q, want %q", contents, names, want)
		}
		if left := n.rows(); left != 0 {
			t.Errorf("%d tasks are left", left)
		}
	})
}
