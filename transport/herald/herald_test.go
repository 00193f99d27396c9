package herald

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/cockroachdb/pebble/v2/vfs"
	standardwebhooks "github.com/standard-webhooks/standard-webhooks/libraries/go"
	"google.golang.org/protobuf/types/known/timestamppb"

	"crafttalkd/actors/directory"
	"crafttalkd/actors/event"
	"crafttalkd/channels/webhook"
	"crafttalkd/store"
	"crafttalkd/store/journal"
	"crafttalkd/store/keys"
	"crafttalkd/store/pebblestore"
	"crafttalkd/transport/feed"
)

const secret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"

// A fair is a journal, webhooks and their receivers, all in one bubble.
type fair struct {
	t       *testing.T
	store   *pebblestore.Store
	journal *journal.Journal
	feed    *feed.Feed
	fault   fault

	mu      sync.Mutex // guards what follows
	state   directory.State
	changed chan struct{}
	answer  map[string]func(n int) (int, error) // by host: to the n'th post
	posts   map[string]int
	taken   map[string]map[string]int // by host: how often each message came, by its id
	flaw    string

	written int
	stopped func()
	herald  *Herald
}

func inFair(t *testing.T, f fault, do func(f *fair)) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) {
		a := &fair{t: t, fault: f, changed: make(chan struct{}), answer: map[string]func(int) (int, error){},
			posts: map[string]int{}, taken: map[string]map[string]int{}}
		var err error
		if a.store, err = pebblestore.Open("store", pebblestore.Options{FS: vfs.NewMem()}); err != nil {
			t.Fatal(err)
		}
		if a.journal, err = journal.Open(a.store, keys.NewRing(keys.NewMaster(), a.store)); err != nil {
			t.Fatal(err)
		}
		a.feed = feed.New(feed.Config{Journal: a.journal, Key: []byte("k"), Directory: a.State})
		over := make(chan error, 1)
		go func() { over <- a.feed.Run() }()
		a.start()
		do(a)
		a.stopped()
		a.journal.Close()
		if err := errors.Join(<-over, a.store.Close()); err != nil {
			t.Error(err)
		}
		if a.flaw != "" {
			t.Error(a.flaw)
		}
	})
}

// start begins a herald, as a new process does.
func (a *fair) start() {
	signers, err := webhook.NewSigners([]string{secret})
	if err != nil {
		a.t.Fatal(err)
	}
	a.herald = New(Config{Feed: a.feed, Table: a.store, Directory: a, Client: &http.Client{Transport: a, CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }},
		Signers: func(*event.Webhook) ([]webhook.Signer, error) { return signers, nil }, Now: time.Now,
		Log: slog.New(slog.DiscardHandler), fault: a.fault})
	ctx, cancel := context.WithCancel(context.Background())
	over := make(chan error, 1)
	go func() { over <- a.herald.Run(ctx) }()
	a.stopped = func() {
		cancel()
		if err := <-over; err != nil {
			a.t.Error(err)
		}
	}
	a.pass(time.Second)
}

func (a *fair) pass(d time.Duration) {
	<-time.After(d) // of the bubble
	synctest.Wait()
}

// State and Wait are the directory's.
func (a *fair) State() directory.State {
	a.mu.Lock()
	defer a.mu.Unlock()
	return a.state
}

func (a *fair) Wait(ctx context.Context, version uint64) error {
	for {
		a.mu.Lock()
		changed, now := a.changed, a.state.Version
		a.mu.Unlock()
		if now >= version {
			return nil
		}
		select {
		case <-changed:
		case <-ctx.Done():
			return ctx.Err()
		}
	}
}

func (a *fair) change(e event.Event) {
	a.mu.Lock()
	a.state = directory.Apply(a.state, e)
	close(a.changed)
	a.changed = make(chan struct{})
	a.mu.Unlock()
	a.pass(time.Second)
}

func (a *fair) put(w *event.Webhook) {
	w.Url = "https://" + w.WebhookId
	w.Roles = []string{directory.Admin, directory.ViewClients}
	a.change(&event.WebhookPut{At: timestamppb.Now(), By: "boss", Webhook: w})
}

