package agent

import (
	"encoding/json"
	"net/http"
	"strings"
	"testing"

	"crafttalkd/actors/event"
)

// proves issue 5, 7: a model answers from the articles that it was given and
// cites them, or the conversation goes on.
func TestBT07_ModelCitesOrHandsOver(t *testing.T) {
	const failed = "failed sage: nonsense\nqueued AGENT_FAILED"
	for _, tt := range []struct{ name, says, want string }{
		{"cited", `{"answer":"One rouble, madam.","articles":["price"]}`, "> One rouble, madam."},
		{"fenced", "```json\n{\"answer\":\"One rouble.\",\"articles\":[\"price\"]}\n```", "> One rouble."},
		{"gives up", `HANDOVER`, "queued AGENT_HANDED_OVER"}, {"gives up with words", `I am not sure. HANDOVER.`, "queued AGENT_HANDED_OVER"},
		{"says nothing", ` `, "queued AGENT_HANDED_OVER"},
		{"cites nothing", `{"answer":"One rouble.","articles":[]}`, failed}, {"cites another", `{"answer":"One rouble.","articles":["price","hello"]}`, failed},
		{"plain words", `It costs one rouble [price]`, failed}, {"an empty answer", `{"answer":"","articles":["price"]}`, failed},
		{"a long answer", `{"answer":"` + strings.Repeat("a", mostText+1) + `","articles":["price"]}`, failed},
	} {
		t.Run(tt.name, func(t *testing.T) {
			body, err := json.Marshal(map[string]any{"choices": []any{map[string]any{"message": map[string]string{"role": "assistant", "content": tt.says}}}})
			if err != nil {
				t.Fatal(err)
			}
			asked := 0
			w := world{http: answering(func(r *http.Request) (int, string) {
				var p prompt
				if err := json.NewDecoder(r.Body).Decode(&p); err != nil {
					t.Error(err)
				}
				asked++
				if r.URL.String() != "https://models.example/v1/chat/completions" || r.Header.Get("Authorization") != "Bearer hush" || p.Model != "small" {
					t.Errorf("asked at %s as %q for %q", r.URL, r.Header.Get("Authorization"), p.Model)
				}
				if s := p.Messages[0].Content; !strings.Contains(s, "[price] On price\nIt costs a rouble.") || strings.Contains(s, "Welcome!") {
					t.Errorf("the model is told %s", s)
				}
				if last := p.Messages[len(p.Messages)-1]; last.Role != "user" || last.Content != "What would it cost me?" {
					t.Errorf("the last message is %v", last)
				}
				return 200, string(body)
			})}
			inShop(t, w, chain(sage), func(n *node) {
				id := n.says("anna", "What would it cost me?")
				n.want(id, append([]string{"< What would it cost me?", "engaged sage"}, strings.Split(tt.want, "\n")...)...)
				if asked != 1 {
					t.Errorf("the model was asked %d times", asked)
				}
			})
		})
	}
}

// Without a source there is nothing to ask a model; and what an endpoint says
// that is no completion is nonsense.
func TestBT07_ModelWithoutSources(t *testing.T) {
	inShop(t, world{http: always(200, `{"choices":[]}`)}, chain(sage), func(n *node) {
		n.put(&event.Article{ArticleId: "sky", Identifier: "sky", TypeId: "KB", Questions: []string{"weather"}, Answers: []*event.Answer{{AnswerId: "1", Text: "/redirect weather"}}})
		n.want(n.says("anna", "the weather"), "< the weather", "engaged sage", "queued AGENT_HANDED_OVER")
		n.want(n.says("boris", "What would it cost?"), "< What would it cost?", "engaged sage", "failed sage: nonsense", "queued AGENT_FAILED")
	})
}
