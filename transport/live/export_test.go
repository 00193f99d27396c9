package live

// Watched returns how many pairs of a stream and a viewer there are.
func (h *Hub) Watched() (n int) {
	for i := range h.shards {
		w := &h.shards[i]
		w.mu.RLock()
		for _, viewers := range w.by {
			n += len(viewers)
		}
		w.mu.RUnlock()
	}
	return n
}

// Waiting returns how many bytes wait for the reader.
func (c *Conn) Waiting() int {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.waiting
}

// Patience is the most that may wait.
const Patience = patience

// Pass lets seconds of the rounds pass at once, as if they had been waited for.
func (c *Conn) Pass(seconds int) {
	for range seconds {
		c.home.rounds.visit(c.home.rounds.now.Add(1))
	}
}

// Lingers reports whether a deep stack waits for the next frame.
func (c *Conn) Lingers() bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.lingers
}

// Heard returns when the client was heard of last, and now.
func (c *Conn) Heard() (last, now int64) { return c.heard.Load(), c.home.rounds.now.Load() }

// Silence and Round are in seconds.
const (
	Silence = silence
	Round   = round
)
