package rest_test

import (
	"bytes"
	"context"
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"crafttalkd/actors/directory"
	"crafttalkd/actors/event"
	"crafttalkd/transport/rest"
)

// proves AP-01, US-08: a page tells what happened as far as the key's limits
// reach, the rest follows by its cursor, and what is not asked for is not told.
func TestAP01_TheFeedInPages(t *testing.T) {
	inHouse(t, func(h *house) {
		h.book = openBook(t, h.api)
		ours, theirs := h.writes("site", "anna", "hello"), h.writes("safe", "boris", "my secret")
		shop := h.key("shop", `{"roles":["view_clients"],"center_ids":["shop"]}`)
		first := h.as("", "GET", "/api/v1/feed?limit=2", "", shop...).want(200)
		if n := len(first.field("items").([]any)); n != 2 || first.field("more") != true {
			t.Errorf("the first page: %s", first.Body)
		}
		if h := first.Header(); h.Get("RateLimit") != `"minute";r=599;t=1` || h.Get("RateLimit-Policy") != `"minute";q=600;w=60` {
			t.Errorf("how much more may be asked is told as %v", h)
		}
		rest := h.as("", "GET", "/api/v1/feed?cursor="+first.field("cursor").(string), "", shop...).want(200)
		all := first.Body.String() + rest.Body.String()
		if !strings.Contains(all, ours) || strings.Contains(all, theirs) || strings.Contains(all, "my secret") {
			t.Errorf("the shop is told: %s", all)
		}
		h.writes("site", "anna", "again")
		only := h.as("", "GET", "/api/v1/feed?kinds=message_received&cursor="+rest.field("cursor").(string), "", shop...).want(200)
		if items := only.field("items").([]any); len(items) != 1 || only.field("items", 0, "fact", "message_received", "content", "text") != "again" {
			t.Errorf("of one kind: %s", only.Body)
		}
		now := h.as("", "GET", "/api/v1/feed?cursor=now", "", shop...).want(200)
		if items := now.field("items").([]any); len(items) != 0 || now.field("more") != false {
			t.Errorf("from now on: %s", now.Body)
		}
		for query, want := range map[string]int{"cursor=nonsense": 422, "limit=1001": 422, "limit=x": 422, "wait=31": 422, "kinds=password_set": 422, "kinds=presence_changed": 403} {
			h.as("", "GET", "/api/v1/feed?"+query, "", shop...).want(want)
		}
		h.as("oleg", "GET", "/api/v1/feed", "").want(403)
	})
}

// Who waits is answered when something happens, or with nothing when the time is
// over; who loses the key meanwhile is told nothing.
func TestAP01_TheFeedWaits(t *testing.T) {
	inHouse(t, func(h *house) {
		shop := h.key("shop", `{"roles":["view_clients"],"center_ids":["shop"]}`)
		begin := time.Now()
		empty := h.as("", "GET", "/api/v1/feed?cursor=now&wait=20", "", shop...).want(200)
		if took := time.Since(begin); took < 20*time.Second || took > 21*time.Second || len(empty.field("items").([]any)) != 0 {
			t.Errorf("nothing happened: %s after %s", empty.Body, took)
		}
		time.AfterFunc(5*time.Second, func() { h.writes("site", "anna", "hello") })
		begin = time.Now()
		soon := h.as("", "GET", "/api/v1/feed?cursor=now&wait=20", "", shop...).want(200)
		if took := time.Since(begin); took > 6*time.Second || len(soon.field("items").([]any)) == 0 {
			t.Errorf("something happened after 5 s: %s after %s", soon.Body, took)
		}
		time.AfterFunc(time.Second, func() {
			h.as("boss", "DELETE", "/api/v1/keys/shop", "").want(204)
			h.writes("site", "anna", "again")
		})
		h.as("", "GET", "/api/v1/feed?cursor=now&wait=20", "", shop...).want(401)
	})
}

// A reader takes the lines of a stream as they come.
type reader struct {
	head http.Header
	all  chan rest.FeedLine
	part bytes.Buffer
	over chan struct{}
}

func (r *reader) Header() http.Header { return r.head }
func (r *reader) WriteHeader(int)     {}
func (r *reader) Flush()              {}

func (r *reader) Write(b []byte) (int, error) {
	r.part.Write(b)
	for {
		line, err := r.part.ReadBytes('\n')
		if err != nil {
			r.part.Write(line)
			return len(b), nil
		}
		var l rest.FeedLine
		if err := json.Unmarshal(line, &l); err != nil {
			return 0, err
		}
		r.all <- l
	}
}

// follow opens a stream.
func (h *house) follow(ctx context.Context, path string, headers ...string) *reader {
	out := &reader{head: http.Header{}, all: make(chan rest.FeedLine, 1000), over: make(chan struct{})}
	r := httptest.NewRequestWithContext(ctx, "GET", path, nil)
	r.Header.Set("Accept", "application/x-ndjson")
	for i := 0; i < len(headers); i += 2 {
		r.Header.Set(headers[i], headers[i+1])
	}
	go func() {
		defer close(out.over)
		h.api.ServeHTTP(out, r)
	}()
	synctest.Wait()
	return out
}

// ended reports whether the stream is over.
func (r *reader) ended() bool {
	select {
	case <-r.over:
		return true
	default:
		return false
	}
}

