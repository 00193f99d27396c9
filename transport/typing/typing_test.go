package typing

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"crafttalkd/channels"
)

// A house is a messenger that shows who is typing.
type house struct {
	does func(ctx context.Context, account string) error

	mu    sync.Mutex // guards shown
	shown map[string][]time.Time
}

// A line is one account of the house.
type line struct {
	*house
	account string
}

func (line) Deliver(context.Context, channels.Outbound) (string, error) { return "", nil }

func (l line) Typing(ctx context.Context, address string) error {
	l.mu.Lock()
	l.shown[l.account+"/"+address] = append(l.shown[l.account+"/"+address], time.Now())
	l.mu.Unlock()
	if l.does != nil {
		return l.does(ctx, l.account)
	}
	return nil
}

// signal runs a Signal whose conversations ACCOUNT.N go on at the account.
func signal(t *testing.T, h *house) *Signal {
	h.shown = map[string][]time.Time{}
	s := New(Config{
		Where: func(_ context.Context, conversation string) (string, string, error) {
			if conversation == "lost" {
				return "", "", errors.New("the disk does not answer")
			}
			var account, address string
			fmt.Sscanf(conversation, "%s %s", &account, &address)
			return account, address, nil
		},
		Shows: func(account string) bool { return account != "mute" },
		Open:  func(account string) (channels.Channel, error) { return line{h, account}, nil },
		Now:   time.Now,
	})
	ctx, cancel := context.WithCancel(t.Context())
	var running sync.WaitGroup
	running.Go(func() { s.Run(ctx) })
	t.Cleanup(func() { cancel(); running.Wait() })
	return s
}

// A customer is shown at most once in four seconds that somebody types, and
// where the channel can't, never.
func TestTyping(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		h := &house{}
		s := signal(t, h)
		for range 100 {
			for _, c := range []string{"shop anna", "shop boris", "mute anna", "lost"} {
				s.Typed(c)
			}
			<-time.After(100 * time.Millisecond)
		}
		synctest.Wait()
		for _, who := range []string{"shop/anna", "shop/boris"} {
			at := h.shown[who]
			if len(at) != 3 {
				t.Errorf("%s was shown %d times in ten seconds, want 3", who, len(at))
			}
			for i := 1; i < len(at); i++ {
				if at[i].Sub(at[i-1]) < every {
					t.Errorf("%s was shown twice within %v", who, at[i].Sub(at[i-1]))
				}
			}
		}
		if len(h.shown) != 2 || s.Stats() != (Stats{Told: 6, Failed: 3}) {
			t.Errorf("%d were shown, and the counters are %+v", len(h.shown), s.Stats())
		}
	})
}

// An account that hangs takes nobody's time: whoever types never waits, and the
// other accounts' customers are shown.
func TestTypingThatHangs(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		h := &house{does: func(ctx context.Context, account string) error {
			switch account {
			case "slow":
				<-ctx.Done()
				return ctx.Err()
			case "bad":
				panic("nil map")
			}
			return nil
		}}
		s := signal(t, h)
		begin := time.Now()
		for i := range 2000 {
			s.Typed(fmt.Sprintf("slow %d", i))
		}
		if took := time.Since(begin); took != 0 {
			t.Errorf("who types waited %v", took)
		}
		synctest.Wait()
		s.Typed("bad anna")
		s.Typed("shop anna")
		synctest.Wait()
		if len(h.shown["shop/anna"]) != 1 || len(h.shown) != ofAccount+2 {
			t.Errorf("%d were shown, and anna %v", len(h.shown), h.shown["shop/anna"])
		}
		<-time.After(2 * patience)
		synctest.Wait()
		if st := s.Stats(); st.Told != 1 || st.Failed != ofAccount+1 || st.Dropped != 2000-ofAccount {
			t.Errorf("the counters are %+v", st)
		}
	})
}

// What is remembered is bounded, and forgotten when it matters no more.
func TestTypingIsBounded(t *testing.T) {
	now := time.Unix(0, 0)
	s := New(Config{Now: func() time.Time { return now }})
	for i := range most {
		if !s.due(fmt.Sprint(i)) {
			t.Fatalf("conversation %d is not shown", i)
		}
	}
	if s.due("new") {
		t.Error("more are remembered than there is room for")
	}
	now = now.Add(every)
	if !s.due("new") || len(s.last) != 1 {
		t.Errorf("%d are remembered", len(s.last))
	}
}
