package agent

import (
	"context"
	"errors"
	"runtime/debug"
	"time"

	"crafttalkd/actors/conversation"
	"crafttalkd/actors/directory"
	"crafttalkd/actors/event"
	"crafttalkd/actors/hours"
	"crafttalkd/actors/refusal"
)

// answerTime is how long a conversation may take to answer.
const answerTime = 10 * time.Second

// mostSteps is how many steps an agent takes at once: one that wants more goes
// round in circles.
const mostSteps = 8

// try does what the agent who keeps a conversation has to do, step by step, and
// reports whether it should be tried again.
func (r *Runner) try(ctx context.Context, id string) (again bool) {
	defer func() {
		if p := recover(); p != nil {
			r.Log.Error("agent: panic", "conversation", id, "panic", p, "stack", string(debug.Stack()))
			again = true
		}
	}()
	if err := r.System.Directory.Wait(ctx, r.wanted()); err != nil {
		return true
	}
	turn := uint64(0)
	for range mostSteps {
		more, err := r.step(ctx, id, &turn)
		if err != nil && ctx.Err() == nil {
			r.Log.Warn("agent: a step failed", "conversation", id, "err", err)
		}
		if err != nil || !more {
			return err != nil
		}
	}
	s, err := r.look(id)
	if err == nil && s.keptByAgent() {
		_, err = r.carry(ctx, id, s, []conversation.Command{s.failed("loop")})
	}
	return err != nil
}

// look reads a conversation.
func (r *Runner) look(id string) (Scene, error) {
	return fold(r.Journal.Durable(event.ConversationStream+id, 0), r.kindOf)
}

// keptByAgent tells whether somebody is there who acts.
func (s Scene) keptByAgent() bool {
	return s.Phase == conversation.Automatic && s.Agent != conversation.Silence
}

// step takes one step of a turn, and reports whether another may follow. Whoever
// has the next turn has a lane of its own.
func (r *Runner) step(ctx context.Context, id string, turn *uint64) (more bool, err error) {
	s, err := r.look(id)
	if err != nil || !s.keptByAgent() || *turn != 0 && *turn != s.Turn {
		return false, err
	}
	*turn = s.Turn
	commands, err := r.decide(ctx, s)
	if err != nil || len(commands) == 0 {
		return false, err
	}
	more, err = r.carry(ctx, id, s, commands)
	return more && !outside(r.kindOf(s.Agent)), err
}

// outside tells whether agents of a kind are asked over HTTP: what they want is
// known as a whole.
func outside(kind string) bool { return kind == directory.External || kind == directory.Model }

// decide asks the agent who keeps the conversation what is to be done.
func (r *Runner) decide(ctx context.Context, s Scene) ([]conversation.Command, error) {
	d := r.System.Directory.State()
	a := d.Agent(s.Agent)
	if a == nil || a.Disabled {
		return one(s.failed(gone)), nil
	}
	switch a.Kind {
	case directory.Greeting:
		return one(greet(a, s, r.Articles(), r.Draw())), nil
	case directory.Hours:
		c, zone := d.Hours(s.Center, s.Routing.GetLineId())
		return one(away(a, s, r.Articles(), r.Draw(), c, hours.Zone(zone), r.Now())), nil
	case directory.Bot:
		return r.bot(ctx, a, s)
	case directory.External:
		return r.consult(ctx, a, s)
	case directory.Model:
		return r.generate(ctx, a, s)
	}
	return one(s.failed(gone)), nil
}

// one is the list of a command, empty for none.
func one(c conversation.Command) []conversation.Command {
	if c == nil {
		return nil
	}
	return []conversation.Command{c}
}

// bot lets the bot think, and asks which article answers if it has to.
func (r *Runner) bot(ctx context.Context, a *event.Agent, s Scene) ([]conversation.Command, error) {
	switch think(s) {
	case follow:
		return one(followed(s, r.Articles(), r.Draw())), nil
	case wait:
		return one(s.settled()), nil
	case leave:
		return one(s.onward()), nil
	case person:
		return one(s.toPerson()), nil
	case lost:
		return one(unsure(a.Bot, s, r.Articles(), r.Draw())), nil
	case ask:
		ranked, err := r.Answers.Rank(ctx, s.question(a.Bot.GetPrecision()))
		if err != nil {
			return nil, err
		}
		return one(answer(a.Bot, s, ranked, r.Articles(), r.Draw())), nil
	}
	return nil, nil
}

// question is what the customer asked.
func (s Scene) question(precision float64) Question {
	return Question{Text: s.Last.text(), Center: s.Center, Routing: s.Routing, Precision: precision}
}

// carry sends commands one after the other. What comes too late is nothing to
// worry about: whoever was faster is acted on next. What is refused for itself
// costs the agent its turn. A command that has been sent is waited for, even if
// nobody wants it any more: a second one would only be refused.
func (r *Runner) carry(ctx context.Context, id string, s Scene, commands []conversation.Command) (more bool, err error) {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), answerTime)
	defer cancel()
	for i, c := range commands {
		if r.limit > 0 && i >= r.limit {
			return false, nil
		}
		switch _, err := r.System.Ask(ctx, event.ConversationStream+id, c); {
		case err == nil:
		case over(err):
			return false, nil
		case refusal.KindOf(err) == 0, refusal.KindOf(err) == refusal.Busy:
			return false, err
		default:
			r.Log.Warn("agent: refused", "conversation", id, "agent", s.Agent, "err", err)
			_, err := r.System.Ask(ctx, event.ConversationStream+id, s.failed(refused(err)))
			if err != nil && !over(err) {
				return false, err
			}
			return false, nil
		}
	}
	return true, nil
}

// over tells whether it was somebody else's turn by then.
func over(err error) bool {
	return errors.Is(err, conversation.ErrTurnOver) || errors.Is(err, conversation.ErrOutdated) ||
		errors.Is(err, conversation.ErrClosed) || errors.Is(err, conversation.ErrUnknown)
}

// refused is the reason why an agent failed whose act was refused.
func refused(err error) string {
	return clip(err.Error(), 200)
}

// again asks for another look at a conversation.
func (r *Runner) again(id string) {
	r.announce(change{fresh: map[string]bool{id: false}})
}
