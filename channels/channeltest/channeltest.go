package channeltest

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"
	"unicode/utf8"

	"crafttalkd/actors/event"
	"crafttalkd/actors/refusal"
	"crafttalkd/channels"
)

// A Fixture says how one kind of channel and its provider speak.
type Fixture struct {
	// Open makes a channel whose provider is at url, an http:// address.
	Open func(url string, client *http.Client) (channels.Channel, error)
	// Read takes the message out of a call that carries one. Ok is false for
	// calls that only prepare, such as one for a token.
	Read func(Call) (m Seen, ok bool)
	// Accept answers a call well, naming the message External.
	Accept   http.HandlerFunc
	External string
	// Throttle answers that there were too many calls, and when to call again;
	// nil if the provider does not say when.
	Throttle func(w http.ResponseWriter, after time.Duration)
	// Refuse answers that this customer can't be written to, for good.
	Refuse http.HandlerFunc
	// Address is one to write to; "client-1" if empty.
	Address string
	// Abilities are those of the kind: messages are parted by them before they
	// are delivered, and what they claim is tried.
	Abilities channels.Abilities
	// Revoke answers that the account's token is no good; nil if the provider
	// has no such answer.
	Revoke http.HandlerFunc
	// File takes the bytes of a file out of a call that brings one, be it with
	// the message or before it; nil if files go in no other way than by links.
	File func(Call) (b []byte, ok bool)
	// Valued tells that buttons carry their own values instead of references.
	Valued bool
	// Spoken tells that a press of a button says its caption.
	Spoken bool
	// Secrets are words that no error may tell.
	Secrets []string
}

// Seen is what the provider saw of a message.
type Seen struct {
	Key     string // by which it knows a repetition; empty if it takes none
	Text    string // or caption
	Buttons []*event.Button
	Links   []string // where the provider may fetch files, see [channels.Abilities.Linked]
	Place   *event.Location
	Ask     event.Ask
}

// A rule is one thing that is true of every adapter.
type rule struct {
	name  string
	holds func(*trial) error
}

var rules = []rule{
	{"an accepted message has a name", accepted},
	{"a refusal is final", refused},
	{"a failure of the provider is not final", broken},
	{"the provider's hint is passed on", throttled},
	{"a provider that hangs is given up", hanging},
	{"a message that did not leave is not unsure", notConnected},
	{"a line cut before reading is not final", cutBefore},
	{"a line cut after reading is unsure without a key", cutAfter},
	{"a cancelled delivery ends", cancelled},
	{"an answer without end is not read to it", endless},
	{"the key is the same on every try", keys},
	{"messages are delivered in order", ordered},
	{"text arrives as it was written", texts},
	{"nothing of a long text is lost silently", long},
	{"a preparation that fails is not unsure", unprepared},
	{"a revoked token breaks the account", revoked},
	{"buttons carry references", buttons},
	{"a customer can be asked", asks},
	{"a place arrives", places},
	{"files arrive", files},
	{"a file that can't be read is worth another try", unreadable},
}

// Run tries everything that is true of every adapter.
func Run(t *testing.T, f Fixture) {
	for _, r := range rules {
		t.Run(r.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				if err := try(f, r); err != nil {
					t.Error(err)
				}
			})
		})
	}
}

// try plays one rule with a fresh provider and channel.
func try(f Fixture, r rule) error {
	if f.Address == "" {
		f.Address = "client-1"
	}
	p := newProvider()
	p.prepares = func(c Call) bool { _, ok := f.Read(c); return !ok }
	p.accept = behaviour(f.Accept)
	defer p.close()
	p.play(behaviour(f.Accept))
	channel, err := f.Open("http://provider.test", p.client)
	if err != nil {
		return fmt.Errorf("Open: %w", err)
	}
	x := &trial{Fixture: f, provider: p, channel: channel}
	if err := r.holds(x); err != nil {
		return err
	}
	return x.told()
}

// A trial is one channel and its provider.
type trial struct {
	Fixture
	*provider
	channel channels.Channel
	errs    []error
	files   drawer
}

// give delivers a message of a conversation in the parts that fit, and stops at
// the first error.
func (x *trial) give(ctx context.Context, conversation string, n int, c *event.Content) (id string, err error) {
	for part, content := range x.Abilities.Fit(c) {
		id, err = x.channel.Deliver(ctx, channels.Outbound{
			Conversation: conversation, Address: x.Address, ID: fmt.Sprintf("m%d", n), Part: part,
			Key: fmt.Sprintf("%s/m%d/%d", conversation, n, part), Content: content,
			At: time.Date(2030, 1, 2, 3, 4, 5, 0, time.UTC), Open: x.open,
		})
		if err != nil {
			x.errs = append(x.errs, err)
			return id, err
		}
	}
	return id, nil
}

