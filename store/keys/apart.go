package keys

import (
	"bufio"
	"bytes"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"errors"
	"fmt"
	"hash"
	"io"
	"io/fs"
	"iter"
	"os"
	"path/filepath"

	"crafttalkd/store"
)

// A file of keys holds every row of the table, one a line:
//
//	crafttalkd keys 1
//	SUBJECT base64 of the row's value
//	...
//	end HMAC of all lines before
//
// Backups come without keys and there is one such file for all of them, the
// newest. So who is erased is erased in old backups too. The file is bound to
// the installation by the HMAC, and is as unreadable as a backup to who has not
// the master key.

const (
	fileHead = "crafttalkd keys 1\n"
	fileEnd  = "end "
)

// ErrNotOurs reports a file of keys that is damaged, or another installation's.
var ErrNotOurs = errors.New("it is damaged, or of another installation")

// Detach takes every key out of the table of a copied store, and leaves which
// key there was. Erased stays erased.
func Detach(t store.Table) error {
	var rows []store.Row
	for row, err := range t.Scan(table, "") {
		if err != nil {
			return fmt.Errorf("take the keys out: %w", err)
		}
		if isKey(row.Value) {
			rows = append(rows, store.Row{Table: table, Key: row.Key, Value: []byte{apart, destroyed(row.Value)}})
		}
	}
	if err := t.Put(rows, true); err != nil {
		return fmt.Errorf("take the keys out: %w", err)
	}
	return nil
}

// Table is the name of the table that the ring keeps its rows in.
const Table = table

// Save makes name the newest file of keys: all of the ring's, and those that
// the file knew and the ring does not. Who is erased in either is erased.
func (r *Ring) Save(name string) error {
	mac := r.sign()
	known, err := check(name, mac)
	if err != nil {
		return err
	}
	f, err := os.CreateTemp(filepath.Dir(name), filepath.Base(name)+".*") // mode 0600
	if err != nil {
		return fmt.Errorf("keys: %w", err)
	}
	defer os.Remove(f.Name())
	err = write(f, mac, merge(r.table.Scan(table, ""), known))
	err = errors.Join(err, f.Sync(), f.Close())
	if err == nil {
		err = os.Rename(f.Name(), name)
	}
	if err == nil {
		err = syncDir(filepath.Dir(name))
	}
	if err != nil {
		return fmt.Errorf("keys: %w", err)
	}
	return nil
}

// Load brings the keys of the file into the table of a restored copy. A copy
// that is newer than the file, and so lacks a key in it, is an error.
func (r *Ring) Load(name string) error {
	if _, err := os.Stat(name); err != nil {
		return fmt.Errorf("the file of keys: %w", err)
	}
	known, err := check(name, r.sign())
	if err != nil {
		return err
	}
	var rows []store.Row
	for row, err := range known {
		if err != nil {
			return err
		}
		if rows = append(rows, row); len(rows) == 1024 {
			if err := r.attach(rows); err != nil {
				return err
			}
			rows = rows[:0]
		}
	}
	if err := r.attach(rows); err != nil {
		return err
	}
	return r.whole(name)
}

// attach puts rows of a file into the table where they are newer. Nobody else
// writes meanwhile, so that it can't undo an Erase.
func (r *Ring) attach(rows []store.Row) error {
	return r.alone(func() error {
		var put []store.Row
		for _, row := range rows {
			have, err := r.table.Get(table, row.Key)
			if err != nil {
				return fmt.Errorf("keys: %w", err)
			}
			if row.Value = newer(have, row.Value); !bytes.Equal(row.Value, have) {
				put = append(put, row)
			}
		}
		if err := r.table.Put(put, true); err != nil {
			return fmt.Errorf("keys: %w", err)
		}
		r.mu.Lock()
		defer r.mu.Unlock()
		for _, row := range put {
			r.drop(row.Key) // what is at hand is of before
		}
		return nil
	})
}

// whole reports how many keys the table still lacks, as an error.
func (r *Ring) whole(name string) error {
	lacking := 0
	for row, err := range r.table.Scan(table, "") {
		if err != nil {
			return fmt.Errorf("keys: %w", err)
		}
		if len(row.Value) > 0 && row.Value[0] == apart {
			lacking++
		}
	}
	if lacking > 0 {
		return fmt.Errorf("%s is older than the backup: it lacks the keys of %d customers; give the newest file of keys", name, lacking)
	}
	return nil
}

