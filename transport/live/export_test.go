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
