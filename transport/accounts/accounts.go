/*
Package accounts is the life of our accounts with providers: a Telegram bot, a
mailbox, a third party's key.

	directory --every change--> tend: polls, or tells the provider our address
	provider  --/webhooks/KIND/ACCOUNT--> channel --> the door
	courier   --> channel --> provider

A channel is made of an account's settings when somebody needs it, and made anew
when they have changed. Each account is tended apart, so one that does not work
delays no other. What happens to an account is remembered here, since the start
of the server, and shown to administrators as its [Condition].
*/
package accounts

import (
	"bytes"
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"io"
	"log/slog"
	"net/http"
	"net/url"
	"sync"
	"time"

	"crafttalkd/actors/directory"
	"crafttalkd/actors/event"
	"crafttalkd/actors/refusal"
	"crafttalkd/channels"
	"crafttalkd/transport/egress"
)

// Config is what accounts are opened with.
type Config struct {
	Directory Directory
	Registry  channels.Registry
	// Secrets opens what an account keeps sealed for its channel.
	Secrets func(*event.Account) (json.RawMessage, error)
	Ways    *egress.Ways
	Sink    channels.Sink
	Notify  func(ctx context.Context, n channels.Notice, done func(error))
	// Keep keeps an update that nobody understands and that carries a message.
	Keep func(account, kind string, raw []byte) error
	// Upload keeps a file for an address.
	Upload func(ctx context.Context, account, address string, r io.Reader) (id string, err error)
	Shelf  *Shelves
	Key    []byte // that the accounts' own secrets are made with
	Public string // where the world finds the server; empty for nowhere
	// Standing tells how the messages to an account's customers fare.
	Standing func(account string) Standing
	Now      func() time.Time
	Log      *slog.Logger
}

// A Directory is where the accounts are written down.
type Directory interface {
	State() directory.State
	Wait(ctx context.Context, version uint64) error
}

// Accounts opens accounts and tends them.
type Accounts struct {
	Config

	mu      sync.Mutex // guards what follows
	open    map[string]opened
	records map[string]*record
}

type opened struct {
	of      *event.Account
	channel channels.Channel
	way     egress.Way
}

// New returns the accounts of the directory. Nothing happens to them before
// [Accounts.Run].
func New(c Config) *Accounts {
	return &Accounts{Config: c, open: map[string]opened{}, records: map[string]*record{}}
}

// Channel returns the account's channel as it is now. Denied and NotFound say
// that there is none.
func (a *Accounts) Channel(id string) (channels.Channel, error) {
	of, err := a.on(id)
	if err != nil {
		return nil, err
	}
	return a.opened(id, of)
}

// on is an account that is switched on.
func (a *Accounts) on(id string) (*event.Account, error) {
	of := a.Directory.State().Account(id)
	switch {
	case of == nil:
		return nil, refusal.New(refusal.NotFound, "there is no channel %q", id)
	case of.Disabled:
		return nil, refusal.New(refusal.Denied, "the channel is switched off")
	}
	return of, nil
}

// Client returns what the account's own requests are made with.
func (a *Accounts) Client(id string) (*http.Client, error) {
	if _, err := a.Channel(id); err != nil {
		return nil, err
	}
	a.mu.Lock()
	defer a.mu.Unlock()
	return a.open[id].way.Client, nil
}

// opened returns the channel of an account, switched on or off.
func (a *Accounts) opened(id string, of *event.Account) (channels.Channel, error) {
	a.mu.Lock()
	defer a.mu.Unlock()
	before, ok := a.open[id]
	if ok && before.of == of {
		return before.channel, nil
	}
	secrets, err := a.Secrets(of)
	if err != nil {
		return nil, err
	}
	ch, way, err := a.make(id, of.Kind, json.RawMessage(of.Settings), secrets, nil)
	if err != nil {
		return nil, err
	}
	if ok {
		before.way.Close()
	}
	a.open[id] = opened{of, ch, way}
	return ch, nil
}

// Check refuses an account that its kind could not work with.
func (a *Accounts) Check(id, kind string, settings, secrets json.RawMessage) error {
	_, way, err := a.make(id, kind, settings, secrets, nil)
	if err == nil {
		way.Close()
	}
	return err
}

