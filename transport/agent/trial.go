package agent

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"net/http"
	"slices"
	"strings"
	"time"

	"crafttalkd/actors/conversation"
	"crafttalkd/actors/directory"
	"crafttalkd/actors/event"
	"crafttalkd/actors/refusal"
)

// mostShown is how much of an answer a trial shows, in characters.
const mostShown = 20_000

// A Trial is what came of asking an agent for once, about a message that nobody
// wrote. Nothing of it is kept or done.
type Trial struct {
	Sent    []byte // the body; nil if the agent was not asked
	Status  int    // 0 for no answer
	Answer  string // without what the agent's endpoint is shown
	Took    time.Duration
	Later   bool     // it answers later
	Actions []Action // that a conversation would have seen
	Failure string   // of those that AgentFailed knows; empty if it managed
	Why     string   // in more words
}

// Try asks an agent that is asked over HTTP, as if a customer of a center had
// written. An agent that rests is asked too, and is none the worse for it.
func (r *Runner) Try(ctx context.Context, id, center, text string) (Trial, error) {
	d := r.System.Directory.State()
	a := d.Agent(id)
	switch {
	case a == nil:
		return Trial{}, refusal.New(refusal.NotFound, "there is no agent %q", id)
	case !outside(a.Kind):
		return Trial{}, refusal.New(refusal.Invalid, "only agents that are asked over HTTP can be tried")
	case center == "" && len(d.Centers) > 0:
		center = slices.Min(slices.Collect(maps.Keys(d.Centers)))
	}
	s := r.stranger(a, center, text)
	t, err := Trial{}, error(nil)
	if a.Kind == directory.Model {
		err = r.tryModel(ctx, a, s, &t)
	} else {
		err = r.tryExternal(ctx, a, s, &t)
	}
	if f, failed := errors.AsType[*failure](err); failed {
		t.Failure, t.Why, err = f.reason, f.err.Error(), nil
		t.Actions = []Action{{HandOver: &ActionHandOver{To: "onward"}}}
	}
	if err != nil {
		return Trial{}, err
	}
	return r.discreet(a, t)
}

// stranger is a conversation that there is not: somebody has just written.
func (r *Runner) stranger(a *event.Agent, center, text string) Scene {
	s := Scene{Center: center, Test: true, Words: []conversation.Word{{Message: "trial", Text: text}}}
	s.ID, s.Agent, s.Turn, s.LastIn, s.Routing = "trial", a.AgentId, 1, "trial", &event.Routing{}
	s.Last = Heard{ID: "trial", Content: &event.Content{Text: text}, At: r.Now().UTC()}
	s.talk("customer", text, s.Last.At)
	return s
}

func (r *Runner) tryExternal(ctx context.Context, a *event.Agent, s Scene, t *Trial) error {
	o := r.occasion(s, r.Now().Add(patienceOf(a)))
	o.Trial = true
	body, err := json.Marshal(o)
	if err != nil {
		return fmt.Errorf("the occasion of agent %s: %w", a.AgentId, err)
	}
	seal, err := r.signature(a, s, body)
	if err != nil {
		return err
	}
	answer, err := r.tryPost(ctx, a, a.External.GetUrl(), body, seal, t)
	if t.Later = err == nil && t.Status == http.StatusAccepted; err != nil || t.Later || len(strings.TrimSpace(string(answer))) == 0 {
		return err
	}
	out, err := parse(answer)
	if err == nil {
		p := plan{scene: s, directory: r.System.Directory.State(), articles: r.Articles(), draw: r.Draw(), now: r.Now()}
		_, err = p.commands(out)
	}
	if e, refused := errors.AsType[*refusal.Error](err); refused {
		return &failure{nonsense, fmt.Errorf("%s: %s", e.Field, e.Text)}
	}
	t.Actions = out.Actions
	return err
}

func (r *Runner) tryModel(ctx context.Context, a *event.Agent, s Scene, t *Trial) error {
	t.Actions = []Action{{HandOver: &ActionHandOver{To: "onward"}}}
	ranked, err := r.Answers.Rank(ctx, s.question(0))
	if err != nil {
		return err
	}
	given := sources(r.Articles(), s, ranked)
	if len(given) == 0 {
		return nil // it is not asked
	}
	url, body, seal, err := r.request(a, s, given)
	if err != nil {
		return err
	}
	answer, err := r.tryPost(ctx, a, url, body, seal, t)
	if err != nil {
		return err
	}
	text, err := completed(answer)
	if err == nil {
		text, err = cited(text, given)
	}
	if err == nil && text != "" {
		t.Actions = []Action{{Reply: &ActionReply{Text: text}}}
	}
	return err
}

// tryPost posts to the agent and notes what is shown of it.
func (r *Runner) tryPost(ctx context.Context, a *event.Agent, url string, body []byte, seal func(http.Header) error, t *Trial) ([]byte, error) {
	begin := r.Now()
	status, answer, err := r.deliver(ctx, a, url, body, seal)
	t.Sent, t.Status, t.Answer, t.Took = body, status, string(answer), r.Now().Sub(begin)
	return answer, err
}

// discreet leaves out of what is shown what the endpoint is shown, if it says it
// again.
func (r *Runner) discreet(a *event.Agent, t Trial) (Trial, error) {
	signing, bearer, err := r.Secrets(a)
	for _, secret := range append(signing, bearer) {
		if secret != "" {
			t.Answer, t.Why = strings.ReplaceAll(t.Answer, secret, "…"), strings.ReplaceAll(t.Why, secret, "…")
			for _, x := range t.Actions {
				if x.Reply != nil {
					x.Reply.Text = strings.ReplaceAll(x.Reply.Text, secret, "…")
				}
			}
		}
	}
	t.Answer = clip(strings.ToValidUTF8(t.Answer, "\uFFFD"), mostShown)
	return t, err
}
