package channeltest

import (
	"bytes"
	"cmp"
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"testing/synctest"

	"crafttalkd/channels"
	"crafttalkd/channels/hook"
)

var update = flag.Bool("update", false, "write down what recorded calls of providers bring now")

// A Hook says how the provider of one kind of channel calls us.
type Hook struct {
	// Open makes a channel of c, adding settings and secrets.
	Open func(c channels.Config) (channels.Channel, error)
	// Sign makes a call genuine, by its headers.
	Sign func(r *http.Request, body []byte)
	// Forged are further ways in which a call is not genuine, by name; each makes
	// a genuine one false and returns its body.
	Forged map[string]func(r *http.Request, body []byte) []byte
	// Signed tells that a signature is over the body.
	Signed bool
	// Recorded is a directory with calls: NAME.json is the body, NAME.want what
	// comes of it, written by -update. There are text.json, one message that
	// says Text, and unknown.json, of a kind that the adapter does not know.
	// Where one call brings many, batch.json does, and one of its elements can't
	// be read.
	Recorded string
	// Text is what text.json says, as it is written there; "Привет" if empty.
	Text string
	// Address is who wrote text.json, as it is written there.
	Address string
	// Needed are the places in text.json, such as "message.chat.id", without
	// which nothing can be made of the message: then it is strange. What lies
	// below is needed too.
	Needed []string
	// Unmoved are places in text.json that make it another call if they change,
	// such as its kind. Then it must be answered well, and no more.
	Unmoved []string
	// Most is how large a body may be; [hook.Longest] if 0.
	Most int
	// Provider answers what the channel asks; nil if it asks nothing.
	Provider http.Handler
}

// RunWebhook tries everything that is true of every webhook.
func RunWebhook(t *testing.T, h Hook) {
	h = h.complete()
	for _, r := range hookRules {
		t.Run(r.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				if err := r.holds(h); err != nil {
					t.Error(err)
				}
			})
		})
	}
	all, err := filepath.Glob(filepath.Join(h.Recorded, "*.json"))
	if err != nil || len(all) == 0 {
		t.Errorf("no recorded calls in %s: %v", h.Recorded, err)
	}
	for _, name := range all {
		t.Run(strings.TrimSuffix(filepath.Base(name), ".json"), func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				if err := h.golden(name); err != nil {
					t.Error(err)
				}
			})
		})
	}
}

func (h Hook) complete() Hook {
	h.Text = cmp.Or(h.Text, "Привет")
	h.Most = cmp.Or(h.Most, hook.Longest)
	return h
}

// recorded is the body of a recorded call.
func (h Hook) recorded(name string) ([]byte, error) {
	return os.ReadFile(filepath.Join(h.Recorded, name+".json"))
}

// golden compares what a recorded call brings with what it should.
func (h Hook) golden(name string) error {
	body, err := os.ReadFile(name)
	if err != nil {
		return err
	}
	d, err := h.desk()
	if err != nil {
		return err
	}
	status := d.call(body)
	got := fmt.Sprintf("%d\n%s", status, d.told())
	want := strings.TrimSuffix(name, ".json") + ".want"
	if *update {
		return os.WriteFile(want, []byte(got), 0o644)
	}
	b, err := os.ReadFile(want)
	if err != nil {
		return err
	}
	if got != string(b) {
		return fmt.Errorf("%s brings\n%s, want\n%s", name, got, b)
	}
	return nil
}

// Token is the secret that the channel under test has for a purpose.
func Token(purpose string) string { return "6gG2-token_of_" + purpose + "-0a1b2c3d" }

// A desk is where a channel hands on what arrives.
type desk struct {
	Hook
	channel http.Handler

	mu      sync.Mutex // guards what follows
	events  []channels.Event
	strange []oddity
	sink    error         // what becomes of messages
	notify  error         // of notices
	odd     error         // of what is strange
	gate    chan struct{} // what arrives is kept when it is closed
}

// An oddity is an update that nobody understands.
type oddity struct {
	kind    string
	raw     string
	carries bool
}