// happens journals a message, each of its own conversation.
func (a *fair) happens() string {
	a.written++
	stream := fmt.Sprintf("%sc%d.1", event.ConversationStream, a.written)
	done := make(chan error, 1)
	a.journal.Append(journal.Append{Stream: stream, Events: []event.Event{&event.MessageReceived{At: timestamppb.Now(),
		MessageId: "m", Content: &event.Content{Text: "hello"}}}}, func(_ store.Receipt, err error) { done <- err })
	if err := <-done; err != nil {
		a.t.Fatal(err)
	}
	return stream + "@1"
}

// RoundTrip is every receiver.
func (a *fair) RoundTrip(r *http.Request) (*http.Response, error) {
	body, err := io.ReadAll(r.Body)
	if err != nil {
		return nil, err
	}
	host := r.URL.Host
	verifier, err := standardwebhooks.NewWebhook(secret)
	if err == nil {
		err = verifier.VerifyIgnoringTimestamp(body, r.Header)
	}
	a.mu.Lock()
	if err != nil {
		a.flaw = fmt.Sprintf("a post to %s: %v: %s", host, err, body)
	}
	n := a.posts[host]
	a.posts[host]++
	answer := a.answer[host]
	a.mu.Unlock()
	status := 204
	if answer != nil {
		if status, err = answer(n); err != nil {
			return nil, err
		}
		if status == 0 { // it hangs
			<-r.Context().Done()
			return nil, r.Context().Err()
		}
	}
	if status/100 == 2 {
		a.mu.Lock()
		if a.taken[host] == nil {
			a.taken[host] = map[string]int{}
		}
		a.taken[host][r.Header.Get("Webhook-Id")]++
		a.mu.Unlock()
	}
	return &http.Response{StatusCode: status, Header: http.Header{"Location": {"https://elsewhere"}}, Body: io.NopCloser(strings.NewReader("")), Request: r}, nil
}

// answers makes a receiver answer so from now on.
func (a *fair) answers(host string, f func(n int) (int, error)) {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.answer[host] = f
}

func (a *fair) posted(host string) int {
	a.mu.Lock()
	defer a.mu.Unlock()
	return a.posts[host]
}

func (a *fair) took(host string) int {
	a.mu.Lock()
	defer a.mu.Unlock()
	return len(a.taken[host])
}

// proves G38: a receiver that is down, slow, redirects and refuses is told each
// event in the end, signed, whatever the server went through meanwhile.
func TestG38_EachEventIsTold(t *testing.T) {
	for _, tt := range []struct {
		fault fault
		whole bool
	}{{none, true}, {forgets, false}} {
		inFair(t, tt.fault, func(a *fair) {
			a.answers("crm", func(n int) (int, error) {
				switch n % 7 {
				case 0:
					return 0, errors.New("connection refused")
				case 1:
					return 302, nil
				case 2:
					return 400, nil
				case 3:
					return 503, nil
				case 4:
					return 0, nil
				}
				return 200, nil
			})
			a.put(&event.Webhook{WebhookId: "crm"})
			for n := range 60 {
				a.happens()
				if n%20 == 10 {
					a.stopped()
					a.start()
				}
			}
			a.pass(20 * time.Hour)
			if got := a.took("crm"); (got == 60) != tt.whole {
				t.Errorf("fault %d: %d of 60 events were taken", tt.fault, got)
			}
			if n, err := a.herald.Waiting("crm"); err != nil || tt.whole && n != 0 {
				t.Errorf("%d wait, %v", n, err)
			}
		})
	}
}

