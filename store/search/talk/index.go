package talk

import (
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"sync"
	"sync/atomic"

	"github.com/blugelabs/bluge"

	"crafttalkd/actors/event"
	"crafttalkd/actors/refusal"
	"crafttalkd/store/journal"
	"crafttalkd/store/pace"
	"crafttalkd/store/search/disk"
)

// format is the version of what is in the index. With another one, it is made
// anew.
const format = 1

// ErrLoading is the answer until all that the journal held at the start is known.
var ErrLoading = refusal.New(refusal.Busy, "the conversations are still being read; try again in a while")

// An Index finds conversations by what was said in them. It may be asked by
// many.
type Index struct {
	dir     string
	key     []byte
	journal *journal.Journal
	guard   *disk.Guard
	fresh   string // why it began empty

	ready atomic.Bool
	again atomic.Bool // everything is to be read once more

	writing sync.Mutex // guards clerk, and that one writes at a time
	clerk   *clerk

	mu     sync.RWMutex // guards what follows; held by a question as long as it reads
	months map[string]*month
	closed bool

	few   int // up to how many conversations of a month are asked for at once
	names int // up to how many of a day are asked for by name
	fault fault
}

// A fault is a deliberate mistake that a test must be able to see.
type fault int

const (
	none     fault = iota
	forgets        // saves its place without the documents
	deaf           // what is said after the end is not heard
	crossing       // phrases go from one message into the next
	plain          // words are kept as they are
)

// Open opens the index of a journal's conversations in a directory that is the
// caller's alone. The key is what words are digested with. If there is no index,
// or none that can be trusted, it begins empty, and [Index.Fresh] says why.
func Open(dir string, key []byte, j *journal.Journal) (*Index, error) {
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return nil, fmt.Errorf("the index of conversations: %w", err)
	}
	guard, err := disk.NewGuard(dir)
	if err != nil {
		return nil, err
	}
	x := &Index{dir: dir, key: key, journal: j, guard: guard, clerk: newClerk(key), months: map[string]*month{}, few: mostAtOnce, names: mostNames}
	x.fresh = x.trusted()
	if x.fresh == "" {
		if err := x.guard.Working(); err != nil {
			return nil, err
		}
		if err := x.openMonths(); err != nil {
			x.fresh = "it can't be opened: " + err.Error()
		}
	}
	if x.fresh != "" {
		if err := x.begin(); err != nil {
			return nil, fmt.Errorf("a new index of conversations: %w", err)
		}
	}
	return x, nil
}

// trusted returns why the directory is not to be used, or "".
func (x *Index) trusted() (why string) {
	head, err := os.ReadFile(x.headFile())
	switch {
	case err != nil:
		return "there was none"
	case string(head) != x.head():
		return "it is of another format or key"
	case x.guard.Condemned():
		x.guard.Acquit()
		return "the process has died more than once while it worked"
	}
	return ""
}

func (x *Index) headFile() string { return filepath.Join(x.dir, "format") }

// head is what the file of the format says: the format, and with which key.
func (x *Index) head() string {
	mac := hmac.New(sha256.New, x.key)
	mac.Write([]byte("format"))
	return fmt.Sprintf("%d %s\n", format, hex.EncodeToString(mac.Sum(nil)[:8]))
}

// openMonths opens what is there.
func (x *Index) openMonths() error {
	dirs, err := filepath.Glob(filepath.Join(x.dir, "????-??"))
	for _, dir := range dirs {
		m, failed := openMonth(dir)
		if failed != nil {
			return failed
		}
		x.months[filepath.Base(dir)] = m
	}
	return err
}

// begin empties the directory.
func (x *Index) begin() error {
	for name, m := range x.months {
		_ = m.close() // it goes
		delete(x.months, name)
	}
	if err := os.Remove(x.headFile()); err != nil && !errors.Is(err, os.ErrNotExist) {
		return err // first, so that what is half there is not trusted
	}
	if err := os.Remove(x.placeFile()); err != nil && !errors.Is(err, os.ErrNotExist) {
		return err
	}
	dirs, err := filepath.Glob(filepath.Join(x.dir, "????-??"))
	for _, dir := range dirs {
		err = errors.Join(err, os.RemoveAll(dir))
	}
	if err != nil {
		return err
	}
	return errors.Join(os.WriteFile(x.headFile(), []byte(x.head()), 0o600), x.guard.Working())
}

