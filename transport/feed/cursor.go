package feed

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"encoding/binary"

	"crafttalkd/actors/refusal"
	"crafttalkd/store"
	"crafttalkd/store/journal"
)

// A Cursor is how far somebody has read, and which shard comes next, so that a
// busy one does not hold the others up.
type Cursor struct {
	Places journal.Places
	next   uint8
}

// cursorForm is the first byte of a cursor; another form will have another one.
const cursorForm = 1

// sealSize is how much of a seal a cursor carries: enough that nobody makes one up.
const sealSize = 12

var errCursor = refusal.Of("cursor", "this is no cursor of this server")

// Write returns c as its owner keeps it.
func (f *Feed) Write(c Cursor) string {
	b := make([]byte, 0, 3*store.Shards+2+sealSize)
	b = append(b, cursorForm, c.next)
	for _, n := range c.Places {
		b = binary.AppendUvarint(b, n)
	}
	return base64.RawURLEncoding.EncodeToString(append(b, f.seal(b)...))
}

// Read is the other way about. It refuses what this server has not written, and
// a place that it has not come to: then the server is an older one than the
// cursor is of, brought back from a backup.
func (f *Feed) Read(s string) (c Cursor, err error) {
	b, err := base64.RawURLEncoding.DecodeString(s)
	if err != nil || len(b) < 2+store.Shards+sealSize || b[0] != cursorForm {
		return c, errCursor
	}
	b, seal := b[:len(b)-sealSize], b[len(b)-sealSize:]
	if !hmac.Equal(seal, f.seal(b)) || b[1] >= store.Shards {
		return c, errCursor
	}
	c.next = b[1]
	b = b[2:]
	now := f.config.Journal.Now()
	for shard := range c.Places {
		n, size := binary.Uvarint(b)
		if size <= 0 {
			return Cursor{}, errCursor
		}
		if n > now[shard] {
			return Cursor{}, refusal.New(refusal.Conflict, "the cursor is ahead of the server, which was brought back from a backup; begin anew")
		}
		c.Places[shard], b = n, b[size:]
	}
	if len(b) > 0 {
		return Cursor{}, errCursor
	}
	return c, nil
}

func (f *Feed) seal(b []byte) []byte {
	mac := hmac.New(sha256.New, f.config.Key)
	mac.Write(b)
	return mac.Sum(nil)[:sealSize]
}

// Now is the cursor after everything that is on disk.
func (f *Feed) Now() Cursor { return Cursor{Places: f.config.Journal.Now()} }
