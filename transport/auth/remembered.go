package auth

import "sync"

// mostRemembered is how many sessions are held in memory beside their rows.
const mostRemembered = 10_000

// remembered holds sessions that were read, so that a command on an open socket
// does not read and decode its row again. Every end of a session empties it: what
// has been ended is gone for whoever looks after End has returned.
type remembered struct {
	mu   sync.RWMutex // guards what follows
	era  uint64       // how often it was emptied
	rows map[string]kept
}

// get returns a session, if it is here, and the era of the look.
func (r *remembered) get(key string) (k kept, found bool, era uint64) {
	r.mu.RLock()
	defer r.mu.RUnlock()
	k, found = r.rows[key]
	return k, found, r.era
}

// put holds a session that was read in an era, unless one has been ended since:
// it may be this one.
func (r *remembered) put(key string, k kept, era uint64) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if era != r.era {
		return
	}
	if r.rows == nil || len(r.rows) >= mostRemembered {
		r.rows = map[string]kept{}
	}
	r.rows[key] = k
}

// empty forgets everything.
func (r *remembered) empty() {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.era++
	r.rows = nil
}
