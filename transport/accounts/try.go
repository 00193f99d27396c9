package accounts

import (
	"context"
	"time"

	"crafttalkd/actors/refusal"
	"crafttalkd/channels"
)

// probeTime is how long a provider may take to say who we are.
const probeTime = 20 * time.Second

// ErrNoProbe says that there is no provider who could be asked.
var ErrNoProbe = refusal.New(refusal.Conflict, "channels of this kind can't be tested")

// Probe asks the provider who the account is, whether it is switched on or not.
func (a *Accounts) Probe(ctx context.Context, id string) (channels.Identity, error) {
	ch, err := a.any(id)
	if err != nil {
		return channels.Identity{}, err
	}
	p, ok := ch.(channels.Prober)
	if !ok {
		return channels.Identity{}, ErrNoProbe
	}
	ctx, cancel := context.WithTimeout(ctx, probeTime)
	defer cancel()
	var who channels.Identity
	err = guarded(func() (err error) { who, err = p.Probe(ctx); return err })
	return who, err
}

// Link makes the address that binds who follows it, or "" if the kind has none.
func (a *Accounts) Link(ctx context.Context, id, token string) (string, error) {
	ch, err := a.Channel(id)
	if err != nil {
		return "", err
	}
	l, ok := ch.(channels.Linker)
	if !ok {
		return "", nil
	}
	ctx, cancel := context.WithTimeout(ctx, probeTime)
	defer cancel()
	var link string
	err = guarded(func() (err error) { link, err = l.Link(ctx, token); return err })
	return link, err
}

// any returns the channel of an account, switched on or off.
func (a *Accounts) any(id string) (channels.Channel, error) {
	of := a.Directory.State().Account(id)
	if of == nil {
		return nil, refusal.New(refusal.NotFound, "there is no account %q", id)
	}
	if _, ok := a.Registry[of.Kind]; !ok {
		return nil, ErrNoProbe
	}
	return a.opened(id, of)
}
