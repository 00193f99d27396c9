package storetest

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"crafttalkd/store"
)

// Tables are the tables that scripts write to.
var Tables = []string{"place", "snapshot"}

// A Step is an append or, if there is none, a claim.
type Step struct {
	Append *store.Append
	Claim  int

	receipt store.Receipt // the model's answer to the append
	err     error
	epoch   uint64 // the model's answer to the claim
}

// A Script is a sequence of steps with the answers of the model.
type Script []Step

// NewScript returns n random steps. Most appends are right; some come from a
// writer who is out of date, with a key that is taken, or twice. Streams are
// few, so that they grow, and some share a shard.
func NewScript(rng *rand.Rand, n int) Script {
	m := NewModel()
	s := make(Script, 0, n)
	for i := range n {
		var st Step
		switch p := rng.IntN(100); {
		case p < 2:
			st.Claim = rng.IntN(store.Shards)
			st.epoch = m.Claim(st.Claim)
		case p < 5 && i > 0 && s[i-1].Append != nil:
			st.Append = s[i-1].Append
			st.receipt, st.err = m.Append(st.Append)
		default:
			st.Append = randomAppend(rng, m)
			st.receipt, st.err = m.Append(st.Append)
		}
		s = append(s, st)
	}
	return s
}

func randomAppend(rng *rand.Rand, m *Model) *store.Append {
	stream := fmt.Sprintf("conversation/%d.%d", rng.IntN(12), rng.IntN(3))
	shard := store.ShardOf(stream)
	a := &store.Append{Stream: stream, Expect: uint64(len(m.streams[stream])), Epoch: m.epochs[shard]}
	for range rng.IntN(4) {
		body := make([]byte, rng.IntN(400))
		for i := range body {
			body[i] = byte(rng.Uint32())
		}
		a.Events = append(a.Events, body)
	}
	if len(a.Events) > 0 {
		for range rng.IntN(3) {
			a.Keys = append(a.Keys, fmt.Sprintf("telegram/%d", rng.IntN(1<<12)))
		}
	}
	if rng.IntN(4) > 0 {
		a.Alarm = noon.Add(time.Duration(rng.IntN(1e6)) * 1500 * time.Microsecond)
	}
	for range rng.IntN(3) {
		a.Rows = append(a.Rows, randomRow(rng))
	}
	switch rng.IntN(30) {
	case 0:
		a.Expect++
	case 1:
		a.Epoch++
	}
	return a
}

func randomRow(rng *rand.Rand) store.Row {
	r := store.Row{Table: Tables[rng.IntN(len(Tables))], Key: fmt.Sprint(rng.IntN(40))}
	if rng.IntN(4) > 0 {
		r.Value = fmt.Appendf(nil, "%x", rng.Uint32())
	}
	return r
}

// A Progress counts the steps of a script that is being played.
type Progress struct {
	// Window is how many steps may be without an answer; 0 for any number.
	Window int

	Begun        atomic.Int64 // submitted, or about to be
	Acknowledged atomic.Int64 // answered, as the model answers

	mu      sync.Mutex
	refused map[int]error // steps that got an error the model does not give
	slots   chan struct{} // as many as are without an answer; nil for any number
}

// Refused returns the steps that got an error which the model does not give, as
// far as counts says that the error leaves no doubt.
func (p *Progress) Refused(counts func(error) bool) (steps []int) {
	p.mu.Lock()
	defer p.mu.Unlock()
	for step, err := range p.refused {
		if counts(err) {
			steps = append(steps, step)
		}
	}
	return steps
}

// enter waits until another step may begin. It returns false if none may.
func (p *Progress) enter(stop <-chan struct{}) bool {
	if p.slots == nil {
		return true
	}
	select {
	case p.slots <- struct{}{}:
		return true
	case <-stop:
		return false
	}
}

func (p *Progress) leave() {
	if p.slots != nil {
		<-p.slots
	}
}

