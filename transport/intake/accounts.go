package intake

import (
	"encoding/json"
	"net/http"
	"sync"

	"crafttalkd/actors/event"
	"crafttalkd/actors/refusal"
	"crafttalkd/actors/system"
	"crafttalkd/channels"
)

// Accounts opens the channels of the directory's accounts, each once for every
// revision of its settings.
type Accounts struct {
	System   *system.System
	Registry channels.Registry
	// Secrets opens what an account keeps sealed for its channel.
	Secrets func(*event.Account) (json.RawMessage, error)
	Client  *http.Client // guarded
	Sink    channels.Sink

	mu   sync.Mutex // guards open
	open map[string]opened
}

type opened struct {
	channel  channels.Channel
	revision uint64
}

// Channel returns the channel of an account. It refuses an account that is not
// there, is switched off, or has settings that its kind can't work with.
func (a *Accounts) Channel(id string) (channels.Channel, error) {
	entry, ok := a.System.Directory.State().Accounts[id]
	switch {
	case !ok:
		return nil, refusal.New(refusal.NotFound, "there is no channel %q", id)
	case entry.Value.Disabled:
		return nil, refusal.New(refusal.Denied, "the channel is switched off")
	}
	a.mu.Lock()
	defer a.mu.Unlock()
	if o, ok := a.open[id]; ok && o.revision == entry.Revision {
		return o.channel, nil
	}
	secrets, err := a.Secrets(entry.Value)
	if err != nil {
		return nil, err
	}
	ch, err := a.Registry.Open(entry.Value.Kind, channels.Config{Account: id, Client: a.Client, Sink: a.Sink,
		Settings: json.RawMessage(entry.Value.Settings), Secrets: secrets})
	if err != nil {
		return nil, err
	}
	if a.open == nil {
		a.open = map[string]opened{}
	}
	a.open[id] = opened{ch, entry.Revision}
	return ch, nil
}
