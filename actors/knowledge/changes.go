package knowledge

import "crafttalkd/actors/event"

// Changes is how many entries of one kind an import changes.
type Changes struct{ Added, Changed int }

// Count says what events that were decided in a state would change there.
func Count(s State, events []event.Event) (articles, slots, types Changes) {
	count := func(c *Changes, known bool) {
		if known {
			c.Changed++
		} else {
			c.Added++
		}
	}
	for _, e := range events {
		switch e := e.(type) {
		case *event.ArticlePut:
			a, ok := s.Articles[e.Article.ArticleId]
			count(&articles, ok && !a.Gone)
		case *event.SlotPut:
			_, ok := s.Slots[e.Slot.SlotId]
			count(&slots, ok)
		case *event.ArticleTypePut:
			_, ok := s.Types[e.Type.TypeId]
			count(&types, ok)
		}
	}
	return articles, slots, types
}
