package pebblestore

import (
	"context"
	"encoding/binary"
	"errors"
	"fmt"

	"github.com/cockroachdb/pebble/v2"

	"crafttalkd/store"
)

// Verify implements [store.Keeper]. It reads every row that is kept, as of
// when it began: each shard's log from its first event, with the running hash,
// then what must agree with the log. Of a shard's log only the first bad
// position is named, since nothing after it can be judged.
func (s *Store) Verify(ctx context.Context, bad func(store.Damage)) error {
	if !s.gate.enter() {
		return store.ErrClosed
	}
	defer s.gate.leave()
	snapshot := s.db.NewSnapshot()
	defer snapshot.Close()
	v := verifier{s: s, snapshot: snapshot, ctx: ctx, bad: bad}
	for shard := range store.Shards {
		v.shard = shard
		v.log()
		v.streams()
		v.heads()
		v.keys()
	}
	v.shard = 0
	v.alarms()
	for _, tag := range []byte{tagEpoch, tagTable, tagMeta} {
		v.walk([]byte{tag}, func(_, _ []byte) error { return nil })
	}
	return ctx.Err()
}

// A verifier is one run of Verify.
type verifier struct {
	s        *Store
	snapshot *pebble.Snapshot
	ctx      context.Context
	bad      func(store.Damage)
	shard    int
	last     uint64 // the shard's position, as far as its log is sound
	sound    bool   // the whole log of the shard is
	buf      []byte
}

func (v *verifier) report(position uint64, format string, a ...any) {
	v.bad(store.Damage{Shard: v.shard, Position: position, What: fmt.Sprintf(format, a...)})
}

// walk calls row for each row under prefix, until it returns an error. That
// error is returned; damage to what is read is reported.
func (v *verifier) walk(prefix []byte, row func(key, value []byte) error) error {
	it, err := v.snapshot.NewIter(&pebble.IterOptions{LowerBound: prefix, UpperBound: after(prefix)})
	if err != nil {
		v.report(0, "read %q: %v", prefix, err)
		return err
	}
	defer it.Close()
	for ok := it.First(); ok && v.ctx.Err() == nil; ok = it.Next() {
		value, err := it.ValueAndErr()
		if err != nil {
			v.report(0, "read %q: %v", it.Key(), err)
			return err
		}
		if err := row(it.Key(), value); err != nil {
			return err
		}
	}
	if err := it.Error(); err != nil {
		v.report(0, "read %q: %v", prefix, err)
		return err
	}
	return nil
}

// log recomputes the running hash of the shard.
func (v *verifier) log() {
	v.last = 0
	var c chain
	var hash []byte
	err := v.walk([]byte{tagPosition, byte(v.shard)}, func(key, value []byte) error {
		if len(key) != 10 || binary.BigEndian.Uint64(key[2:]) != v.last+1 {
			return errors.New("the position is missing")
		}
		kept, version, stream, err := parsePosition(value)
		if err != nil {
			return err
		}
		body, closer, err := v.event(string(stream), version)
		if err != nil {
			return err
		}
		c, hash = c.next(hash, string(stream), version, body)
		closer()
		if c != kept {
			return fmt.Errorf("the running hash does not fit event %d of %s", version, stream)
		}
		v.last++
		return nil
	})
	if v.sound = err == nil; !v.sound {
		v.report(v.last+1, "%v", err)
	}
}

// event returns the body of the event at the next position.
func (v *verifier) event(stream string, version uint64) ([]byte, func(), error) {
	v.buf = eventKey(v.buf[:0], v.shard, stream, version)
	value, closer, err := v.snapshot.Get(v.buf)
	if err != nil {
		return nil, nil, fmt.Errorf("event %d of %s: %w", version, stream, err)
	}
	position, body, err := parseEvent(value)
	if err == nil && position != v.last+1 {
		err = fmt.Errorf("event %d of %s is for position %d", version, stream, position)
	}
	if err != nil {
		closer.Close()
		return nil, nil, err
	}
	return body, func() { closer.Close() }, nil
}

// streams compares the streams of the shard with their heads and with the log.
func (v *verifier) streams() {
	var stream string
	var version, events uint64
	err := v.walk([]byte{tagEvent, byte(v.shard)}, func(key, _ []byte) error {
		name, n, err := parseEventKey(key)
		if err != nil {
			v.report(0, "%v", err)
			return nil
		}
		if string(name) != stream {
			v.endStream(stream, version)
			stream, version = string(name), 0
		}
		if version++; n != version {
			v.report(0, "event %d of %s is missing, the next is %d", version, stream, n)
			version = n
		}
		events++
		return nil
	})
	if err != nil {
		return
	}
	v.endStream(stream, version)
	if v.sound && events != v.last {
		v.report(0, "%d events are kept and %d are in the log", events, v.last)
	}
}

// endStream compares a stream that holds version events with its head.
func (v *verifier) endStream(stream string, version uint64) {
	if version == 0 {
		return
	}
	if at := store.ShardOf(stream); at != v.shard {
		v.report(0, "%s is in the wrong shard: it belongs to %d", stream, at)
	}
	h, err := v.s.readHead(v.snapshot, v.shard, stream)
	switch {
	case err != nil:
		v.report(0, "%v", err)
	case h.version != version:
		v.report(0, "%s holds %d events and its head says %d", stream, version, h.version)
	}
}

// heads compares the heads of the shard with the events and the alarms.
func (v *verifier) heads() {
	v.walk([]byte{tagHead, byte(v.shard)}, func(key, value []byte) error {
		stream := string(key[2:])
		version, alarm, err := parsePair(value)
		if err != nil {
			v.report(0, "the head of %s: %v", stream, err)
			return nil
		}
		if version > 0 {
			v.expect(eventKey(nil, v.shard, stream, version), "event %d of %s", version, stream)
		}
		if alarm > 0 {
			v.expect(alarmKey(nil, alarm, stream), "the alarm of %s", stream)
		}
		return nil
	})
}

// expect reports a row that is not there.
func (v *verifier) expect(key []byte, format string, a ...any) {
	_, closer, err := v.snapshot.Get(key)
	if err != nil {
		v.report(0, "%s, which its head names: %v", fmt.Sprintf(format, a...), err)
		return
	}
	closer.Close()
}

// keys compares the used keys of the shard with the log.
func (v *verifier) keys() {
	v.walk([]byte{tagKey, byte(v.shard)}, func(key, value []byte) error {
		r, err := parseReceipt(value)
		switch {
		case err != nil:
			v.report(0, "key %q: %v", key[2:], err)
		case r.Position == 0 || v.sound && r.Position > v.last:
			v.report(0, "key %q was used at position %d, and the log ends at %d", key[2:], r.Position, v.last)
		}
		return nil
	})
}

// alarms compares the alarms with the heads.
func (v *verifier) alarms() {
	v.walk([]byte{tagAlarm}, func(key, _ []byte) error {
		at, name, err := parseAlarm(key)
		if err != nil {
			v.report(0, "%v", err)
			return nil
		}
		stream := string(name)
		h, err := v.s.readHead(v.snapshot, store.ShardOf(stream), stream)
		switch {
		case err != nil:
			v.report(0, "%v", err)
		case h.alarm != uint64(at.UnixMilli()):
			v.report(0, "an alarm of %s at %s, which its head does not know", stream, at)
		}
		return nil
	})
}
