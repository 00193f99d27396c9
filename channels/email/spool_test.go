package email

import (
	"io"
	"os"
	"strings"
	"testing"
)

// A letter that is laid aside has no name there: whatever ends us, nothing of it stays.
func TestSpoolLeavesNothing(t *testing.T) {
	dir := t.TempDir()
	t.Setenv("TMPDIR", dir)
	s := &spool{}
	defer s.close()
	letter := strings.Repeat("Dear shop,\r\n", inMemory/8)
	for part := letter; part != ""; {
		n := min(len(part), 64<<10)
		if _, err := s.Write([]byte(part[:n])); err != nil {
			t.Fatal(err)
		}
		part = part[n:]
	}
	if s.file == nil {
		t.Fatal("a long letter is held in memory")
	}
	if left, err := os.ReadDir(dir); err != nil || len(left) > 0 {
		t.Errorf("beside the letter there are %v, %v", left, err)
	}
	if b, err := io.ReadAll(s.reader()); err != nil || string(b) != letter {
		t.Errorf("%d bytes of %d are read, %v", len(b), len(letter), err)
	}
}
