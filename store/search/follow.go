package search

import (
	"fmt"

	"crafttalkd/actors/event"
	"crafttalkd/store/journal"
)

// Follow gives the index what the journal tells of the knowledge base, until the
// journal is closed. The index serves once it knows what the journal held when
// Follow began.
//
// An error says that the journal could not be read or the index not be written,
// such as on a full disk. Follow may be called again then, and goes on.
func (x *Index) Follow(j *journal.Journal) error {
	from := j.Now()
	known, err := j.Version(event.KnowledgeStream)
	if err != nil {
		return fmt.Errorf("the search index: %w", err)
	}
	if x.Version() > known {
		// It tells of another journal, such as one before a restore.
		if err := x.clear(); err != nil {
			return err
		}
	}
	if err := readFrom(j, x.Version(), x.Apply); err != nil {
		return err
	}
	x.Serve()
	return j.Follow("search", from, func(batch []journal.Entry) error {
		changes, version := told(batch, x.Version())
		if version == x.Version() {
			return nil
		}
		return x.Apply(changes, version)
	})
}

// readFrom reads what the journal tells of the knowledge base after a version,
// in batches.
func readFrom(j *journal.Journal, version uint64, take func([]Change, uint64) error) error {
	var batch []journal.Entry
	flush := func() error {
		changes, reached := told(batch, version)
		batch = batch[:0]
		if reached == version {
			return nil
		}
		version = reached
		return take(changes, version)
	}
	for e, err := range j.Durable(event.KnowledgeStream, version) {
		if err != nil {
			return fmt.Errorf("the search index: %w", err)
		}
		if batch = append(batch, e); len(batch) == fillAtOnce {
			if err := flush(); err != nil {
				return err
			}
		}
	}
	return flush()
}

// told returns what facts after a version change, and the version after them.
func told(batch []journal.Entry, after uint64) (changes []Change, version uint64) {
	version = after
	for _, e := range batch {
		if e.Stream != event.KnowledgeStream || e.Version <= version {
			continue
		}
		version = e.Version
		switch f := e.Event.(type) {
		case *event.ArticlePut:
			changes = append(changes, Change{Article: articleOf(f.Article)})
		case *event.ArticleRemoved:
			changes = append(changes, Change{Article: Article{ID: f.ArticleId}, Removed: true})
		}
	}
	return changes, version
}

func articleOf(a *event.Article) Article {
	out := Article{ID: a.GetArticleId(), Identifier: a.GetIdentifier(), Title: a.GetTitle(), Type: a.GetTypeId(), Questions: a.GetQuestions()}
	for _, one := range a.GetAnswers() {
		to := one.GetAudience()
		out.Answers = append(out.Answers, Answer{ID: one.GetAnswerId(), Text: one.GetText(),
			Audience: Audience{Centers: to.GetCenterIds(), Lines: to.GetLineIds(), Skills: to.GetSkills(), Languages: to.GetLanguages()}})
	}
	return out
}

// clear puts an empty generation in the place of the present one.
func (x *Index) clear() error {
	x.ready.Store(false)
	x.writing.Lock()
	defer x.writing.Unlock()
	if x.next != nil {
		return ErrRebuilding
	}
	g, err := x.begin()
	if err != nil {
		return fmt.Errorf("the search index: %w", err)
	}
	return x.current.Swap(g).destroy()
}
