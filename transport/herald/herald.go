package herald

import (
	"context"
	"log/slog"
	"net/http"
	"strings"
	"sync"
	"time"

	"crafttalkd/actors/directory"
	"crafttalkd/actors/event"
	"crafttalkd/actors/refusal"
	"crafttalkd/channels/webhook"
	"crafttalkd/store"
	"crafttalkd/transport/feed"
)

// A Directory is the organisation, and tells when it changes.
type Directory interface {
	State() directory.State
	Wait(ctx context.Context, version uint64) error
}

// Config is what a herald is made of.
type Config struct {
	Feed      *feed.Feed
	Table     store.Table
	Directory Directory
	// Signers opens what a webhook's posts are signed with.
	Signers func(*event.Webhook) ([]webhook.Signer, error)
	Client  *http.Client // which guards where it goes
	Now     func() time.Time
	Log     *slog.Logger

	fault fault
}

// A fault is a deliberate mistake that a test must be able to see.
type fault int

const (
	none    fault = iota
	forgets       // drops what was not taken
	insists       // knows no bound of letters
)

// A Herald runs the webhooks of the directory.
type Herald struct {
	Config
	mu    sync.Mutex // guards hooks
	hooks map[string]*hook
}

// New returns a herald.
func New(c Config) *Herald { return &Herald{Config: c, hooks: map[string]*hook{}} }

// Run tells until ctx is done.
func (h *Herald) Run(ctx context.Context) error {
	var running sync.WaitGroup
	defer running.Wait()
	for {
		d := h.Directory.State()
		for id, e := range d.Webhooks {
			if e.Value.Disabled {
				continue
			}
			k, fresh, err := h.hook(id, e.Value)
			if err != nil {
				return err
			}
			if fresh {
				running.Go(func() { k.run(ctx) })
			}
		}
		if err := h.leave(d); err != nil {
			return err
		}
		if h.Directory.Wait(ctx, d.Version+1) != nil {
			return nil
		}
	}
}

// hook returns the running hook of a webhook, which it tells what has changed.
func (h *Herald) hook(id string, w *event.Webhook) (k *hook, fresh bool, err error) {
	h.mu.Lock()
	defer h.mu.Unlock()
	if k = h.hooks[id]; k != nil {
		k.change(w)
		return k, false, nil
	}
	if k, err = h.open(id, w); err == nil {
		h.hooks[id] = k
	}
	return k, true, err
}

// leave ends the hooks that are switched off or taken out. What was kept for one
// that is switched off is forgotten but its log and what has failed; of one that
// is taken out, all.
func (h *Herald) leave(d directory.State) error {
	h.mu.Lock()
	for id, k := range h.hooks {
		if w := d.Webhooks[id].Value; w == nil || w.Disabled {
			k.stop()
			delete(h.hooks, id)
		}
	}
	h.mu.Unlock()
	var gone []store.Row
	for _, table := range []string{places, waiting, failed, logs} {
		for row, err := range h.Table.Scan(table, "") {
			if err != nil {
				return err
			}
			id, _, _ := strings.Cut(row.Key, "/")
			w := d.Webhooks[id].Value
			if w == nil || w.Disabled && (table == places || table == waiting) {
				gone = append(gone, store.Row{Table: table, Key: row.Key})
			}
		}
	}
	if len(gone) == 0 {
		return nil
	}
	return h.Table.Put(gone, false)
}

// running returns the hook of a webhook that is switched on.
func (h *Herald) running(id string) (*hook, error) {
	h.mu.Lock()
	defer h.mu.Unlock()
	if k := h.hooks[id]; k != nil {
		return k, nil
	}
	return nil, refusal.New(refusal.Conflict, "the webhook %q is switched off", id)
}

// Resend tries what has failed again: the items of these ids, or with none all.
// It returns how many there are.
func (h *Herald) Resend(id string, items []string) (int, error) {
	k, err := h.running(id)
	if err != nil {
		return 0, err
	}
	return k.resend(items)
}

// Try posts a test to a webhook's receiver, once.
func (h *Herald) Try(ctx context.Context, w *event.Webhook) Attempt {
	k := &hook{herald: h, webhook: w}
	now := h.Now().UTC()
	return k.post(ctx, feed.Item{ID: "test " + now.Format(time.RFC3339Nano), At: now, Kind: "test", Stream: "webhook/" + w.WebhookId, Fact: []byte("{}")}).attempt
}
