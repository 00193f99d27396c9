package replay

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"io"
	"strings"
	"sync"
	"time"

	"github.com/gorilla/websocket"

	"crafttalkd/actors/event"
)

// Options say what to play, and how.
type Options struct {
	Files           []string // recordings, or directories of them
	URL             string   // of the server: http://127.0.0.1:8080
	Login, Password string   // of an administrator

	// Rate is how many customers' messages are sent in a second. Alone it
	// fixes the time of each in advance; with Speed it says how often dialogs
	// begin.
	Rate float64
	// Speed is how much faster than people the dialogs are played. If neither
	// Speed nor Rate is given it is 60.
	Speed float64

	Operators int           // 20 if not given
	Staff     []string      // names of the first operators, «First Last»; others are called Replay and a number
	Customers int           // sockets that Rate alone uses; 200 if not given
	Duration  time.Duration // when to stop sending; 30 s with Rate alone, else 10 min, if not given
	Drain     time.Duration // how long to wait for what is on its way when nothing moves; 5 s if not given
	Seed      uint64

	Resilient    bool      // bear a server that goes away and comes back
	MarkMessages bool      // end each text with the message's id, so that it can be searched for
	JSON         bool      // for the caller: how to write the report
	Progress     io.Writer // where to draw a bar, if it is a terminal; nil for nowhere
}

func (o Options) filled() (Options, error) {
	if o.Rate == 0 && o.Speed == 0 {
		o.Speed = 60
	}
	o.URL = strings.TrimRight(o.URL, "/")
	o.Operators = given(o.Operators, 20)
	o.Customers = given(o.Customers, 200)
	o.Drain = given(o.Drain, 5*time.Second)
	longest := 10 * time.Minute
	if o.open() {
		longest = 30 * time.Second
	}
	o.Duration = given(o.Duration, longest)
	switch {
	case !strings.HasPrefix(o.URL, "http://") && !strings.HasPrefix(o.URL, "https://"):
		return o, fmt.Errorf("%q is not the address of a server", o.URL)
	case o.Rate < 0 || o.Speed < 0 || o.Operators < 0 || o.Customers < 0 || o.Duration < 0:
		return o, errors.New("nothing is less than zero")
	case o.open() && o.Customers > o.Operators*mostHeld:
		return o, fmt.Errorf("%d operators can't serve %d customers at once: each has room for %d", o.Operators, o.Customers, mostHeld)
	}
	return o, nil
}

// open reports whether times are fixed in advance.
func (o Options) open() bool { return o.Speed == 0 }

func given[T comparable](v, otherwise T) T {
	var none T
	if v == none {
		return otherwise
	}
	return v
}

// A player is one run.
type player struct {
	o      Options
	stage  *stage
	ledger *ledger
	dialer *websocket.Dialer
	start  time.Time
	desks  []*desk

	wg   sync.WaitGroup // of what was started with ctx
	fail context.CancelCauseFunc
}

func newPlayer(o Options) *player {
	run := strings.ToLower(rand.Text()[:10])
	return &player{o: o, stage: newStage(o, run), dialer: newDialer(), start: time.Now()}
}

// now is the run's clock.
func (p *player) now() time.Duration { return time.Since(p.start) }

func (p *player) socketURL(path string) string {
	return "ws" + strings.TrimPrefix(p.o.URL, "http") + path
}

// Run plays the recordings and reports. The report is also valid, as far as it
// goes, when it comes with an error.
func Run(ctx context.Context, o Options) (Report, error) {
	o, err := o.filled()
	if err != nil {
		return Report{}, err
	}
	dialogs, err := Read(o.Files)
	if err != nil {
		return Report{}, err
	}
	p := newPlayer(o)
	if p.stage.token, err = p.stage.signIn(ctx, o.Login, o.Password); err != nil {
		return Report{}, fmt.Errorf("sign in: %w", err)
	}
	if o.open() {
		return p.playOpen(ctx, dialogs)
	}
	return p.playDialogs(ctx, dialogs)
}

// begin returns a context for everything that a run starts. Its end ends them,
// and the first that fails ends all.
func (p *player) begin(ctx context.Context) (context.Context, func()) {
	ctx, p.fail = context.WithCancelCause(ctx)
	return ctx, func() {
		p.fail(context.Canceled)
		p.wg.Wait()
	}
}

// keep runs a socket until the run ends.
func (p *player) keep(ctx context.Context, s *socket) {
	p.wg.Go(func() {
		if err := s.run(ctx, p.dialer); err != nil {
			p.fail(err)
		}
	})
}

// seat makes operators, and has them at their desks and online.
func (p *player) seat(ctx context.Context, all []route, prepare func(*desk)) error {
	ids, err := p.stage.operators(ctx, p.o.Operators, p.o.Staff, all)
	if err != nil {
		return err
	}
	for _, id := range ids {
		d := newDesk(p, id)
		prepare(d)
		p.desks = append(p.desks, d)
		p.keep(ctx, &d.socket)
	}
	for _, d := range p.desks {
		if err := d.await(ctx); err != nil {
			return err
		}
	}
	return p.until(ctx, p.answered)
}

// answered reports whether every operator's commands were answered.
func (p *player) answered() bool {
	for _, d := range p.desks {
		if !d.idle() {
			return false
		}
	}
	return true
}

const look = 20 * time.Millisecond

// until waits until the claim is true, at most as long as patience lasts.
func (p *player) until(ctx context.Context, claim func() bool) error {
	for end := time.Now().Add(patience); !claim() && time.Now().Before(end); {
		if err := sleep(ctx, look); err != nil {
			return err
		}
	}
	return nil
}

// drain waits for what is on its way, as long as something still moves.
func (p *player) drain(ctx context.Context) error {
	moved, state := time.Now(), int64(-1)
	for !p.ledger.settled() {
		if s := p.ledger.acked.Load() + p.ledger.delivered.Load() + p.ledger.refused.Load(); s != state {
			moved, state = time.Now(), s
		}
		if time.Since(moved) > p.o.Drain {
			return nil
		}
		if err := sleep(ctx, look); err != nil {
			return err
		}
	}
	return nil
}

// leave closes what is left and sends the operators home.
func (p *player) leave(ctx context.Context) error {
	for _, d := range p.desks {
		d.closeAll()
		d.be(event.Presence_OFFLINE)
	}
	return p.until(ctx, p.answered)
}

func sleep(ctx context.Context, d time.Duration) error {
	if d <= 0 {
		return context.Cause(ctx)
	}
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-t.C:
		return nil
	case <-ctx.Done():
		return context.Cause(ctx)
	}
}
