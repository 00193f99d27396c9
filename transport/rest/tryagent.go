package rest

import (
	"encoding/json"
	"strings"
	"unicode/utf8"

	"crafttalkd/actors/refusal"
)

// TryAgent is what a customer might write.
type TryAgent struct {
	Text     string `json:"text" need:"yes"`
	CenterID string `json:"center_id" doc:"whose customer it is taken for; the first center if left out"`
}

// TriedAgent is what the agent was asked and what it answered.
type TriedAgent struct {
	Sent    json.RawMessage   `json:"sent,omitempty" doc:"the body that was posted; left out if the agent was not asked, as a model is not if no article fits"`
	Status  int               `json:"status" doc:"of the answer; 0 if none came"`
	Answer  string            `json:"answer" doc:"the beginning of the answer, without the agent's secrets"`
	Seconds float64           `json:"seconds"`
	Later   bool              `json:"later" doc:"the agent says that it answers later"`
	Actions []json.RawMessage `json:"actions" doc:"what a conversation would have seen, as agent-turn answers it; none is that it is the customer's turn"`
	Failure string            `json:"failure" doc:"why it would have lost its turn: unreachable, late, too_large or nonsense; empty if it managed"`
	Why     string            `json:"why" doc:"the same in more words"`
}

// tryAgent asks an agent for once.
func (c *call) tryAgent(in TryAgent) (out TriedAgent, err error) {
	switch {
	case c.config.TryAgent == nil:
		return out, refusal.New(refusal.NotFound, "this server has no agents")
	case strings.TrimSpace(in.Text) == "":
		return out, refusal.Of("text", "say what the customer writes")
	case utf8.RuneCountInString(in.Text) > longestTry:
		return out, refusal.Of("text", "at most %d characters are tried", longestTry)
	case in.CenterID != "" && c.directory().Centers[in.CenterID].Value == nil:
		return out, refusal.Of("center_id", "there is no center %q", in.CenterID)
	}
	return c.config.TryAgent(c.r.Context(), c.id(), in.CenterID, in.Text)
}
