package front

import (
	"crypto/tls"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"os"
	"sync"
	"time"

	"golang.org/x/crypto/acme"
	"golang.org/x/crypto/acme/autocert"
)

// Config says where certificates come from: two files, or an authority for
// hosts. Without either there are none.
type Config struct {
	CertFile, KeyFile string
	Hosts             []string // for which an authority is asked
	Email             string   // where the authority writes to; may be empty
	Directory         string   // URL of the authority; empty is Let's Encrypt
	Dir               string   // where the account and the certificates are kept
	Now               func() time.Time
	Log               *slog.Logger
}

// Certificates are the server's.
type Certificates struct {
	config  Config
	manager *autocert.Manager // of an authority

	mu      sync.Mutex // guards what follows
	current *tls.Certificate
	stamp   [2]time.Time // of the files that were read
	looked  time.Time
}

// look is how often the files are looked at.
const look = 10 * time.Second

// Open reads the files, so that a mistake in them is known at the start.
func Open(c Config) (*Certificates, error) {
	s := &Certificates{config: c}
	switch {
	case (c.CertFile == "") != (c.KeyFile == ""):
		return nil, errors.New("a certificate and its key are two files: both are needed")
	case c.CertFile != "" && len(c.Hosts) > 0:
		return nil, errors.New("certificates come from files or from an authority, not from both")
	case c.CertFile != "":
		return s, s.read()
	case len(c.Hosts) > 0:
		s.manager = &autocert.Manager{Prompt: autocert.AcceptTOS, Cache: autocert.DirCache(c.Dir),
			HostPolicy: autocert.HostWhitelist(c.Hosts...), Email: c.Email, Client: &acme.Client{DirectoryURL: c.Directory, UserAgent: "crafttalkd"}}
	}
	return s, nil
}

// TLS is how connections are secured; nil without certificates.
func (s *Certificates) TLS() *tls.Config {
	switch {
	case s.manager != nil:
		c := s.manager.TLSConfig()
		c.MinVersion = tls.VersionTLS12
		return c
	case s.config.CertFile != "":
		return &tls.Config{MinVersion: tls.VersionTLS12, NextProtos: []string{"h2", "http/1.1"}, GetCertificate: s.get}
	}
	return nil
}

// Plain answers what comes without TLS: an authority's challenge, or a redirect
// to where the server is. The port is that of TLS.
func (s *Certificates) Plain(port string) http.Handler {
	on := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Method != http.MethodGet && r.Method != http.MethodHead {
			http.Error(w, "use https", http.StatusForbidden) // what was in it has gone over the wire in clear
			return
		}
		host, _, err := net.SplitHostPort(r.Host)
		if err != nil {
			host = r.Host
		}
		if port != "443" {
			host = net.JoinHostPort(host, port)
		}
		http.Redirect(w, r, "https://"+host+r.URL.RequestURI(), http.StatusMovedPermanently)
	})
	if s.manager != nil {
		return s.manager.HTTPHandler(on)
	}
	return on
}

// get returns the certificate, read again if its files have changed. One that
// can't be read leaves the one before, for a renewal may be half way.
func (s *Certificates) get(*tls.ClientHelloInfo) (*tls.Certificate, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if now := s.config.Now(); now.Sub(s.looked) >= look {
		s.looked = now
		if err := s.readLocked(); err != nil {
			s.config.Log.Error("the certificate can't be read again; the one before is used", "err", err)
		}
	}
	return s.current, nil
}

func (s *Certificates) read() error {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.looked = s.config.Now()
	return s.readLocked()
}

func (s *Certificates) readLocked() error {
	var stamp [2]time.Time
	for i, name := range []string{s.config.CertFile, s.config.KeyFile} {
		info, err := os.Stat(name)
		if err != nil {
			return fmt.Errorf("certificate: %w", err)
		}
		stamp[i] = info.ModTime()
	}
	if stamp == s.stamp {
		return nil
	}
	c, err := tls.LoadX509KeyPair(s.config.CertFile, s.config.KeyFile)
	if err != nil {
		return fmt.Errorf("certificate: %w", err)
	}
	if s.current != nil {
		s.config.Log.Info("the certificate was read again", "until", c.Leaf.NotAfter)
	}
	s.current, s.stamp = &c, stamp
	return nil
}
