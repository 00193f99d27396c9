package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"testing"
	"testing/synctest"
	"time"

	"github.com/cockroachdb/pebble/v2/vfs"

	"crafttalkd/actors/conversation"
	"crafttalkd/actors/event"
	"crafttalkd/actors/operator"
	"crafttalkd/store/blob"
	"crafttalkd/store/keys"
	"crafttalkd/store/pebblestore"
)

// A small disk is a whole server on a disk in memory that can be almost full.
type smallDisk struct {
	*node
	t     *testing.T
	disk  *vfs.MemFS
	token string
}

const diskSize = 10 << 30

func (s *smallDisk) free(n uint64) {
	s.disk.TestingSetDiskUsage(vfs.DiskUsage{AvailBytes: n, TotalBytes: diskSize, UsedBytes: diskSize - n})
	time.Sleep(1100 * time.Millisecond) // of the bubble: the door looks every second
}

func newSmallDisk(t *testing.T) *smallDisk {
	t.Helper()
	s := &smallDisk{t: t, disk: vfs.NewMem()}
	h := &home{dir: t.TempDir(), master: keys.NewMaster()}
	log := slog.New(slog.NewTextHandler(io.Discard, nil))
	s.disk.TestingSetDiskUsage(vfs.DiskUsage{AvailBytes: diskSize, TotalBytes: diskSize})
	var err error
	if h.engine, err = pebblestore.Open("store", pebblestore.Options{FS: s.disk, Log: log}); err != nil {
		t.Fatal(err)
	}
	h.ring = keys.NewRing(h.master, h.engine)
	if h.blobs, err = blob.Open(filepath.Join(h.dir, "blobs"), h.ring); err != nil {
		t.Fatal(err)
	}
	if s.node, err = openNodeOn(h, config{}, log); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { h.blobs.Close() })
	return s
}

// ask brings a request to the server, and reads the answer into a.
func (s *smallDisk) ask(status int, method, path, token string, body object, a any) http.Header {
	s.t.Helper()
	b, err := json.Marshal(body)
	if err != nil {
		s.t.Fatal(err)
	}
	r := httptest.NewRequest(method, path, bytes.NewReader(b))
	r.Header.Set("Content-Type", "application/json")
	r.Header.Set("Authorization", "Bearer "+token)
	w := httptest.NewRecorder()
	s.handler.ServeHTTP(w, r)
	if w.Code != status {
		s.t.Fatalf("%s %s: %d, want %d: %s", method, path, w.Code, status, w.Body)
	}
	if a != nil {
		if err := json.Unmarshal(w.Body.Bytes(), a); err != nil {
			s.t.Fatal(err)
		}
	}
	return w.Header()
}

func (s *smallDisk) signIn() {
	var a struct{ Token string }
	s.ask(200, "POST", "/api/v1/session", "", object{"login": adminLogin, "password": adminPassword}, &a)
	s.token = a.Token
}

// proves G11 for the whole server: on a disk that is almost full new messages
// are refused with 503 and a time to come back, while signing in, answering and
// closing still work; with room again everything does, without a restart.
func TestG11_TheDiskFillsUpAndEmpties(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newSmallDisk(t)
		defer s.close()
		s.ask(200, "POST", "/api/v1/setup", "", object{"code": s.setupCode(), "login": adminLogin, "password": adminPassword, "first_name": "A", "last_name": "B"}, nil)
		s.signIn()
		for _, e := range []struct {
			path string
			body object
		}{
			{"centers/main", object{"name": "Main"}},
			{"lines/first", object{"name": "First", "center_id": "main"}},
			{"users/olga", object{"login": "olga", "password": adminPassword, "first_name": "Olga", "roles": []string{"login"},
				"center_ids": []string{"main"}, "line_ids": []string{"first"}, "capacity": 9}},
		} {
			s.ask(200, "PUT", "/api/v1/"+e.path, s.token, e.body, nil)
		}
		var shop struct{ Key string }
		s.ask(200, "PUT", "/api/v1/accounts/shop", s.token, object{"kind": "api", "name": "Shop", "center_id": "main",
			"routing": object{"line_id": "first"}, "settings": object{"webhook_url": "https://example.com"}}, &shop)
		s.do("operator/olga", operator.Connect{})
		s.do("operator/olga", operator.SetPresence{Presence: event.Presence_ONLINE, Cause: event.Cause_OPERATOR_CHOICE})
		for round := range 20 {
			s.free(diskSize / 2)
			var got struct {
				Conversation string `json:"conversation_id"`
			}
			s.ask(202, "POST", "/channel/v1/shop/messages", shop.Key, hello(fmt.Sprint(round)), &got)
			time.Sleep(time.Second) // of the bubble: it is given to Olga
			s.free(diskSize / 100)
			if h := s.ask(503, "POST", "/channel/v1/shop/messages", shop.Key, hello(fmt.Sprint("full", round)), nil); h.Get("Retry-After") == "" {
				t.Error("the refusal does not say when to come back")
			}
			s.signIn()
			s.do(event.ConversationStream+got.Conversation, conversation.Close{Operator: "olga"})
		}
		s.free(diskSize / 2)
		s.ask(200, "POST", "/channel/v1/shop/messages", shop.Key, hello("19"), nil)
		s.ask(202, "POST", "/channel/v1/shop/messages", shop.Key, hello("full19"), nil)
	})
}

func hello(id string) object { return object{"id": id, "user": object{"id": "u1"}, "text": "Hello"} }

func (s *smallDisk) do(stream string, cmd any) {
	s.t.Helper()
	if _, err := s.system.Ask(s.t.Context(), stream, cmd); err != nil {
		s.t.Fatalf("%T: %v", cmd, err)
	}
}
