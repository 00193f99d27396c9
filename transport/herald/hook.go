package herald

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/json"
	"fmt"
	"hash/fnv"
	"slices"
	"strings"
	"sync"
	"time"

	"crafttalkd/actors/event"
	"crafttalkd/actors/refusal"
	"crafttalkd/channels/webhook"
	"crafttalkd/store"
	"crafttalkd/transport/auth"
	"crafttalkd/transport/feed"
)

const (
	patience    = 24 * time.Hour // until a letter has failed
	hangs       = 15 * time.Second
	mostLetters = 64     // tried again; more wait in the journal
	mostFailed  = 10_000 // kept
	mostLogged  = 100
	pageSize    = 32
	lanes       = 4 // posts under way
	rest        = time.Minute
	breath      = 100 * time.Millisecond
)

// A hook tells one receiver.
type hook struct {
	herald *Herald
	id     string
	poke   chan struct{} // something has changed
	ended  context.Context
	end    context.CancelFunc

	mu      sync.Mutex // guards what follows
	webhook *event.Webhook
	at      feed.Cursor
	letters []letter
	failed  []string // keys, the oldest first
	last    uint64   // number given to a letter
	logged  int
	saved   time.Time // when the place was last kept
}

// open carries on where the hook ended, or begins with what happens from now on.
func (h *Herald) open(id string, w *event.Webhook) (*hook, error) {
	k := &hook{herald: h, id: id, webhook: w, poke: make(chan struct{}, 1)}
	k.ended, k.end = context.WithCancel(context.Background())
	cursor, err := h.Table.Get(places, id)
	if err != nil {
		return nil, fmt.Errorf("webhook %s: %w", id, err)
	}
	if k.at, err = h.Feed.Read(string(cursor)); err != nil {
		k.at = h.Feed.Now()
		if err := h.Table.Put([]store.Row{k.place()}, true); err != nil {
			return nil, fmt.Errorf("webhook %s: %w", id, err)
		}
	}
	count := func(key string) {
		var n uint64
		if _, err := fmt.Sscanf(key[len(id)+1:], "%x", &n); err == nil {
			k.last = max(k.last, n)
		}
	}
	if err := scan(h.Table, waiting, id, func(key string, l letter) {
		l.key = key
		k.letters = append(k.letters, l)
		count(key)
	}); err != nil {
		return nil, err
	}
	return k, scan(h.Table, failed, id, func(key string, _ letter) {
		k.failed = append(k.failed, key)
		count(key)
	})
}

func (k *hook) place() store.Row {
	return store.Row{Table: places, Key: k.id, Value: []byte(k.herald.Feed.Write(k.at))}
}

// change takes over a webhook as it is now.
func (k *hook) change(w *event.Webhook) {
	k.mu.Lock()
	k.webhook = w
	k.mu.Unlock()
	k.wake()
}

// stop ends the hook: nothing is kept for it from now on.
func (k *hook) stop() {
	k.mu.Lock()
	defer k.mu.Unlock()
	k.end()
}

func (k *hook) wake() {
	select {
	case k.poke <- struct{}{}:
	default:
	}
}

// now is the webhook as it is now, and the program that it is.
func (k *hook) now() (*event.Webhook, *event.User) {
	k.mu.Lock()
	defer k.mu.Unlock()
	return k.webhook, auth.Program("webhook:"+k.id, k.webhook)
}

// run tells until the hook ends or ctx is done.
func (k *hook) run(ctx context.Context) {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	defer context.AfterFunc(k.ended, cancel)()
	for ctx.Err() == nil {
		grown := k.herald.Feed.Grown()
		more, err := k.round(ctx)
		if err != nil && ctx.Err() == nil && refusal.KindOf(err) == 0 {
			k.herald.Log.Error("webhook", "id", k.id, "err", err)
		}
		if more && err == nil {
			continue
		}
		if err != nil || k.full() {
			grown = nil // there is nothing to do about what happens now
		}
		select {
		case <-ctx.Done():
		case <-k.poke:
		case <-grown: // facts come in bursts
			select {
			case <-ctx.Done():
			case <-time.After(breath):
			}
		case <-time.After(k.pause()):
		}
	}
}

