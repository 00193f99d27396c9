package blob

import (
	"bufio"
	"context"
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path"
	"strings"
	"sync/atomic"

	"github.com/gabriel-vasile/mimetype"
	"github.com/minio/sio"

	"crafttalkd/actors/refusal"
)

// Knowledge is the subject whose the files of the knowledge base are. They may go
// to anybody, and are not erased with anybody.
const Knowledge = "knowledge"

// A KeySource knows the key that the files of a subject are sealed with. Its
// refusal is passed on: a destroyed key is refused as NotFound.
type KeySource interface {
	BlobKey(subject string) ([32]byte, error)
}

// A Blob is what is known of a kept file.
type Blob struct {
	Hash string // SHA-256 of the bytes, hex
	Size int64
	MIME string // by the bytes, whatever the sender says
}

// A Store keeps files in one directory. It is the only user of the directory.
type Store struct {
	root *os.Root
	disk disk
	keys KeySource
	// distrusted is set when a directory could not be synced: what later
	// syncs of this process say of it would prove nothing.
	distrusted atomic.Bool
}

const tmp = "tmp" // longer than the two letters that subjects are spread by

// errDistrusted is the fault that every Put meets after a directory could not
// be synced. A restart finds out what is on disk.
var errDistrusted = errors.New("a directory of the attachments could not be synced; the server must be restarted")

// Open opens the store in dir, making it if need be, and removes what an
// interrupted Put has left.
func Open(dir string, keys KeySource) (*Store, error) {
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return nil, fmt.Errorf("attachments: %w", err)
	}
	root, err := os.OpenRoot(dir)
	if err != nil {
		return nil, fmt.Errorf("attachments: %w", err)
	}
	s := &Store{root: root, disk: rooted{root}, keys: keys}
	if err := s.sweep(); err != nil {
		root.Close()
		return nil, fmt.Errorf("sweep unfinished attachments: %w", err)
	}
	return s, nil
}

func (s *Store) sweep() error {
	if err := s.root.RemoveAll(tmp); err != nil {
		return err
	}
	if err := s.root.Mkdir(tmp, 0o700); err != nil {
		return err
	}
	return s.disk.sync(".")
}

// Close ends the use of the store. Files that were got stay readable.
func (s *Store) Close() error { return s.root.Close() }

// Put keeps what r yields, up to limit bytes, for the subject, and returns
// once it is on disk. The same bytes again are the same file. More than limit
// bytes are refused as Invalid. A Put that fails leaves nothing that can be
// got, and ctx ends it between two reads.
func (s *Store) Put(ctx context.Context, subject string, r io.Reader, limit int64) (Blob, error) {
	if !proper(subject) {
		return Blob{}, refusal.Of("subject", "%q is not the id of a customer", clip(subject))
	}
	if s.distrusted.Load() {
		return Blob{}, errDistrusted
	}
	key, err := s.keys.BlobKey(subject)
	if err != nil {
		return Blob{}, err
	}
	name := path.Join(tmp, rand.Text())
	b, err := s.write(name, key, &source{ctx: ctx, r: r, limit: limit})
	if err == nil {
		err = s.publish(name, subject, b.Hash)
	}
	if err != nil {
		s.root.Remove(name) // Open sweeps it otherwise; the first error is the one to tell
		return Blob{}, fmt.Errorf("keep an attachment of %s: %w", subject, err)
	}
	return b, nil
}

// write puts the sealed bytes of r into a new file and syncs it.
func (s *Store) write(name string, key [32]byte, r *source) (b Blob, err error) {
	f, err := s.disk.create(name)
	if err != nil {
		return b, err
	}
	defer func() { err = errors.Join(err, f.Close()) }()
	head := bufio.NewReaderSize(r, 4<<10)
	start, err := head.Peek(3 << 10) // as much as the kinds of files are told by
	if err != nil && err != io.EOF {
		return b, err
	}
	b.MIME = mimetype.Detect(start).String()
	h, salt := sha256.New(), newSalt()
	if _, err := f.Write(make([]byte, headerSize)); err != nil {
		return b, err
	}
	own, err := ownKey(key, salt)
	if err != nil {
		return b, err
	}
	if _, err := sio.Encrypt(f, io.TeeReader(head, h), dare(own)); err != nil {
		return b, err
	}
	b.Hash, b.Size = hex.EncodeToString(h.Sum(nil)), r.n
	if _, err := f.WriteAt(append(salt, proof(own, b.Hash, b.Size)...), 0); err != nil {
		return b, err
	}
	return b, f.Sync()
}

// publish gives a written file its name and makes the name last.
func (s *Store) publish(name, subject, hash string) error {
	dir := home(subject)
	if err := s.root.MkdirAll(dir, 0o700); err != nil {
		return err
	}
	if err := s.disk.rename(name, path.Join(dir, hash)); err != nil {
		return err
	}
	for _, d := range above(dir) {
		if err := s.disk.sync(d); err != nil {
			s.distrusted.Store(true)
			return err
		}
	}
	return nil
}

