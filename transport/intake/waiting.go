package intake

import (
	"sync"
	"time"
)

// Bounds of what waits for its message.
const (
	newsLast = 2 * time.Minute // then nothing comes of them
	mostNews = 4096
)

// News are an edit or a receipt, of a message that is known by a key.
type news struct {
	key   string
	until time.Time
	// bring has the news told to the conversation of the message, and says
	// whether that was found.
	bring func(found func(bool, error))

	// What follows is guarded by the lock of those who wait.
	resting bool // the message was not found, and nobody is looking
	woken   bool // it has come while somebody was looking
}

// Waiting holds the news that came before their message: providers tell in any
// order. They are bounded, and lost with the process.
type waiting struct {
	mu   sync.Mutex // guards what follows, and the news in it
	by   map[string][]*news
	n    int
	lost int64 // whose message never came
}

// settle brings news, now or when their message comes. done is called once: with
// nil for such as wait, as nobody should stand at the door for that long.
func (w *waiting) settle(n *news, done func(error)) {
	w.mu.Lock()
	full := w.n >= mostNews
	if !full {
		w.n++
		w.by[n.key] = append(w.by[n.key], n)
	}
	w.mu.Unlock()
	if full {
		n.bring(func(found bool, err error) {
			if err == nil && !found {
				w.drop()
			}
			done(err)
		})
		return
	}
	w.look(n, done)
}

// look looks for the message, and again if it has come meanwhile.
func (w *waiting) look(n *news, done func(error)) {
	n.bring(func(found bool, err error) {
		w.mu.Lock()
		again := n.woken && !found && err == nil
		n.woken = false
		switch {
		case again:
		case found || err != nil:
			w.remove(n)
		default:
			n.resting = true
		}
		w.mu.Unlock()
		if again {
			w.look(n, done)
			return
		}
		done(err)
	})
}

// wake says that the message of a key is known now.
func (w *waiting) wake(key string) {
	w.mu.Lock()
	var ready []*news
	for _, n := range w.by[key] {
		if n.resting {
			n.resting = false
			ready = append(ready, n)
		} else {
			n.woken = true
		}
	}
	w.mu.Unlock()
	for _, n := range ready {
		w.look(n, func(err error) {
			if err != nil {
				w.drop()
			}
		})
	}
}

// expire drops what has waited long enough.
func (w *waiting) expire(now time.Time) {
	w.mu.Lock()
	defer w.mu.Unlock()
	for _, all := range w.by {
		for _, n := range append([]*news(nil), all...) {
			if n.resting && now.After(n.until) {
				w.remove(n)
				w.lost++
			}
		}
	}
}

// remove takes n out. The lock is held.
func (w *waiting) remove(n *news) {
	for i, other := range w.by[n.key] {
		if other == n {
			w.by[n.key] = append(w.by[n.key][:i:i], w.by[n.key][i+1:]...)
			w.n--
			break
		}
	}
	if len(w.by[n.key]) == 0 {
		delete(w.by, n.key)
	}
}

func (w *waiting) drop() {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.lost++
}

func (w *waiting) count() (waiting int, lost int64) {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.n, w.lost
}