// send delivers the n'th message of a conversation.
func (x *trial) send(n int, c *event.Content) (string, error) {
	return x.give(context.Background(), "c1.1", n, c)
}

func (x *trial) deliver(n int, text string) (string, error) {
	return x.send(n, &event.Content{Text: text})
}

// idempotent tells whether the channel claims that repetition does no harm.
func (x *trial) idempotent() bool {
	i, ok := x.channel.(channels.Idempotent)
	return ok && i.Idempotent()
}

// messages are the messages that the provider has seen.
func (x *trial) messages() (out []Seen) {
	for _, c := range x.seen() {
		if m, ok := x.Read(c); ok {
			out = append(out, m)
		}
	}
	return out
}

// told says whether an error told a secret.
func (x *trial) told() error {
	for _, err := range x.errs {
		for _, secret := range x.Secrets {
			if strings.Contains(err.Error(), secret) {
				return fmt.Errorf("the error %q tells the secret %q", err, secret)
			}
		}
	}
	return nil
}

// mayTryAgain checks that err leaves the message to be tried again.
func mayTryAgain(err error) error {
	_, unsure := errors.AsType[*channels.Unsure](err)
	switch {
	case err == nil:
		return errors.New("Deliver = nil, want an error")
	case refusal.KindOf(err) != 0:
		return fmt.Errorf("Deliver = %v, a refusal; want an error that is worth another try", err)
	case unsure:
		return fmt.Errorf("Deliver = %v, unsure; want an error that is worth another try", err)
	}
	return nil
}

// lost checks the outcome of a call that was read and not answered.
func (x *trial) lost(err error) error {
	if x.idempotent() {
		return mayTryAgain(err)
	}
	if _, ok := errors.AsType[*channels.Unsure](err); !ok {
		return fmt.Errorf("Deliver = %v, want it to be unsure: the request left and repeating it does harm", err)
	}
	return nil
}

func accepted(x *trial) error {
	id, err := x.deliver(1, "hello")
	if err != nil || id != x.External {
		return fmt.Errorf("Deliver = %q, %v, want %q", id, err, x.External)
	}
	if n := len(x.messages()); n != 1 {
		return fmt.Errorf("the provider saw %d messages, want 1", n)
	}
	return nil
}

func refused(x *trial) error {
	x.play(behaviour(x.Refuse))
	_, err := x.deliver(1, "hello")
	if refusal.KindOf(err) == 0 {
		return fmt.Errorf("Deliver = %v, want a refusal", err)
	}
	return nil
}

func broken(x *trial) error {
	for _, status := range []int{500, 502, 503, 504} {
		x.play(behaviour(x.Accept), answer(status))
		_, err := x.deliver(1, "hello")
		if err := mayTryAgain(err); err != nil {
			return fmt.Errorf("after status %d: %w", status, err)
		}
		if id, err := x.deliver(1, "hello"); err != nil || id != x.External {
			return fmt.Errorf("after status %d once, Deliver = %q, %v", status, id, err)
		}
	}
	return nil
}

func throttled(x *trial) error {
	if x.Throttle == nil {
		x.play(answer(http.StatusTooManyRequests))
		_, err := x.deliver(1, "hello")
		return mayTryAgain(err)
	}
	for _, after := range []time.Duration{time.Second, 7 * time.Second, 5 * time.Minute} {
		x.play(func(w http.ResponseWriter, _ *http.Request) { x.Throttle(w, after) })
		_, err := x.deliver(1, "hello")
		if err := mayTryAgain(err); err != nil {
			return err
		}
		if got := channels.LaterIn(err); got != after {
			return fmt.Errorf("LaterIn(%v) = %v, want %v", err, got, after)
		}
	}
	return nil
}

func hanging(x *trial) error {
	x.play(x.hang)
	begin := time.Now()
	_, err := x.deliver(1, "hello")
	if took := time.Since(begin); took > 2*time.Minute {
		return fmt.Errorf("Deliver took %v", took)
	}
	return x.lost(err)
}

func notConnected(x *trial) error {
	x.mu.Lock()
	x.refuses = true
	x.mu.Unlock()
	_, err := x.deliver(1, "hello")
	return mayTryAgain(err)
}

func cutBefore(x *trial) error {
	x.mu.Lock()
	x.deaf = true
	x.mu.Unlock()
	_, err := x.deliver(1, "hello")
	if err == nil || refusal.KindOf(err) != 0 {
		return fmt.Errorf("Deliver = %v, want an error that is no refusal", err)
	}
	return nil
}

func cutAfter(x *trial) error {
	x.play(x.reset)
	_, err := x.deliver(1, "hello")
	return x.lost(err)
}

