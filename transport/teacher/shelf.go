package teacher

import (
	"bytes"
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"crafttalkd/actors/bot/intent"
	"crafttalkd/actors/refusal"
	"crafttalkd/store/keys"
)

// A Book says what a model is and how it did. It stands before the model in the
// model's file.
type Book struct {
	ID        string        `json:"id"`
	Language  string        `json:"language"`
	At        time.Time     `json:"at"`    // when it was made
	Until     time.Time     `json:"until"` // what was known then it has learnt
	Took      time.Duration `json:"took"`
	Size      int           `json:"size"` // bytes of the model
	Target    float64       `json:"target"`
	Print     string        `json:"print"` // of all that it was made of
	Questions int           `json:"questions"`
	Lessons   int           `json:"lessons"`
	Report    intent.Report `json:"report"`
	Verdict   string        `json:"verdict,omitempty"` // why it took the place of the one before
	Unmet     []Unmet       `json:"unmet,omitempty"`   // what customers ask and no article answers
	Taught    []uint64      `json:"taught,omitempty"`  // whose words are in it, see hashed
}

// kept is how many models of a language are kept.
const kept = 7

// subject is whose key seals the models. What they were made of is in there.
const subject = "models"

// A shelf is the directory with the models' files. A file is magic, the length
// of the sealed book, the sealed book, the sealed model. What is sealed and was
// damaged does not open.
type shelf struct {
	dir  string
	ring *keys.Ring
	log  *slog.Logger

	books []*Book // the oldest first
}

const (
	magic  = "crafttalk model 1\n"
	ending = ".model"
)

// openShelf reads the books of all models. One that can't be read is left out
// and said so: models can be made anew.
func openShelf(dir string, ring *keys.Ring, log *slog.Logger) (*shelf, error) {
	s := &shelf{dir: dir, ring: ring, log: log}
	names, err := os.ReadDir(dir)
	if errors.Is(err, os.ErrNotExist) {
		return s, nil
	}
	if err != nil {
		return nil, fmt.Errorf("models: %w", err)
	}
	for _, e := range names {
		id, ok := strings.CutSuffix(e.Name(), ending)
		if !ok {
			os.Remove(filepath.Join(dir, e.Name())) // half a file, from a crash
			continue
		}
		b, err := s.readBook(id)
		if err != nil {
			log.Warn("a model can't be read and is passed over", "model", id, "err", err)
			continue
		}
		s.books = append(s.books, b)
	}
	slices.SortFunc(s.books, func(a, b *Book) int { return a.At.Compare(b.At) })
	return s, nil
}

func (s *shelf) path(id string) string { return filepath.Join(s.dir, id+ending) }

func (s *shelf) readBook(id string) (*Book, error) {
	f, err := os.Open(s.path(id))
	if err != nil {
		return nil, err
	}
	defer f.Close()
	head := make([]byte, len(magic)+4)
	if _, err := io.ReadFull(f, head); err != nil {
		return nil, err
	}
	size := int64(binary.BigEndian.Uint32(head[len(magic):]))
	if info, err := f.Stat(); err != nil || string(head[:len(magic)]) != magic || size > info.Size() {
		return nil, errors.Join(err, errors.New("this is no model"))
	}
	sealed := make([]byte, size)
	if _, err := io.ReadFull(f, sealed); err != nil {
		return nil, err
	}
	plain, err := s.ring.Unseal(subject, sealed, []byte("book/"+id))
	if err != nil {
		return nil, err
	}
	b := &Book{}
	if err := json.Unmarshal(plain, b); err != nil {
		return nil, err
	}
	if b.ID != id {
		return nil, fmt.Errorf("this is model %s", b.ID)
	}
	return b, nil
}

