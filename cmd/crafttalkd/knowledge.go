package main

import (
	"context"
	"fmt"
	"path/filepath"
	"time"

	"crafttalkd/actors/event"
	"crafttalkd/actors/knowledge"
	"crafttalkd/store/search"
)

// firstTypes are the types of articles that a new knowledge base has. Manual:
// «KB» — справочник, «QA» — ответы на вопросы.
var firstTypes = knowledge.Import{By: "setup", Items: []knowledge.Item{
	{Entry: &event.ArticleType{TypeId: "kb", Identifier: "KB", Name: "Справочник"}},
	{Entry: &event.ArticleType{TypeId: "qa", Identifier: "QA", Name: "Вопрос — ответ"}},
}}

// beginKnowledge makes the first types of articles, in a knowledge base that
// nothing was ever written in.
func (n *node) beginKnowledge(ctx context.Context) error {
	written, err := n.journal.Version(event.KnowledgeStream)
	if err != nil || written > 0 {
		return err
	}
	if _, err := n.system.Ask(ctx, event.KnowledgeStream, firstTypes); err != nil {
		return fmt.Errorf("the first types of articles: %w", err)
	}
	return nil
}

// searchDir is where the search index lives.
func searchDir(dir string) string { return filepath.Join(dir, "search") }

// searchPause is how long the search waits after a failure, such as a full disk.
const searchPause = 5 * time.Second

// openSearch starts the search of articles. It is a reading that anybody can do
// without for a while, so what goes wrong with it ends nothing else.
func (n *node) openSearch(ctx context.Context) (err error) {
	if n.search, err = search.Open(searchDir(n.dir)); err != nil {
		return err
	}
	if why := n.search.Fresh(); why != "" {
		n.log.Info("the search index is made anew", "why", why)
	}
	n.running.Go(func() {
		n.followSearch(ctx)
		if err := n.search.Close(); err != nil {
			n.log.Error("search", "err", err)
		}
	})
	return nil
}

func (n *node) followSearch(ctx context.Context) {
	for ctx.Err() == nil {
		err := n.search.Follow(n.journal)
		if err == nil {
			return // the journal is closed
		}
		n.log.Error("search", "err", err)
		select {
		case <-ctx.Done():
		case <-time.After(searchPause):
		}
	}
}
