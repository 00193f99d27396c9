package pebblestore

import (
	"errors"
	"fmt"
	"path"
	"strings"

	"github.com/cockroachdb/pebble/v2/vfs"
)

// A guard is the file system as Pebble sees it. It ends the store at the first
// sync that fails, of whatever file of the store, and at the first write to a
// log that fails, before Pebble can try again or give up in its own way. From
// such a call it does not return.
type guard struct {
	vfs.FS
	s    *Store
	mark *mark // nil while it is being looked for
}

// Unwrap implements [vfs.FS].
func (g guard) Unwrap() vfs.FS { return g.FS }

// Create implements [vfs.FS]. A marker says which of the other files counts, so
// their names are synced before it: else a power cut could keep the marker and
// lose what it names.
func (g guard) Create(name string, c vfs.DiskWriteCategory) (vfs.File, error) {
	if base := g.PathBase(name); strings.HasPrefix(base, "marker.") && !strings.HasPrefix(base, "marker."+markName+".") {
		if err := g.syncDir(g.PathDir(name)); err != nil {
			return nil, err
		}
	}
	f, err := g.FS.Create(name, c)
	if err != nil && isLog(name) {
		g.s.halt("create", name, err)
	}
	return g.watch(f, name), err
}

// ReuseForWrite implements [vfs.FS]. While something is purged, a log of the
// past is removed in place of being written over from its beginning.
func (g guard) ReuseForWrite(old, name string, c vfs.DiskWriteCategory) (vfs.File, error) {
	if g.s.purging.Load() > 0 {
		if err := g.Remove(old); err != nil {
			return nil, err
		}
		return g.Create(name, c)
	}
	f, err := g.FS.ReuseForWrite(old, name, c)
	if err != nil && isLog(name) {
		g.s.halt("create", name, err)
	}
	return g.watch(f, name), err
}

func (g guard) OpenReadWrite(name string, c vfs.DiskWriteCategory, o ...vfs.OpenOption) (vfs.File, error) {
	f, err := g.FS.OpenReadWrite(name, c, o...)
	return g.watch(f, name), err
}

func (g guard) OpenDir(name string) (vfs.File, error) {
	f, err := g.FS.OpenDir(name)
	if err != nil || name != g.s.dir {
		return f, err
	}
	return watched{f, g.s, name}, nil
}

func (g guard) syncDir(name string) error {
	d, err := g.OpenDir(name)
	if err != nil {
		return err
	}
	return errors.Join(d.Sync(), d.Close())
}

// watch returns f with an eye on it, if it is a file of the store. Copies of
// the store are written elsewhere: that they fail is an answer.
func (g guard) watch(f vfs.File, name string) vfs.File {
	if f == nil || g.PathDir(name) != g.s.dir {
		return f
	}
	w := watched{f, g.s, name}
	if base := g.PathBase(name); isManifest(base) {
		return &manifest{File: w, mark: g.mark, name: base}
	}
	return w
}

// A watched file is one whose failed syncs end the store.
type watched struct {
	vfs.File
	s    *Store
	name string
}

func (f watched) Sync() error {
	err := f.File.Sync()
	if err != nil {
		f.s.halt("sync", f.name, err)
	}
	return err
}

func (f watched) SyncData() error {
	err := f.File.SyncData()
	if err != nil {
		f.s.halt("sync", f.name, err)
	}
	return err
}

func (f watched) SyncTo(n int64) (bool, error) {
	full, err := f.File.SyncTo(n)
	if err != nil {
		f.s.halt("sync", f.name, err)
	}
	return full, err
}

func (f watched) Write(b []byte) (int, error) {
	n, err := f.File.Write(b)
	if err != nil && isLog(f.name) {
		f.s.halt("write", f.name, err)
	}
	return n, err
}

func (f watched) Close() error {
	err := f.File.Close()
	if err != nil && isLog(f.name) {
		f.s.halt("close", f.name, err)
	}
	return err
}

func isLog(name string) bool { return strings.HasSuffix(name, ".log") }

// halt ends the store and does not return.
func (s *Store) halt(what, name string, err error) {
	s.fail(fmt.Errorf("%s %s: %w", what, path.Base(name), err))
	select {}
}
