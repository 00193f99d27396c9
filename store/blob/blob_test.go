package blob

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"math/rand/v2"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"testing"
	"testing/iotest"
	"time"

	"crafttalkd/actors/refusal"
)

// ring is a KeySource whose keys can be destroyed.
type ring map[string][32]byte

func (r ring) BlobKey(subject string) ([32]byte, error) {
	k, ok := r[subject]
	if !ok {
		return k, refusal.New(refusal.NotFound, "the key is destroyed")
	}
	return k, nil
}

func newRing() ring { return ring{"anna": {1}, "boris": {2}, "x": {3}} }

func open(t *testing.T, dir string, keys KeySource) *Store {
	t.Helper()
	s, err := Open(dir, keys)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.Close() })
	return s
}

func put(t *testing.T, s *Store, subject string, b []byte) Blob {
	t.Helper()
	got, err := s.Put(t.Context(), subject, bytes.NewReader(b), 1<<30)
	if err != nil {
		t.Fatalf("Put(%d bytes): %v", len(b), err)
	}
	return got
}

func get(s *Store, subject, hash string) ([]byte, error) {
	f, _, err := s.Get(subject, hash)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	return io.ReadAll(f)
}

// noise is n bytes that do not compress and do not repeat.
func noise(seed uint64, n int) []byte {
	b := make([]byte, n)
	r := rand.NewChaCha8([32]byte{byte(seed)})
	r.Read(b)
	return b
}

