package keys

import "container/list"

// An lru holds the sealers that were used last.
type lru struct {
	size  int
	order *list.List // of *entry, the last used in front
	items map[string]*list.Element
}

type entry struct {
	subject string
	sealer  *Sealer
}

func newLRU(size int) *lru {
	return &lru{size: size, order: list.New(), items: map[string]*list.Element{}}
}

func (l *lru) get(subject string) *Sealer {
	item := l.items[subject]
	if item == nil {
		return nil
	}
	l.order.MoveToFront(item)
	return item.Value.(*entry).sealer
}

func (l *lru) put(subject string, s *Sealer) {
	l.remove(subject)
	l.items[subject] = l.order.PushFront(&entry{subject, s})
	if l.order.Len() > l.size {
		l.remove(l.order.Back().Value.(*entry).subject)
	}
}

func (l *lru) remove(subject string) {
	if item := l.items[subject]; item != nil {
		l.order.Remove(item)
		delete(l.items, subject)
	}
}