// full reports whether there are as many letters as are tried again.
func (k *hook) full() bool {
	k.mu.Lock()
	defer k.mu.Unlock()
	return len(k.letters) >= mostLetters && k.herald.fault != insists
}

// pause is how long it takes until a letter is due.
func (k *hook) pause() time.Duration {
	k.mu.Lock()
	defer k.mu.Unlock()
	wait := rest
	for _, l := range k.letters {
		wait = min(wait, max(l.Next.Sub(k.herald.Now()), time.Millisecond))
	}
	return wait
}

// round posts what is due: letters first, and then what has happened. It tells
// whether there is more to do at once.
func (k *hook) round(ctx context.Context) (more bool, err error) {
	w, u := k.now()
	if err := k.again(ctx, u); err != nil || k.full() {
		return false, err
	}
	k.mu.Lock()
	q := feed.Question{User: u, Kinds: w.Kinds, From: k.at, Limit: pageSize}
	k.mu.Unlock()
	page, err := k.herald.Feed.Page(ctx, q)
	if err != nil {
		return false, err
	}
	done := k.carry(ctx, page.Items)
	if ctx.Err() != nil {
		return false, nil // it will be told again
	}
	return page.More, k.settle(page.Cursor, done)
}

// again posts the letters that are due.
func (k *hook) again(ctx context.Context, u *event.User) error {
	k.mu.Lock()
	var due []letter
	for _, l := range k.letters {
		if !l.Next.After(k.herald.Now()) {
			due = append(due, l)
		}
	}
	at := k.at
	k.mu.Unlock()
	if len(due) == 0 {
		return nil
	}
	var items []feed.Item
	for _, l := range due {
		item, ok, err := k.herald.Feed.Item(u, l.Stream, l.Version)
		if err != nil {
			return err
		}
		if !ok {
			item = feed.Item{ID: l.item()} // not to be told any more
		}
		items = append(items, item)
	}
	done := k.carry(ctx, items)
	if ctx.Err() != nil {
		return nil
	}
	return k.settle(at, done)
}

// An outcome is what came of one post.
type outcome struct {
	item    feed.Item
	taken   bool
	after   time.Duration // the receiver wants to be asked no sooner
	attempt Attempt
}

// carry posts items, those of one stream one after the other.
func (k *hook) carry(ctx context.Context, items []feed.Item) []outcome {
	out := make([]outcome, len(items))
	var going sync.WaitGroup
	for lane := range uint32(lanes) {
		going.Go(func() {
			for i, item := range items {
				h := fnv.New32a()
				h.Write([]byte(item.ID[:strings.LastIndexByte(item.ID, '@')]))
				if h.Sum32()%lanes != lane {
					continue
				}
				if item.Kind == "" {
					out[i] = outcome{item: item, taken: true}
				} else {
					out[i] = k.post(ctx, item)
				}
			}
		})
	}
	going.Wait()
	return out
}

// A told is the body of a post, as Standard Webhooks has it.
type told struct {
	Type      string    `json:"type"`
	Timestamp time.Time `json:"timestamp"`
	Data      feed.Item `json:"data"`
}

// post posts one item.
func (k *hook) post(ctx context.Context, item feed.Item) outcome {
	w, _ := k.now()
	begin := k.herald.Now()
	o := outcome{item: item, attempt: Attempt{At: begin.UTC(), Item: item.ID, Kind: item.Kind}}
	ctx, cancel := context.WithTimeout(ctx, hangs)
	defer cancel()
	err := k.ask(ctx, w, item, &o)
	o.attempt.Duration = k.herald.Now().Sub(begin)
	if o.taken = err == nil; !o.taken {
		o.attempt.Error = err.Error()
	}
	return o
}

