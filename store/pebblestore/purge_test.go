package pebblestore

import (
	"bytes"
	"fmt"
	"io"
	"testing"

	"github.com/cockroachdb/pebble/v2/vfs"

	"crafttalkd/store"
)

// proves G44: what was written over and purged is in no file any more, the logs
// that are kept to be used again included. Before it is purged it is there.
func TestG44_PurgedIsGone(t *testing.T) {
	fs, dir := vfs.Default, t.TempDir() // in memory a log that is used again is empty at first
	s := open(t, dir, small(t, fs))
	secret := []byte("the key that is destroyed")
	for i := range 20 { // the secret is not at the beginning of a log
		put(t, s, store.Row{Table: "other", Key: fmt.Sprint(i), Value: make([]byte, 1024)})
	}
	put(t, s, store.Row{Table: "keys", Key: "k", Value: secret})
	put(t, s, store.Row{Table: "keys", Key: "k", Value: []byte{0}})
	if n := holding(t, fs, dir, secret); n == 0 {
		t.Fatal("the key is in no file before it is purged: the test can't see it")
	}
	if err := s.Purge("keys"); err != nil {
		t.Fatal(err)
	}
	if err := s.Close(); err != nil { // after it, what Pebble removes beside is gone
		t.Fatal(err)
	}
	if n := holding(t, fs, dir, secret); n > 0 {
		t.Errorf("the key is in %d files", n)
	}
}

func put(t *testing.T, s *Store, r store.Row) {
	if err := s.Put([]store.Row{r}, true); err != nil {
		t.Fatal(err)
	}
}

// holding returns how many files of the store hold b.
func holding(t *testing.T, fs vfs.FS, dir string, b []byte) (n int) {
	names, err := fs.List(dir)
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range names {
		f, err := fs.Open(fs.PathJoin(dir, name))
		if err != nil {
			continue // removed meanwhile
		}
		content, err := io.ReadAll(f)
		if err != nil {
			t.Fatal(err)
		}
		f.Close()
		if bytes.Contains(content, b) {
			n++
		}
	}
	return n
}
