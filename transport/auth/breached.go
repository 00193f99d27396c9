package auth

import (
	"bytes"
	"crypto/sha1"
	"encoding/hex"
	"fmt"
	"io"
	"os"

	"crafttalkd/actors/refusal"
)

// Breached is a file of passwords that others have lost, as
// haveibeenpwned.com hands it out: a line each, ordered by the hash,
//
//	SHA-1 in 40 hex digits:how often
//
// It may have tens of gigabytes: it is searched where it lies.
type Breached struct {
	file *os.File
	size int64
}

// longestLine is longer than a line of the file.
const longestLine = 64

// OpenBreached opens a file of lost passwords.
func OpenBreached(name string) (*Breached, error) {
	f, err := os.Open(name)
	if err != nil {
		return nil, fmt.Errorf("the breached passwords: %w", err)
	}
	b := &Breached{file: f}
	info, err := f.Stat()
	if err == nil {
		b.size = info.Size()
		_, _, err = b.line(0)
	}
	if err != nil {
		f.Close()
		return nil, fmt.Errorf("the breached passwords: %w", err)
	}
	return b, nil
}

// Close closes the file. No file is closed already.
func (b *Breached) Close() error {
	if b == nil {
		return nil
	}
	return b.file.Close()
}

// check refuses a password of the file.
func (b *Breached) check(password string) error {
	found, err := b.Has(password)
	if err != nil {
		return err
	}
	if found {
		return refusal.Of("password", "this password is among those that others have lost; guessers have it")
	}
	return nil
}

// Has reports whether a password is in the file: 40 reads or so.
func (b *Breached) Has(password string) (bool, error) {
	if b == nil {
		return false, nil
	}
	sum := sha1.Sum([]byte(password))
	want := []byte(hex.EncodeToString(sum[:]))
	low, high := int64(0), b.size // the line, if there is one, begins in here
	for low < high {
		middle := low + (high-low)/2
		begin, err := b.beginning(middle, low)
		if err != nil {
			return false, err
		}
		hash, end, err := b.line(begin)
		if err != nil {
			return false, err
		}
		switch c := bytes.Compare(want, hash); {
		case c == 0:
			return true, nil
		case c < 0:
			high = begin
		default:
			low = end
		}
	}
	return false, nil
}

// beginning returns where the line begins that at is in; it is not before low.
func (b *Breached) beginning(at, low int64) (int64, error) {
	from := max(low, at-longestLine)
	before := make([]byte, at-from)
	if _, err := b.file.ReadAt(before, from); err != nil && err != io.EOF {
		return 0, fmt.Errorf("read the breached passwords: %w", err)
	}
	if i := bytes.LastIndexByte(before, '\n'); i >= 0 {
		return from + int64(i) + 1, nil
	}
	return from, nil
}

// line returns the hash of the line at, in small letters, and where the next one
// begins.
func (b *Breached) line(at int64) (hash []byte, end int64, err error) {
	buf := make([]byte, longestLine)
	n, err := b.file.ReadAt(buf, at)
	if err != nil && err != io.EOF {
		return nil, 0, fmt.Errorf("read the breached passwords: %w", err)
	}
	buf = buf[:n]
	end = at + int64(n)
	if i := bytes.IndexByte(buf, '\n'); i >= 0 {
		buf, end = buf[:i], at+int64(i)+1
	}
	hash, _, _ = bytes.Cut(bytes.TrimSpace(buf), []byte(":"))
	if len(hash) != hex.EncodedLen(sha1.Size) {
		return nil, 0, fmt.Errorf("read the breached passwords: no SHA-1 at byte %d", at)
	}
	return bytes.ToLower(hash), end, nil
}
