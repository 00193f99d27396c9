/*
Package teacher makes the models that the bot and the assistant rank articles
by, and keeps them.

	knowledge base, lessons --night--> examples --intent.Train--> a model, a book about it
	                                                                |
	a choice, a label, an edit --at once--> the model in use <------+ if it is not worse
	                                          |
	a customer's text -------------------> Rank

There is a model for each language, told by its letters. It is made at night, on
demand, and as soon as there is something to learn and no model yet; one
training at a time, on one core, with rests while others need the machine. The
new model is used if it is not significantly worse than the one in use at the
lessons that neither has seen, see [Teacher.examine]; the last seven are kept,
sealed, and any of them can be used again.

What is chosen, labelled or edited meanwhile is known at once: the model in use
is replaced by one that also remembers it. What is asked word for word as an
article says is not guessed at all.

Models are made of what customers wrote, so they are not in backups, and whoever
is erased takes those that learnt from them along: they are made anew.
*/
package teacher

import (
	"context"
	"log/slog"
	"maps"
	"path/filepath"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"crafttalkd/actors/bot/intent"
	"crafttalkd/actors/directory"
	"crafttalkd/actors/refusal"
	"crafttalkd/store"
	"crafttalkd/store/journal"
	"crafttalkd/store/keys"
	"crafttalkd/store/view/articles"
	"crafttalkd/store/view/history"
	"crafttalkd/store/view/lessons"
)

// A Config is what a teacher works with.
type Config struct {
	Articles *articles.View
	Lessons  *lessons.View
	History  *history.View
	Journal  *journal.Journal
	// Directory is the organisation at this moment.
	Directory func() directory.State
	Table     store.Table // for what was tried and is used
	Ring      *keys.Ring
	Dir       string // of the data; the models have one of their own in it
	Now       func() time.Time
	Log       *slog.Logger
}

// A Teacher trains, keeps models and ranks by them.
type Teacher struct {
	config Config
	index  *index
	doubts *doubts
	count  *counter

	// brains are the models in use by language. The map is replaced, not changed.
	brains atomic.Pointer[map[string]*brain]

	mu       sync.Mutex // guards all below, and who replaces brains
	shelf    *shelf
	fresh    fresh
	busy     *Progress
	outcomes map[string]Outcome // of the last training, by language
	wanted   bool               // somebody wants a training now
	forced   bool               // even of the same material

	poke chan struct{}

	train func([]intent.Example, intent.Options) (*intent.Model, intent.Report)
}

// Progress is a training under way.
type Progress struct {
	Language string // that is being learnt
	Since    time.Time
}

// An Outcome is what became of a training.
type Outcome struct {
	At      time.Time `json:"at"`
	Result  Result    `json:"result"`
	Why     string    `json:"why,omitempty"`
	Model   string    `json:"model,omitempty"` // that was made
	Seconds float64   `json:"seconds"`
}

// A Result is how a training ended.
type Result string

// How a training can end.
const (
	Used   Result = "used"   // the new model is in use
	Same   Result = "same"   // nothing has changed since
	Worse  Result = "worse"  // the model before is better and stays
	Little Result = "little" // there are not two articles to tell apart
	Failed Result = "failed"
)

// New returns a teacher with the models that are on the shelf. They are read
// when it runs.
func New(c Config) (*Teacher, error) {
	s, err := openShelf(filepath.Join(c.Dir, "models"), c.Ring, c.Log)
	if err != nil {
		return nil, err
	}
	t := &Teacher{config: c, index: newIndex(), shelf: s, fresh: newFresh(), doubts: newDoubts(), count: newCounter(), outcomes: map[string]Outcome{},
		poke: make(chan struct{}, 1), train: intent.Train}
	t.brains.Store(&map[string]*brain{})
	c.Lessons.Tell(t.told)
	return t, nil
}

// Run reads the models, and then trains when it is time, until ctx is done.
func (t *Teacher) Run(ctx context.Context) error {
	seen := t.config.Articles.State()
	if err := t.load(seen); err != nil {
		return err
	}
	var watching sync.WaitGroup
	defer watching.Wait()
	watching.Go(func() { t.watch(ctx, seen) })
	watching.Go(func() { t.counts(ctx) })
	timer := time.NewTimer(0)
	defer timer.Stop()
	for {
		due, err := t.due()
		if err != nil {
			return err
		}
		timer.Reset(max(0, due.Sub(t.config.Now())))
		select {
		case <-ctx.Done():
			return nil
		case <-t.poke:
			if !t.take() {
				continue
			}
		case <-timer.C:
		}
		if err := t.teach(ctx); err != nil {
			return err
		}
	}
}

// take takes the wish for a training, if there is one.
func (t *Teacher) take() bool {
	t.mu.Lock()
	defer t.mu.Unlock()
	wanted := t.wanted
	t.wanted = false
	return wanted
}

// ErrTraining is the answer to who wants a training during another one.
var ErrTraining = refusal.New(refusal.Conflict, "a training is under way already")

// Demand asks for a training now. It does not wait for it.
func (t *Teacher) Demand() error {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.busy != nil || t.wanted {
		return ErrTraining
	}
	t.want()
	return nil
}

// want is Demand with the lock held.
func (t *Teacher) want() {
	t.wanted = true
	select {
	case t.poke <- struct{}{}:
	default:
	}
}

// due is when the next training must begin, if nobody asks for one: at the next
// clock time, or now if the last one was missed while there is something to
// learn.
func (t *Teacher) due() (time.Time, error) {
	at, now := t.clock(), t.config.Now()
	tried, err := t.tried()
	if err != nil {
		return now, err
	}
	if t.config.Articles.State().Len() > 0 && !tried.IsZero() && tried.Before(at.before(now)) {
		return now, nil
	}
	return at.after(now), nil
}

// clock is when trainings begin each night: by the settings of the whole
// organisation, in the time zone of its first center.
func (t *Teacher) clock() clockTime {
	d := t.config.Directory()
	zone := time.UTC
	for _, id := range slices.Sorted(maps.Keys(d.Centers)) {
		if z, err := time.LoadLocation(d.Centers[id].Value.TimeZone); err == nil && d.Centers[id].Value.TimeZone != "" {
			zone = z
			break
		}
	}
	return readClockTime(d.SettingsFor("").GetTrainAt(), zone)
}

// target is how often an answer without a human must be right: what the
// strictest of the bots in use asks for.
func (t *Teacher) target() float64 {
	const usual = 0.95
	d, most := t.config.Directory(), 0.0
	for _, e := range d.Agents {
		if a := e.Value; a.Kind == "bot" && !a.Disabled {
			p := usual
			if a.Bot != nil && a.Bot.Precision != nil {
				p = *a.Bot.Precision
			}
			most = max(most, p)
		}
	}
	if most == 0 {
		return usual
	}
	return most
}

// serving returns the model in use of a language, or nil.
func (t *Teacher) serving(language string) *brain { return (*t.brains.Load())[language] }

// serve puts a model in use; nil takes the language out. The lock is held.
func (t *Teacher) serve(language string, b *brain) {
	next := maps.Clone(*t.brains.Load())
	if next[language] = b; b == nil {
		delete(next, language)
	}
	t.brains.Store(&next)
}
