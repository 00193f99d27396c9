package main

import (
	"context"
	"time"

	"crafttalkd/actors/wall"
	"crafttalkd/transport/accounts"
	"crafttalkd/transport/rest"
	"crafttalkd/transport/teacher"
)

// What /metrics tells beside what a Go process tells of itself. Names of people
// are in none of it. docs/deploy has a dashboard and alerts made of these.

// gauges are single figures.
func (n *node) gauges() []rest.Gauge {
	count := func(name, help string, read func() int64) rest.Gauge {
		return rest.Gauge{Name: "crafttalk_" + name + "_total", Help: help, Counts: true, Read: func() float64 { return float64(read()) }}
	}
	level := func(name, help string, read func() float64) rest.Gauge {
		return rest.Gauge{Name: "crafttalk_" + name, Help: help, Read: read}
	}
	return []rest.Gauge{
		count("messages_taken", "Customers' messages taken since the start.", func() int64 { return int64(n.door.Stats().Taken) }),
		count("messages_refused", "Customers' messages refused since the start.", func() int64 { return int64(n.door.Stats().Refused) }),
		count("messages_unheeded", "Automatic messages since the start that met no open conversation.", func() int64 { return int64(n.door.Stats().Unheeded) }),
		count("news_lost", "Edits and receipts since the start whose messages never came.", func() int64 { return int64(n.door.Stats().Lost) }),
		count("alarms_late", "Alarms that rang more than a second late since the start.", func() int64 { return int64(n.system.Overdue().Rung) }),
		level("alarms_waiting", "Alarms that are due and have not rung.", func() float64 { return float64(n.system.Overdue().Waiting) }),
		level("alarms_late_seconds", "How late the earliest of them is.", func() float64 { return n.system.Overdue().Late.Seconds() }),
		level("desks", "Operators' open sockets.", func() float64 { return float64(n.desk.Sockets()) }),
		level("walls", "Supervisors' open sockets.", func() float64 { return float64(n.wall.Sockets()) }),
		level("widgets", "Visitors' open sockets.", func() float64 { return float64(n.lobby.Sockets()) }),
		level("operators_receiving", "Operators who are given conversations.", func() float64 { return float64(n.wall.Totals(time.Now()).Receiving) }),
		level("queue_oldest_seconds", "How long the first in a queue has waited.", func() float64 { return n.wall.Totals(time.Now()).Waiting.Seconds() }),
		level("ready", "Whether a write can be committed now.", n.readiness),
		level("room_bytes", "How much more the disk takes.", func() float64 {
			free, _, err := n.engine.Room()
			if err != nil {
				return 0
			}
			return float64(free)
		}),
	}
}

// readiness is 1 if a small write is committed now.
func (n *node) readiness() float64 {
	ctx, cancel := context.WithTimeout(context.Background(), late)
	defer cancel()
	if n.stopping.Load() || n.engine.Ready(ctx) != nil {
		return 0
	}
	return 1
}

// families are figures of many things of one kind.
func (n *node) families() []rest.Family {
	open := rest.Family{Name: "crafttalk_conversations", Help: "Open conversations, by who keeps them.", Labels: []string{"phase"},
		Read: func(tell func(float64, ...string)) {
			phases := n.wall.Totals(time.Now()).Phases
			for _, p := range []wall.Phase{wall.Opened, wall.Automatic, wall.Waiting, wall.Served, wall.Silent} {
				tell(float64(phases[p]), string(p))
			}
		}}
	behind := rest.Family{Name: "crafttalk_reading_behind", Help: "Facts on disk that a reading of the journal has not taken yet.", Labels: []string{"reading"},
		Read: func(tell func(float64, ...string)) {
			n.journal.Behind(func(reading string, facts uint64) { tell(float64(facts), reading) })
		}}
	return append(append([]rest.Family{open, behind}, n.accountFamilies()...), n.botFamilies()...)
}

func counts(f rest.Family) rest.Family {
	f.Counts = true
	return f
}

// accountFamilies are of every account.
func (n *node) accountFamilies() []rest.Family {
	family := func(name, help string, read func(c accounts.Condition, tell func(float64, ...string)), labels ...string) rest.Family {
		return rest.Family{Name: "crafttalk_account_" + name, Help: help, Labels: append([]string{"account"}, labels...),
			Read: func(tell func(float64, ...string)) {
				for _, c := range n.accounts.Conditions() {
					read(c, func(v float64, labels ...string) { tell(v, append([]string{c.AccountID}, labels...)...) })
				}
			}}
	}
	age := func(at time.Time, tell func(float64, ...string)) {
		if !at.IsZero() {
			tell(time.Since(at).Seconds())
		}
	}
	return []rest.Family{
		family("works", "Whether an account works: 0 for one that is broken; none for one that is switched off.", func(c accounts.Condition, tell func(float64, ...string)) {
			switch c.State {
			case accounts.Off:
			case accounts.Broken:
				tell(0)
			default:
				tell(1)
			}
		}),
		family("waiting", "Messages that wait to be sent.", func(c accounts.Condition, tell func(float64, ...string)) { tell(float64(c.Waiting)) }),
		family("in_age_seconds", "How long nothing has come in; none if nothing has since the start.", func(c accounts.Condition, tell func(float64, ...string)) { age(c.LastIn, tell) }),
		family("out_age_seconds", "How long nothing has been taken by the provider; none if nothing has since the start.", func(c accounts.Condition, tell func(float64, ...string)) { age(c.LastOut, tell) }),
		counts(family("strange_total", "Updates since the start that nobody understood, by kind.", func(c accounts.Condition, tell func(float64, ...string)) {
			for kind, n := range c.Strange {
				tell(float64(n), kind)
			}
		}, "kind")),
		counts(family("calls_total", "Calls of the webhook since the start, by the class of the answer.", func(c accounts.Condition, tell func(float64, ...string)) {
			for class, n := range n.accounts.Calls(c.AccountID) {
				tell(float64(n), class)
			}
		}, "status")),
	}
}

// botFamilies are of the models in use.
func (n *node) botFamilies() []rest.Family {
	family := func(name, help string, read func(l teacher.Language) float64) rest.Family {
		return rest.Family{Name: "crafttalk_bot_" + name, Help: help, Labels: []string{"language"}, Read: func(tell func(float64, ...string)) {
			for _, l := range n.teacher.State().Languages {
				if l.Book != nil {
					tell(read(l), l.Language)
				}
			}
		}}
	}
	return []rest.Family{
		family("model_age_seconds", "How long ago the model in use was made.", func(l teacher.Language) float64 { return time.Since(l.Book.At).Seconds() }),
		family("model_bytes", "The size of the model in use.", func(l teacher.Language) float64 { return float64(l.Book.Size) }),
		family("training_seconds", "How long its training took.", func(l teacher.Language) float64 { return l.Book.Took.Seconds() }),
		family("examples", "What it learnt from.", func(l teacher.Language) float64 { return float64(l.Book.Report.Samples) }),
		family("fresh", "What it remembers beside that.", func(l teacher.Language) float64 { return float64(l.Fresh) }),
	}
}
