package teacher

import (
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"time"

	"crafttalkd/actors/bot/intent"
	"crafttalkd/store"
	"crafttalkd/store/pace"
)

// seed makes trainings repeatable: of the same material the same bytes.
const seed = 1

// overlap is by how much a training and what is learnt beside it overlap, so
// that nothing falls between.
const overlap = 5 * time.Second

// teach trains a model for every language that there is something to learn in.
// Only a store that is broken makes it fail.
func (t *Teacher) teach(ctx context.Context) error {
	t.mu.Lock()
	forced := t.forced
	t.forced = false
	t.busy = &Progress{Since: t.config.Now()}
	t.mu.Unlock()
	defer func() {
		t.mu.Lock()
		defer t.mu.Unlock()
		t.busy = nil
	}()
	until := t.config.Now().Add(-overlap)
	if err := t.try(until.Add(overlap)); err != nil {
		return err
	}
	parts, err := t.collect()
	if err != nil {
		return err
	}
	for _, language := range slices.Sorted(maps.Keys(parts)) {
		t.mu.Lock()
		t.busy.Language = language
		t.mu.Unlock()
		o := t.learn(ctx, parts[language], until, forced)
		if ctx.Err() != nil {
			return nil
		}
		t.mu.Lock()
		t.outcomes[language] = o
		t.mu.Unlock()
		t.config.Log.Info("the bot has learnt", "language", language, "result", o.Result, "why", o.Why, "model", o.Model, "seconds", o.Seconds)
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	for language, b := range *t.brains.Load() {
		if b.mute && forced {
			t.serve(language, nil) // there is too little without who was erased
		}
	}
	t.fresh.settle(t.oldest())
	return nil
}

// learn trains a model of one language, and puts it in use if it may.
func (t *Teacher) learn(ctx context.Context, m *material, until time.Time, forced bool) (o Outcome) {
	began := t.config.Now()
	defer func() {
		o.At = t.config.Now()
		o.Seconds = o.At.Sub(began).Seconds()
	}()
	champion := t.serving(m.language)
	switch {
	case m.articlesIn() < 2:
		return Outcome{Result: Little}
	case champion != nil && champion.book.Print == m.print && !forced:
		return Outcome{Result: Same, Model: champion.book.ID}
	}
	p := &pace.Pace{Work: 10 * time.Millisecond} // somebody may wait for it
	options := intent.Options{Seed: seed, Language: m.language, Now: until, Target: t.target(), Stop: func() bool { return p.Stop(ctx) }}
	verdict := ""
	if champion != nil && !forced {
		worse, why := t.examine(champion, m, options)
		if worse {
			return Outcome{Result: Worse, Why: why}
		}
		verdict = why
	}
	model, report := t.train(m.examples, options)
	if model == nil {
		return Outcome{Result: Little}
	}
	b, err := t.keep(m, model, report, until, t.config.Now().Sub(began), verdict)
	if err != nil {
		t.config.Log.Error("a model can't be kept", "language", m.language, "err", err)
		return Outcome{Result: Failed, Why: "the model could not be kept"}
	}
	return Outcome{Result: Used, Why: verdict, Model: b.ID}
}

// examine compares the model in use with one that is made in the same way as
// the new one will be, by the lessons that came since: neither has seen them.
// Where they are too few, nothing can be said against the new one.
func (t *Teacher) examine(champion *brain, m *material, o intent.Options) (worse bool, why string) {
	before, exam := m.since(champion.book.Until)
	if len(exam) < leastExam {
		return false, fmt.Sprintf("%d new lessons are too few to compare by", len(exam))
	}
	trial, _ := t.train(before, o)
	if trial == nil {
		return false, "there was nothing to compare with"
	}
	v := intent.Better(champion.base, trial, exam)
	return !v.Take, fmt.Sprintf("of %d new lessons the model before knows %.0f %% and the new one %.0f %%", v.Examples, 100*v.Champion, 100*v.Challenger)
}

// keep puts a new model on the shelf and in use.
func (t *Teacher) keep(m *material, model *intent.Model, report intent.Report, until time.Time, took time.Duration, verdict string) (*Book, error) {
	unmet, from, err := t.unmet(model, m.language)
	if err != nil {
		return nil, err
	}
	raw := model.Encode()
	b := &Book{ID: fmt.Sprintf("%s-%s", m.language, until.UTC().Format("20060102-150405")), Language: m.language, At: t.config.Now(), Until: until,
		Took: took, Size: len(raw), Target: t.target(), Print: m.print, Questions: m.questions, Lessons: len(m.lessons),
		Report: report, Verdict: verdict, Unmet: unmet, Taught: m.taught(from)}
	t.mu.Lock()
	defer t.mu.Unlock()
	if err := t.shelf.put(b, raw); err != nil {
		return nil, err
	}
	if err := t.use(b, model, ""); err != nil {
		return nil, err
	}
	return b, t.shelf.tidy(m.language, b.ID)
}

// use puts a model in use and remembers that. The lock is held.
func (t *Teacher) use(b *Book, m *intent.Model, by string) error {
	u := used{ID: b.ID, By: by, At: t.config.Now()}
	value, err := json.Marshal(u)
	if err == nil {
		err = t.config.Table.Put([]store.Row{{Table: rows, Key: "use/" + b.Language, Value: value}}, true)
	}
	if err != nil {
		return fmt.Errorf("use model %s: %w", b.ID, err)
	}
	t.serve(b.Language, t.fresh.learn(&brain{book: b, base: m, since: u.At, by: by}))
	return nil
}

// Use puts an older model in use again. What is fresh since it was made, it
// knows as well.
func (t *Teacher) Use(id, by string) error {
	t.mu.Lock()
	defer t.mu.Unlock()
	b, err := t.shelf.book(id)
	if err != nil {
		return err
	}
	m, err := t.shelf.read(id)
	if err != nil {
		return err
	}
	t.config.Log.Info("an older model is used", "model", id, "by", by)
	if err := t.use(b, m, by); err != nil {
		return err
	}
	return t.recall(t.config.Articles.State())
}

// rows is the table of what was tried and what is used.
const rows = "teacher"

// used says which model of a language is in use.
type used struct {
	ID string    `json:"id"`
	By string    `json:"by,omitempty"` // who chose it; empty for the training
	At time.Time `json:"at"`
}

// inUse are the books of the models in use: those that were chosen, or the
// newest.
func (t *Teacher) inUse() (map[string]*Book, error) {
	out := map[string]*Book{}
	for _, b := range t.shelf.books { // the oldest first
		out[b.Language] = b
	}
	for language := range out {
		u, err := t.used(language)
		if err != nil {
			return nil, err
		}
		if b, err := t.shelf.book(u.ID); err == nil {
			out[language] = b
		}
	}
	return out, nil
}

func (t *Teacher) used(language string) (u used, err error) {
	value, err := t.config.Table.Get(rows, "use/"+language)
	if err == nil && value != nil {
		err = json.Unmarshal(value, &u)
	}
	if err != nil {
		return u, fmt.Errorf("model in use: %w", err)
	}
	return u, nil
}

// try remembers that a training began.
func (t *Teacher) try(at time.Time) error {
	value, err := at.MarshalText()
	if err != nil {
		return err
	}
	return t.config.Table.Put([]store.Row{{Table: rows, Key: "tried", Value: value}}, true)
}

// tried is when a training last began.
func (t *Teacher) tried() (at time.Time, err error) {
	value, err := t.config.Table.Get(rows, "tried")
	if err == nil && value != nil {
		err = at.UnmarshalText(value)
	}
	if err != nil {
		return at, fmt.Errorf("last training: %w", err)
	}
	return at, nil
}
