package main

import (
	"context"
	"fmt"

	"crafttalkd/actors/event"
	"crafttalkd/actors/knowledge"
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