// proves G38: after a day an event has failed and is kept; it is told when
// somebody asks for it, and the log says what happened.
func TestG38_FailedEventsAreSentAgain(t *testing.T) {
	inFair(t, none, func(a *fair) {
		a.answers("crm", func(int) (int, error) { return 500, nil })
		a.put(&event.Webhook{WebhookId: "crm"})
		first, second := a.happens(), a.happens()
		a.pass(23 * time.Hour)
		if list, err := a.herald.Failed("crm"); err != nil || len(list) != 0 {
			t.Errorf("after 23 hours: %v, %v", list, err)
		}
		a.pass(3 * time.Hour)
		list, err := a.herald.Failed("crm")
		if err != nil || len(list) != 2 || list[0].Item == list[1].Item || list[0].Error != "the receiver answered 500" || list[0].Tries < 20 || list[0].Tries > 70 {
			t.Errorf("after 26 hours: %v, %v", list, err)
		}
		posts := a.posted("crm")
		a.pass(24 * time.Hour)
		if a.posted("crm") != posts {
			t.Error("what has failed is tried again by itself")
		}
		a.stopped()
		a.start()
		a.answers("crm", func(int) (int, error) { return 200, nil })
		if n, err := a.herald.Resend("crm", []string{first}); n != 1 || err != nil {
			t.Errorf("one again: %d, %v", n, err)
		}
		a.pass(time.Second)
		if list, err := a.herald.Failed("crm"); a.took("crm") != 1 || len(list) != 1 || list[0].Item != second || err != nil {
			t.Errorf("then %d were taken, and %v have failed, %v", a.took("crm"), list, err)
		}
		if n, err := a.herald.Resend("crm", nil); n != 1 || err != nil {
			t.Errorf("all again: %d, %v", n, err)
		}
		a.pass(time.Second)
		log, err := a.herald.Attempts("crm")
		if err != nil || a.took("crm") != 2 || len(log) < 40 || len(log) > mostLogged || log[0].Item != second || log[0].Status != 200 || log[2].Status != 500 {
			t.Errorf("the log: %v, %v", log, err)
		}
	})
}

// proves G38: a receiver that hangs, or is down for long, holds up no other, and
// what it was not told waits in the journal.
func TestG38_OneDoesNotHoldUpAnother(t *testing.T) {
	for _, tt := range []struct {
		fault   fault
		bounded bool
	}{{none, true}, {insists, false}} {
		inFair(t, tt.fault, func(a *fair) {
			a.answers("hangs", func(int) (int, error) { return 0, nil })
			a.answers("down", func(int) (int, error) { return 0, errors.New("connection refused") })
			for _, id := range []string{"hangs", "down", "good"} {
				a.put(&event.Webhook{WebhookId: id})
			}
			for range 300 {
				a.happens()
			}
			a.pass(time.Second)
			if got := a.took("good"); got != 300 {
				t.Errorf("in a second %d of 300 were taken", got)
			}
			a.pass(time.Hour)
			if n, err := a.herald.Waiting("down"); err != nil || (n <= mostLetters+pageSize) != tt.bounded {
				t.Errorf("fault %d: %d letters, %v", tt.fault, n, err)
			}
			a.answers("down", nil)
			a.pass(2 * time.Hour)
			if got := a.took("down"); got != 300 {
				t.Errorf("once it was there again %d of 300 were taken", got)
			}
		})
	}
}

// A webhook is told what it asks for and may know, from when it was switched on;
// one that is taken out leaves nothing behind.
func TestWebhooksAreSwitched(t *testing.T) {
	inFair(t, none, func(a *fair) {
		a.happens()
		a.put(&event.Webhook{WebhookId: "all"})
		a.put(&event.Webhook{WebhookId: "closed", Kinds: []string{"conversation_closed"}})
		a.happens()
		a.pass(time.Second)
		if a.took("all") != 1 || a.took("closed") != 0 {
			t.Errorf("taken: %d and %d, want 1 and 0", a.took("all"), a.took("closed"))
		}
		a.put(&event.Webhook{WebhookId: "all", Disabled: true})
		a.happens()
		if _, err := a.herald.Resend("all", nil); err == nil {
			t.Error("one that is switched off sends again")
		}
		a.put(&event.Webhook{WebhookId: "all"})
		a.happens()
		a.pass(time.Second)
		if a.took("all") != 2 {
			t.Errorf("taken: %d, want the two from when it was on", a.took("all"))
		}
		if try := a.herald.Try(a.t.Context(), a.State().Webhooks["closed"].Value); try.Status != 204 || try.Kind != "test" {
			t.Errorf("a test: %v", try)
		}
		a.change(&event.WebhookRemoved{WebhookId: "all"})
		for _, table := range []string{places, waiting, failed, logs} {
			for row, err := range a.store.Scan(table, "all") {
				t.Errorf("%s keeps %s, %v", table, row.Key, err)
			}
		}
	})
}
