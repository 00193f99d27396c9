package agent

import (
	"bytes"
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"
	"sync"
	"time"

	"github.com/sony/gobreaker/v2"

	"crafttalkd/actors/conversation"
	"crafttalkd/actors/event"
	"crafttalkd/actors/refusal"
	"crafttalkd/channels/webhook"
	"crafttalkd/transport/egress"
)

const (
	usualDeadline = 10 * time.Second
	usualPatience = 5 * time.Minute
	mostAnswer    = 256 << 10 // bytes of an answer

	tripsAfter = 5                // failures in a row after which an agent rests
	cooldown   = 30 * time.Second // and for so long
)

// A failure is why an agent that was asked over HTTP did not manage.
type failure struct {
	reason string // of those that AgentFailed knows
	err    error
}

func (f *failure) Error() string { return f.reason + ": " + f.err.Error() }
func (f *failure) Unwrap() error { return f.err }

// gates rest agents that fail again and again: nobody waits for them meanwhile.
type gates struct {
	mu   sync.Mutex // guards all
	all  map[string]*gobreaker.TwoStepCircuitBreaker[struct{}]
	urls map[string]string
}

// of returns the gate of an agent. One that moved elsewhere begins anew.
func (g *gates) of(a *event.Agent) *gobreaker.TwoStepCircuitBreaker[struct{}] {
	g.mu.Lock()
	defer g.mu.Unlock()
	if g.all == nil {
		g.all, g.urls = map[string]*gobreaker.TwoStepCircuitBreaker[struct{}]{}, map[string]string{}
	}
	if at := a.External.GetUrl(); g.all[a.AgentId] == nil || g.urls[a.AgentId] != at {
		g.urls[a.AgentId] = at
		g.all[a.AgentId] = gobreaker.NewTwoStepCircuitBreaker[struct{}](gobreaker.Settings{
			Timeout:     cooldown,
			ReadyToTrip: func(c gobreaker.Counts) bool { return c.ConsecutiveFailures >= tripsAfter },
			IsExcluded:  func(err error) bool { return errors.Is(err, context.Canceled) },
		})
	}
	return g.all[a.AgentId]
}

// consult asks an external agent what to do, if there is something that it has
// not been asked or has not finished.
func (r *Runner) consult(ctx context.Context, a *event.Agent, s Scene) ([]conversation.Command, error) {
	duty, owes := conversation.Owes(s.State)
	unfinished := !owes && s.More && s.Survey == nil && r.resumes(s.ID)
	switch {
	case !unfinished && (!owes || !duty.Until.IsZero() || s.Survey != nil):
		return nil, nil
	case s.wantsPerson():
		return one(s.toPerson()), nil
	}
	until := r.Now().Add(patienceOf(a))
	body, err := json.Marshal(r.occasion(s, until))
	if err != nil {
		return nil, fmt.Errorf("the occasion of agent %s: %w", a.AgentId, err)
	}
	seal, err := r.signature(a, s, body)
	if err != nil {
		return nil, err
	}
	status, answer, err := r.send(ctx, a, a.External.GetUrl(), body, seal)
	if err == nil && status == http.StatusAccepted {
		return one(conversation.Await{Agent: s.Agent, Turn: s.Turn, About: s.LastIn, Until: until}), nil
	}
	var commands []conversation.Command
	if err == nil {
		commands, err = r.planned(s, answer)
	}
	return r.orFail(ctx, s, commands, err)
}

// signature signs a body, if the agent has what to sign it with.
func (r *Runner) signature(a *event.Agent, s Scene, body []byte) (func(http.Header) error, error) {
	signing, _, err := r.Secrets(a)
	return func(h http.Header) error {
		if len(signing) == 0 {
			return nil
		}
		signers, err := webhook.NewSigners(signing)
		if err == nil {
			webhook.Sign(h, signers, s.name(0), r.Now(), body)
		}
		return err
	}, err
}

// orFail is what an agent wants, or that it did not manage.
func (r *Runner) orFail(ctx context.Context, s Scene, commands []conversation.Command, err error) ([]conversation.Command, error) {
	switch f, failed := errors.AsType[*failure](err); {
	case err == nil:
		return commands, nil
	case ctx.Err() != nil:
		return nil, ctx.Err()
	case failed:
		r.Log.Warn("agent: failed", "agent", s.Agent, "err", err)
		return one(s.failed(f.reason)), nil
	}
	return nil, err
}

// planned reads an answer and makes commands of it.
func (r *Runner) planned(s Scene, answer []byte) ([]conversation.Command, error) {
	if len(bytes.TrimSpace(answer)) == 0 {
		return one(s.settled()), nil // 204, or 200 with nothing to do
	}
	out, err := parse(answer)
	if err != nil {
		return nil, &failure{nonsense, err}
	}
	p := plan{scene: s, directory: r.System.Directory.State(), articles: r.Articles(), draw: r.Draw(), now: r.Now()}
	commands, err := p.commands(out)
	if refusal.KindOf(err) != 0 {
		err = &failure{nonsense, err}
	}
	return commands, err
}

