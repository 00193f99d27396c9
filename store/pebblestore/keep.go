package pebblestore

import (
	"context"
	"errors"
	"fmt"
	"math"

	"github.com/cockroachdb/pebble/v2"
	"github.com/cockroachdb/pebble/v2/vfs"

	"crafttalkd/store"
)

// Claim implements [store.Keeper].
func (s *Store) Claim(shard int) (uint64, error) {
	if shard < 0 || shard >= store.Shards {
		return 0, fmt.Errorf("claim shard %d of %d", shard, store.Shards)
	}
	c := claim{shard: shard}
	if err := s.submitAndWait(context.Background(), request{claim: &c}); err != nil {
		return 0, fmt.Errorf("claim shard %d: %w", shard, err)
	}
	return c.epoch, nil
}

// Ready implements [store.Keeper].
func (s *Store) Ready(ctx context.Context) error {
	ready := store.Append{Rows: []store.Row{{Key: "ready", Value: []byte{}}}}
	if err := s.submitAndWait(ctx, request{a: &ready, bare: true}); err != nil {
		return fmt.Errorf("a small write: %w", err)
	}
	return nil
}

// Room implements [store.Keeper]. Where the file system does not tell, there
// is always room.
func (s *Store) Room() (free, total uint64, err error) {
	u, err := s.fs.GetDiskUsage(s.dir)
	switch {
	case errors.Is(err, vfs.ErrUnsupported):
		return math.MaxInt64, math.MaxInt64, nil
	case err != nil:
		return 0, 0, fmt.Errorf("room in %s: %w", s.dir, err)
	}
	return u.AvailBytes - min(u.AvailBytes, s.opts.Reserve), u.TotalBytes, nil
}

// Backup implements [store.Keeper]. On the same file system the copy shares
// its files with the store until the store drops them.
func (s *Store) Backup(dir string) error {
	if !s.gate.enter() {
		return store.ErrClosed
	}
	defer s.gate.leave()
	if err := s.failed(); err != nil {
		return err
	}
	if err := s.beside(func() error { return s.db.Checkpoint(dir, pebble.WithFlushedWAL()) }); err != nil {
		return fmt.Errorf("back up to %s: %w", dir, err)
	}
	return nil
}

// Close implements [store.Keeper]. What was submitted before is committed,
// and the log is emptied into files that are checksummed to their end. A store
// that has failed is left as it is.
func (s *Store) Close() error {
	s.queue.close()
	select {
	case <-s.stopped:
	case <-s.broken:
	}
	if !s.gate.close() {
		return store.ErrClosed
	}
	if err := s.failed(); err != nil {
		return err
	}
	return s.beside(s.shut)
}

// Purge takes off the disk what rows of a table were before they were written
// over: the files that held them are written anew, and the logs that Pebble
// keeps to use them again are removed.
func (s *Store) Purge(table string) error {
	if !s.gate.enter() {
		return store.ErrClosed
	}
	defer s.gate.leave()
	if err := s.failed(); err != nil {
		return err
	}
	prefix := tableKey(nil, table, "")
	s.purging.Add(1)
	defer s.purging.Add(-1)
	err := s.beside(func() error {
		for range oldLogs + 2 { // each begins a new log, in the place of an old one
			if err := s.flush(); err != nil {
				return err
			}
		}
		return s.db.Compact(context.Background(), prefix, after(prefix), false)
	})
	if err != nil {
		return fmt.Errorf("purge table %s: %w", table, err)
	}
	return nil
}

// oldLogs is how many logs Pebble keeps at most to use them again.
const oldLogs = memTables + 1

// shut empties the log and closes the database.
func (s *Store) shut() error {
	err := s.flush()
	return errors.Join(err, s.db.Close(), s.mark.close())
}

// flush empties the log into files. Pebble tries a flush that has failed again
// for ever; here it is given up, and the log stays.
func (s *Store) flush() error {
	select {
	case <-s.trouble:
	default:
	}
	flushed, err := s.db.AsyncFlush()
	if err != nil {
		return err
	}
	select {
	case <-flushed:
		return nil
	case err := <-s.trouble:
		return err
	}
}