func (k *hook) ask(ctx context.Context, w *event.Webhook, item feed.Item, o *outcome) error {
	signers, err := k.herald.Signers(w)
	if err != nil {
		return fmt.Errorf("open the secrets: %w", err)
	}
	var body bytes.Buffer
	e := json.NewEncoder(&body)
	e.SetEscapeHTML(false)
	if err := e.Encode(told{item.Kind, item.At, item}); err != nil {
		return fmt.Errorf("write the body: %w", err)
	}
	sum := sha256.Sum256([]byte(item.ID))
	answer, err := webhook.Post(ctx, k.herald.Client, w.Url, signers, fmt.Sprintf("evt_%x", sum[:16]), k.herald.Now(), bytes.TrimSpace(body.Bytes()))
	if err != nil {
		return err
	}
	o.attempt.Status = answer.StatusCode
	if webhook.Told(answer) {
		return nil
	}
	o.after = webhook.RetryAfter(answer.Header, k.herald.Now())
	return fmt.Errorf("the receiver answered %d", answer.StatusCode)
}

// settle keeps what came of some posts, and the place after them, in one write.
func (k *hook) settle(at feed.Cursor, done []outcome) error {
	k.mu.Lock()
	defer k.mu.Unlock()
	now := k.herald.Now()
	k.at = at
	if k.ended.Err() != nil || len(done) == 0 && now.Sub(k.saved) < rest {
		return nil // what was read and is not for this receiver is read again after a crash
	}
	k.saved = now
	rows := []store.Row{k.place()}
	taken := false
	for _, o := range done {
		i := slices.IndexFunc(k.letters, func(l letter) bool { return l.item() == o.item.ID })
		taken = taken || o.taken
		switch {
		case o.taken && i >= 0:
			rows = append(rows, store.Row{Table: waiting, Key: k.letters[i].key})
			k.letters = slices.Delete(k.letters, i, i+1)
		case !o.taken:
			rows = append(rows, k.later(i, &o, now)...)
		}
		if o.item.Kind != "" {
			rows = append(rows, rowOf(logs, fmt.Sprintf("%s/%02d", k.id, k.logged%mostLogged), o.attempt))
			k.logged++
		}
	}
	for i := range k.letters {
		if taken { // the receiver is there again
			k.letters[i].Next = now
		}
	}
	if k.herald.fault == forgets {
		k.letters, rows = nil, rows[:1]
	}
	return k.herald.Table.Put(rows, false)
}

// later keeps a letter for another try, or gives it up.
func (k *hook) later(i int, o *outcome, now time.Time) (rows []store.Row) {
	if i < 0 {
		k.last++
		stream, version := o.item.Stream, o.item.Version
		k.letters = append(k.letters, letter{key: fmt.Sprintf("%s/%016x", k.id, k.last), Stream: stream, Version: version, First: now})
		i = len(k.letters) - 1
	}
	l := &k.letters[i]
	l.Tries++
	l.Error = o.attempt.Error
	if l.Next = now.Add(webhook.BackOff(l.Tries, o.after)); now.Sub(l.First) < patience {
		o.attempt.Next = l.Next
		return []store.Row{rowOf(waiting, l.key, *l)}
	}
	rows = []store.Row{{Table: waiting, Key: l.key}, rowOf(failed, l.key, *l)}
	k.failed = append(k.failed, l.key)
	if len(k.failed) > mostFailed {
		rows = append(rows, store.Row{Table: failed, Key: k.failed[0]})
		k.failed = k.failed[1:]
	}
	k.letters = slices.Delete(k.letters, i, i+1)
	return rows
}

// resend makes letters again of what has failed.
func (k *hook) resend(items []string) (n int, err error) {
	k.mu.Lock()
	defer k.mu.Unlock()
	var rows []store.Row
	now := k.herald.Now()
	if err := scan(k.herald.Table, failed, k.id, func(key string, l letter) {
		if len(items) > 0 && !slices.Contains(items, l.item()) {
			return
		}
		l.key, l.Tries, l.First, l.Next = key, 0, now, now
		k.letters = append(k.letters, l)
		rows = append(rows, store.Row{Table: failed, Key: key}, rowOf(waiting, key, l))
		k.failed = slices.DeleteFunc(k.failed, func(f string) bool { return f == key })
		n++
	}); err != nil || n == 0 {
		return 0, err
	}
	k.wake()
	return n, k.herald.Table.Put(rows, true)
}