// got returns what has come so far: how many items, whether one tells a text,
// the last cursor, and how many cursors.
func (r *reader) got(text string) (items int, told bool, cursor string, cursors int) {
	for {
		select {
		case l := <-r.all:
			if l.Item == nil {
				cursor = l.Cursor
				cursors++
				continue
			}
			items++
			told = told || strings.Contains(string(l.Item.Fact.RawMessage), text)
		default:
			return items, told, cursor, cursors
		}
	}
}

// proves AP-01: a stream tells what was, goes on with what happens, gives signs of
// life, and is gone on with by its cursor.
func TestAP01_TheFeedAsAStream(t *testing.T) {
	inHouse(t, func(h *house) {
		h.writes("site", "anna", "hello")
		shop := h.key("shop", `{"roles":["view_clients"],"center_ids":["shop"]}`)
		ctx, leave := context.WithCancel(h.t.Context())
		s := h.follow(ctx, "/api/v1/feed", shop...)
		if n, told, cursor, _ := s.got("hello"); n == 0 || !told || cursor == "" || s.head.Get("Content-Type") != "application/x-ndjson" || s.head.Get("RateLimit") == "" {
			t.Errorf("what was: %d items, hello %v", n, told)
		}
		h.writes("site", "boris", "good day")
		<-time.After(time.Second) // of the bubble
		_, told, cursor, _ := s.got("good day")
		if !told {
			t.Error("what happens is not told")
		}
		<-time.After(time.Minute) // of the bubble
		if n, _, _, signs := s.got(""); n != 0 || signs < 3 || signs > 4 {
			t.Errorf("a minute of silence: %d items, %d signs of life", n, signs)
		}
		leave()
		synctest.Wait()
		if !s.ended() {
			t.Error("the stream goes on without its reader")
		}
		h.writes("site", "clara", "me too")
		ctx, leave = context.WithCancel(h.t.Context())
		defer leave()
		next := h.follow(ctx, "/api/v1/feed?cursor="+cursor, shop...)
		if n, told, _, _ := next.got("me too"); n == 0 || !told {
			t.Errorf("gone on with: %d items, %v", n, told)
		}
	})
}

// proves G33: a stream ends soon after its key is taken out, has come to its end
// or lost the permission, and tells nothing from then on; a narrower one narrows.
func TestG33_StreamsEndWithTheirKey(t *testing.T) {
	inHouse(t, func(h *house) {
		h.owner()
		loses := func(id string) { h.as("owner", "DELETE", "/api/v1/keys/"+id, "").want(204) }
		put := func(fields string) func(id string) {
			return func(id string) {
				tag := h.as("owner", "GET", "/api/v1/keys/"+id, "").Header().Get("ETag")
				h.as("owner", "PUT", "/api/v1/keys/"+id, fields, "If-Match", tag).want(200)
			}
		}
		for id, tt := range map[string]struct {
			change func(id string)
			ends   bool
		}{
			"removed":   {loses, true},
			"powerless": {put(`{"center_ids":["shop"]}`), true},
			"over":      {put(`{"roles":["view_clients"],"center_ids":["shop"],"until":"2000-01-01T00:00:00Z"}`), true},
			"narrowed":  {put(`{"roles":["view_clients"],"center_ids":["bank"]}`), false},
			"renamed":   {put(`{"roles":["view_clients"],"center_ids":["shop"],"name":"R"}`), false},
		} {
			ctx, leave := context.WithCancel(h.t.Context())
			s := h.follow(ctx, "/api/v1/feed?cursor=now", h.key(id, `{"roles":["view_clients"],"center_ids":["shop"]}`)...)
			tt.change(id)
			h.writes("site", "anna "+id, "after that")
			<-time.After(5 * time.Second) // of the bubble
			if _, told, _, _ := s.got("after that"); told != (id == "renamed") {
				t.Errorf("%s: told of what came afterwards: %v", id, told)
			}
			if s.ended() != tt.ends {
				t.Errorf("%s: the stream has ended: %v, want %v", id, s.ended(), tt.ends)
			}
			leave()
			synctest.Wait()
		}
	})
}

// A server that goes down does not wait for streams.
func TestStreamsEndWithTheServer(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		stopping := make(chan struct{})
		h := openHouse(t, func(c *rest.Config) {
			c.Stopping = func() bool {
				select {
				case <-stopping:
					return true
				default:
					return false
				}
			}
		})
		defer h.close()
		h.furnish()
		s := h.follow(t.Context(), "/api/v1/feed", "Authorization", "Bearer "+h.auth.token("boss"))
		close(stopping)
		<-time.After(3 * time.Second) // of the bubble
		if !s.ended() {
			t.Error("the stream goes on")
		}
	})
}

// A fact of the directory is no fact of the feed, whoever asks.
func TestTheFeedTellsNothingOfTheOrganisation(t *testing.T) {
	inHouse(t, func(h *house) {
		h.writes("site", "anna", "hello")
		h.ask(event.DirectoryStream, directory.Put{By: "setup", Entry: &event.User{UserId: "all", Login: "all", Roles: directory.Roles[:]}})
		settle()
		told := h.as("all", "GET", "/api/v1/feed?limit=1000", "").want(200).Body.String()
		for _, word := range []string{"user_put", "password", "hash:", "directory/", "queue/"} {
			if strings.Contains(told, word) {
				t.Errorf("the feed tells of %s", word)
			}
		}
	})
}