// Erased yields the subjects whose keys have been destroyed, and who have not
// been heard of since.
func (r *Ring) Erased() iter.Seq2[string, error] {
	return func(yield func(string, error) bool) {
		for row, err := range r.table.Scan(table, "") {
			if err != nil || isErased(row.Value) {
				if !yield(row.Key, err) || err != nil {
					return
				}
			}
		}
	}
}

// newer returns which of two values of one subject is the later one: what is
// erased is later than its key, and a key made again is later than that. A key
// is later than the note that this very key is kept apart.
func newer(a, b []byte) []byte {
	if age(b) > age(a) {
		return b
	}
	return a
}

func age(value []byte) int {
	n := 3 * int(destroyed(value))
	switch {
	case value == nil:
		return -1
	case isErased(value):
		return n - 1
	case isKey(value):
		return n + 1
	}
	return n
}

// merge yields the rows of both, in order of subject, the later of two.
func merge(ours, theirs iter.Seq2[store.Row, error]) iter.Seq2[store.Row, error] {
	return func(yield func(store.Row, error) bool) {
		next, stop := iter.Pull2(theirs)
		defer stop()
		their, err, more := next()
		for our, failed := range ours {
			for more && err == nil && failed == nil && their.Key < our.Key {
				if !yield(their, nil) {
					return
				}
				their, err, more = next()
			}
			if failed == nil && err == nil && more && their.Key == our.Key {
				our.Value = newer(our.Value, their.Value)
				their, err, more = next()
			}
			if failed = errors.Join(failed, err); !yield(our, failed) || failed != nil {
				return
			}
		}
		for ; more && yield(their, err) && err == nil; their, err, more = next() {
		}
	}
}

// sign returns what a file of keys of this installation is signed with.
func (r *Ring) sign() hash.Hash {
	r.mu.Lock()
	defer r.mu.Unlock()
	return hmac.New(sha256.New, r.master.Derive("file of keys"))
}

func write(f io.Writer, mac hash.Hash, rows iter.Seq2[store.Row, error]) error {
	mac.Reset()
	out := bufio.NewWriterSize(f, 64<<10)
	w := io.MultiWriter(out, mac)
	io.WriteString(w, fileHead) // the writer remembers its first error until Flush
	for row, err := range rows {
		if err != nil {
			return err
		}
		fmt.Fprintf(w, "%s %s\n", row.Key, base64.StdEncoding.EncodeToString(row.Value))
	}
	fmt.Fprintf(out, "%s%x\n", fileEnd, mac.Sum(nil))
	return out.Flush()
}

// check reads the file once to its end, and returns its rows. A file that is
// not there has none.
func check(name string, mac hash.Hash) (iter.Seq2[store.Row, error], error) {
	if _, err := os.Stat(name); errors.Is(err, fs.ErrNotExist) {
		return func(func(store.Row, error) bool) {}, nil
	}
	mac.Reset()
	rows := read(name, mac)
	for _, err := range rows {
		if err != nil {
			return nil, err
		}
	}
	return read(name, nil), nil
}

// read yields the rows of the file, and compares its end unless mac is nil.
func read(name string, mac hash.Hash) iter.Seq2[store.Row, error] {
	return func(yield func(store.Row, error) bool) {
		f, err := os.Open(name)
		if err != nil {
			yield(store.Row{}, fmt.Errorf("keys: %w", err))
			return
		}
		defer f.Close()
		lines := bufio.NewReader(f)
		for first := true; ; first = false {
			line, err := lines.ReadBytes('\n')
			if end, ok := bytes.CutPrefix(line, []byte(fileEnd)); err == nil && ok && !first {
				if mac != nil && !hmac.Equal(bytes.TrimSpace(end), []byte(hex.EncodeToString(mac.Sum(nil)))) {
					yield(store.Row{}, fmt.Errorf("%s: %w", name, ErrNotOurs))
				}
				return
			}
			if mac != nil {
				mac.Write(line)
			}
			if first && err == nil && string(line) == fileHead {
				continue
			}
			row, ok := parseLine(line)
			if first || err != nil || !ok {
				yield(store.Row{}, fmt.Errorf("%s: %w", name, ErrNotOurs))
				return
			}
			if !yield(row, nil) {
				return
			}
		}
	}
}

func parseLine(line []byte) (store.Row, bool) {
	subject, text, ok := bytes.Cut(bytes.TrimSuffix(line, []byte("\n")), []byte(" "))
	value, err := base64.StdEncoding.DecodeString(string(text))
	return store.Row{Table: table, Key: string(subject), Value: value}, ok && err == nil && len(subject) > 0
}
