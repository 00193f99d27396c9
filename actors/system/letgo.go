package system

import "crafttalkd/store"

// LetGo takes the actor of a stream out of memory, so that its state is read
// anew, and reports whether that could be done: not while it is asked something.
func (s *System) LetGo(stream string) bool {
	room := &s.rooms[store.ShardOf(stream)]
	room.Lock()
	defer room.Unlock()
	c, ok := room.cells[stream]
	if ok && c.open.Load() > 0 {
		return false
	}
	if ok {
		delete(room.cells, stream)
		s.actors.Root.Stop(c.pid)
	}
	return true
}
