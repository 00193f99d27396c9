package teacher

import (
	"maps"
	"slices"
	"time"
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
			l.Book, l.Since, l.By = b.book, b.since, b.by
			l.Fresh = len(t.fresh.examples(name, b.book.Until.Add(overlap))) // what overlaps is in the model too
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

// Review tells how the model in use of a language is; false if there is none.
func (t *Teacher) Review(language string) (r Review, ok bool, err error) {
	s := t.State()
	i := slices.IndexFunc(s.Languages, func(l Language) bool { return l.Language == language && l.Book != nil })
	if i < 0 {
		return r, false, nil
	}
	r = Review{Language: s.Languages[i]}
	for _, b := range s.Models { // the newest first
		if b.Language == language && b.At.Before(r.Book.At) {
			r.Before = &b
			break
		}
	}
	if r.Examples, err = t.examples(language); err != nil {
		return r, false, err
	}
	return r, true, nil
}

// examples counts what is there to learn from for each article: its questions
// in a language, and lessons.
func (t *Teacher) examples(language string) (map[string]int, error) {
	c, err := t.counted()
	if err != nil {
		return nil, err
	}
	out := map[string]int{}
	for _, a := range t.config.Articles.State().Articles() {
		n := c.lessons[language][a.ArticleId]
		for _, q := range a.Questions {
			if languageOf(q) == language {
				n++
			}
		}
		out[a.ArticleId] = n
	}
	return out, nil
}
