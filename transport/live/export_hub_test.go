package live

import "crafttalkd/store/journal"

// Take tells everybody who watches what the journal would tell.
func (h *Hub) Take(batch []journal.Entry) error { return h.take(batch) }