// Play plays the script from its beginning, without waiting for each answer,
// and returns when all are there. It returns the first answer that is not the
// model's or not in its turn, and plays no further. When stop is closed it
// returns at once.
func (s Script) Play(e store.Engine, p *Progress, stop <-chan struct{}) error {
	wrong := make(chan error, 1) // or nil, when all is well and over
	fail := func(err error) {
		select {
		case wrong <- err:
		default:
		}
	}
	if p.Window > 0 {
		p.slots = make(chan struct{}, p.Window)
	}
	var over atomic.Bool
	end := make(chan struct{})
	go func() {
		defer close(end)
		for i := 0; i < len(s) && p.enter(stop) && !over.Load(); i++ {
			s.begin(e, i, p, fail)
		}
	}()
	select {
	case err := <-wrong:
		over.Store(true)
		select {
		case <-end:
		case <-stop:
		}
		return err
	case <-stop:
		over.Store(true)
		return errors.New("stopped")
	}
}

// begin submits step i, or makes its claim.
func (s Script) begin(e store.Engine, i int, p *Progress, fail func(error)) {
	st := &s[i]
	p.Begun.Add(1)
	if st.Append != nil {
		e.Submit(st.Append, func(r store.Receipt, err error) {
			s.answered(i, r, err, p, fail)
			p.leave()
		})
		return
	}
	defer p.leave()
	epoch, err := e.Claim(st.Claim)
	if err := first(err, differ(fmt.Sprintf("Claim(%d)", st.Claim), epoch, st.epoch)); err != nil {
		fail(err)
		return
	}
	s.acknowledge(i, p, fail)
}

// answered compares an answer with the model's.
func (s Script) answered(i int, r store.Receipt, err error, p *Progress, fail func(error)) {
	st := &s[i]
	if !sameRefusal(err, st.err) || r != st.receipt {
		if err != nil {
			p.mu.Lock()
			if p.refused == nil {
				p.refused = map[int]error{}
			}
			p.refused[i] = err
			p.mu.Unlock()
		}
		fail(fmt.Errorf("step %d: Submit(%+v) = %+v, %w, want %+v, %v", i, st.Append, r, err, st.receipt, st.err))
		return
	}
	s.acknowledge(i, p, fail)
}

func (s Script) acknowledge(i int, p *Progress, fail func(error)) {
	if !p.Acknowledged.CompareAndSwap(int64(i), int64(i)+1) {
		fail(fmt.Errorf("step %d is answered after %d others", i, p.Acknowledged.Load()))
		return
	}
	if i == len(s)-1 {
		fail(nil)
	}
}

func sameRefusal(got, want error) bool {
	var g, w *store.TakenError
	if errors.As(want, &w) {
		return errors.As(got, &g) && *g == *w
	}
	return want == nil && got == nil || want != nil && errors.Is(got, want)
}

// Without returns the script without some of its steps.
func (s Script) Without(steps []int) Script {
	var rest Script
	for i, st := range s {
		if !slices.Contains(steps, i) {
			rest = append(rest, st)
		}
	}
	return rest
}

// Model returns the model after the first n steps.
func (s Script) Model(n int) *Model {
	m := NewModel()
	for _, st := range s[:n] {
		m.step(st)
	}
	return m
}

func (m *Model) step(st Step) {
	if st.Append != nil {
		m.Append(st.Append)
	} else {
		m.Claim(st.Claim)
	}
}

// Prefix returns nil if e holds what the model holds after some number of
// steps from least to most, and else what is wrong with the nearest.
func (s Script) Prefix(e store.Engine, least, most int64) error {
	m := s.Model(int(least))
	var wrong error
	for n := least; ; n++ {
		err := m.Positions(e)
		if err == nil {
			if err = m.Diff(e); err == nil {
				return nil
			}
		}
		if wrong == nil || m.Positions(e) == nil {
			wrong = fmt.Errorf("after %d of %d to %d steps: %w", n, least, most, err)
		}
		if n == most {
			return wrong
		}
		m.step(s[n])
	}
}
