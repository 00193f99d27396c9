package replay

import (
	"container/heap"
	"context"
	"maps"
	"slices"
	"strconv"
	"time"

	"crafttalkd/transport/wire"
)

// A theatre plays dialogs as they were recorded. Everything in it happens in
// one goroutine: what sockets hear comes in through events.
type theatre struct {
	p        *player
	ctx      context.Context // of the run: a theatre lives no longer
	events   chan func()
	cues     cues
	plays    []*play
	people   map[string]*person
	accounts map[route]string
	caller   *caller // nil if nobody calls
	over     int     // of the plays
}

// A person is a customer of one or more dialogs, which are played one after
// another.
type person struct {
	id, name string
	account  string // of the widget
	token    string
	visitor  *visitor // nil while not connected
	leave    context.CancelFunc
	calls    int
	busy     bool
	waiting  []*play
}

// A cue is something that happens at its time.
type cue struct {
	at time.Duration
	do func()
}

type cues []cue

func (c cues) Len() int           { return len(c) }
func (c cues) Less(i, j int) bool { return c[i].at < c[j].at }
func (c cues) Swap(i, j int)      { c[i], c[j] = c[j], c[i] }

// Push is of heap.Interface.
func (c *cues) Push(x any) { *c = append(*c, x.(cue)) }

// Pop is of heap.Interface.
func (c *cues) Pop() any {
	last := (*c)[len(*c)-1]
	*c = (*c)[:len(*c)-1]
	return last
}

// playDialogs plays each dialog once.
func (p *player) playDialogs(ctx context.Context, dialogs []Dialog) (Report, error) {
	ctx, end := p.begin(ctx)
	defer end()
	p.ledger = newLedger(p.stage.run, 2*len(dialogs))
	t := &theatre{p: p, ctx: ctx, events: make(chan func(), 4096), people: map[string]*person{}}
	if err := t.furnish(dialogs); err != nil {
		return Report{}, err
	}
	before := p.stage.measure(ctx)
	begin := p.now()
	t.invite(dialogs, begin)
	showing, hide := context.WithCancel(ctx)
	defer hide()
	progress := func() float64 { return float64(p.ledger.sent.Load()) / float64(len(customersMessages(dialogs))) }
	p.wg.Go(func() { bar{w: p.o.Progress}.show(showing, progress, p.ledger) })
	err := t.run(begin + p.o.Duration)
	sending := p.now() - begin
	p.wg.Go(t.ignore)
	if err == nil {
		err = p.drain(ctx)
	}
	r := p.ledger.report(sending, before, p.stage.measure(ctx))
	if err == nil {
		err = p.leave(ctx)
	}
	return r, err
}

// furnish makes accounts and operators for the dialogs.
func (t *theatre) furnish(dialogs []Dialog) error {
	set := map[route]bool{{line: center}: true}
	calls := false
	for i := range dialogs {
		set[routeOf(&dialogs[i])] = true
		calls = calls || dialogs[i].uses(api)
	}
	all := slices.Collect(maps.Keys(set))
	slices.SortFunc(all, route.compare)
	var err error
	if t.accounts, err = t.p.stage.routes(t.ctx, all); err != nil {
		return err
	}
	if calls {
		if err := t.call(); err != nil {
			return err
		}
	}
	return t.p.seat(t.ctx, all, func(d *desk) { d.heard, d.kept = t.heard, t.kept })
}

// call opens the channel API, with somewhere for its webhooks to go.
func (t *theatre) call() error {
	r, err := newReceiver()
	if err != nil {
		return err
	}
	t.p.wg.Go(func() { r.run(t.ctx) })
	account, key, err := t.p.stage.apiAccount(t.ctx, route{line: center}, r.url())
	if err != nil {
		return err
	}
	t.caller = newCaller(t.p, account, key)
	t.p.wg.Go(func() { t.caller.run(t.ctx) })
	return nil
}

// uses reports whether the customer writes in the channel.
func (d *Dialog) uses(name string) bool {
	return d.Channel == name || slices.ContainsFunc(d.Messages, func(m Message) bool { return m.Channel == name })
}

// usualGap is between two dialogs at the speed of people.
const usualGap = 20 * time.Second

