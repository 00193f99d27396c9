package pebblestore

import (
	"bytes"
	"crypto/sha256"
	"encoding/binary"
	"fmt"
	"time"

	"crafttalkd/store"
)

// The first byte of a key says what the row is. All numbers are big-endian, so
// that the order of keys is the order of numbers.
//
//	e | shard | stream | 0 | version   -> position | body      an event
//	p | shard | position               -> chain | version | stream
//	h | shard | stream                 -> version | alarm       a stream's head
//	d | shard | key                    -> version | position    a used key
//	a | alarm | stream                 ->                       an alarm
//	f | shard                          -> epoch
//	t | table | 0 | key                -> value
//	m | name                           -> value                 about the store
const (
	tagEvent    = 'e'
	tagPosition = 'p'
	tagHead     = 'h'
	tagKey      = 'd'
	tagAlarm    = 'a'
	tagEpoch    = 'f'
	tagTable    = 't'
	tagMeta     = 'm'
)

// Names longer than this are refused: they are keys, not contents.
const maxName = 1024

// A chain is the running hash over a shard's events up to a position.
type chain [16]byte

// next returns the chain after one more event. buf is scratch space, returned
// for the next call.
func (c chain) next(buf []byte, stream string, version uint64, body []byte) (chain, []byte) {
	buf = append(buf[:0], c[:]...)
	buf = append(buf, stream...)
	buf = append(buf, 0)
	buf = binary.BigEndian.AppendUint64(buf, version)
	buf = append(buf, body...)
	sum := sha256.Sum256(buf)
	return chain(sum[:16]), buf
}

// A head is what an append must know of a stream: how many events it holds,
// and its alarm in milliseconds, 0 for none.
type head struct{ version, alarm uint64 }

func eventKey(dst []byte, shard int, stream string, version uint64) []byte {
	return binary.BigEndian.AppendUint64(streamPrefix(dst, shard, stream), version)
}

func streamPrefix(dst []byte, shard int, stream string) []byte {
	dst = append(dst, tagEvent, byte(shard))
	dst = append(dst, stream...)
	return append(dst, 0)
}

func positionKey(dst []byte, shard int, position uint64) []byte {
	return binary.BigEndian.AppendUint64(append(dst, tagPosition, byte(shard)), position)
}

func headKey(dst []byte, shard int, stream string) []byte {
	return append(append(dst, tagHead, byte(shard)), stream...)
}

func usedKey(dst []byte, shard int, key string) []byte {
	return append(append(dst, tagKey, byte(shard)), key...)
}

func alarmKey(dst []byte, alarm uint64, stream string) []byte {
	return append(binary.BigEndian.AppendUint64(append(dst, tagAlarm), alarm), stream...)
}

func epochKey(dst []byte, shard int) []byte { return append(dst, tagEpoch, byte(shard)) }

func tableKey(dst []byte, table, key string) []byte {
	dst = append(append(dst, tagTable), table...)
	return append(append(dst, 0), key...)
}

func metaKey(name string) []byte { return append([]byte{tagMeta}, name...) }

// after returns the first key that does not begin with prefix.
func after(prefix []byte) []byte {
	end := bytes.Clone(prefix)
	for i := len(end) - 1; i >= 0; i-- {
		if end[i]++; end[i] != 0 {
			return end[:i+1]
		}
	}
	return nil
}

// parseEventKey returns the stream and the version in the key of an event.
func parseEventKey(key []byte) (stream []byte, version uint64, err error) {
	if len(key) < 11 || key[len(key)-9] != 0 {
		return nil, 0, fmt.Errorf("event under a malformed key %q", key)
	}
	n := len(key) - 8
	return key[2 : n-1], binary.BigEndian.Uint64(key[n:]), nil
}

// parseEvent returns the position and the body in the row of an event.
func parseEvent(value []byte) (position uint64, body []byte, err error) {
	if len(value) < 8 {
		return 0, nil, fmt.Errorf("event of %d bytes", len(value))
	}
	return binary.BigEndian.Uint64(value), value[8:], nil
}

// parsePosition returns what the row of a position holds.
func parsePosition(value []byte) (c chain, version uint64, stream []byte, err error) {
	if len(value) < 24 {
		return c, 0, nil, fmt.Errorf("position of %d bytes", len(value))
	}
	return chain(value[:16]), binary.BigEndian.Uint64(value[16:]), value[24:], nil
}

// parsePair returns the two numbers in the row of a head or of a used key.
func parsePair(value []byte) (a, b uint64, err error) {
	if len(value) != 16 {
		return 0, 0, fmt.Errorf("pair of %d bytes", len(value))
	}
	return binary.BigEndian.Uint64(value), binary.BigEndian.Uint64(value[8:]), nil
}

// putPair is the reverse of parsePair.
func putPair(dst []byte, a, b uint64) {
	binary.BigEndian.PutUint64(dst, a)
	binary.BigEndian.PutUint64(dst[8:], b)
}

func parseReceipt(value []byte) (store.Receipt, error) {
	version, position, err := parsePair(value)
	return store.Receipt{Version: version, Position: position}, err
}

// millis returns t in milliseconds, rounded up so that no alarm is early, and
// 0 for the zero time.
func millis(t time.Time) uint64 {
	if t.IsZero() {
		return 0
	}
	ms := t.UnixMilli()
	if t.Nanosecond()%int(time.Millisecond) != 0 {
		ms++
	}
	return uint64(max(ms, 1))
}
