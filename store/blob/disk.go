package blob

import (
	"errors"
	"io"
	"os"
)

// A disk does those steps of Put that a full or broken disk makes fail.
type disk interface {
	create(name string) (file, error)
	rename(from, to string) error
	sync(dir string) error
}

// A file is one being written.
type file interface {
	io.Writer
	io.WriterAt
	io.Closer
	Sync() error
}

// rooted is the disk below a directory.
type rooted struct{ root *os.Root }

func (r rooted) create(name string) (file, error) {
	return r.root.OpenFile(name, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
}

func (r rooted) rename(from, to string) error { return r.root.Rename(from, to) }

func (r rooted) sync(dir string) error {
	d, err := r.root.Open(dir)
	if err != nil {
		return err
	}
	return errors.Join(d.Sync(), d.Close())
}