func cancelled(x *trial) error {
	x.play(x.hang)
	ctx, cancel := context.WithTimeout(context.Background(), time.Second)
	defer cancel()
	begin := time.Now()
	_, err := x.give(ctx, "c1.1", 1, &event.Content{Text: "hello"})
	if took := time.Since(begin); took > 2*time.Second {
		return fmt.Errorf("Deliver took %v after it was cancelled", took)
	}
	return x.lost(err)
}

func endless(x *trial) error {
	x.play(x.provider.endless)
	x.deliver(1, "hello")
	synctest.Wait()
	x.mu.Lock()
	defer x.mu.Unlock()
	if x.flooded {
		return fmt.Errorf("Deliver read %d bytes of an answer", flood)
	}
	return nil
}

func keys(x *trial) error {
	x.play(behaviour(x.Accept), answer(500), x.reset)
	for range 3 {
		x.deliver(1, "hello")
	}
	x.deliver(2, "hello")
	if _, err := x.give(context.Background(), "c2.1", 1, &event.Content{Text: "hello"}); err != nil {
		return err
	}
	m := x.messages()
	if len(m) != 5 {
		return fmt.Errorf("the provider saw %d messages, want 5", len(m))
	}
	if !x.idempotent() {
		return nil
	}
	switch {
	case m[0].Key == "" || m[1].Key != m[0].Key || m[2].Key != m[0].Key:
		return fmt.Errorf("the keys of three tries are %q, %q, %q, want one", m[0].Key, m[1].Key, m[2].Key)
	case m[3].Key == m[0].Key:
		return fmt.Errorf("another message has the same key %q", m[3].Key)
	case m[4].Key == m[0].Key:
		return fmt.Errorf("a message of another conversation has the same key %q", m[4].Key)
	}
	return nil
}

func ordered(x *trial) error {
	var want []string
	for n := range 10 {
		text := fmt.Sprintf("message %d", n)
		if _, err := x.deliver(n, text); err != nil {
			return err
		}
		want = append(want, text)
	}
	var got []string
	for _, m := range x.messages() {
		got = append(got, m.Text)
	}
	if !slices.Equal(got, want) {
		return fmt.Errorf("the provider saw %q, want %q", got, want)
	}
	return nil
}

func texts(x *trial) error {
	for n, text := range []string{
		"Привет, 👩‍👩‍👧 и 🏳️‍🌈", "שלום עולם", "مرحبا \u202bRTL\u202c", "日本語", "e\u0301", "a\nb\r\nc\td",
		`<b>"quotes" & \ 'marks'</b>`, "%s %d %%", "* _ ` [x](y)", "NUL:\x00:", "surrogate:\ufffd:", " ends in blanks ",
	} {
		before := len(x.messages())
		if _, err := x.deliver(n, text); err != nil {
			return fmt.Errorf("Deliver(%q) = %w", text, err)
		}
		var got strings.Builder
		for _, m := range x.messages()[before:] {
			got.WriteString(m.Text)
		}
		switch {
		case !utf8.ValidString(got.String()):
			return fmt.Errorf("Deliver(%q) sent %q, which is not UTF-8", text, got.String())
		case visible(got.String()) != visible(text):
			return fmt.Errorf("Deliver(%q) sent %q", text, got.String())
		}
	}
	return nil
}

// visible is s without what a provider may drop.
func visible(s string) string {
	return strings.TrimSpace(strings.NewReplacer("\x00", "", "\ufffd", "", "\r\n", "\n").Replace(s))
}

func long(x *trial) error {
	most := x.Abilities.Text
	if most == 0 {
		most = 32_000
	}
	for n, size := range []int{most, most + 1, 3 * most} {
		text := strings.Repeat("я", size)
		before := len(x.messages())
		_, err := x.deliver(n, text)
		if refusal.KindOf(err) != 0 && x.Abilities.Text == 0 && size > most {
			continue // told, and so not lost silently
		}
		if err != nil {
			return fmt.Errorf("Deliver of %d characters = %w", size, err)
		}
		var got strings.Builder
		keys := map[string]bool{}
		for i, m := range x.messages()[before:] {
			if k := utf8.RuneCountInString(m.Text); x.Abilities.Text > 0 && k > x.Abilities.Text {
				return fmt.Errorf("%d characters in one message, more than %d", k, x.Abilities.Text)
			}
			if keys[m.Key] = true; x.idempotent() && len(keys) != i+1 {
				return fmt.Errorf("two parts of a message have the key %q", m.Key)
			}
			got.WriteString(m.Text)
		}
		if got.String() != text {
			return fmt.Errorf("%d characters of %d arrived", utf8.RuneCountInString(got.String()), size)
		}
	}
	return nil
}