// read returns the model of a book.
func (s *shelf) read(id string) (*intent.Model, error) {
	raw, err := os.ReadFile(s.path(id))
	if err != nil {
		return nil, fmt.Errorf("model %s: %w", id, err)
	}
	rest, ok := bytes.CutPrefix(raw, []byte(magic))
	if !ok || len(rest) < 4 || uint64(len(rest)-4) < uint64(binary.BigEndian.Uint32(rest)) {
		return nil, fmt.Errorf("model %s: this is no model", id)
	}
	plain, err := s.ring.Unseal(subject, rest[4+binary.BigEndian.Uint32(rest):], []byte("model/"+id))
	if err != nil {
		return nil, fmt.Errorf("model %s: %w", id, err)
	}
	m, err := intent.Decode(plain)
	if err != nil {
		return nil, fmt.Errorf("model %s: %w", id, err)
	}
	return m, nil
}

// put keeps a model. It is on disk, whole, when put returns.
func (s *shelf) put(b *Book, model []byte) error {
	plain, err := json.Marshal(b)
	if err != nil {
		return fmt.Errorf("model %s: %w", b.ID, err)
	}
	book, err := s.ring.Seal(subject, plain, []byte("book/"+b.ID))
	if err != nil {
		return fmt.Errorf("model %s: %w", b.ID, err)
	}
	body, err := s.ring.Seal(subject, model, []byte("model/"+b.ID))
	if err != nil {
		return fmt.Errorf("model %s: %w", b.ID, err)
	}
	head := binary.BigEndian.AppendUint32([]byte(magic), uint32(len(book)))
	if err := s.write(b.ID, head, book, body); err != nil {
		return fmt.Errorf("model %s: %w", b.ID, err)
	}
	s.books = append(s.books, b)
	return nil
}

// write writes a file beside its place and then puts it there.
func (s *shelf) write(id string, parts ...[]byte) error {
	if err := os.MkdirAll(s.dir, 0o700); err != nil {
		return err
	}
	name := filepath.Join(s.dir, id+".new")
	f, err := os.OpenFile(name, os.O_WRONLY|os.O_CREATE|os.O_TRUNC, 0o600)
	if err != nil {
		return err
	}
	for _, p := range parts {
		if err == nil {
			_, err = f.Write(p)
		}
	}
	if err = errors.Join(err, f.Sync(), f.Close()); err == nil {
		err = os.Rename(name, s.path(id))
	}
	if err != nil {
		os.Remove(name)
		return err
	}
	d, err := os.Open(s.dir)
	if err != nil {
		return err
	}
	return errors.Join(d.Sync(), d.Close())
}

// drop takes a model off the shelf.
func (s *shelf) drop(id string) error {
	s.books = slices.DeleteFunc(s.books, func(b *Book) bool { return b.ID == id })
	if err := os.Remove(s.path(id)); err != nil && !errors.Is(err, os.ErrNotExist) {
		return fmt.Errorf("model %s: %w", id, err)
	}
	return nil
}

// tidy drops the oldest models of a language, but not the one in use.
func (s *shelf) tidy(language, inUse string) error {
	of := s.of(language)
	for _, b := range of[:max(0, len(of)-kept)] {
		if b.ID == inUse {
			continue
		}
		if err := s.drop(b.ID); err != nil {
			return err
		}
	}
	return nil
}

// of are the books of a language, the oldest first.
func (s *shelf) of(language string) (out []*Book) {
	for _, b := range s.books {
		if b.Language == language {
			out = append(out, b)
		}
	}
	return out
}

func (s *shelf) book(id string) (*Book, error) {
	i := slices.IndexFunc(s.books, func(b *Book) bool { return b.ID == id })
	if i < 0 {
		return nil, refusal.New(refusal.NotFound, "there is no model %q", id)
	}
	return s.books[i], nil
}

// forget drops the models that have learnt from one of these customers.
func (s *shelf) forget(gone map[uint64]bool) error {
	for _, b := range slices.Clone(s.books) {
		if b.knows(gone) {
			if err := s.drop(b.ID); err != nil {
				return err
			}
		}
	}
	return nil
}

// knows reports whether one of these customers is in the model.
func (b *Book) knows(gone map[uint64]bool) bool {
	return slices.ContainsFunc(b.Taught, func(h uint64) bool { return gone[h] })
}
