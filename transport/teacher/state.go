package teacher

import (
	"maps"
	"slices"
	"time"

	"crafttalkd/store/view/lessons"
)

// A State is how the teacher is at one moment.
type State struct {
	Training  *Progress // nil: none is under way
	Next      time.Time // when the next one begins by itself
	Target    float64   // how often an answer without a human must be right
	Languages []Language
	Models    []Book // that are kept, the newest first
}

// A Language is what the teacher knows in one.
type Language struct {
	Language string
	Book     *Book     // of the model in use; nil: there is none
	Since    time.Time // it is in use
	By       string    // who chose it; empty for the training
	Fresh    int       // examples that it remembers beside what it learnt
	Last     Outcome   // of the last training, if there was one
}

// State returns how the teacher is.
func (t *Teacher) State() State {
	out := State{Next: t.clock().after(t.config.Now()), Target: t.target()}
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.busy != nil {
		busy := *t.busy
		out.Training = &busy
	} else if t.wanted {
		out.Training = &Progress{Since: t.config.Now()}
	}
	names := map[string]bool{}
	for language := range *t.brains.Load() {
		names[language] = true
	}
	for language := range t.outcomes {
		names[language] = true
	}
	for _, name := range slices.Sorted(maps.Keys(names)) {
		l := Language{Language: name, Last: t.outcomes[name]}
		if b := t.serving(name); b != nil {
			l.Book, l.Since, l.By, l.Fresh = b.book, b.since, b.by, b.model.Lately()
		}
		out.Languages = append(out.Languages, l)
	}
	for _, b := range slices.Backward(t.shelf.books) {
		out.Models = append(out.Models, *b)
	}
	return out
}

// A Review is what there is to say of the model in use of a language.
type Review struct {
	Language
	Before   *Book          // the model before it, if it is still kept
	Examples map[string]int // by article, of what is there to learn from now
}

// A Week is how operators took what the assistant showed in the last seven days.
type Week struct {
	Choices  int    // answers given with an article
	Offered  int    // of those, while the assistant showed something
	Accepted int    // and one of what it showed was taken
	Ranks    [5]int // which one, from the first
	Edited   int    // changed before sending
	Rejected int    // articles that were said not to answer
}

// Week counts the last seven days.
func (t *Teacher) Week() (w Week, err error) {
	from := t.config.Now().AddDate(0, 0, -7)
	for l, err := range t.config.Lessons.All() {
		if err != nil {
			return w, err
		}
		if !l.At.Before(from) {
			w.count(l)
		}
	}
	return w, nil
}

func (w *Week) count(l lessons.Lesson) {
	switch l.Kind {
	case lessons.Rejected:
		w.Rejected++
	case lessons.Chosen:
		w.Choices++
		if len(l.Shown) > 0 || l.Rank > 0 {
			w.Offered++
		}
		if l.Rank > 0 {
			w.Accepted++
			w.Ranks[min(int(l.Rank), len(w.Ranks))-1]++
		}
		if l.Edited {
			w.Edited++
		}
	}
}

// Review tells how the model in use of a language is; false if there is none.
func (t *Teacher) Review(language string) (r Review, ok bool, err error) {
	s := t.State()
	i := slices.IndexFunc(s.Languages, func(l Language) bool { return l.Language == language && l.Book != nil })
	if i < 0 {
		return r, false, nil
	}
	r = Review{Language: s.Languages[i], Examples: map[string]int{}}
	for _, b := range s.Models { // the newest first
		if b.Language == language && b.At.Before(r.Book.At) {
			r.Before = &b
			break
		}
	}
	parts, err := t.collect()
	if err != nil || parts[language] == nil {
		return r, err == nil, err
	}
	for _, e := range parts[language].examples {
		if e.Article != "" && e.Weight != answerWeight {
			r.Examples[e.Article]++
		}
	}
	return r, true, nil
}
