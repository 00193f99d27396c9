package knowledge_test

import (
	"fmt"
	"testing"

	"crafttalkd/actors/actortest"
	"crafttalkd/actors/event"
	"crafttalkd/actors/knowledge"
	"crafttalkd/actors/shell"
)

// BenchmarkFiftyThousand imports as many articles as are to be carried, and
// tells how large the state is that they leave.
func BenchmarkFiftyThousand(b *testing.B) {
	c := knowledge.Import{By: "anna"}
	for i := range 50_000 {
		c.Items = append(c.Items, knowledge.Item{Line: i + 2, Entry: &event.Article{ArticleId: fmt.Sprint("article-", i), Identifier: fmt.Sprint("статья-", i),
			Title: "Как вернуть товар, который не подошёл", Questions: []string{"как вернуть товар", "возврат", "товар не подошёл"},
			Answers: []*event.Answer{{AnswerId: "1", Text: "Товар надлежащего качества можно вернуть в течение 14 дней, если сохранены упаковка и чек.",
				Buttons: []*event.ArticleButton{{Caption: "Дальше", ArticleId: fmt.Sprint("article-", (i+1)%50_000)}}}}}})
	}
	for b.Loop() {
		events, err := knowledge.Decide(knowledge.State{}, c, actortest.Epoch)
		if err != nil {
			b.Fatal(err)
		}
		var s knowledge.State
		for _, e := range events {
			s = knowledge.Apply(s, e)
		}
		text, err := shell.Encode(knowledge.Version, s)
		if err != nil {
			b.Fatal(err)
		}
		b.ReportMetric(float64(len(text))/1e6, "MB/snapshot")
	}
}
