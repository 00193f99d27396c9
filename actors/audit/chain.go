package audit

import (
	"bytes"
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"fmt"
	"iter"
	"strconv"
	"strings"

	"crafttalkd/actors/event"
	"crafttalkd/actors/refusal"
)

// A Head is the end of the log at some time: the last line's number and hash.
// Who keeps it elsewhere can tell later whether what was before is still there.
type Head struct {
	Number uint64
	Hash   []byte
}

// HeadAt is the head when a line was the last one. The hash is of every field,
// each with its length, in the order of their numbers: it does not hang on how
// facts are encoded.
func HeadAt(n *event.AuditNoted) Head {
	var b []byte
	number := func(n uint64) { b = binary.BigEndian.AppendUint64(b, n) }
	text := func(s string) {
		number(uint64(len(s)))
		b = append(b, s...)
	}
	number(uint64(n.At.GetSeconds()))
	number(uint64(n.At.GetNanos()))
	number(n.Number)
	text(string(n.Before))
	for _, s := range []string{n.By, n.Act, n.Object, n.Stream} {
		text(s)
	}
	number(n.Version)
	number(n.Shard)
	number(n.Position)
	text(n.Ip)
	number(uint64(n.Count))
	sum := sha256.Sum256(b)
	return Head{n.Number, sum[:]}
}

// String is the head as it is printed: NUMBER:HASH.
func (h Head) String() string {
	return strconv.FormatUint(h.Number, 10) + ":" + hex.EncodeToString(h.Hash)
}

// ParseHead reads what was printed.
func ParseHead(text string) (Head, error) {
	number, hash, _ := strings.Cut(strings.TrimSpace(text), ":")
	n, err := strconv.ParseUint(number, 10, 64)
	b, odd := hex.DecodeString(hash)
	if err != nil || odd != nil || n > 0 && len(b) != sha256.Size {
		return Head{}, refusal.Of("audit-head", "%q is no end of the log of acts: NUMBER:HASH", text)
	}
	return Head{n, b}, nil
}

// Check goes through the log and returns its end. It stops at the first line that
// is not what was written, or, of a log that does not contain the known head,
// at its end. The zero head is in every log.
func Check(log iter.Seq2[*event.AuditNoted, error], known Head) (Head, error) {
	var at Head
	for n, err := range log {
		switch {
		case err != nil:
			return at, err
		case n.Number != at.Number+1:
			return at, fmt.Errorf("the log of acts: line %d is missing, the next is %d", at.Number+1, n.Number)
		case !bytes.Equal(n.Before, at.Hash):
			return at, fmt.Errorf("the log of acts: line %d is not what it was, or the one after it", at.Number)
		}
		at = HeadAt(n)
		if at.Number == known.Number && !bytes.Equal(at.Hash, known.Hash) {
			return at, fmt.Errorf("the log of acts: line %d, or one before it, is not what it was when its end was told", at.Number)
		}
	}
	if at.Number < known.Number {
		return at, fmt.Errorf("the log of acts ends at line %d, and it had %d", at.Number, known.Number)
	}
	return at, nil
}
