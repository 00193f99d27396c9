package main

import (
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"os"
	"path/filepath"
	"syscall"

	"crafttalkd/store/blob"
	"crafttalkd/store/journal"
	"crafttalkd/store/keys"
	"crafttalkd/store/pebblestore"
)

// A home is the data directory, open:
//
//	DIR/store        the journal and all that is read off it
//	DIR/blobs        attachments, sealed
//	DIR/search       the search index, made anew whenever it is missing
//	DIR/talk         the index of what was said, without words; made anew as well
//	DIR/models       what the bot has learnt, sealed; made anew if it is not there
//	DIR/master.key   what seals the customers' keys; keep a copy elsewhere
//	DIR/control.sock where backup and user reach a running server
type home struct {
	dir    string
	engine *pebblestore.Store
	master *keys.Master
	ring   *keys.Ring
	blobs  *blob.Store
}

// storeDir is where the engine lives.
func storeDir(dir string) string { return filepath.Join(dir, "store") }

// openHome opens a data directory, and makes it if it is not there.
func openHome(dir string, log *slog.Logger, reserve uint64) (*home, error) {
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return nil, fmt.Errorf("data directory: %w", err)
	}
	_, err := os.Stat(storeDir(dir))
	fresh := errors.Is(err, fs.ErrNotExist)
	h := &home{dir: dir}
	if h.master, err = keys.LoadMaster(dir, fresh, os.Getenv); err != nil {
		return nil, err
	}
	if h.engine, err = pebblestore.Open(storeDir(dir), pebblestore.Options{Log: log, Reserve: reserve}); err != nil {
		return nil, openFailure(dir, err)
	}
	h.ring = keys.NewRing(h.master, h.engine)
	if h.blobs, err = blob.Open(filepath.Join(dir, "blobs"), h.ring); err != nil {
		h.engine.Close()
		return nil, err
	}
	return h, nil
}

// openFailure says why a store can't be opened. Its lock is the kernel's and
// ends with the process, so a lock that is held is held by somebody alive.
func openFailure(dir string, err error) error {
	if errors.Is(err, syscall.EAGAIN) || errors.Is(err, syscall.EACCES) && !errors.Is(err, fs.ErrPermission) {
		return fmt.Errorf("another crafttalkd works on %s", dir)
	}
	return err
}

func (h *home) journal() (*journal.Journal, error) { return journal.Open(h.engine, h.ring) }

func (h *home) close() error { return h.engine.Close() }
