// Package disk keeps bluge indexes on a disk: what bluge itself does not see to.
package disk

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"sync"
	"time"

	"github.com/blugelabs/bluge/index"
	segment "github.com/blugelabs/bluge_segment_api"
)

// A Disk is the directory of one bluge index. It sees to what bluge does not:
// segments that a crash left behind, which nothing would ever remove, what is
// left of a snapshot where a new one is written, and that a full disk is no reason
// to write as fast as one can.
type Disk struct {
	*index.FileSystemDirectory
	dir   string
	mu    sync.Mutex
	found map[uint64]bool // segments that were there before the index was opened
}

// New returns the directory of an index.
func New(dir string) *Disk {
	return &Disk{FileSystemDirectory: index.NewFileSystemDirectory(dir), dir: dir}
}

// Lock implements [index.Directory]. It is what bluge asks for first.
func (d *Disk) Lock() error {
	if err := d.FileSystemDirectory.Lock(); err != nil {
		return err
	}
	ids, err := d.List(index.ItemKindSegment)
	d.mu.Lock()
	defer d.mu.Unlock()
	d.found = make(map[uint64]bool, len(ids))
	for _, id := range ids {
		d.found[id] = true
	}
	return err
}

// Load implements [index.Directory].
func (d *Disk) Load(kind string, id uint64) (*segment.Data, io.Closer, error) {
	if kind == index.ItemKindSegment {
		d.mu.Lock()
		delete(d.found, id)
		d.mu.Unlock()
	}
	return d.FileSystemDirectory.Load(kind, id)
}

// Sweep removes the segments that were there and that the index, which is open
// now, does not know.
func (d *Disk) Sweep() error {
	d.mu.Lock()
	defer d.mu.Unlock()
	for id := range d.found {
		if err := d.Remove(index.ItemKindSegment, id); err != nil && !errors.Is(err, fs.ErrNotExist) {
			return fmt.Errorf("orphan segment: %w", err)
		}
	}
	d.found = nil
	return nil
}

// afterFailure is how long a failed write is thought about; bluge repeats it at
// once and for ever.
const afterFailure = time.Second

// Persist implements [index.Directory].
func (d *Disk) Persist(kind string, id uint64, w index.WriterTo, closed chan struct{}) error {
	// Over what is left of a longer snapshot a new one would not be valid.
	err := os.Remove(filepath.Join(d.dir, fmt.Sprintf("%012x%s", id, kind)))
	if err == nil || errors.Is(err, fs.ErrNotExist) {
		err = d.FileSystemDirectory.Persist(kind, id, w, closed)
	}
	if err != nil {
		select {
		case <-closed:
		case <-time.After(afterFailure):
		}
	}
	return err
}
