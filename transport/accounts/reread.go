package accounts

import (
	"context"
	"encoding/json"
	"sync"
	"time"

	"crafttalkd/actors/refusal"
	"crafttalkd/channels"
)

// Reread gives an account's channel, as it is now, an update once more that
// nobody understood when it came. An error says that it could not be tried now;
// then nothing is known of it, and some of what it says may be kept already.
func (a *Accounts) Reread(ctx context.Context, id string, raw []byte, came time.Time) (channels.Reading, error) {
	of, err := a.on(id)
	if err != nil {
		return channels.Reading{}, err
	}
	secrets, err := a.Secrets(of)
	if err != nil {
		return channels.Reading{}, err
	}
	r := &rereading{came: came}
	ch, way, err := a.make(id, of.Kind, json.RawMessage(of.Settings), secrets, func(c *channels.Config) {
		c.Sink, c.Notify, c.Strange = r.sink(a.Sink), r.notify(a.Notify), r.wonder
	})
	if err != nil {
		return channels.Reading{}, err
	}
	defer way.Close()
	again, ok := ch.(channels.Rereader)
	if !ok {
		return channels.Reading{Odd: "channels of this kind read nothing again"}, nil
	}
	err = guarded(func() error { return again.Reread(ctx, raw) })
	if refusal.KindOf(err) == refusal.Conflict {
		return channels.Reading{Odd: err.Error()}, nil
	}
	if err != nil {
		return channels.Reading{}, err
	}
	return r.reading(), nil
}

// A rereading is what one update brings when it is read again.
type rereading struct {
	came time.Time

	mu      sync.Mutex // guards what follows
	brought int
	failed  bool
	refused string // why something of it is not taken
	strange string // the kind of what nobody understands
}

// sink brings messages in with the time when they came.
func (r *rereading) sink(next channels.Sink) channels.Sink {
	return func(ctx context.Context, m channels.Inbound, done func(channels.Kept, error)) {
		m.Came = r.came
		next(ctx, m, func(k channels.Kept, err error) {
			r.note(k, err)
			done(k, err)
		})
	}
}

func (r *rereading) notify(next func(context.Context, channels.Notice, func(error))) func(context.Context, channels.Notice, func(error)) {
	return func(ctx context.Context, n channels.Notice, done func(error)) {
		next(ctx, n, func(err error) {
			r.note(channels.Kept{}, err)
			done(err)
		})
	}
}

// note notes what became of an event.
func (r *rereading) note(k channels.Kept, err error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.brought++
	r.failed = r.failed || k.Failed
	if refusal.KindOf(err) == refusal.Invalid {
		r.refused = err.Error()
	}
}

// wonder notes what is still strange. It is kept as it is, so nothing is to be
// kept of it here.
func (r *rereading) wonder(_ context.Context, kind string, _ []byte, carries bool) error {
	r.mu.Lock()
	defer r.mu.Unlock()
	if carries {
		r.strange = named(kind)
	}
	return nil
}

// reading is what came of it, where all that was brought is kept or refused.
func (r *rereading) reading() channels.Reading {
	r.mu.Lock()
	defer r.mu.Unlock()
	switch {
	case r.refused != "":
		return channels.Reading{Odd: r.refused}
	case r.strange != "":
		return channels.Reading{Odd: "nobody understands an update of the kind " + r.strange}
	case r.brought == 0:
		return channels.Reading{Odd: "it is understood now, and holds no message: it can be discarded"}
	}
	return channels.Reading{Failed: r.failed}
}