// desk opens a channel that hands on to a new desk.
func (h Hook) desk() (*desk, error) {
	d := &desk{Hook: h, gate: make(chan struct{})}
	close(d.gate)
	client := Client(h.Provider)
	c, err := h.Open(channels.Config{
		Account: "shop", Client: client, Patient: client, Webhook: "https://desk.test/webhooks/kind/shop",
		Sink: d.take, Notify: d.note, Strange: d.wonder, Upload: d.upload, Shelf: &Shelf{}, Token: Token,
	})
	if err != nil {
		return nil, fmt.Errorf("Open: %w", err)
	}
	handler, ok := c.(http.Handler)
	if !ok {
		return nil, errors.New("the channel is no webhook")
	}
	d.channel = handler
	return d, nil
}

func (d *desk) take(_ context.Context, m channels.Inbound, done func(channels.Kept, error)) {
	d.mu.Lock()
	err, gate := d.sink, d.gate
	if err == nil {
		d.events = append(d.events, m)
	}
	d.mu.Unlock()
	go func() { <-gate; done(channels.Kept{}, err) }()
}

func (d *desk) note(_ context.Context, n channels.Notice, done func(error)) {
	d.mu.Lock()
	err, gate := d.notify, d.gate
	if err == nil {
		d.events = append(d.events, n)
	}
	d.mu.Unlock()
	go func() { <-gate; done(err) }()
}

func (d *desk) wonder(_ context.Context, kind string, raw []byte, carries bool) error {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.strange = append(d.strange, oddity{kind, string(raw), carries})
	return d.odd
}

func (d *desk) upload(_ context.Context, _ string, r io.Reader) (string, error) {
	n, err := io.Copy(io.Discard, r)
	return fmt.Sprintf("of-%d-bytes", n), err
}

// call makes a genuine call and returns the status of the answer.
func (d *desk) call(body []byte) int {
	r := d.genuine(body)
	return d.serve(r)
}

func (d *desk) genuine(body []byte) *http.Request {
	r := httptest.NewRequest(http.MethodPost, "https://desk.test/webhooks/kind/shop", bytes.NewReader(body))
	r.Header.Set("Content-Type", "application/json")
	d.Sign(r, body)
	return r
}

func (d *desk) serve(r *http.Request) int {
	w := httptest.NewRecorder()
	d.channel.ServeHTTP(w, r)
	return w.Code
}

// told is all that was handed on, as text.
func (d *desk) told() string {
	d.mu.Lock()
	defer d.mu.Unlock()
	var b strings.Builder
	for _, e := range d.events {
		b.WriteString(Show(e))
	}
	for _, o := range d.strange {
		fmt.Fprintf(&b, "strange %s", o.kind)
		if o.carries {
			b.WriteString(", with a message")
		}
		b.WriteString("\n")
	}
	return b.String()
}

// says tells whether one message was handed on, and says text.
func (d *desk) says(text string) bool {
	d.mu.Lock()
	defer d.mu.Unlock()
	n := 0
	for _, e := range d.events {
		if m, ok := e.(channels.Inbound); ok && m.Content != nil && m.Content.Text == text {
			n++
		}
	}
	return n == 1
}

// forget makes the desk empty.
func (d *desk) forget() {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.events, d.strange = nil, nil
}

// Client makes requests that h answers, without a network; nil answers none.
func Client(h http.Handler) *http.Client { return &http.Client{Transport: inMemory{h}} }

// inMemory answers requests without a network.
type inMemory struct{ h http.Handler }

func (m inMemory) RoundTrip(r *http.Request) (*http.Response, error) {
	if r.Body != nil {
		defer r.Body.Close()
	}
	if err := r.Context().Err(); err != nil {
		return nil, err
	}
	if m.h == nil {
		return nil, errors.New("the provider expects no requests")
	}
	w := httptest.NewRecorder()
	m.h.ServeHTTP(w, r)
	a := w.Result()
	a.Request = r
	return a, nil
}

// A Shelf is an adapter's shelf in memory.
type Shelf struct {
	mu   sync.Mutex // guards rows
	rows map[[2]string][]byte
}

// Get implements [channels.Shelf].
func (m *Shelf) Get(address, key string) ([]byte, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.rows[[2]string{address, key}], nil
}

// Put implements [channels.Shelf].
func (m *Shelf) Put(address, key string, value []byte) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.rows == nil {
		m.rows = map[[2]string][]byte{}
	}
	m.rows[[2]string{address, key}] = bytes.Clone(value)
	return nil
}
