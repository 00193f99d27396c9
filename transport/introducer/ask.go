package introducer

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"runtime/debug"
	"time"

	"crafttalkd/actors/customer"
	"crafttalkd/actors/event"
	"crafttalkd/actors/refusal"
	"crafttalkd/actors/shell"
	"crafttalkd/actors/system"
	"crafttalkd/channels"
)

// patience is how long a provider may think about who somebody is.
const patience = 30 * time.Second

// try introduces the customer of a job once.
func (i *Introducer) try(ctx context.Context, j *job) outcome {
	err := i.introduce(ctx, j)
	later, _ := errors.AsType[*channels.Later](err)
	switch kind := refusal.KindOf(err); {
	case err == nil, kind != 0 && kind != refusal.Busy && later == nil:
		return outcome{settled: true}
	case ctx.Err() == nil:
		i.Log.Debug("introducer: nobody was told", "task", j.key(), "err", err)
	}
	if later == nil {
		return outcome{}
	}
	return outcome{later: later.After, all: !later.Only}
}

// introduce tells the customer what the provider tells: the names at once, the
// picture when it is here.
func (i *Introducer) introduce(ctx context.Context, j *job) (err error) {
	defer func() {
		if p := recover(); p != nil {
			i.Log.Error("introducer: panic", "task", j.key(), "panic", p, "stack", string(debug.Stack()))
			err = refusal.New(refusal.Invalid, "the provider's answer could not be read")
		}
	}()
	a, err := i.address(j.task)
	if a == nil || err != nil {
		return err
	}
	if j.source == "" {
		j.source = i.Pictures.of(a)
	}
	said, err := system.Look(ctx, i.System, j.Stream, said)
	if err != nil {
		return err
	}
	fields, err := i.ask(ctx, a, said, j.source != "")
	if err != nil {
		return err
	}
	source := j.source
	if source == "" {
		source = fields[channels.Avatar]
	}
	delete(fields, channels.Avatar)
	if len(fields) > 0 {
		if err := i.tell(ctx, j.Stream, customer.Introduce{Address: a, Fields: fields}); err != nil {
			return err
		}
	}
	if source == "" || said.picture {
		return nil
	}
	return i.bring(ctx, j.task, a, source)
}

// address reads the address that a task is about; nil if it was erased.
func (i *Introducer) address(t task) (*event.Address, error) {
	for e, err := range i.Journal.Events(t.Stream, t.Version-1) {
		if err != nil {
			return nil, fmt.Errorf("read %s: %w", t.key(), err)
		}
		if a := addressOf(e.Event); a.GetAddress() != "" {
			return a, nil
		}
		break
	}
	return nil, nil
}

// known is what is said of a customer.
type known struct{ name, picture bool }

func said(s customer.State, _ uint64) known {
	_, picture := s.Fields[customer.Avatar]
	return known{customer.Name(s) != "", picture}
}

// ask asks the account's provider who is behind an address, as far as that is
// not known: the name, and where the picture is unless a message has told.
func (i *Introducer) ask(ctx context.Context, a *event.Address, said known, told bool) (map[string]string, error) {
	if said.name && (said.picture || told) && i.fault != curious {
		return nil, nil
	}
	ch, err := i.Open(a.AccountId)
	if err != nil {
		return nil, err
	}
	who, ok := ch.(channels.Introducer)
	if !ok {
		return nil, nil
	}
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	fields, err := who.Introduce(ctx, a.Address)
	return maps.Clone(fields), err
}

// bring brings the picture, and tells the customer.
func (i *Introducer) bring(ctx context.Context, t task, a *event.Address, source string) error {
	if i.Admit != nil {
		if err := i.Admit(); err != nil {
			return err
		}
	}
	hash, err := i.Fetch(ctx, a.AccountId, t.Stream[len(event.CustomerStream):], source)
	if err != nil {
		return err
	}
	return i.tell(ctx, t.Stream, customer.Introduce{Address: a, Avatar: hash})
}

// tell tells a customer, and waits until it is kept.
func (i *Introducer) tell(ctx context.Context, stream string, c customer.Introduce) error {
	answered := make(chan error, 1)
	i.System.Tell(stream, c, func(a shell.Answer) { answered <- a.Err })
	select {
	case err := <-answered:
		return err
	case <-ctx.Done():
		return ctx.Err()
	}
}