// send is deliver to an agent that does not rest.
func (r *Runner) send(ctx context.Context, a *event.Agent, url string, body []byte, seal func(http.Header) error) (status int, answer []byte, err error) {
	done, err := r.gates.of(a).Allow()
	if err != nil {
		return 0, nil, &failure{unreachable, err}
	}
	defer func() { done(err) }()
	return r.deliver(ctx, a, url, body, seal)
}

// deliver sends JSON to an agent and reads what it answers, all by its deadline.
func (r *Runner) deliver(ctx context.Context, a *event.Agent, url string, body []byte, seal func(http.Header) error) (status int, answer []byte, err error) {
	deadline := usualDeadline
	if d := a.External.GetDeadline(); d != nil {
		deadline = d.AsDuration()
	}
	limited, cancel := context.WithTimeout(ctx, deadline)
	defer cancel()
	req, err := http.NewRequestWithContext(limited, http.MethodPost, url, bytes.NewReader(body))
	if err != nil {
		return 0, nil, &failure{unreachable, err}
	}
	req.Header.Set("Content-Type", "application/json")
	req.Header.Set("User-Agent", "crafttalkd")
	if err := seal(req.Header); err != nil {
		return 0, nil, err
	}
	status, answer, err = r.exchange(req)
	if err != nil {
		err = whyNot(ctx, limited, err)
	}
	return status, answer, err
}

// exchange makes a request and reads the answer. Nobody follows a redirect: the
// address is the administrator's to say.
func (r *Runner) exchange(req *http.Request) (status int, answer []byte, err error) {
	res, err := r.Client.Do(req)
	if err != nil {
		return 0, nil, err
	}
	defer res.Body.Close()
	if answer, err = egress.ReadAll(res.Body, mostAnswer); err != nil {
		return 0, nil, err
	}
	if res.StatusCode < 200 || res.StatusCode > 299 {
		return res.StatusCode, answer, fmt.Errorf("it answers %s", res.Status)
	}
	return res.StatusCode, answer, nil
}

// whyNot says of an exchange that failed what AgentFailed calls it.
func whyNot(ctx, limited context.Context, err error) error {
	switch {
	case ctx.Err() != nil:
		return ctx.Err()
	case limited.Err() != nil:
		return &failure{late, err}
	case errors.Is(err, egress.ErrTooLarge):
		return &failure{tooLarge, err}
	case errors.Is(err, io.ErrUnexpectedEOF):
		return &failure{nonsense, err}
	}
	return &failure{unreachable, err}
}

func patienceOf(a *event.Agent) time.Duration {
	if d := a.External.GetPatience(); d != nil {
		return d.AsDuration()
	}
	return usualPatience
}

// occasion is what an external agent is told.
func (r *Runner) occasion(s Scene, until time.Time) Occasion {
	out := Occasion{ConversationID: s.ID, AgentID: s.Agent, Turn: s.Turn, Event: "engaged", Message: r.addressed(s, messageOf(s.Last)),
		Slots: map[string]string{}, Captions: map[string]string{}, History: []OccasionLine{}, PatientUntil: until.UTC(),
		Customer: OccasionCustomer{s.Customer, s.Name},
		Routing:  OccasionRouting{s.Routing.GetLineId(), s.Routing.GetLanguage(), append([]string{}, s.Routing.GetSkills()...), s.Routing.GetPriority()}}
	if s.Heard {
		out.Event = "message"
	}
	for class, k := range s.Slots {
		out.Slots[class], out.Captions[class] = k.Value, k.Caption
	}
	for _, l := range s.Talk {
		out.History = append(out.History, OccasionLine{l.By, clip(l.Text, mostText), l.At})
	}
	if r.Public != "" {
		out.AnswerURL = strings.TrimSuffix(r.Public, "/") + AnswerPath + r.token(s, until)
	}
	return out
}

func messageOf(h Heard) *OccasionMessage {
	if h.ID == "" {
		return nil
	}
	out := &OccasionMessage{MessageID: h.ID, At: h.At, Text: clip(cmp.Or(h.Content.GetText(), h.Content.GetPressed().GetCaption()), mostText)}
	if b := h.Content.GetPressed(); b != nil {
		out.Pressed = &OccasionButton{b.Caption, cmp.Or(b.Value, b.Caption)}
	}
	for _, f := range h.Content.GetAttachments() {
		out.Attachments = append(out.Attachments, OccasionFile{Name: f.Name, Mime: f.Mime, Size: f.Size})
	}
	if l := h.Content.GetLocation(); l != nil {
		out.Location = &OccasionPlace{l.Latitude, l.Longitude}
	}
	if c := h.Content.GetContact(); c != nil {
		out.Contact = &OccasionContact{c.Name, c.Phone}
	}
	return out
}
