package main

import (
	"archive/tar"
	"compress/gzip"
	"flag"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"testing"
)

var (
	earlierProgram = flag.String("earlier-program", "", "the `program` to make a data directory of an earlier version with")
	earlierName    = flag.String("earlier-name", "", "what that version is called")
)

// TestEarlierIsMade packs the directory of the program that was named. Without
// one it proves that what is packed comes out the same.
func TestEarlierIsMade(t *testing.T) {
	if *earlierProgram != "" {
		makeEarlier(t, *earlierProgram)
		return
	}
	from, to, file := t.TempDir(), t.TempDir(), filepath.Join(t.TempDir(), "packed.tar.gz")
	if err := os.MkdirAll(filepath.Join(from, "store"), 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(from, "store", "one"), []byte("of it"), 0o600); err != nil {
		t.Fatal(err)
	}
	pack(t, from, file)
	unpack(t, file, to)
	if b, err := os.ReadFile(filepath.Join(to, "store", "one")); err != nil || string(b) != "of it" {
		t.Errorf("%q comes out: %v", b, err)
	}
}

// pack writes the plain files below a directory into one.
func pack(t *testing.T, dir, file string) {
	t.Helper()
	to, err := os.Create(file)
	if err != nil {
		t.Fatal(err)
	}
	zip, err := gzip.NewWriterLevel(to, gzip.BestCompression)
	if err != nil {
		t.Fatal(err)
	}
	w := tar.NewWriter(zip)
	err = filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		if err != nil || !d.Type().IsRegular() {
			return err
		}
		name, err := filepath.Rel(dir, path)
		if err != nil {
			return err
		}
		b, err := os.ReadFile(path)
		if err == nil {
			err = w.WriteHeader(&tar.Header{Name: filepath.ToSlash(name), Mode: 0o600, Size: int64(len(b))})
		}
		if err == nil {
			_, err = w.Write(b)
		}
		return err
	})
	for _, close := range []func() error{w.Close, zip.Close, to.Close} {
		if e := close(); err == nil {
			err = e
		}
	}
	if err != nil {
		t.Fatal(err)
	}
}

// unpack is the way back.
func unpack(t *testing.T, file, dir string) {
	t.Helper()
	from, err := os.Open(file)
	if err != nil {
		t.Fatal(err)
	}
	defer from.Close()
	zip, err := gzip.NewReader(from)
	if err != nil {
		t.Fatal(err)
	}
	root, err := os.OpenRoot(dir)
	if err != nil {
		t.Fatal(err)
	}
	defer root.Close()
	r := tar.NewReader(zip)
	for {
		h, err := r.Next()
		if err == io.EOF {
			return
		}
		var b []byte
		if err == nil {
			b, err = io.ReadAll(r)
		}
		if err == nil {
			err = root.MkdirAll(filepath.Dir(h.Name), 0o700)
		}
		if err == nil {
			err = root.WriteFile(h.Name, b, 0o600)
		}
		if err != nil {
			t.Fatal(err)
		}
	}
}
