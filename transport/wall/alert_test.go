package wall_test

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"sync"
	"testing"
	"time"

	standardwebhooks "github.com/standard-webhooks/standard-webhooks/libraries/go"
	"google.golang.org/protobuf/types/known/durationpb"

	"crafttalkd/actors/event"
	"crafttalkd/transport/accounts"
	"crafttalkd/transport/wall"
)

// A receiver takes alerts, and checks who they come from.
type receiver struct {
	*httptest.Server
	t      *testing.T
	secret func() string

	mu     sync.Mutex // guards what follows
	refuse bool
	ids    []string // of all tries
	taken  []wall.Posted
}

func receive(t *testing.T) *receiver {
	r := &receiver{t: t}
	r.Server = httptest.NewServer(r)
	t.Cleanup(r.Close)
	return r
}

func (r *receiver) ServeHTTP(w http.ResponseWriter, q *http.Request) {
	body, err := io.ReadAll(q.Body)
	if err != nil {
		r.t.Error(err)
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	r.ids = append(r.ids, q.Header.Get("Webhook-Id"))
	if r.refuse {
		w.WriteHeader(http.StatusServiceUnavailable)
		return
	}
	hook, err := standardwebhooks.NewWebhook(r.secret())
	if err == nil {
		err = hook.Verify(body, q.Header)
	}
	var p wall.Posted
	if err == nil {
		err = json.Unmarshal(body, &p)
	}
	if err != nil {
		r.t.Errorf("%s: %v", body, err)
	}
	r.taken = append(r.taken, p)
}

func (r *receiver) refuses(yes bool) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.refuse = yes
}

// words are what was taken, and how often somebody tried.
func (r *receiver) words() (out []string, tries int) {
	r.mu.Lock()
	defer r.mu.Unlock()
	for _, p := range r.taken {
		out = append(out, p.Type+" "+p.Data.Kind+" "+p.Data.SubjectID)
	}
	return out, len(r.ids)
}

// policy sets what the shop bears.
func (h *house) policy(url string, turn int32) {
	h.Put(&event.Settings{CenterId: "shop", Alerts: &event.AlertPolicy{QueueOver: 2, FailingOver: durationpb.New(0), Webhook: url, Turn: turn}})
}

// Alerts are raised once and end once, on the wall and by webhook, signed as
// Standard Webhooks have it; what could not be posted is posted later, under the
// same name, also by the next process, which raises nothing anew.
func TestAlerts(t *testing.T) {
	t.Parallel()
	for f, twice := range map[wall.Fault]bool{wall.None: false, wall.Forgetful: true} {
		t.Run(fmt.Sprint("fault ", f), func(t *testing.T) {
			r := receive(t)
			withClient := func(c *wall.Config) { c.Client = r.Client() }
			h := open(t, wall.None, withClient)
			r.secret = func() string { return h.wall.Secret("shop") }
			h.policy(r.URL, 0)
			r.refuses(true)
			boss, chief := h.look(t, "boss"), h.look(t, "chief")
			for i := range 3 {
				h.writes(t, "bot", fmt.Sprint("customer", i), fmt.Sprint(i))
			}
			for _, v := range []*view{boss, chief} {
				v.until(t, "the alert", func() bool { return v.alerts["queue/shop/help"] != nil })
			}
			if a := boss.alerts["queue/shop/help"]; a.Value != 3 || a.Bound != 2 || a.SubjectId != "help" {
				t.Errorf("shown %v", a)
			}
			eventually(t, "a try", func() bool { _, tries := r.words(); return tries > 0 })
			h.begin(t, f, withClient)
			eventually(t, "the model", h.wall.Ready)
			for range 3 {
				h.wall.Look(context.Background())
			}
			r.refuses(false)
			h.wall.Post(time.Now().Add(time.Minute))
			h.wall.Post(time.Now().Add(time.Minute))
			words, _ := r.words()
			if got := len(words) != 1; got != twice {
				t.Fatalf("taken %v, twice: %v", words, twice)
			}
			if twice {
				return
			}
			for i, id := range r.ids {
				if id != r.ids[0] {
					t.Errorf("try %d is called %s, the first %s", i, id, r.ids[0])
				}
			}
			h.policy(r.URL, 1) // another secret
			h.Put(&event.Settings{CenterId: "shop", Alerts: &event.AlertPolicy{QueueOver: 5, Webhook: r.URL, Turn: 1}})
			again := h.look(t, "boss")
			again.until(t, "the end", func() bool { return len(again.alerts) == 0 })
			eventually(t, "word of the end", func() bool { h.wall.Post(time.Now()); w, _ := r.words(); return len(w) == 2 })
			if words, _ = r.words(); words[1] != "alert.over queue help" {
				t.Errorf("told %v", words)
			}
			eventually(t, "nothing left", func() bool { return h.wall.Posts() == 0 && h.wall.Up() == 0 })
		})
	}
}

// An account that is broken is told of after its time, and is over only when it
// has not been broken for a while; who may not see the account is told nothing.
func TestAlerts_ChannelThatFails(t *testing.T) {
	t.Parallel()
	h := open(t, wall.None, nil)
	h.Put(&event.Settings{Alerts: &event.AlertPolicy{FailingOver: durationpb.New(time.Second)}})
	boss, chief := h.look(t, "boss"), h.look(t, "chief")
	h.fare(accounts.Condition{AccountID: "safe", State: accounts.Broken, Error: "401"}, accounts.Condition{AccountID: "bot", State: accounts.Working})
	chief.until(t, "the alert", func() bool { return chief.alerts["channel/bank/safe"] != nil })
	if c := chief.channels["safe"]; c == nil || c.State != accounts.Broken || c.Error != "401" {
		t.Errorf("the account is shown as %v", c)
	}
	h.fare(accounts.Condition{AccountID: "safe", State: accounts.Working}, accounts.Condition{AccountID: "bot", State: accounts.Broken})
	boss.until(t, "our own alert", func() bool { return boss.alerts["channel/shop/bot"] != nil })
	if len(boss.alerts) != 1 || boss.channels["safe"] != nil {
		t.Errorf("Boss is shown %v and %v", boss.alerts, boss.channels)
	}
	if h.wall.Up() != 2 {
		t.Errorf("%d alerts are up; one that works for a second is not mended", h.wall.Up())
	}
}

// eventually waits until something is so.
func eventually(t *testing.T, what string, so func() bool) {
	t.Helper()
	tick := time.NewTicker(20 * time.Millisecond)
	defer tick.Stop()
	limit := time.After(20 * time.Second)
	for !so() {
		select {
		case <-tick.C:
		case <-limit:
			t.Fatalf("waiting for %s", what)
		}
	}
}
