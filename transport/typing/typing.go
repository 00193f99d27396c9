/*
Package typing shows customers in messengers that an operator is typing.

	desk --Typed--> queue, bounded --> workers --> Typist of the account

It is best effort: what can't be told at once is not told at all, and nobody ever
waits for it. A conversation is shown at most once in four seconds, which is
about as long as messengers show it.
*/
package typing

import (
	"context"
	"sync"
	"sync/atomic"
	"time"

	"crafttalkd/channels"
)

const (
	every     = 4 * time.Second // between two signs of one conversation
	workers   = 8
	ofAccount = 2    // calls under way for one account
	queue     = 64   // conversations that wait for a worker
	most      = 4096 // conversations whose last sign is remembered
	patience  = 5 * time.Second
)

// Config is what a Signal is made of.
type Config struct {
	// Where returns the account and the customer's address that a conversation
	// goes on at; an empty account stands for none.
	Where func(ctx context.Context, conversation string) (account, address string, err error)
	// Shows tells whether the account's customers can see it.
	Shows func(account string) bool
	Open  func(account string) (channels.Channel, error)
	Now   func() time.Time
}

// A Signal tells customers that somebody is typing.
type Signal struct {
	Config
	waiting chan string
	told    atomic.Int64
	failed  atomic.Int64
	dropped atomic.Int64

	mu   sync.Mutex           // guards what follows
	last map[string]time.Time // by conversation
	busy map[string]int       // calls under way, by account
}

// New returns a signal that tells nothing until it runs.
func New(c Config) *Signal {
	return &Signal{Config: c, waiting: make(chan string, queue), last: map[string]time.Time{}, busy: map[string]int{}}
}

// Typed says that an operator types in a conversation. It never waits.
func (s *Signal) Typed(conversation string) {
	if !s.due(conversation) {
		return
	}
	select {
	case s.waiting <- conversation:
	default:
		s.dropped.Add(1)
	}
}

// due tells whether the conversation may be shown again.
func (s *Signal) due(conversation string) bool {
	now := s.Now()
	s.mu.Lock()
	defer s.mu.Unlock()
	if now.Sub(s.last[conversation]) < every {
		return false
	}
	if len(s.last) >= most {
		for c, at := range s.last {
			if now.Sub(at) >= every {
				delete(s.last, c)
			}
		}
	}
	if len(s.last) >= most {
		return false
	}
	s.last[conversation] = now
	return true
}

// Run tells customers until ctx is done.
func (s *Signal) Run(ctx context.Context) {
	var running sync.WaitGroup
	for range workers {
		running.Go(func() {
			for {
				select {
				case c := <-s.waiting:
					s.tell(ctx, c)
				case <-ctx.Done():
					return
				}
			}
		})
	}
	running.Wait()
}

// tell shows one conversation's customer.
func (s *Signal) tell(ctx context.Context, conversation string) {
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	account, address, err := s.Where(ctx, conversation)
	if err != nil {
		s.failed.Add(1)
		return
	}
	if account == "" || !s.Shows(account) || !s.enter(account) {
		return
	}
	defer s.leave(account)
	defer func() {
		if recover() != nil { // an adapter's bug is no reason to end
			s.failed.Add(1)
		}
	}()
	ch, err := s.Open(account)
	t, ok := ch.(channels.Typist)
	if err == nil && ok {
		err = t.Typing(ctx, address)
	}
	switch {
	case err != nil:
		s.failed.Add(1)
	case ok:
		s.told.Add(1)
	}
}

// enter tells whether another call of the account may be under way: one that is
// slow must not take every worker.
func (s *Signal) enter(account string) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.busy[account] >= ofAccount {
		s.dropped.Add(1)
		return false
	}
	s.busy[account]++
	return true
}

func (s *Signal) leave(account string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.busy[account]--; s.busy[account] == 0 {
		delete(s.busy, account)
	}
}

// Stats are the signal's counters since the start.
type Stats struct{ Told, Failed, Dropped int64 }

// Stats returns the counters.
func (s *Signal) Stats() Stats { return Stats{s.told.Load(), s.failed.Load(), s.dropped.Load()} }
