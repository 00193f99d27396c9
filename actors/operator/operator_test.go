package operator_test

import (
	"testing"
	"time"

	"github.com/cockroachdb/datadriven"

	"crafttalkd/actors/actortest"
	"crafttalkd/actors/event"
	"crafttalkd/actors/operator"
	"crafttalkd/actors/shell"
)

var machine = shell.Machine[operator.State, operator.Command]{
	Decide:   operator.Decide,
	Apply:    operator.Apply,
	Deadline: operator.Deadline,
	Wake:     operator.Wake{},
	Version:  operator.Version,
}

// Each script opens with the sentence it proves and the row that promises it.
func TestScripts(t *testing.T) {
	actortest.Run(t, "../../testdata/operator", machine, parse)
}

// A line reads the words of one line of a script.
type line struct {
	t *testing.T
	d *datadriven.TestData
}

func parse(t *testing.T, d *datadriven.TestData) operator.Command {
	l := line{t, d}
	switch d.Cmd {
	case "configure":
		return operator.Configure{ID: "oleg", Version: l.number("v", 1), Lines: l.words("lines"),
			Languages: l.words("langs"), Skills: l.words("skills"), Capacity: int32(l.number("capacity", 0)),
			FirstName: l.word("fname"), LastName: l.word("lname"), Removed: d.HasArg("removed")}
	case "presence":
		return operator.SetPresence{Presence: event.Presence(event.Presence_value[l.word("is")]), By: l.word("by")}
	case "connect":
		return operator.Connect{}
	case "disconnect":
		return operator.Disconnect{Grace: l.time("grace")}
	case "reserve":
		return operator.Reserve{Offer: l.word("offer"), Conversation: l.word("c"), Line: l.wordOr("line", "sales"), Turn: l.number("turn", 1)}
	case "force":
		return operator.Force{Offer: l.word("offer"), Conversation: l.word("c"), By: l.word("by")}
	case "take":
		return operator.Take{Offer: l.word("offer"), Conversation: l.word("c")}
	case "confirm":
		return operator.Confirm{Offer: l.word("offer"), Conversation: l.word("c")}
	case "release":
		return operator.Release{Offer: l.word("offer"), Conversation: l.word("c"), Cause: event.Cause_CLOSED}
	case "time-out":
		return operator.TimeOut{Conversation: l.word("c"), Offer: l.word("offer")}
	}
	t.Fatalf("%s: unknown command %s", d.Pos, d.Cmd)
	return nil
}

func (l line) word(key string) (s string) {
	l.d.MaybeScanArgs(l.t, key, &s)
	return s
}

func (l line) wordOr(key, usual string) string {
	l.d.MaybeScanArgs(l.t, key, &usual)
	return usual
}

func (l line) words(key string) []string {
	for _, a := range l.d.CmdArgs {
		if a.Key == key {
			return a.Vals
		}
	}
	return nil
}

func (l line) number(key string, usual uint64) uint64 {
	l.d.MaybeScanArgs(l.t, key, &usual)
	return usual
}

func (l line) time(key string) time.Duration {
	d, err := time.ParseDuration(l.word(key))
	if err != nil {
		l.t.Fatalf("%s: %v", l.d.Pos, err)
	}
	return d
}
