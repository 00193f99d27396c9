package rest

import (
	"context"
	"net/http"
	"sync"
	"time"

	"crafttalkd/actors/audit"
	"crafttalkd/actors/conversation"
	"crafttalkd/actors/event"
	"crafttalkd/actors/system"
	"crafttalkd/actors/watcher"
)

// note keeps in the log of acts what the asker does and no fact tells. What can't
// be noted is not done.
func (c *call) note(by, act, object string) error { return c.noteMany(by, act, object, 1) }

func (c *call) noteMany(by, act, object string, count int32) error {
	if count == 1 {
		count = 0
	}
	_, err := c.ask(event.AuditStream, audit.Note{By: by, Act: act, Object: object, IP: c.clientIP(c.r), Count: count})
	return err
}

// noted does what the route does, and notes it before the first byte of an
// answer that is not a refusal.
func (c *call) noted(act string) error {
	w := &noting{ResponseWriter: c.w, note: func() error {
		if act != audit.FeedRead && act != audit.CustomersRead {
			return c.note(c.by(), act, c.object())
		}
		if n, tell := c.crowds.pass(c.asker.name()+act, c.config.System.Now(), time.Hour, 1); tell {
			return c.noteMany(c.by(), act, c.object(), n)
		}
		return nil
	}}
	c.w = w
	err := c.route.verb.serve(c)
	if w.err != nil {
		c.w = w.ResponseWriter
		return w.err
	}
	return err
}

// object is what the path names.
func (c *call) object() (out string) {
	for i, p := range c.params {
		if i > 0 {
			out += "/"
		}
		out += p.Value
	}
	return out
}

// A noting writer notes an act before it lets an answer through.
type noting struct {
	http.ResponseWriter
	note func() error
	done bool
	err  error
}

// Unwrap is for [http.ResponseController].
func (w *noting) Unwrap() http.ResponseWriter { return w.ResponseWriter }

// WriteHeader holds the answer back if the act can't be noted.
func (w *noting) WriteHeader(status int) {
	if status < http.StatusBadRequest && !w.done {
		w.err = w.note()
	}
	w.done = true
	if w.err == nil {
		w.ResponseWriter.WriteHeader(status)
	}
}

func (w *noting) Write(b []byte) (int, error) {
	if !w.done {
		w.WriteHeader(http.StatusOK)
	}
	if w.err != nil {
		return 0, w.err
	}
	return w.ResponseWriter.Write(b)
}

// How often what is refused is noted in one minute, of one user, and of all
// strangers together: nobody can fill the disk by being refused. The next line
// says how many it stands for.
const (
	refusalsNoted  = 10
	strangersNoted = 60
)

// noteRefusal notes that the asker may not make this call.
func (c *call) noteRefusal() error {
	if c.asker.user == nil {
		return nil
	}
	n, tell := c.crowds.pass(c.by(), c.config.System.Now(), time.Minute, refusalsNoted)
	if !tell {
		return nil
	}
	return c.noteMany(c.by(), audit.Refused, c.route.method+" "+c.route.path, n)
}

// noteStranger notes a sign-in that was refused: of whom, if there is such a
// user. What else was written there may be somebody's password.
func (c *call) noteStranger(login string) error {
	n, tell := c.crowds.pass("", c.config.System.Now(), time.Minute, strangersNoted)
	if !tell {
		return nil
	}
	return c.noteMany("", audit.SignInRefused, c.directory().UserByLogin(login).GetUserId(), n)
}

// Crowds are acts that may be so many that not each has a line of its own.
type crowds struct {
	mu sync.Mutex // guards what follows
	of map[string]*crowd
}

type crowd struct {
	since   time.Time
	told    int
	waiting int32 // acts that no line stands for yet
}

// mostCrowds is how many are remembered; those of long ago go first.
const mostCrowds = 10_000

// pass lets an act through, as one of at most so many in a span, and says for how
// many its line stands.
func (c *crowds) pass(of string, now time.Time, span time.Duration, most int) (count int32, tell bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	a := c.of[of]
	if a == nil {
		if len(c.of) >= mostCrowds {
			clear(c.of)
		}
		a = &crowd{since: now}
		c.of[of] = a
	}
	if now.Sub(a.since) >= span {
		a.since, a.told = now, 0
	}
	if a.waiting++; a.told >= most {
		return 0, false
	}
	count, a.told, a.waiting = a.waiting, a.told+1, 0
	return count, true
}

// watched records that the asker opens a conversation of others, once in a
// sitting.
func (c *call) watched(v *Conversation) error {
	if v.keeper() == c.by() {
		return nil
	}
	_, err := c.ask(event.WatcherStream+c.by(), watcher.Watch{User: c.by(), Conversation: v.ConversationID,
		Center: v.CenterID, Line: v.Routing.Of.GetLineId(), Again: true})
	return err
}

// sitting is how long a file that is opened again is still open.
const sitting = 10 * time.Minute

// noteFile records that the asker opens a file of a customer whom somebody else
// serves, or nobody, once in a sitting.
func (c *call) noteFile(open string) error {
	if open != "" {
		ctx, cancel := context.WithTimeout(c.r.Context(), patience)
		defer cancel()
		keeper, err := system.Look(ctx, c.config.System, event.ConversationStream+open,
			func(s conversation.State, _ uint64) string { return s.Operator })
		if err != nil || keeper == c.by() {
			return err
		}
	}
	if n, tell := c.crowds.pass(c.by()+" "+c.object(), c.config.System.Now(), sitting, 1); tell {
		return c.noteMany(c.by(), audit.FileOpened, c.object(), n)
	}
	return nil
}
