package auth

import (
	"sync"
	"time"

	"crafttalkd/actors/refusal"
)

// maxSlips is how many slips of one kind may be out.
const maxSlips = 10_000

// A slip is a secret that stands for something for a short while: a step of a
// sign-in, a question to an authenticator. Slips live in memory: whoever holds
// one when the server restarts begins anew.
type slip[V any] struct {
	means V
	until time.Time
}

type slips[V any] struct {
	mu   sync.Mutex // guards sold
	sold map[string]slip[V]
}

func newSlips[V any]() *slips[V] { return &slips[V]{sold: map[string]slip[V]{}} }

// sell makes a slip.
func (s *slips[V]) sell(now time.Time, lasts time.Duration, means V) (secret string, err error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if len(s.sold) >= maxSlips {
		for k, v := range s.sold {
			if !now.Before(v.until) {
				delete(s.sold, k)
			}
		}
		if len(s.sold) >= maxSlips {
			return "", refusal.New(refusal.Busy, "too many connect at once; try again in a moment")
		}
	}
	secret = newSecret()
	s.sold[hashOf(secret)] = slip[V]{means, now.Add(lasts)}
	return secret, nil
}

// take uses a slip up and returns what it stood for.
func (s *slips[V]) take(now time.Time, secret string) (means V, ok bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	key := hashOf(secret)
	got, found := s.sold[key]
	delete(s.sold, key)
	if !found || !now.Before(got.until) {
		return means, false
	}
	return got.means, true
}

// look returns what a slip stands for, which is still good.
func (s *slips[V]) look(now time.Time, secret string) (means V, ok bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	got, found := s.sold[hashOf(secret)]
	if !found || !now.Before(got.until) {
		return means, false
	}
	return got.means, true
}

// void makes a slip good for nothing.
func (s *slips[V]) void(secret string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	delete(s.sold, hashOf(secret))
}
