package blob

import (
	"context"
	"crypto/hkdf"
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"errors"
	"fmt"
	"io"
	"os"

	"github.com/minio/sio"

	"crafttalkd/actors/refusal"
)

const (
	saltSize   = 32
	headerSize = saltSize + sha256.Size
)

// ErrDamaged reports that a file is not what was written.
var ErrDamaged = errors.New("the file is damaged")

// A File is a kept file being read: an io.ReadSeekCloser and an io.ReaderAt,
// as http.ServeContent wants it. A Read that meets damage returns ErrDamaged
// and none of the damaged bytes.
type File struct {
	*io.SectionReader
	Subject, Hash string // where it lies, and under which name
	sealed        *os.File
}

// Close ends the reading.
func (f *File) Close() error { return f.sealed.Close() }

// unseal returns the reader of a sealed file that is to have the hash. The
// name and the size are checked here, the bytes as they are read.
func unseal(f *os.File, key [32]byte, hash string) (*File, error) {
	header := make([]byte, headerSize)
	if _, err := f.ReadAt(header, 0); err != nil {
		return nil, damaged(err)
	}
	info, err := f.Stat()
	if err != nil {
		return nil, err
	}
	size, err := sio.DecryptedSize(uint64(info.Size() - headerSize))
	if err != nil {
		return nil, ErrDamaged
	}
	own, err := ownKey(key, header[:saltSize])
	if err != nil {
		return nil, err
	}
	if !hmac.Equal(header[saltSize:], proof(own, hash, int64(size))) {
		return nil, ErrDamaged
	}
	body := io.NewSectionReader(f, headerSize, info.Size()-headerSize)
	plain, err := sio.DecryptReaderAt(body, dare(own))
	if err != nil {
		return nil, err
	}
	return &File{SectionReader: io.NewSectionReader(honest{plain}, 0, int64(size)), sealed: f}, nil
}

// honest names damage as such, and hands out no bytes together with it.
type honest struct{ io.ReaderAt }

func (h honest) ReadAt(p []byte, off int64) (int, error) {
	n, err := h.ReaderAt.ReadAt(p, off)
	if err == nil || err == io.EOF {
		return n, err
	}
	return 0, damaged(err)
}

// damaged turns what the disk or the cipher says of a changed file into
// ErrDamaged, and leaves other errors as they are.
func damaged(err error) error {
	if _, bad := errors.AsType[sio.Error](err); bad || errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) {
		return ErrDamaged
	}
	return err
}

func newSalt() []byte {
	salt := make([]byte, saltSize, headerSize)
	rand.Read(salt) // never fails: the process ends if there is no randomness
	return salt
}

// ownKey makes the key of one file. DARE must not seal two streams with one.
func ownKey(key [32]byte, salt []byte) ([]byte, error) {
	return hkdf.Key(sha256.New, key[:], salt, "crafttalkd attachment", 32)
}

func dare(key []byte) sio.Config {
	return sio.Config{MinVersion: sio.Version20, MaxVersion: sio.Version20, Key: key}
}

// ErrBrokenOff is the answer to a sender who stopped in the middle.
var ErrBrokenOff = refusal.New(refusal.Invalid, "the file did not come to its end")

// A source is a sender's bytes, counted and limited.
type source struct {
	ctx      context.Context
	r        io.Reader
	n, limit int64
}

// Read reads on, unless the context has ended or the limit is passed.
func (s *source) Read(p []byte) (int, error) {
	if err := s.ctx.Err(); err != nil {
		return 0, err
	}
	n, err := s.r.Read(p)
	s.n += int64(n)
	if s.n > s.limit {
		return 0, refusal.New(refusal.Invalid, "the file is larger than %s", amount(s.limit))
	}
	if err == io.ErrUnexpectedEOF {
		err = ErrBrokenOff // to whoever packs the bytes, that error is a usual end
	}
	return n, err
}

// amount writes a limit the way people say it.
func amount(n int64) string {
	switch {
	case n >= 1<<20 && n%(1<<20) == 0:
		return fmt.Sprintf("%d MB", n>>20)
	case n >= 1<<10 && n%(1<<10) == 0:
		return fmt.Sprintf("%d KB", n>>10)
	}
	return fmt.Sprintf("%d bytes", n)
}