// clear empties the index while it is open.
func (x *Index) clear() error {
	x.ready.Store(false)
	x.writing.Lock()
	defer x.writing.Unlock()
	x.mu.Lock()
	defer x.mu.Unlock()
	return x.begin()
}

// Drop deletes the index in a directory, which nobody may have open.
func Drop(dir string) error { return os.RemoveAll(dir) }

// Fresh returns why the index began empty when it was opened, or "" if it did not.
func (x *Index) Fresh() string { return x.fresh }

// Ready refuses as long as the index does not know what it needs to.
func (x *Index) Ready() error {
	if !x.ready.Load() {
		return ErrLoading
	}
	return nil
}

// month returns the index of a month; nil if there is none and none is to be
// made.
func (x *Index) month(name string, makes bool) (*month, error) {
	x.mu.RLock()
	m := x.months[name]
	x.mu.RUnlock()
	if m != nil || !makes {
		return m, nil
	}
	m, err := openMonth(filepath.Join(x.dir, name))
	if err != nil {
		return nil, fmt.Errorf("the index of conversations: %w", err)
	}
	x.mu.Lock()
	defer x.mu.Unlock()
	x.months[name] = m
	return m, nil
}

// put reads conversations and writes what was said in those that are closed. It
// returns the months they are in. The caller holds writing.
func (x *Index) put(ctx context.Context, ids []string, rest *pace.Pace) (touched map[string]*month, err error) {
	if err := x.guard.Working(); err != nil {
		return nil, err
	}
	touched = map[string]*month{}
	docs, words := map[string][]*bluge.Document{}, 0
	for _, id := range ids {
		s, err := x.speech(id)
		if err != nil {
			return nil, err
		}
		if !s.Closed.IsZero() {
			doc, n := x.clerk.document(s)
			docs[monthOf(s.Opened)] = append(docs[monthOf(s.Opened)], doc)
			words += n
		}
		if rest.Stop(ctx) {
			return nil, ctx.Err()
		}
		if words < batchWords {
			continue
		}
		if err := x.store(docs, touched); err != nil {
			return nil, err
		}
		clear(docs)
		words = 0
	}
	return touched, x.store(docs, touched)
}

// store writes the documents of each month, and adds the months to touched.
func (x *Index) store(docs map[string][]*bluge.Document, touched map[string]*month) error {
	for _, name := range slices.Sorted(maps.Keys(docs)) {
		m, err := x.month(name, true)
		if err == nil && x.fault != forgets {
			err = m.write(docs[name])
		}
		if err != nil {
			return err
		}
		touched[name] = m
	}
	return nil
}

// speech reads what was said in a conversation, as far as it is on disk.
func (x *Index) speech(id string) (*Speech, error) {
	s := &Speech{}
	for e, err := range x.journal.Durable(event.ConversationStream+id, 0) {
		if err != nil {
			return nil, fmt.Errorf("what was said in %s: %w", id, err)
		}
		s.Apply(e.Event)
	}
	return s, nil
}

// Forget writes conversations anew whose customers' keys were destroyed, and
// their months, until no file holds what was said. Nobody may be told of an
// erasure before.
func (x *Index) Forget(ctx context.Context, conversations []string) error {
	x.writing.Lock()
	defer x.writing.Unlock()
	x.clerk.known = map[string]digests{} // words of whoever is erased are in it
	touched, err := x.put(ctx, conversations, nil)
	if err != nil {
		return err
	}
	for _, m := range touched {
		if err := m.join(ctx); err != nil {
			return err
		}
	}
	return nil
}

// Close ends the index. Nobody may ask it any more.
func (x *Index) Close() error {
	x.writing.Lock()
	defer x.writing.Unlock()
	x.mu.Lock()
	defer x.mu.Unlock()
	x.closed = true
	var err error
	for _, m := range x.months {
		err = errors.Join(err, m.close())
	}
	x.guard.Rest()
	return err
}
