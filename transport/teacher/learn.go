package teacher

import (
	"context"
	"strings"
	"time"

	"crafttalkd/actors/bot/intent"
	"crafttalkd/store/view/articles"
	"crafttalkd/store/view/lessons"
)

// told is told what is known of a conversation, whenever that has changed.
func (t *Teacher) told(list []lessons.Lesson) {
	t.count.touch()
	if len(list) == 0 {
		return
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	id := list[0].Conversation
	before := t.fresh.lessons[id]
	t.note(id, list)
	languages := map[string]bool{}
	for _, l := range append(before, list...) {
		languages[languageOf(l.Text)] = true
	}
	t.relearn(languages, before == nil, list)
}

// note remembers what is said of one conversation and is news to some model.
func (t *Teacher) note(id string, list []lessons.Lesson) {
	t.doubts.set(id, list)
	delete(t.fresh.lessons, id)
	oldest := t.oldest()
	for _, l := range list {
		if l.At.After(oldest) {
			t.fresh.lessons[id] = append(t.fresh.lessons[id], l)
		}
	}
}

// oldest is up to when every model in use has learnt.
func (t *Teacher) oldest() (at time.Time) {
	for _, b := range *t.brains.Load() {
		if at.IsZero() || b.book.Until.Before(at) {
			at = b.book.Until
		}
	}
	return at
}

// relearn brings the models of some languages up to date: what is only added is
// added, and everything else is learnt anew on top of what was trained.
func (t *Teacher) relearn(languages map[string]bool, added bool, list []lessons.Lesson) {
	for language := range languages {
		b := t.serving(language)
		switch {
		case b == nil:
		case added:
			m := b.model
			for _, l := range list {
				if l.Kind != lessons.Rejected && l.At.After(b.book.Until) && languageOf(l.Text) == language {
					m = m.Learn(example(l))
				}
			}
			t.serve(language, b.with(m))
		default:
			t.serve(language, t.fresh.learn(b))
		}
	}
	if t.fresh.size() > mostFresh && t.config.Now().Sub(t.latest()) > time.Hour {
		t.want()
	}
}

// quiet is how long nobody must have edited anything before the first model is
// made: an import is many edits.
const quiet = 2 * time.Second

// watch follows the knowledge base. What is edited is known at once; where there
// is no model yet, one is made when the editing pauses.
func (t *Teacher) watch(ctx context.Context, seen *articles.Base) {
	settled := false
	for {
		wait, enough := ctx, context.CancelFunc(func() {})
		if !settled {
			wait, enough = context.WithTimeout(ctx, quiet)
		}
		err := t.config.Articles.Wait(wait, seen.Version+1)
		enough()
		switch {
		case ctx.Err() != nil:
			return
		case err != nil:
			t.begin(seen)
			settled = true
		default:
			now := t.config.Articles.State()
			t.edited(seen, now)
			seen, settled = now, false
		}
	}
}

// begin wants a training if there is something to learn in a language that has
// no model.
func (t *Teacher) begin(base *articles.Base) {
	of := map[string]map[string]bool{} // articles by language
	for _, a := range base.Articles() {
		for _, q := range append([]string{wordsOf(a.Article)}, a.Questions...) {
			language := languageOf(q)
			if of[language] == nil {
				of[language] = map[string]bool{}
			}
			of[language][a.ArticleId] = true
		}
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	for language, ids := range of {
		if language != "" && len(ids) >= 2 && t.serving(language) == nil && t.outcomes[language].Result != Little {
			t.want()
			return
		}
	}
}

// latest is when a training last ended.
func (t *Teacher) latest() (at time.Time) {
	for _, o := range t.outcomes {
		if o.At.After(at) {
			at = o.At
		}
	}
	return at
}

// edited learns the questions of articles that were put between two moments.
func (t *Teacher) edited(before, now *articles.Base) {
	t.mu.Lock()
	defer t.mu.Unlock()
	languages := map[string]bool{}
	for _, a := range now.Articles() {
		if before.Article(a.ArticleId) == a {
			continue
		}
		var list []intent.Example
		for _, q := range a.Questions {
			list = append(list, intent.Example{Text: q, Article: a.ArticleId, Weight: questionWeight, At: a.At})
			languages[languageOf(q)] = true
		}
		for _, e := range t.fresh.articles[a.ArticleId] {
			languages[languageOf(e.Text)] = true
		}
		t.fresh.articles[a.ArticleId] = list
	}
	for language := range languages {
		if t.outcomes[language].Result == Little {
			delete(t.outcomes, language)
		}
	}
	t.relearn(languages, false, nil)
}

// load reads the models in use and everything that came after them.
func (t *Teacher) load(base *articles.Base) error {
	t.mu.Lock()
	defer t.mu.Unlock()
	inUse, err := t.inUse()
	if err != nil {
		return err
	}
	for language, b := range inUse {
		m, err := t.shelf.read(b.ID)
		if err != nil {
			t.config.Log.Warn("a model can't be read; another one is made", "model", b.ID, "err", err)
			if err := t.shelf.drop(b.ID); err != nil {
				return err
			}
			continue
		}
		t.serve(language, &brain{book: b, base: m, model: m, since: b.At})
	}
	if len(t.shelf.books) > 0 || len(*t.brains.Load()) > 0 {
		t.config.Log.Info("the models were read", "languages", len(*t.brains.Load()))
	}
	return t.recall(base)
}

// recall notes the lessons and edits that came after the models.
func (t *Teacher) recall(base *articles.Base) error {
	by := map[string][]lessons.Lesson{}
	for l, err := range t.config.Lessons.All() {
		if err != nil {
			return err
		}
		if l.Kind == lessons.Rejected || l.At.After(t.oldest()) {
			by[l.Conversation] = append(by[l.Conversation], l)
		}
	}
	for id, list := range by {
		t.note(id, list)
	}
	for _, a := range base.Articles() {
		if !a.At.After(t.oldest()) {
			continue
		}
		for _, q := range a.Questions {
			t.fresh.articles[a.ArticleId] = append(t.fresh.articles[a.ArticleId], intent.Example{Text: q, Article: a.ArticleId, Weight: questionWeight, At: a.At})
		}
	}
	for language, b := range *t.brains.Load() {
		t.serve(language, t.fresh.learn(b))
	}
	return nil
}

// Forget takes customers out whose keys were destroyed: models that learnt from
// them leave the disk, what is fresh leaves memory, and a training begins that
// knows nothing of them.
func (t *Teacher) Forget(customers []string) error {
	t.count.touch()
	t.mu.Lock()
	defer t.mu.Unlock()
	gone := map[uint64]bool{}
	for _, id := range customers {
		gone[hashed(id)] = true
	}
	for id := range t.fresh.lessons {
		if customer, _, _ := strings.Cut(id, "."); gone[hashed(customer)] {
			delete(t.fresh.lessons, id)
		}
	}
	t.doubts.forget(gone)
	if err := t.shelf.forget(gone); err != nil {
		return err
	}
	for language, b := range *t.brains.Load() {
		if b = t.fresh.learn(b); b.book.knows(gone) {
			b.mute, t.forced = true, true
		}
		t.serve(language, b)
	}
	if t.forced {
		t.want()
	}
	return nil
}
