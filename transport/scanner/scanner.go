/*
Package scanner asks a virus scanner whether files may be opened.

The scanner is clamd, or whatever speaks its protocol: a file is streamed to it
and the answer is a line. A file is looked at when somebody is about to open it,
and not as it comes: messages never wait for the scanner, and what it learns
tomorrow is asked about files of today. An answer is remembered for some hours, in
memory alone: nothing of a file outlives its erasure.
*/
package scanner

import (
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"strings"
	"sync"
	"time"

	"crafttalkd/actors/refusal"
	"crafttalkd/store/blob"
)

const (
	patience = 2 * time.Minute // for one file, with its way there
	chunk    = 64 << 10
	lanes    = 4             // files that are looked at together
	fresh    = 6 * time.Hour // how long an answer is good
	most     = 1 << 16       // answers that are remembered
)

// A Scanner is one clamd.
type Scanner struct {
	addr  string
	pass  bool
	log   *slog.Logger
	now   func() time.Time
	lanes chan struct{}

	mu    sync.Mutex // guards what follows
	known map[string]verdict
	away  bool // the last file could not be looked at
}

// A verdict is what is known of the bytes with a hash.
type verdict struct {
	virus string // empty for none
	at    time.Time
}

// Config says where the scanner is: a path of a socket, or host:port.
type Config struct {
	Addr string
	Pass bool // files may be opened while the scanner is away; otherwise they are held back
	Now  func() time.Time
	Log  *slog.Logger
}

// New returns a scanner. Nobody is asked yet.
func New(c Config) *Scanner {
	return &Scanner{addr: c.Addr, pass: c.Pass, log: c.Log, now: c.Now, lanes: make(chan struct{}, lanes), known: map[string]verdict{}}
}

// Check refuses a file that has a virus, and one that can't be looked at now if
// such files are held back.
func (s *Scanner) Check(f *blob.File) error {
	if v, ok := s.recall(f.Hash); ok {
		return v.refusal()
	}
	virus, err := s.inLane(f)
	if s.tell(err); err != nil {
		if s.pass {
			return nil
		}
		return ofFile(refusal.Busy, "the file can't be searched for viruses now; try again later")
	}
	v := verdict{virus, s.now()}
	s.remember(f.Hash, v)
	if virus != "" {
		s.log.Warn("a file with a virus is held back", "virus", virus, "file", f.Hash)
	}
	return v.refusal()
}

// inLane has a file looked at when it is its turn.
func (s *Scanner) inLane(f *blob.File) (virus string, err error) {
	select {
	case s.lanes <- struct{}{}:
	case <-time.After(patience):
		return "", errors.New("too many files wait for it")
	}
	defer func() { <-s.lanes }()
	if v, ok := s.recall(f.Hash); ok { // somebody else has asked meanwhile
		return v.virus, nil
	}
	return s.scan(io.NewSectionReader(f, 0, f.Size()))
}

func (v verdict) refusal() error {
	if v.virus == "" {
		return nil
	}
	return ofFile(refusal.Denied, "the file has a virus and is held back: %s", v.virus)
}

// ofFile is a refusal that names the file as what it is about: by this whoever
// shows files tells it from a right that somebody has not.
func ofFile(k refusal.Kind, format string, args ...any) error {
	return &refusal.Error{Kind: k, Field: "file", Text: fmt.Sprintf(format, args...)}
}

func (s *Scanner) recall(hash string) (verdict, bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	v, ok := s.known[hash]
	return v, ok && s.now().Sub(v.at) < fresh
}

// remember keeps a verdict. When there are too many, what is old goes, or
// everything.
func (s *Scanner) remember(hash string, v verdict) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if len(s.known) >= most {
		for h, old := range s.known {
			if v.at.Sub(old.at) >= fresh {
				delete(s.known, h)
			}
		}
		if len(s.known) >= most {
			clear(s.known)
		}
	}
	s.known[hash] = v
}

// tell writes down when the scanner goes away and when it comes back.
func (s *Scanner) tell(err error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if was := s.away; was != (err != nil) {
		s.away = !was
		if err != nil {
			s.log.Error("the virus scanner does not answer", "addr", s.addr, "let through", s.pass, "err", err)
		} else {
			s.log.Info("the virus scanner answers again", "addr", s.addr)
		}
	}
}

// Ping asks whether the scanner is there.
func (s *Scanner) Ping() error {
	answer, err := s.ask("PING", nil)
	if err == nil && answer != "PONG" {
		err = fmt.Errorf("it says %q", answer)
	}
	return err
}

// scan returns the name of the virus that is in what r yields, or "".
func (s *Scanner) scan(r io.Reader) (virus string, err error) {
	answer, err := s.ask("INSTREAM", r)
	if err != nil {
		return "", err
	}
	answer = strings.TrimPrefix(answer, "stream: ")
	if name, ok := strings.CutSuffix(answer, " FOUND"); ok {
		return name, nil
	}
	if answer != "OK" {
		return "", fmt.Errorf("it says %q", answer)
	}
	return "", nil
}

// ask gives the scanner a command and what belongs to it, and returns its answer.
func (s *Scanner) ask(command string, body io.Reader) (string, error) {
	network := "tcp"
	if strings.HasPrefix(s.addr, "/") {
		network = "unix"
	}
	c, err := net.DialTimeout(network, s.addr, 5*time.Second)
	if err != nil {
		return "", err
	}
	defer c.Close()
	if err := c.SetDeadline(time.Now().Add(patience)); err != nil {
		return "", err
	}
	_, sent := io.WriteString(c, "z"+command+"\x00")
	if sent == nil && body != nil {
		sent = stream(c, body)
	}
	// It may have answered and hung up before it had everything: that it is too much.
	b, err := io.ReadAll(io.LimitReader(c, 4<<10))
	if answer, _, ok := strings.Cut(string(b), "\x00"); ok {
		return answer, nil
	}
	return "", errors.Join(sent, err, errors.New("there is no answer"))
}

// stream sends what r yields in pieces, each after its length, and an empty one.
func stream(w io.Writer, r io.Reader) error {
	piece := make([]byte, 4+chunk)
	for {
		n, err := io.ReadFull(r, piece[4:])
		if n > 0 {
			binary.BigEndian.PutUint32(piece, uint32(n))
			if _, err := w.Write(piece[:4+n]); err != nil {
				return err
			}
		}
		if err == io.EOF || err == io.ErrUnexpectedEOF {
			_, err := w.Write(make([]byte, 4))
			return err
		}
		if err != nil {
			return err
		}
	}
}