// make makes a channel. What is about the network is taken out of what the
// adapter sees; but, if not nil, changes the rest.
func (a *Accounts) make(id, kind string, settings, secrets json.RawMessage, but func(*channels.Config)) (channels.Channel, egress.Way, error) {
	settings, secrets, network, err := split(settings, secrets)
	if err != nil {
		return nil, egress.Way{}, err
	}
	way, err := a.Ways.Way(network)
	if err != nil {
		return nil, egress.Way{}, err
	}
	c := channels.Config{Account: id, Settings: settings, Secrets: secrets,
		Client: way.Client, Patient: way.Patient, Dial: way.Dial, Roots: way.Roots,
		Sink: a.sink(id), Notify: a.notify(id), Strange: a.strange(id), Webhook: a.webhook(kind, id), Token: a.token(id),
		Upload: func(ctx context.Context, address string, r io.Reader) (string, error) {
			return a.Upload(ctx, id, address, r)
		},
		Shelf: a.Shelf.of(id), Now: a.Now}
	if but != nil {
		but(&c)
	}
	ch, err := a.Registry.Open(kind, c)
	return ch, way, err
}

// longestAsk is how many characters may ask for the phone number.
const longestAsk = 1000

// split takes what is the same for all kinds out of settings and secrets: what
// is about the network, and what asks for the phone number. What is no
// object is left to the adapter, who knows how to complain.
func split(settings, secrets json.RawMessage) (json.RawMessage, json.RawMessage, egress.Network, error) {
	var n egress.Network
	raw, settings := take(settings, "network")
	if raw != nil {
		d := json.NewDecoder(bytes.NewReader(raw))
		d.DisallowUnknownFields()
		if err := d.Decode(&n); err != nil {
			return nil, nil, n, refusal.Of("settings.network", "proxy and ca are known here, and both are texts")
		}
	}
	var ask string
	if raw, settings = take(settings, "ask_phone"); raw != nil && (json.Unmarshal(raw, &ask) != nil || len([]rune(ask)) > longestAsk) {
		return nil, nil, n, refusal.Of("settings.ask_phone", "a text of at most %d characters is needed; an empty one asks nobody", longestAsk)
	}
	raw, secrets = take(secrets, "proxy_password")
	if raw != nil && json.Unmarshal(raw, &n.Password) != nil {
		return nil, nil, n, refusal.Of("secrets.proxy_password", "a text is needed")
	}
	return settings, secrets, n, nil
}

// take returns a field of an object, and the object without it.
func take(object json.RawMessage, field string) (value, rest json.RawMessage) {
	var all map[string]json.RawMessage
	if json.Unmarshal(object, &all) != nil || all[field] == nil {
		return nil, object
	}
	value = all[field]
	delete(all, field)
	rest, err := json.Marshal(all)
	if err != nil {
		panic(err) // it was JSON before
	}
	return value, rest
}

// webhook is where the world finds the webhook of an account, or "".
func (a *Accounts) webhook(kind, id string) string {
	k, ok := a.Registry[kind]
	if a.Public == "" || !ok || k.Keyed || !k.Abilities.Webhook {
		return ""
	}
	return a.Public + "/webhooks/" + url.PathEscape(kind) + "/" + url.PathEscape(id)
}

// token makes the secrets of an account that nobody has to invent.
func (a *Accounts) token(id string) func(purpose string) string {
	return func(purpose string) string {
		mac := hmac.New(sha256.New, a.Key)
		mac.Write([]byte(id + "\x00" + purpose))
		return base64.RawURLEncoding.EncodeToString(mac.Sum(nil))
	}
}

// sink remembers that something came.
func (a *Accounts) sink(id string) channels.Sink {
	return func(ctx context.Context, m channels.Inbound, done func(channels.Kept, error)) {
		a.Sink(ctx, m, func(k channels.Kept, err error) {
			if err == nil {
				a.record(id).came(a.Now())
			}
			done(k, err)
		})
	}
}

func (a *Accounts) notify(id string) func(context.Context, channels.Notice, func(error)) {
	return func(ctx context.Context, n channels.Notice, done func(error)) {
		a.Notify(ctx, n, func(err error) {
			if err == nil {
				a.record(id).came(a.Now())
			}
			done(err)
		})
	}
}

// strange counts what nobody understands, and keeps what must not be lost.
func (a *Accounts) strange(id string) func(context.Context, string, []byte, bool) error {
	return func(_ context.Context, kind string, raw []byte, carries bool) error {
		kind = a.record(id).wondered(kind)
		if !carries {
			return nil
		}
		a.Log.Warn("a message that nobody understands is in the error queue", "account", id, "kind", kind)
		return a.Keep(id, kind, raw)
	}
}

func (a *Accounts) record(id string) *record {
	a.mu.Lock()
	defer a.mu.Unlock()
	r := a.records[id]
	if r == nil {
		r = &record{}
		a.records[id] = r
	}
	return r
}