// files lists what is in dir, below it included.
func files(t *testing.T, dir string) (names []string) {
	t.Helper()
	err := filepath.WalkDir(dir, func(p string, d fs.DirEntry, err error) error {
		if err == nil && !d.IsDir() {
			rel, _ := filepath.Rel(dir, p)
			names = append(names, rel)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return names
}

func TestRoundTrip(t *testing.T) {
	dir := t.TempDir()
	s := open(t, dir, newRing())
	for _, size := range []int{0, 1, 100, 3072, 4096, 65535, 65536, 65537, 131072, 300_001} {
		want := noise(1, size)
		sum := sha256.Sum256(want)
		b := put(t, s, "anna", want)
		if b.Hash != hex.EncodeToString(sum[:]) || b.Size != int64(size) {
			t.Errorf("Put(%d bytes) = %+v", size, b)
		}
		if got, err := get(s, "anna", b.Hash); err != nil || !bytes.Equal(got, want) {
			t.Errorf("%d bytes came back as %d, %v", size, len(got), err)
		}
		if _, _, err := s.Get("boris", b.Hash); refusal.KindOf(err) != refusal.NotFound {
			t.Errorf("another subject's file: %v, want not found", err)
		}
	}
	left, err := os.ReadDir(filepath.Join(dir, tmp))
	if err != nil || len(left) != 0 {
		t.Errorf("%d temporary files are left, %v", len(left), err)
	}
}

func TestKindIsToldByTheBytes(t *testing.T) {
	s := open(t, t.TempDir(), newRing())
	for _, c := range []struct{ in, want string }{
		{"\x89PNG\r\n\x1a\n" + strings.Repeat("\x00", 20), "image/png"},
		{"%PDF-1.7\n", "application/pdf"},
		{"<html><script>alert(1)</script></html>", "text/html; charset=utf-8"},
		{"просто текст", "text/plain; charset=utf-8"},
	} {
		if got := put(t, s, "anna", []byte(c.in)).MIME; got != c.want {
			t.Errorf("MIME of %.10q = %s, want %s", c.in, got, c.want)
		}
	}
}

func TestRangesAreServed(t *testing.T) {
	s := open(t, t.TempDir(), newRing())
	want := noise(2, 200_000)
	b := put(t, s, "anna", want)
	f, size, err := s.Get("anna", b.Hash)
	if err != nil || size != int64(len(want)) {
		t.Fatal(size, err)
	}
	defer f.Close()
	for _, r := range [][2]int{{0, 0}, {0, 99}, {65535, 65536}, {65536, 65536}, {65536, 131071}, {131072, 199_999}, {199_999, 199_999}} {
		req := httptest.NewRequest("GET", "/", nil)
		req.Header.Set("Range", fmt.Sprintf("bytes=%d-%d", r[0], r[1]))
		rec := httptest.NewRecorder()
		http.ServeContent(rec, req, "", time.Time{}, f)
		if rec.Code != http.StatusPartialContent || !bytes.Equal(rec.Body.Bytes(), want[r[0]:r[1]+1]) {
			t.Errorf("range %v: status %d, %d bytes", r, rec.Code, rec.Body.Len())
		}
	}
	if n, err := f.ReadAt(make([]byte, 10), size-4); n != 4 || err != io.EOF {
		t.Errorf("ReadAt over the end = %d, %v; want 4, EOF", n, err)
	}
	var wg sync.WaitGroup
	for i := range 8 {
		wg.Go(func() {
			p := make([]byte, 1000)
			if _, err := f.ReadAt(p, int64(i*20_000)); err != nil || !bytes.Equal(p, want[i*20_000:i*20_000+1000]) {
				t.Errorf("parallel ReadAt(%d): %v", i*20_000, err)
			}
		})
	}
	wg.Wait()
}

func TestMoreThanTheLimitIsRefused(t *testing.T) {
	dir := t.TempDir()
	s := open(t, dir, newRing())
	if _, err := s.Put(t.Context(), "anna", bytes.NewReader(noise(3, 1000)), 1000); err != nil {
		t.Errorf("exactly the limit: %v", err)
	}
	before := files(t, dir)
	for _, size := range []int{1001, 70_000, 500_000} {
		_, err := s.Put(t.Context(), "anna", bytes.NewReader(noise(4, size)), int64(size-1))
		if refusal.KindOf(err) != refusal.Invalid {
			t.Errorf("%d bytes over a limit of %d: %v, want invalid", size, size-1, err)
		}
	}
	// A sender without end is cut off at the limit.
	if _, err := s.Put(t.Context(), "anna", rand.NewChaCha8([32]byte{9}), 200_000); refusal.KindOf(err) != refusal.Invalid {
		t.Errorf("an endless file: %v, want invalid", err)
	}
	if after := files(t, dir); fmt.Sprint(after) != fmt.Sprint(before) {
		t.Errorf("refused files left %v, want %v", after, before)
	}
}

// proves G7: a sender that drips or breaks off does no harm.
func TestG7_SlowAndBrokenSenders(t *testing.T) {
	dir := t.TempDir()
	s := open(t, dir, newRing())
	want := noise(5, 70_000)
	b, err := s.Put(t.Context(), "anna", iotest.OneByteReader(bytes.NewReader(want)), 1<<20)
	if err != nil || b.Size != 70_000 {
		t.Fatalf("dripped: %+v, %v", b, err)
	}
	if got, err := get(s, "anna", b.Hash); err != nil || !bytes.Equal(got, want) {
		t.Errorf("dripped file came back wrong: %v", err)
	}
	before := files(t, dir)
	reset := errors.New("connection reset")
	for _, after := range []int{0, 1, 5000, 65536, 69_999} {
		// A body that is shorter than its length ends with io.ErrUnexpectedEOF.
		for is, want := range map[error]error{reset: reset, io.ErrUnexpectedEOF: ErrBrokenOff} {
			broken := io.MultiReader(bytes.NewReader(noise(6, after)), iotest.ErrReader(is))
			if _, err := s.Put(t.Context(), "anna", broken, 1<<20); !errors.Is(err, want) {
				t.Errorf("broken off after %d bytes with %v: %v", after, is, err)
			}
		}
	}
	ctx, cancel := context.WithCancel(t.Context())
	endless := readerFunc(func(p []byte) (int, error) { cancel(); return copy(p, "more"), nil })
	if _, err := s.Put(ctx, "anna", endless, 1<<40); !errors.Is(err, context.Canceled) {
		t.Errorf("cancelled: %v", err)
	}
	if after := files(t, dir); fmt.Sprint(after) != fmt.Sprint(before) {
		t.Errorf("broken senders left %v, want %v", after, before)
	}
}

type readerFunc func(p []byte) (int, error)

func (f readerFunc) Read(p []byte) (int, error) { return f(p) }

// proves G12 for attachments: any changed bit, any cut tail, any exchanged
// file is noticed and none of it is served.
func TestG12_DamageIsNoticed(t *testing.T) {
	dir := t.TempDir()
	s := open(t, dir, newRing())
	want := noise(7, 150_000)
	b := put(t, s, "anna", want)
	name := filepath.Join(dir, "an", "anna", b.Hash)
	sealed, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	if bytes.Contains(sealed, want[:16]) {
		t.Error("the plain bytes are on disk")
	}
	spoil := func(what string, b2 []byte) {
		t.Helper()
		if err := os.WriteFile(name, b2, 0o600); err != nil {
			t.Fatal(err)
		}
		got, err := get(s, "anna", b.Hash)
		if !errors.Is(err, ErrDamaged) {
			t.Errorf("%s: %v, want ErrDamaged", what, err)
		}
		if !bytes.HasPrefix(want, got) {
			t.Errorf("%s: bytes that were never written are served", what)
		}
	}
	r := rand.New(rand.NewPCG(1, 2))
	places := []int{0, 31, 32, 63, 64, 65, 66, 67, 68, 79, 80, len(sealed) - 1}
	for range 100 {
		places = append(places, r.IntN(len(sealed)))
	}
	for _, at := range places {
		changed := bytes.Clone(sealed)
		changed[at] ^= 1 << r.IntN(8)
		spoil(fmt.Sprintf("a bit changed at %d", at), changed)
	}
	for _, size := range []int{0, 10, 63, 64, 65, 96, 64 + 65568, 64 + 2*65568, len(sealed) - 1} {
		spoil(fmt.Sprintf("cut to %d", size), sealed[:size])
	}
	spoil("a tail added", append(bytes.Clone(sealed), sealed[64:]...))
	other := put(t, s, "anna", noise(8, 150_000))
	swapped, err := os.ReadFile(filepath.Join(dir, "an", "anna", other.Hash))
	if err != nil {
		t.Fatal(err)
	}
	spoil("another file under this name", swapped)
	put(t, s, "anna", want)
	if got, err := get(s, "anna", b.Hash); err != nil || !bytes.Equal(got, want) {
		t.Errorf("putting the same bytes again does not mend the file: %v", err)
	}
}

func TestNamesThatLeadElsewhere(t *testing.T) {
	dir := t.TempDir()
	s := open(t, filepath.Join(dir, "blobs"), newRing())
	if err := os.WriteFile(filepath.Join(dir, "secret"), []byte("secret"), 0o600); err != nil {
		t.Fatal(err)
	}
	b := put(t, s, "anna", []byte("hello"))
	for _, name := range []string{"", ".", "..", "../secret", "/etc/passwd", "Anna", "anna/", "an na", "anna\x00", "аnna", strings.Repeat("a", 65)} {
		if _, err := s.Put(t.Context(), name, strings.NewReader("x"), 10); refusal.KindOf(err) != refusal.Invalid {
			t.Errorf("Put(%q): %v, want invalid", name, err)
		}
		if err := s.Remove(name); refusal.KindOf(err) != refusal.Invalid {
			t.Errorf("Remove(%q): %v, want invalid", name, err)
		}
		if _, _, err := s.Get(name, b.Hash); refusal.KindOf(err) != refusal.NotFound {
			t.Errorf("Get(%q, hash): %v, want not found", name, err)
		}
		if _, _, err := s.Get("anna", name); refusal.KindOf(err) != refusal.NotFound {
			t.Errorf("Get(anna, %q): %v, want not found", name, err)
		}
	}
	// Links that somebody else has put there are not followed outside.
	if err := os.Symlink(dir, filepath.Join(dir, "blobs", "x")); err != nil {
		t.Fatal(err)
	}
	if _, err := s.Put(t.Context(), "x", strings.NewReader("x"), 10); err == nil {
		t.Error("Put followed a link out of its directory")
	}
	if got := files(t, dir); len(got) != 3 { // blobs/an/anna/…, blobs/x, secret
		t.Errorf("the directory holds %v", got)
	}
}

func TestSameBytesAreOneFile(t *testing.T) {
	dir := t.TempDir()
	s := open(t, dir, newRing())
	want := noise(10, 100_000)
	var wg sync.WaitGroup
	for range 4 {
		wg.Go(func() {
			b := put(t, s, "anna", want)
			if got, err := get(s, "anna", b.Hash); err != nil || !bytes.Equal(got, want) {
				t.Errorf("read right after Put: %v", err)
			}
		})
	}
	wg.Wait()
	if got := files(t, dir); len(got) != 1 {
		t.Errorf("four Puts of the same bytes left %v", got)
	}
}

// proves G44 for attachments: a removed subject's files are gone, and without
// the key they can't be read even where a copy is left.
func TestG44_RemoveAndDestroyedKey(t *testing.T) {
	keys := newRing()
	dir := t.TempDir()
	s := open(t, dir, keys)
	a := put(t, s, "anna", []byte("anna's file"))
	b := put(t, s, "boris", []byte("boris's file"))
	put(t, s, "x", []byte("one letter"))
	delete(keys, "boris")
	if _, _, err := s.Get("boris", b.Hash); refusal.KindOf(err) != refusal.NotFound {
		t.Errorf("a file whose key is destroyed: %v, want not found", err)
	}
	keys["boris"] = [32]byte{77}
	if _, err := get(s, "boris", b.Hash); !errors.Is(err, ErrDamaged) {
		t.Errorf("a file under a later key: %v, want ErrDamaged", err)
	}
	for range 2 { // the second time there is nothing to do
		if err := s.Remove("anna"); err != nil {
			t.Fatal(err)
		}
	}
	if _, _, err := s.Get("anna", a.Hash); refusal.KindOf(err) != refusal.NotFound {
		t.Errorf("a removed file: %v, want not found", err)
	}
	if got := files(t, dir); len(got) != 2 {
		t.Errorf("after Remove(anna) there is %v", got)
	}
	if again := put(t, s, "anna", []byte("anna's file")); again.Hash != a.Hash {
		t.Error("the name of the same bytes has changed")
	}
}

func TestOpenSweepsUnfinishedFiles(t *testing.T) {
	dir := t.TempDir()
	s := open(t, dir, newRing())
	b := put(t, s, "anna", []byte("finished"))
	if err := os.WriteFile(filepath.Join(dir, tmp, "HALF"), []byte("half"), 0o600); err != nil {
		t.Fatal(err)
	}
	s = open(t, dir, newRing())
	if got := files(t, dir); len(got) != 1 || filepath.Base(got[0]) != b.Hash {
		t.Errorf("after Open there is %v, want the finished file alone", got)
	}
	if got, err := get(s, "anna", b.Hash); err != nil || string(got) != "finished" {
		t.Errorf("the finished file: %q, %v", got, err)
	}
}

// full is a disk whose n'th step fails.
type full struct {
	disk
	left int // steps until the failure; negative for never
	done int
}

func (d *full) step() error {
	d.done++
	d.left--
	if d.left == -1 {
		return syscall.ENOSPC
	}
	return nil
}

func (d *full) create(name string) (file, error) {
	if err := d.step(); err != nil {
		return nil, err
	}
	f, err := d.disk.create(name)
	return fullFile{f, d}, err
}

func (d *full) rename(from, to string) error {
	if err := d.step(); err != nil {
		return err
	}
	return d.disk.rename(from, to)
}

func (d *full) sync(dir string) error { return errors.Join(d.step(), d.disk.sync(dir)) }

type fullFile struct {
	file
	d *full
}

func (f fullFile) Write(p []byte) (int, error) {
	if err := f.d.step(); err != nil {
		n, _ := f.file.Write(p[:len(p)/2]) // a full disk takes what still fits
		return n, err
	}
	return f.file.Write(p)
}

func (f fullFile) WriteAt(p []byte, off int64) (int, error) {
	if err := f.d.step(); err != nil {
		return 0, err
	}
	return f.file.WriteAt(p, off)
}

func (f fullFile) Sync() error { return errors.Join(f.d.step(), f.file.Sync()) }

// proves G10 for attachments: whichever step fails, Put says so, nothing half
// is ever got, and a directory whose sync failed is not relied on again.
func TestG10_EveryStepMayFail(t *testing.T) {
	want := noise(11, 150_000)
	sum := sha256.Sum256(want)
	hash := hex.EncodeToString(sum[:])
	steps := func(s *Store, left int) (*full, error) {
		d := &full{disk: s.disk, left: left}
		s.disk = d
		defer func() { s.disk = d.disk }()
		_, err := s.Put(t.Context(), "anna", bytes.NewReader(want), 1<<20)
		return d, err
	}
	dir := t.TempDir()
	d, err := steps(open(t, dir, newRing()), -1)
	if err != nil || d.done < 10 {
		t.Fatalf("an undisturbed Put: %d steps, %v", d.done, err)
	}
	for n := range d.done {
		dir := t.TempDir()
		s := open(t, dir, newRing())
		if _, err := steps(s, n); !errors.Is(err, syscall.ENOSPC) {
			t.Errorf("step %d failed, Put says %v", n, err)
		}
		if got, err := get(s, "anna", hash); err == nil && !bytes.Equal(got, want) {
			t.Errorf("step %d failed, half a file is got", n)
		}
		if left, _ := os.ReadDir(filepath.Join(dir, tmp)); len(left) != 0 {
			t.Errorf("step %d failed, %d temporary files are left", n, len(left))
		}
		_, err := s.Put(t.Context(), "anna", bytes.NewReader(want), 1<<20)
		if s.distrusted.Load() != (err != nil) || s.distrusted.Load() != (n >= d.done-3) {
			t.Errorf("step %d failed, the next Put says %v", n, err)
		}
	}
}
