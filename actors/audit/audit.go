/*
Package audit is the log of acts: who changed the organisation, who looked at
the work of others, who signed in, who was refused.

	a fact of another stream ---Note---> AuditNoted
	an act without a fact ------Note---> AuditNoted

All of it is one stream with one writer, so there is one order, and each line
has the hash of the line before it: a line that was changed, put in or taken out
breaks the chain. What was cut off at the end breaks nothing, so the end, the
[Head], is told to people who keep it elsewhere.

A fact is noted once, however often it is told: facts of a shard come in their
order, and the log knows how far it has come in each. What the facts say is not
repeated: a line names the fact, and whoever may reads it there.
*/
package audit

import (
	"maps"
	"time"

	"google.golang.org/protobuf/types/known/timestamppb"

	"crafttalkd/actors/event"
	"crafttalkd/actors/refusal"
)

// Version numbers the form of [State] in snapshots.
const Version = 1

// Acts that leave no fact of their own. All others are named as their facts are.
const (
	SignedIn          = "signed_in"
	SignInRefused     = "sign_in_refused"
	SignedOut         = "signed_out"
	SessionEnded      = "session_ended"
	SessionsEnded     = "sessions_ended"
	Uninvited         = "invitation_withdrawn"
	Refused           = "refused" // the object is the call
	HistoryExported   = "history_exported"
	StatisticsShown   = "statistics_exported"
	SurveysExported   = "surveys_exported"
	KnowledgeExported = "knowledge_exported"
	UsersExported     = "users_exported"
	AuditExported     = "audit_exported"
	CustomersRead     = "customers_read"
	FeedRead          = "feed_read"
	FileOpened        = "file_opened"
	FileKept          = "knowledge_file_kept"
	SecretShown       = "secret_shown"
	FailureShown      = "failure_shown"
	FailureRetried    = "failure_retried"
	FailureDiscarded  = "failure_discarded"
	PrioritySet       = "priority_set"
	BotTrained        = "bot_trained"
	BotModelUsed      = "bot_model_used"
	AccountTested     = "account_tested"
	AgentTried        = "agent_tried"
	WebhookTested     = "webhook_tested"
	WebhookResent     = "webhook_resent"
)

// A State is the end of the log.
type State struct {
	Head   Head
	At     time.Time
	Places map[uint64]uint64 `json:",omitempty"` // of each shard, the position of the last fact that was noted
}

// A Fact says which one tells of an act.
type Fact struct {
	Stream   string
	Version  uint64
	Shard    uint64
	Position uint64 // from 1
}

// A Command asks the log for something.
type Command interface{ auditCommand() }

type (
	// Note says that somebody did something.
	Note struct {
		At              time.Time // zero is now
		By, Act, Object string
		Of              Fact // zero if no fact tells of it
		IP              string
		Count           int32 // how many such acts it stands for; 0 is one
	}
	// Wake says that the state's deadline has come, which never happens.
	Wake struct{}
)

func (Note) auditCommand() {}
func (Wake) auditCommand() {}

// Decide returns the events that cmd leads to in s, or refuses.
func Decide(s State, cmd Command, now time.Time) ([]event.Event, error) {
	switch c := cmd.(type) {
	case Note:
		return note(s, c, now)
	case Wake:
		return nil, nil
	}
	panic("audit: unknown command")
}

func note(s State, c Note, now time.Time) ([]event.Event, error) {
	switch {
	case c.Act == "":
		return nil, refusal.Of("act", "say what was done")
	case c.Of.Position > 0 && c.Of.Position <= s.Places[c.Of.Shard]:
		return nil, nil
	}
	at := c.At
	if at.IsZero() {
		at = now
	}
	if at.Before(s.At) {
		at = s.At
	}
	return []event.Event{&event.AuditNoted{At: timestamppb.New(at), Number: s.Head.Number + 1, Before: s.Head.Hash,
		By: c.By, Act: c.Act, Object: c.Object, Ip: c.IP, Count: c.Count,
		Stream: c.Of.Stream, Version: c.Of.Version, Shard: c.Of.Shard, Position: c.Of.Position}}, nil
}

// Apply returns s after e. It cannot fail: e has happened.
func Apply(s State, e event.Event) State {
	n, ok := e.(*event.AuditNoted)
	if !ok {
		return s
	}
	s.Head, s.At = HeadAt(n), n.At.AsTime()
	if n.Position > 0 {
		places := maps.Clone(s.Places)
		if places == nil {
			places = map[uint64]uint64{}
		}
		places[n.Shard] = n.Position
		s.Places = places
	}
	return s
}

// Deadline is never: nothing becomes of a line.
func Deadline(State) time.Time { return time.Time{} }
