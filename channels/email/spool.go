package email

import (
	"bytes"
	"fmt"
	"io"
	"os"
)

// inMemory is how much of a letter is held in memory; a longer one lies in a
// file until it is read. The file has no name, so it ends with us in any case.
const inMemory = 1 << 20

// A spool is a letter between the server and us.
type spool struct {
	held bytes.Buffer
	file *os.File
	size int64
}

func (s *spool) Write(p []byte) (int, error) {
	if s.file == nil && s.held.Len()+len(p) > inMemory {
		f, err := os.CreateTemp("", "letter-*.eml")
		if err != nil {
			return 0, fmt.Errorf("lay a letter aside: %w", err)
		}
		os.Remove(f.Name())
		s.file = f
		if _, err := f.Write(s.held.Bytes()); err != nil {
			return 0, fmt.Errorf("lay a letter aside: %w", err)
		}
		s.held = bytes.Buffer{}
	}
	s.size += int64(len(p))
	if s.file == nil {
		return s.held.Write(p)
	}
	return s.file.Write(p)
}

// reader reads the letter from its beginning.
func (s *spool) reader() io.Reader {
	if s.file == nil {
		return bytes.NewReader(s.held.Bytes())
	}
	return io.NewSectionReader(s.file, 0, s.size)
}

func (s *spool) close() {
	if s.file != nil {
		s.file.Close()
	}
}
