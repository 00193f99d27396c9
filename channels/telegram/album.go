package telegram

import (
	"context"
	"sync"
	"time"
)

// together is how long the pieces of an album are waited for.
const together = time.Second

// remembered is how long it is known that an album comes piece by piece.
const remembered = time.Minute

// albums gathers the pieces of albums that a webhook brings in calls of their
// own. No call is answered before the whole is kept. Telegram may hold back a
// piece until the one before it is answered: an album whose first piece stayed
// alone is taken piece by piece and waited for no more.
type albums struct {
	mu    sync.Mutex           // guards what follows
	open  map[string]*album    // those that are waited for
	alone map[string]time.Time // those that come piece by piece, and since when
}

// An album is waited for by the call that brought its first piece.
type album struct {
	pieces []update
	done   chan struct{} // closed once it is kept or is not
	err    error         // to be read when done is closed
}

func newAlbums() *albums { return &albums{open: map[string]*album{}, alone: map[string]time.Time{}} }

// take gives the album that a piece belongs to, once it is whole, to keep, and
// returns what became of it.
func (a *albums) take(ctx context.Context, u update, keep func(context.Context, update) error) error {
	at := time.Now()
	a.mu.Lock()
	for name, since := range a.alone {
		if at.Sub(since) > remembered {
			delete(a.alone, name)
		}
	}
	if _, alone := a.alone[u.album]; alone {
		a.mu.Unlock()
		return keep(ctx, u)
	}
	if whole, ok := a.open[u.album]; ok {
		whole.pieces = append(whole.pieces, u)
		a.mu.Unlock()
		select {
		case <-whole.done:
			return whole.err
		case <-ctx.Done():
			return ctx.Err()
		}
	}
	whole := &album{pieces: []update{u}, done: make(chan struct{})}
	a.open[u.album] = whole
	a.mu.Unlock()

	wait := time.NewTimer(together)
	defer wait.Stop()
	select {
	case <-wait.C:
	case <-ctx.Done():
	}
	a.mu.Lock()
	delete(a.open, u.album)
	if len(whole.pieces) == 1 {
		a.alone[u.album] = at
	}
	pieces := whole.pieces
	a.mu.Unlock()
	whole.err = keep(context.WithoutCancel(ctx), join(pieces))
	close(whole.done)
	return whole.err
}

// bundle makes one update of the pieces of each album in a batch, in the place
// of its first piece.
func bundle(all []update) (out []update) {
	at := map[string]int{}
	var groups [][]update
	for _, u := range all {
		if i, ok := at[u.album]; ok && u.album != "" {
			groups[i] = append(groups[i], u)
			continue
		}
		at[u.album] = len(groups)
		groups = append(groups, []update{u})
	}
	for _, g := range groups {
		if g[0].album != "" {
			g[0] = join(g)
		}
		out = append(out, g[0])
	}
	return out
}
