package wall

import (
	"context"
	"crypto/rand"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"strconv"
	"sync"
	"time"

	"crafttalkd/actors/directory"
	"crafttalkd/actors/wall"
	"crafttalkd/channels/webhook"
	"crafttalkd/store"
)

// postRows is the table of what has to be posted still, the oldest first.
const postRows = "alert.post"

// A post is given up when it is so old that it is no news. What waits is
// bounded: of an address that never answers the oldest is given up.
const (
	stale     = 24 * time.Hour
	mostPosts = 1000
)

// A post is word of one alert to the address of its center.
type post struct {
	Key    string    `json:"-"`
	ID     string    `json:"id"` // the same with every try
	At     time.Time `json:"at"`
	Center string    `json:"center_id"`
	Body   []byte    `json:"body"`
	Tries  int       `json:"tries"`
	Next   time.Time `json:"next"`
}

// Posted is what is posted: the form of Standard Webhooks.
type Posted struct {
	Type      string      `json:"type" doc:"alert.raised or alert.over"`
	Timestamp time.Time   `json:"timestamp"`
	Data      PostedAlert `json:"data"`
}

// PostedAlert is the alert that a post is about.
type PostedAlert struct {
	AlertID   string    `json:"alert_id" doc:"the same when it is raised and when it is over"`
	Kind      string    `json:"kind" doc:"queue, waiting, unanswered or channel"`
	CenterID  string    `json:"center_id"`
	SubjectID string    `json:"subject_id" doc:"the line, the operator or the account"`
	Since     time.Time `json:"since" doc:"when it was raised"`
	Value     float64   `json:"value" doc:"conversations, or seconds, when it was raised"`
	Bound     float64   `json:"bound" doc:"by the settings of then"`
}

func newPost(what string, a wall.Alert, now time.Time) *post {
	now = now.UTC()
	body, err := json.Marshal(Posted{what, now, PostedAlert{a.Key() + "/" + strconv.FormatInt(a.Since.UnixMilli(), 10), a.Kind, a.Center,
		a.Subject, a.Since, a.Value, a.Bound}})
	if err != nil {
		panic(err) // it holds nothing but texts and numbers
	}
	id := "alert_" + rand.Text()
	return &post{Key: fmt.Sprintf("%019d/%s", now.UnixNano(), id), ID: id, At: now, Center: a.Center, Body: body, Next: now}
}

func (p *post) row() (store.Row, error) {
	value, err := json.Marshal(p)
	return store.Row{Table: postRows, Key: p.Key, Value: value}, err
}

// hooks posts alerts: of each center one at a time and in order, and none waits
// for another center's.
type hooks struct {
	wall *Wall
	all  sync.WaitGroup

	mu      sync.Mutex         // guards what follows
	read    bool               // what a former process left is in waiting
	waiting map[string][]*post // by center
	count   int
	busy    map[string]bool
}

// rows are those of posts that have an address; the others become none.
func (h *hooks) rows(d directory.State, posts []*post) (out []store.Row, err error) {
	for _, p := range posts {
		if h.wall.config.Client == nil || d.SettingsFor(p.Center).Alerts.GetWebhook() == "" {
			p.Key = ""
			continue
		}
		r, err := p.row()
		if err != nil {
			return nil, err
		}
		out = append(out, r)
	}
	return out, nil
}

// add has posts carried that are kept.
func (h *hooks) add(posts []*post) {
	h.mu.Lock()
	defer h.mu.Unlock()
	for _, p := range posts {
		if p.Key != "" && h.read {
			h.waiting[p.Center] = append(h.waiting[p.Center], p)
			h.count++
		}
	}
}

// send posts what is due.
func (h *hooks) send(ctx context.Context, d directory.State, now time.Time) {
	h.mu.Lock()
	defer h.mu.Unlock()
	if !h.read {
		if err := h.load(); err != nil {
			h.wall.config.Log.Error("wall: posts of alerts", "err", err)
			return
		}
	}
	for center, line := range h.waiting {
		if len(line) == 0 || h.busy[center] || line[0].Next.After(now) {
			continue
		}
		h.busy[center] = true
		p := line[0]
		h.all.Go(func() {
			after, err := h.try(ctx, d, p, now)
			h.settle(p, now, after, err)
		})
	}
}

// load reads what a former process left. The lock is held.
func (h *hooks) load() error {
	h.waiting, h.busy, h.count = map[string][]*post{}, map[string]bool{}, 0
	for row, err := range h.wall.config.Table.Scan(postRows, "") {
		if err != nil {
			return err
		}
		p := &post{Key: row.Key}
		if err := json.Unmarshal(row.Value, p); err != nil {
			return fmt.Errorf("post %q: %w", row.Key, err)
		}
		h.waiting[p.Center] = append(h.waiting[p.Center], p)
		h.count++
	}
	h.read = true
	return nil
}

// try posts once. No error is a post that was taken, or has no address any more;
// with one comes how long the receiver asks to be left alone.
func (h *hooks) try(ctx context.Context, d directory.State, p *post, now time.Time) (after time.Duration, err error) {
	address := d.SettingsFor(p.Center).Alerts.GetWebhook()
	if address == "" {
		return 0, nil
	}
	signers := []webhook.Signer{h.wall.signer(Signing(d, p.Center))}
	answer, err := webhook.Post(ctx, h.wall.config.Client, address, signers, p.ID, now, p.Body)
	if err != nil || webhook.Told(answer) {
		return 0, err
	}
	return webhook.RetryAfter(answer.Header, now), fmt.Errorf("the address answers %s", answer.Status)
}

// settle keeps what became of a try.
func (h *hooks) settle(p *post, now time.Time, after time.Duration, err error) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.busy[p.Center] = false
	done := err == nil
	if err != nil {
		p.Tries++
		p.Next = now.Add(webhook.BackOff(p.Tries, after))
		h.wall.config.Log.Warn("wall: an alert could not be posted", "center", p.Center, "post", p.ID, "tries", p.Tries, "err", err)
		done = now.Sub(p.At) > stale || h.count > mostPosts
	}
	r := store.Row{Table: postRows, Key: p.Key}
	if !done {
		if r, err = p.row(); err != nil {
			return
		}
	}
	if err := h.wall.config.Table.Put([]store.Row{r}, false); err != nil {
		h.wall.config.Log.Error("wall: posts of alerts", "err", err) // it is posted again
		return
	}
	if done {
		h.waiting[p.Center] = h.waiting[p.Center][1:]
		h.count--
	}
}

// wait waits until nothing is being posted.
func (h *hooks) wait() { h.all.Wait() }

// Signing names the secret that the alerts of a center are signed with: its own
// where it has a policy of its own, or the organisation's.
func Signing(d directory.State, center string) (owner string, turn int32) {
	if d.Settings[center].Value.GetAlerts() == nil {
		center = ""
	}
	return center, d.Settings[center].Value.GetAlerts().GetTurn()
}

// secretSize is how many bytes of a secret sign.
const secretSize = 32

func (w *Wall) signer(owner string, turn int32) webhook.Signer {
	return w.config.Key("alerts " + strconv.Itoa(int(turn)) + " " + owner)[:secretSize]
}

// Secret is what whoever takes the alerts of a center checks signatures with.
func (w *Wall) Secret(center string) string {
	return "whsec_" + base64.StdEncoding.EncodeToString(w.signer(Signing(w.directory(), center)))
}
