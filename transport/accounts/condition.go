package accounts

import (
	"cmp"
	"maps"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"

	"crafttalkd/actors/event"
	"crafttalkd/actors/refusal"
	"crafttalkd/channels"
)

// A Condition is how an account is, as far as it is known since the start of
// the server.
type Condition struct {
	AccountID string           `json:"account_id"`
	State     string           `json:"state" doc:"off, broken, polling, webhook or working"`
	LastIn    time.Time        `json:"last_in,omitzero" doc:"when something came last, since the server's start"`
	LastOut   time.Time        `json:"last_out,omitzero" doc:"when the provider took a message last, since the server's start"`
	Error     string           `json:"error,omitempty" doc:"what went wrong last"`
	ErrorAt   time.Time        `json:"error_at,omitzero"`
	Waiting   int              `json:"waiting" doc:"messages that wait to be sent, as far as they are in memory"`
	Strange   map[string]int64 `json:"strange" doc:"how many updates of each kind nobody understood"`
	Webhook   string           `json:"webhook,omitempty" doc:"the address that the provider calls"`
	Enter     []Entry          `json:"enter,omitempty" doc:"what is entered at the provider, for who sets channels up"`
}

// An Entry is what an administrator enters at the provider by hand.
type Entry struct {
	Title string `json:"title"`
	Value string `json:"value"`
}

// States of an account.
const (
	Off     = "off"
	Broken  = "broken"
	Polling = "polling"
	Hooked  = "webhook"
	Working = "working"
)

// A Standing is how the messages to an account's customers fare.
type Standing struct {
	Waiting int
	Broken  bool
	Why     string
	WhyAt   time.Time
	Last    time.Time // when one was taken
}

// Most is how many kinds of strange updates are told apart: their names are the
// provider's.
const (
	most    = 50
	longest = 64 // bytes of a name
	others  = "others"
)

// A record is what happened to an account.
type record struct {
	mu      sync.Mutex // guards what follows
	in      time.Time
	mode    string    // Polling or Hooked, once that is known
	began   time.Time // the poll that is under way
	failing bool      // the last try to poll or register failed
	why     string
	whyAt   time.Time
	strange map[string]int64
	calls   map[int]int64 // of the webhook, by the first digit of the status
	refused int64         // calls since it was last said in the log
	said    time.Time
}

func (r *record) came(at time.Time) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.in = at
}

// wondered counts a strange update and returns the kind as it is counted.
func (r *record) wondered(kind string) string {
	kind = named(kind)
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.strange == nil {
		r.strange = map[string]int64{}
	}
	if _, ok := r.strange[kind]; !ok && len(r.strange) >= most {
		kind = others
	}
	r.strange[kind]++
	return kind
}

// named is the name of a kind as far as it is told.
func named(kind string) string {
	if len(kind) > longest {
		kind = kind[:longest]
	}
	return cmp.Or(strings.ToValidUTF8(kind, ""), "unknown")
}

// begins notes that a try begins, in a mode.
func (r *record) begins(mode string, at time.Time) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.mode, r.began = mode, at
}

// ends notes what came of it.
func (r *record) ends(err error, at time.Time) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.began, r.failing = time.Time{}, err != nil
	if err != nil {
		r.why, r.whyAt = err.Error(), at
	}
}

// reset forgets what was tried with settings that are of the past.
func (r *record) reset() {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.mode, r.began, r.failing, r.why, r.whyAt = "", time.Time{}, false, "", time.Time{}
}

// called counts an answer of the webhook. It returns how many refused calls are
// to be said in the log now, 0 for none.
func (r *record) called(status int, at time.Time) (say int64) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.calls == nil {
		r.calls = map[int]int64{}
	}
	r.calls[status/100]++
	if status != 401 && status != 403 {
		return 0
	}
	r.refused++
	if !r.said.IsZero() && at.Sub(r.said) < time.Minute {
		return 0
	}
	say, r.refused, r.said = r.refused, 0, at
	return say
}

// proof is how long a poll must be under way before it counts as mended.
const proof = time.Minute

// condition is what is remembered, of an account that is switched on.
func (r *record) condition(now time.Time) Condition {
	r.mu.Lock()
	defer r.mu.Unlock()
	c := Condition{State: Working, LastIn: r.in, Error: r.why, ErrorAt: r.whyAt, Strange: map[string]int64{}}
	maps.Copy(c.Strange, r.strange)
	if r.mode != "" {
		c.State = r.mode
	}
	if r.failing && (r.began.IsZero() || now.Sub(r.began) < proof) {
		c.State = Broken
	}
	return c
}

// Condition tells how an account is.
func (a *Accounts) Condition(id string) (Condition, error) {
	of := a.Directory.State().Account(id)
	if of == nil {
		return Condition{}, refusal.New(refusal.NotFound, "there is no account %q", id)
	}
	c := a.condition(of)
	if ch, err := a.opened(id, of); err == nil {
		if e, ok := ch.(channels.Enterer); ok {
			for _, one := range e.Enter() {
				c.Enter = append(c.Enter, Entry(one))
			}
		}
	}
	return c, nil
}

// Conditions tells how all accounts are, without what is entered anywhere.
func (a *Accounts) Conditions() []Condition {
	all := a.Directory.State().Accounts
	out := make([]Condition, 0, len(all))
	for _, id := range slices.Sorted(maps.Keys(all)) {
		out = append(out, a.condition(all[id].Value))
	}
	return out
}

func (a *Accounts) condition(of *event.Account) Condition {
	c := a.record(of.AccountId).condition(a.Now())
	c.AccountID, c.Webhook = of.AccountId, a.webhook(of.Kind, of.AccountId)
	s := a.Standing(of.AccountId)
	c.Waiting, c.LastOut = s.Waiting, s.Last
	if s.Why != "" && (c.Error == "" || s.WhyAt.After(c.ErrorAt)) {
		c.Error, c.ErrorAt = s.Why, s.WhyAt
	}
	if s.Broken {
		c.State = Broken
	}
	if of.Disabled {
		c.State = Off
	}
	return c
}

// Calls counts the calls of an account's webhook since the start, by the class
// of the answer: 2xx.
func (a *Accounts) Calls(id string) map[string]int64 {
	r := a.record(id)
	r.mu.Lock()
	defer r.mu.Unlock()
	out := map[string]int64{}
	for class, n := range r.calls {
		out[strconv.Itoa(class)+"xx"] = n
	}
	return out
}