// invite cues the beginning of every dialog.
func (t *theatre) invite(dialogs []Dialog, begin time.Duration) {
	gap := time.Duration(float64(usualGap) / t.p.o.Speed)
	if t.p.o.Rate > 0 {
		gap = planned(len(customersMessages(dialogs)), t.p.o.Rate*float64(len(dialogs)))
	}
	r := chance(t.p.o.Seed, ofPauses)
	for i, at := range arrivals(t.p.o.Seed, len(dialogs), gap) {
		d := &dialogs[i]
		pl := &play{d: d, number: i, pauses: pauses(d, r, t.p.o.Speed), channel: given(d.Channel, widget), places: map[string]*desk{}}
		t.plays = append(t.plays, pl)
		t.at(begin+at, func() { t.enter(pl) })
	}
}

// run plays until every dialog is over or the time is up.
func (t *theatre) run(until time.Duration) error {
	timer := time.NewTimer(0)
	defer timer.Stop()
	for t.over < len(t.plays) {
		now := t.p.now()
		if now >= until {
			return nil
		}
		next := until
		if len(t.cues) > 0 {
			next = min(next, t.cues[0].at)
		}
		timer.Reset(next - now)
		select {
		case do := <-t.events:
			do()
		case <-timer.C:
			t.cue()
		case <-t.ctx.Done():
			return context.Cause(t.ctx)
		}
	}
	return nil
}

// cue does what is due.
func (t *theatre) cue() {
	for len(t.cues) > 0 && t.cues[0].at <= t.p.now() {
		heap.Pop(&t.cues).(cue).do()
	}
}

func (t *theatre) at(at time.Duration, do func()) { heap.Push(&t.cues, cue{at, do}) }

// tell brings what happened elsewhere into the theatre's goroutine.
func (t *theatre) tell(do func()) {
	select {
	case t.events <- do:
	case <-t.ctx.Done():
	}
}

// ignore takes what is still told when the play is over, so that sockets need
// not wait.
func (t *theatre) ignore() {
	for {
		select {
		case <-t.events:
		case <-t.ctx.Done():
			return
		}
	}
}

// heard is called by desks.
func (t *theatre) heard(_ *desk, conversation string, lane, n int) {
	t.tell(func() { t.plays[lane/2].hear(t, conversation, lane%2, n) })
}

// kept is called by desks.
func (t *theatre) kept(d *desk, conversation string, lane int) {
	t.tell(func() {
		pl := t.plays[lane/2]
		pl.places[conversation] = d
		pl.wake(t)
	})
}

// enter begins a dialog, or has it wait until the customer's previous one is
// over.
func (t *theatre) enter(pl *play) {
	id, name := "d"+strconv.Itoa(pl.number), ""
	if c := pl.d.Customer; c != nil {
		id, name = c.ID, c.Name
	}
	who := t.people[id]
	if who == nil {
		who = &person{id: t.p.stage.run + "-" + id, name: name, account: t.accounts[routeOf(pl.d)]}
		t.people[id] = who
	}
	pl.who = who
	if who.busy {
		who.waiting = append(who.waiting, pl)
		return
	}
	who.busy = true
	pl.next(t)
}

// exit ends a dialog.
func (t *theatre) exit(pl *play) {
	t.over++
	who := pl.who
	if len(who.waiting) > 0 {
		next := who.waiting[0]
		who.waiting = who.waiting[1:]
		next.next(t)
		return
	}
	who.busy = false
	if who.visitor != nil {
		who.leave()
		who.visitor = nil
	}
}

// connect brings the person to the widget, and then does the rest.
func (t *theatre) connect(who *person, then func()) {
	if who.visitor != nil {
		then()
		return
	}
	ctx, leave := context.WithCancel(t.ctx)
	token := who.token
	t.p.wg.Go(func() {
		var err error
		if token == "" {
			token, err = t.p.stage.session(ctx, who.account)
		}
		if err != nil {
			leave()
			t.p.fail(err)
			return
		}
		v := newVisitor(t.p, who.account, token)
		t.p.keep(ctx, &v.socket)
		if v.await(ctx) != nil {
			leave()
			return
		}
		t.tell(func() {
			who.token, who.visitor, who.leave = token, v, leave
			then()
		})
	})
}

// refused counts an operator's command that was refused, and reports it.
func (t *theatre) refused(a *wire.Answer) bool {
	if a.Kind != "" {
		t.p.ledger.refused.Add(1)
	}
	return a.Kind != ""
}
