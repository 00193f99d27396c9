package replay

import (
	"context"
	"sync"
	"time"
)

// feeders is how many goroutines send. Each has customers of its own, so that
// a customer's messages keep their order.
const feeders = 2

// answerEvery is how often an operator writes back.
const answerEvery = 5

// playOpen sends at times fixed in advance.
func (p *player) playOpen(ctx context.Context, dialogs []Dialog) (Report, error) {
	ctx, end := p.begin(ctx)
	defer end()
	p.ledger = newLedger(p.stage.run, p.o.Customers)
	all := []route{{line: center}}
	accounts, err := p.stage.routes(ctx, all)
	if err != nil {
		return Report{}, err
	}
	if err := p.seat(ctx, all, func(d *desk) { d.heard, d.kept = p.answerSome, func(*desk, string, int) {} }); err != nil {
		return Report{}, err
	}
	visitors, err := p.visitors(ctx, accounts[all[0]], p.o.Customers)
	if err != nil {
		return Report{}, err
	}
	before := p.stage.measure(ctx)
	begin := p.now()
	showing, hide := context.WithCancel(ctx)
	defer hide()
	p.wg.Go(func() {
		bar{w: p.o.Progress}.show(showing, func() float64 { return float64(p.now()-begin) / float64(p.o.Duration) }, p.ledger)
	})
	err = p.feed(ctx, visitors, customersMessages(dialogs), begin)
	ended := time.Now()
	sending := p.now() - begin
	if err == nil {
		err = p.drain(ctx)
	}
	if err == nil {
		err = p.until(ctx, p.answered)
	}
	r := p.ledger.report(sending, before, p.stage.measure(ctx))
	r.Ended = ended
	if err == nil {
		err = p.leave(ctx)
	}
	return r, err
}

// answerSome is what operators do here.
func (p *player) answerSome(d *desk, conversation string, lane, n int) {
	if n%answerEvery == 0 {
		id := p.ledger.appendID(nil, lane, n)
		d.reply(conversation, string(id)+"-reply", (&Message{Text: "Одну минуту, уточняю."}).content(""), nil)
	}
}

// customersMessages returns what customers say, in all dialogs.
func customersMessages(dialogs []Dialog) (all []*Message) {
	for i := range dialogs {
		for j := range dialogs[i].Messages {
			if m := &dialogs[i].Messages[j]; m.From == customer {
				all = append(all, m)
			}
		}
	}
	return all
}

const sessionsAtOnce = 8

// visitors makes n visitors of the account and connects them.
func (p *player) visitors(ctx context.Context, account string, n int) ([]*visitor, error) {
	all, errs := make([]*visitor, n), make([]error, sessionsAtOnce)
	var wg sync.WaitGroup
	for k := range sessionsAtOnce {
		wg.Go(func() {
			for i := k; i < n && errs[k] == nil; i += sessionsAtOnce {
				all[i], errs[k] = p.visitor(ctx, account)
			}
		})
	}
	wg.Wait()
	for _, err := range errs {
		if err != nil {
			return nil, err
		}
	}
	return all, nil
}

// visitor makes one visitor and connects it.
func (p *player) visitor(ctx context.Context, account string) (*visitor, error) {
	token, err := p.stage.session(ctx, account)
	if err != nil {
		return nil, err
	}
	v := newVisitor(p, account, token)
	p.keep(ctx, &v.socket)
	return v, v.await(ctx)
}

// feed sends every message at its time: message i to customer i, and so on
// around.
func (p *player) feed(ctx context.Context, visitors []*visitor, messages []*Message, begin time.Duration) error {
	contents := make([][]byte, len(messages))
	for i, m := range messages {
		contents[i] = m.encoded("")
	}
	total := int(p.o.Rate * p.o.Duration.Seconds())
	errs := make([]error, feeders)
	var wg sync.WaitGroup
	for k := range feeders {
		wg.Go(func() {
			for i := range total {
				lane := i % len(visitors)
				if lane%feeders != k {
					continue
				}
				at := begin + planned(i, p.o.Rate)
				if errs[k] = sleep(ctx, at-p.now()); errs[k] != nil {
					return
				}
				n := p.ledger.plan(lane, at)
				content := contents[i%len(contents)]
				if p.o.MarkMessages {
					content = messages[i%len(messages)].encoded(string(p.ledger.appendID(nil, lane, n)))
				}
				visitors[lane].say(lane, n, content, nil)
			}
		})
	}
	wg.Wait()
	for _, err := range errs {
		if err != nil {
			return err
		}
	}
	return nil
}