// above is a directory and all that it is in, up to the root.
func above(dir string) []string {
	if dir == "." {
		return []string{dir}
	}
	return append([]string{dir}, above(path.Dir(dir))...)
}

// Get opens a file of the subject, or of a part of it. It may be read from many
// goroutines by ReadAt. The size is that of its bytes.
func (s *Store) Get(subject, hash string) (*File, int64, error) {
	if !proper(subject) || !proper(hash) {
		return nil, 0, errUnknown
	}
	key, err := s.keys.BlobKey(subject)
	if err != nil {
		return nil, 0, err
	}
	f, err := s.root.Open(path.Join(home(subject), hash))
	if errors.Is(err, fs.ErrNotExist) {
		return s.search(subject, hash)
	}
	if err != nil {
		return nil, 0, fmt.Errorf("open attachment %s of %s: %w", hash, subject, err)
	}
	file, err := unseal(f, key, hash)
	if err != nil {
		f.Close()
		return nil, 0, fmt.Errorf("attachment %s of %s: %w", hash, subject, err)
	}
	file.Subject, file.Hash = subject, hash
	return file, file.Size(), nil
}

// search looks for a file in the parts of a subject. There are as many as there
// are conversations with files.
func (s *Store) search(subject, hash string) (*File, int64, error) {
	if subject == Knowledge || strings.Contains(subject, ".") {
		return nil, 0, errUnknown // it has no parts
	}
	parts, err := s.With(subject, hash)
	if err != nil {
		return nil, 0, err
	}
	for _, part := range parts {
		if part == subject {
			continue
		}
		if f, size, err := s.Get(part, hash); refusal.KindOf(err) != refusal.NotFound {
			return f, size, err
		}
	}
	return nil, 0, errUnknown
}

// With returns which of a subject and its parts have the file.
func (s *Store) With(subject, hash string) (out []string, err error) {
	if !proper(subject) || !proper(hash) {
		return nil, errUnknown
	}
	all := []string{subject}
	dirs, err := fs.ReadDir(s.root.FS(), home(subject))
	for _, d := range dirs {
		if d.IsDir() {
			all = append(all, subject+"."+d.Name())
		}
	}
	for _, one := range all {
		if err == nil {
			_, err = s.root.Stat(path.Join(home(one), hash))
		}
		switch {
		case err == nil:
			out = append(out, one)
		case !errors.Is(err, fs.ErrNotExist):
			return nil, fmt.Errorf("look for attachment %s of %s: %w", hash, subject, err)
		}
		err = nil
	}
	return out, nil
}

// Loose returns a subject for a file of the customer that nothing names yet. It
// has a key of its own, so that it can go without the customer.
func Loose(customer string) string { return customer + ".u" + strings.ToLower(rand.Text()[:16]) }

// Count tells how many files the subject and its parts have, and what they take
// on the disk.
func (s *Store) Count(subject string) (files int, bytes int64, err error) {
	if !proper(subject) {
		return 0, 0, refusal.Of("subject", "%q is not the id of a customer", clip(subject))
	}
	err = fs.WalkDir(s.root.FS(), home(subject), func(_ string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		info, err := d.Info()
		if err != nil {
			return err
		}
		files, bytes = files+1, bytes+info.Size()
		return nil
	})
	if errors.Is(err, fs.ErrNotExist) {
		return files, bytes, nil
	}
	if err != nil {
		return 0, 0, fmt.Errorf("count the attachments of %s: %w", subject, err)
	}
	return files, bytes, nil
}

// Remove deletes every file of the subject and its parts. There may be none.
func (s *Store) Remove(subject string) error {
	if !proper(subject) {
		return refusal.Of("subject", "%q is not the id of a customer", clip(subject))
	}
	if _, err := s.root.Stat(home(subject)); errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	err := s.root.RemoveAll(home(subject))
	if err == nil {
		err = s.disk.sync(path.Dir(home(subject)))
	}
	if err != nil {
		return fmt.Errorf("remove the attachments of %s: %w", subject, err)
	}
	return nil
}

var errUnknown = refusal.New(refusal.NotFound, "there is no such attachment")

func home(subject string) string {
	customer, part, _ := strings.Cut(subject, ".")
	return path.Join(subject[:min(2, len(customer))], customer, part)
}

// proper reports whether a name is one that this package gives or takes: it
// can't lead out of its directory and is no temporary file. A part is named after
// a dot, and shorter than any hash.
func proper(name string) bool {
	name, part, dotted := strings.Cut(name, ".")
	if dotted && (len(part) > longestPart || !plain(part)) {
		return false
	}
	return plain(name)
}

// longestPart is how long the name of a part may be.
const longestPart = 32

func plain(name string) bool {
	for _, c := range []byte(name) {
		if (c < 'a' || c > 'z') && (c < '0' || c > '9') {
			return false
		}
	}
	return name != "" && len(name) <= 64
}

func clip(s string) string { return s[:min(len(s), 80)] }

// proof binds the content of a file to its name and size.
func proof(own []byte, hash string, size int64) []byte {
	m := hmac.New(sha256.New, own)
	fmt.Fprintf(m, "%s %d", hash, size)
	return m.Sum(nil)
}
