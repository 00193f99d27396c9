package replay

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"time"
)

// An IdleReport is what sockets cost the server when nobody says anything.
type IdleReport struct {
	Sockets int      `json:"sockets"`
	Seconds float64  `json:"seconds"`
	RSS     *float64 `json:"rss_bytes_per_socket"` // nil where the server does not tell
	CPU     *float64 `json:"cpu_s_per_1000_sockets_minute"`
}

// WriteJSON writes the report as one object on one line.
func (r IdleReport) WriteJSON(w io.Writer) error { return json.NewEncoder(w).Encode(r) }

// WriteText writes the report for people.
func (r IdleReport) WriteText(w io.Writer) error {
	if r.RSS == nil || r.CPU == nil {
		_, err := fmt.Fprintf(w, "%d idle sockets for %.0f s; the server does not tell its CPU and memory\n", r.Sockets, r.Seconds)
		return err
	}
	_, err := fmt.Fprintf(w, "%d idle sockets for %.0f s: %.1f KiB of memory each, %.3f s of CPU for 1000 in a minute\n",
		r.Sockets, r.Seconds, *r.RSS/1024, *r.CPU)
	return err
}

// settling is how long a server gets to give back the memory that our sign-in
// took: it would count against what the sockets take.
const settling = 10 * time.Second

// Idle opens Customers widget sockets, leaves them alone for the Duration, and
// reports what each costs. It plays no recordings and needs no operators.
func Idle(ctx context.Context, o Options) (IdleReport, error) {
	o.Rate, o.Speed = 1, 0 // times are those of Rate
	o.Operators = o.Customers/mostHeld + 1
	o, err := o.filled()
	if err != nil {
		return IdleReport{}, err
	}
	p := newPlayer(o)
	if p.stage.token, err = p.stage.signIn(ctx, o.Login, o.Password); err != nil {
		return IdleReport{}, fmt.Errorf("sign in: %w", err)
	}
	ctx, end := p.begin(ctx)
	defer end()
	r := route{line: center}
	accounts, err := p.stage.routes(ctx, []route{r})
	if err != nil {
		return IdleReport{}, err
	}
	p.ledger = newLedger(p.stage.run, 0)
	if err := sleep(ctx, min(o.Duration, settling)); err != nil {
		return IdleReport{}, err
	}
	none := p.stage.measure(ctx)
	if _, err := p.visitors(ctx, accounts[r], o.Customers); err != nil {
		return IdleReport{}, err
	}
	before, begin := p.stage.measure(ctx), time.Now()
	if err := sleep(ctx, o.Duration); err != nil {
		return IdleReport{}, err
	}
	return idleReport(o.Customers, time.Since(begin), none, before, p.stage.measure(ctx)), nil
}

// idleReport compares measures: before the sockets, with all of them, and
// after the time.
func idleReport(sockets int, d time.Duration, none, before, after measure) IdleReport {
	r := IdleReport{Sockets: sockets, Seconds: d.Seconds()}
	if none.ok && before.ok && after.ok {
		rss := float64(after.rss-none.rss) / float64(sockets)
		cpu := (after.cpu - before.cpu) / float64(sockets) * 1000 / d.Minutes()
		r.RSS, r.CPU = &rss, &cpu
	}
	return r
}
