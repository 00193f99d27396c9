package scanner

import (
	"bufio"
	"crypto/sha256"
	"encoding/binary"
	"io"
	"log/slog"
	"net"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"crafttalkd/actors/refusal"
	"crafttalkd/store/blob"
)

// eicar is what scanners take for a virus so that they can be tried.
const eicar = `X5O!P%@AP[4\PZX54(P^)7CC)7}$EICAR-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*`

// A peer speaks clamd's side of the protocol, and counts the files it has seen.
type peer struct {
	l     net.Listener
	files atomic.Int64
}

func newPeer(t *testing.T, network, addr string) *peer {
	t.Helper()
	l, err := net.Listen(network, addr)
	if err != nil {
		t.Fatal(err)
	}
	p := &peer{l: l}
	t.Cleanup(func() { l.Close() })
	go func() {
		for {
			c, err := l.Accept()
			if err != nil {
				return
			}
			go p.answer(c)
		}
	}()
	return p
}

func (p *peer) answer(c net.Conn) {
	defer c.Close()
	r := bufio.NewReader(c)
	command, _ := r.ReadString(0)
	if command == "zPING\x00" {
		io.WriteString(c, "PONG\x00")
		return
	}
	if command != "zINSTREAM\x00" {
		io.WriteString(c, "UNKNOWN COMMAND\x00")
		return
	}
	var body strings.Builder
	for {
		var n uint32
		if err := binary.Read(r, binary.BigEndian, &n); err != nil {
			return
		}
		if n == 0 {
			break
		}
		if _, err := io.CopyN(&body, r, int64(n)); err != nil {
			return
		}
	}
	p.files.Add(1)
	switch {
	case strings.Contains(body.String(), eicar):
		io.WriteString(c, "stream: Eicar-Test FOUND\x00")
	case body.Len() > 1<<20:
		io.WriteString(c, "INSTREAM size limit exceeded. ERROR\x00")
	default:
		io.WriteString(c, "stream: OK\x00")
	}
}

type keys struct{}

func (keys) BlobKey(subject string) ([32]byte, error) { return sha256.Sum256([]byte(subject)), nil }

func kept(t *testing.T, content string) *blob.File {
	t.Helper()
	s, err := blob.Open(t.TempDir(), keys{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.Close() })
	b, err := s.Put(t.Context(), "anna", strings.NewReader(content), 8<<20)
	if err != nil {
		t.Fatal(err)
	}
	f, _, err := s.Get("anna", b.Hash)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { f.Close() })
	return f
}

// proves SECURITY (5.4.3): a file with a virus is refused with its name, wherever
// in the file it is; others pass, and are not asked about each time, but again
// after some hours.
func TestVirusIsHeldBack(t *testing.T) {
	socket := filepath.Join(t.TempDir(), "clamd")
	for network, addr := range map[string]string{"tcp": "127.0.0.1:0", "unix": socket} {
		p, now := newPeer(t, network, addr), time.Now()
		s := New(Config{Addr: p.l.Addr().String(), Now: func() time.Time { return now }, Log: slog.New(slog.DiscardHandler)})
		if err := s.Ping(); err != nil {
			t.Errorf("%s: %v", network, err)
		}
		clean := kept(t, strings.Repeat("a", 3*chunk))
		bad := kept(t, strings.Repeat("a", chunk-7)+eicar)
		for range 3 {
			if err := s.Check(clean); err != nil {
				t.Errorf("%s: a clean file: %v", network, err)
			}
			if err := s.Check(bad); refusal.KindOf(err) != refusal.Denied || !strings.Contains(err.Error(), "Eicar-Test") {
				t.Errorf("%s: a virus: %v", network, err)
			}
		}
		if n := p.files.Load(); n != 2 {
			t.Errorf("%s: %d files were looked at, want 2", network, n)
		}
		now = now.Add(fresh)
		if err := s.Check(clean); err != nil || p.files.Load() != 3 {
			t.Errorf("%s: after some hours %d were looked at: %v", network, p.files.Load(), err)
		}
	}
}

// proves SECURITY (5.4.3): while the scanner is away, or does not manage a file,
// files are held back or let through as was said, and the next time it is asked again.
func TestScannerAway(t *testing.T) {
	clean, large := kept(t, "a"), kept(t, strings.Repeat("a", 2<<20))
	socket := filepath.Join(t.TempDir(), "clamd")
	held := New(Config{Addr: socket, Now: time.Now, Log: slog.New(slog.DiscardHandler)})
	lenient := New(Config{Addr: socket, Pass: true, Now: time.Now, Log: slog.New(slog.DiscardHandler)})
	if err := held.Check(clean); refusal.KindOf(err) != refusal.Busy {
		t.Errorf("nobody is there: %v", err)
	}
	if err := lenient.Check(clean); err != nil || lenient.Ping() == nil {
		t.Errorf("nobody is there, and files are let through: %v", err)
	}
	p := newPeer(t, "unix", socket)
	if err := held.Check(large); refusal.KindOf(err) != refusal.Busy {
		t.Errorf("a file that is too large for it: %v", err)
	}
	for _, s := range []*Scanner{held, lenient} {
		seen := p.files.Load()
		if err := s.Check(clean); err != nil || p.files.Load() != seen+1 {
			t.Errorf("it is back, and has seen %d files: %v", p.files.Load()-seen, err)
		}
	}
}
