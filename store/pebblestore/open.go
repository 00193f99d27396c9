package pebblestore

import (
	"crypto/rand"
	"encoding/binary"
	"errors"
	"fmt"
	"time"

	"github.com/cockroachdb/pebble/v2"
	"github.com/cockroachdb/pebble/v2/bloom"

	"crafttalkd/store"
)

// format is the form of the rows in keys.go. A store of a newer form is not
// opened.
const format = 1

// memTables is how many memtables there may be before writers wait.
const memTables = 4

// cachedTables is how many memtables Pebble always counts against its cache:
// the one in use and one that is kept to be used again. Were there no room for
// them, every look at a Bloom filter would read it from a file.
const cachedTables = 2

// Open opens the store in dir, or makes one there if dir holds none.
func Open(dir string, o Options) (*Store, error) {
	o.setDefaults()
	dir = o.FS.PathJoin(dir) // as Pebble writes it
	s := &Store{
		fs: o.FS, dir: dir, opts: o,
		idle: make(chan *group, 2), syncing: make(chan *group, 2),
		stopped: make(chan struct{}), broken: make(chan struct{}), trouble: make(chan error, 1),
	}
	for i := range s.recent {
		s.recent[i].most = o.Recent
	}
	s.queue.init(o.Gather)
	if err := s.openPebble(); err != nil {
		return nil, fmt.Errorf("open the store in %s: %w", dir, err)
	}
	l, err := s.load()
	if err != nil {
		if s.failed() == nil {
			err = errors.Join(err, s.db.Close(), s.mark.close())
		}
		return nil, fmt.Errorf("open the store in %s: %w", dir, err)
	}
	for range cap(s.idle) {
		s.idle <- new(group)
	}
	go s.commit(l)
	go s.sync()
	s.opened.Store(true)
	if err := s.failed(); err != nil {
		return nil, fmt.Errorf("open the store in %s: %w", dir, err)
	}
	return s, nil
}

// openPebble opens the database.
func (s *Store) openPebble() error {
	return s.beside(func() (err error) {
		if s.mark, err = s.checkManifest(); err != nil {
			return err
		}
		s.db, err = pebble.Open(s.dir, s.pebbleOptions())
		if err != nil {
			err = errors.Join(err, s.mark.close())
		}
		return err
	})
}

func (s *Store) pebbleOptions() *pebble.Options {
	o := &pebble.Options{
		FS:                          guard{s.fs, s, s.mark},
		FormatMajorVersion:          pebble.FormatValueSeparation,
		CacheSize:                   s.opts.CacheSize + cachedTables*int64(s.opts.MemTableSize),
		MemTableSize:                s.opts.MemTableSize,
		MemTableStopWritesThreshold: memTables,
		L0CompactionThreshold:       8,
		L0StopWritesThreshold:       24,
		LBaseMaxBytes:               128 << 20,
		BytesPerSync:                1 << 20,
		WALBytesPerSync:             1 << 20,
		MaxOpenFiles:                2000,
		CompactionConcurrencyRange:  func() (int, int) { return 1, 2 },
		Logger:                      logger{s},
		// Damage is an answer to whoever reads it, not the end of the process.
		EventListener: &pebble.EventListener{
			BackgroundError: s.backgroundError,
			DataCorruption: func(i pebble.DataCorruptionInfo) {
				s.opts.Log.Error("store: damaged file", "path", i.Path, "err", i.Details)
			},
		},
	}
	o.Experimental.CompactionScheduler = newScheduler()
	for i := range o.Levels {
		o.Levels[i].FilterPolicy = bloom.FilterPolicy(10)
	}
	return o
}

// backgroundError hears that a flush or a compaction has failed. Pebble tries
// again at once, with a new file; the log still has what was not flushed. A disk
// that stays full would fill the log of the process: it is told once a second.
func (s *Store) backgroundError(err error) {
	now := time.Now().Unix()
	if s.told.Swap(now) != now {
		s.opts.Log.Error("store: background work", "err", err)
	}
	select {
	case s.trouble <- err:
	default:
	}
}

// A logger is what Pebble complains to.
type logger struct{ s *Store }

func (logger) Infof(string, ...any) {}
func (l logger) Errorf(format string, a ...any) {
	l.s.opts.Log.Error("store: " + fmt.Sprintf(format, a...))
}

// Fatalf ends the store and does not return, as Pebble expects.
func (l logger) Fatalf(format string, a ...any) {
	l.s.fail(fmt.Errorf(format, a...))
	select {}
}

// load reads what the committer must know, and makes a new store if there is
// none.
func (s *Store) load() (*ledger, error) {
	if err := s.loadMeta(); err != nil {
		return nil, err
	}
	l := newLedger(s.db, &s.opts)
	for shard := range store.Shards {
		if err := s.loadShard(shard, &l.shards[shard]); err != nil {
			return nil, fmt.Errorf("shard %d: %w", shard, err)
		}
		s.synced[shard].Store(l.shards[shard].position)
	}
	return l, nil
}

func (s *Store) loadMeta() error {
	v, err := s.get(metaKey("format"))
	switch {
	case err != nil:
		return err
	case v == nil:
		return s.create()
	case len(v) != 8:
		return fmt.Errorf("the number of its format has %d bytes", len(v))
	}
	if n := binary.BigEndian.Uint64(v); n > format {
		return fmt.Errorf("it has format %d, and this program knows no newer than %d", n, format)
	}
	v, err = s.get(metaKey("shards"))
	if err != nil {
		return err
	}
	if len(v) != 8 || binary.BigEndian.Uint64(v) != store.Shards {
		return fmt.Errorf("it has %x shards, and this program needs %d", v, store.Shards)
	}
	v, err = s.get(metaKey("id"))
	if err != nil {
		return err
	}
	if len(v) != len(s.id) {
		return fmt.Errorf("its id has %d bytes", len(v))
	}
	s.id = [16]byte(v)
	return nil
}

// create makes an empty store.
func (s *Store) create() error {
	it, err := s.db.NewIter(nil)
	if err != nil {
		return err
	}
	empty := !it.First()
	if err := it.Close(); err != nil {
		return err
	}
	if !empty {
		return errors.New("there is a database, but not of this program")
	}
	rand.Read(s.id[:])
	b := s.db.NewBatch()
	b.Set(metaKey("format"), binary.BigEndian.AppendUint64(nil, format), nil)
	b.Set(metaKey("shards"), binary.BigEndian.AppendUint64(nil, store.Shards), nil)
	b.Set(metaKey("id"), s.id[:], nil)
	return s.beside(func() error { return s.apply(b) })
}

// loadShard reads the end of a shard's log and its epoch.
func (s *Store) loadShard(shard int, sh *shardState) error {
	prefix := []byte{tagPosition, byte(shard)}
	it, err := s.db.NewIter(&pebble.IterOptions{LowerBound: prefix, UpperBound: after(prefix)})
	if err != nil {
		return err
	}
	defer it.Close()
	if it.Last() {
		sh.position = binary.BigEndian.Uint64(it.Key()[2:])
		if sh.chain, _, _, err = parsePosition(it.Value()); err != nil {
			return err
		}
	}
	if err := it.Error(); err != nil {
		return err
	}
	v, err := s.get(epochKey(nil, shard))
	if len(v) == 8 {
		sh.epoch = binary.BigEndian.Uint64(v)
	}
	return err
}
