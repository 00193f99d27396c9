package pebblestore

import (
	"errors"
	"fmt"
	"io"
	"strconv"
	"strings"

	"github.com/cockroachdb/pebble/v2/record"
	"github.com/cockroachdb/pebble/v2/vfs"
	"github.com/cockroachdb/pebble/v2/vfs/atomicfs"
)

// markName is the name of the marker that [mark] moves.
const markName = "kept"

// A mark says how much of the manifest, the list of all files that count, is
// on disk: "MANIFEST-000001-57". Pebble takes the first broken record of a
// manifest for its end, as it may be after a crash, and removes the files that
// the rest names. With the mark, damage is told from a crash before Pebble
// touches anything.
type mark struct {
	s  *Store
	at *atomicfs.Marker // nil if it can't be moved any more
}

// checkManifest refuses a store whose manifest ends before its mark, and
// returns the mark. A mark of another manifest is one that a crash has kept
// from becoming current: it says nothing of this one.
func (s *Store) checkManifest() (*mark, error) {
	if err := s.fs.MkdirAll(s.dir, 0o755); err != nil {
		return nil, err
	}
	g := guard{FS: s.fs, s: s}
	at, value, err := atomicfs.LocateMarker(g, s.dir, markName)
	if err != nil {
		return nil, err
	}
	current, err := atomicfs.ReadMarker(s.fs, s.dir, "manifest")
	if err == nil {
		err = s.compareManifest(current, value)
	}
	if err == nil {
		err = at.RemoveObsolete()
	}
	if err != nil {
		return nil, errors.Join(err, at.Close())
	}
	return &mark{s, at}, nil
}

func (s *Store) compareManifest(current, value string) error {
	i := strings.LastIndexByte(value, '-')
	if current == "" || i < 0 || value[:i] != current {
		return nil
	}
	size, err := strconv.ParseInt(value[i+1:], 10, 64)
	if err != nil {
		return fmt.Errorf("the mark %q: %w", value, err)
	}
	whole, err := s.wholeManifest(current)
	if err != nil {
		return err
	}
	if whole < size {
		return fmt.Errorf("%s is damaged: it is good up to byte %d, and %d were on disk", current, whole, size)
	}
	return nil
}

// wholeManifest returns where the last good record of a manifest ends.
func (s *Store) wholeManifest(name string) (int64, error) {
	f, err := s.fs.Open(s.fs.PathJoin(s.dir, name))
	if err != nil {
		return 0, err
	}
	r, whole := record.NewReader(f, 0), int64(0)
	for {
		rec, err := r.Next()
		if err == nil {
			_, err = io.Copy(io.Discard, rec)
		}
		switch {
		case err == nil:
			whole = r.Offset()
		case err == io.EOF || record.IsInvalidRecord(err):
			return whole, f.Close()
		default:
			return 0, errors.Join(err, f.Close())
		}
	}
}

// move notes that size bytes of a manifest are on disk. Without room for it the
// mark stays behind, and damage to what comes later may pass for a crash.
func (m *mark) move(name string, size int64) {
	if m == nil || m.at == nil || m.s.opts.fault == forgetsMark {
		return
	}
	if err := m.at.Move(fmt.Sprintf("%s-%d", name, size)); err != nil {
		m.s.opts.Log.Warn("store: the mark of the manifest stays behind", "err", err)
	}
}

func (m *mark) close() error {
	if m == nil || m.at == nil {
		return nil
	}
	at := m.at
	m.at = nil
	return at.Close()
}

// A manifest is a file of which the guard notes how much is on disk.
type manifest struct {
	vfs.File
	mark *mark
	name string
	size int64
}

func (f *manifest) Write(b []byte) (int, error) {
	n, err := f.File.Write(b)
	f.size += int64(n)
	return n, err
}

func (f *manifest) Sync() error {
	err := f.File.Sync()
	if err == nil {
		f.mark.move(f.name, f.size)
	}
	return err
}

func isManifest(name string) bool { return strings.HasPrefix(name, "MANIFEST-") }
