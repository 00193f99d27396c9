package email

import (
	"crypto/tls"
	"crypto/x509"
	"net/http/httptest"
	"strings"
	"testing"
)

// certified is a certificate of this machine, and who vouches for it.
func certified(t testing.TB) (*tls.Config, *x509.CertPool) {
	t.Helper()
	s := httptest.NewTLSServer(nil)
	t.Cleanup(s.Close)
	roots := x509.NewCertPool()
	roots.AddCert(s.Certificate())
	return &tls.Config{Certificates: s.TLS.Certificates}, roots
}

// proves CH-12: letters come and go by protected connections, and nothing is said
// to a server that nobody vouches for.
func TestProtected(t *testing.T) {
	protection, roots := certified(t)
	for _, security := range []string{byTLS, byStartTLS} {
		t.Run(security, func(t *testing.T) {
			o, d := newOfficeBehind(t, true, security, protection), newDesk()
			config := d.config(t, o.settings(), Secrets{Password: password})
			config.Roots = roots
			c, err := open(config)
			if err != nil {
				t.Fatal(err)
			}
			polling(t, c)
			settled(t, c)
			o.put(t, hello)
			if m := next(t, d.inbound); !strings.HasSuffix(m.Content.Text, "Здравствуйте") {
				t.Errorf("there came %q", m.Content.Text)
			}
			answer := said("ivan@client.example", "Добрый день")
			if _, err := c.Deliver(t.Context(), answer); err != nil {
				t.Fatal(err)
			}
			if s := next(t, o.sent); !strings.EqualFold(s.to, "ivan@client.example") {
				t.Errorf("the letter went to %q", s.to)
			}
			config.Roots = x509.NewCertPool()
			if c, err = open(config); err != nil {
				t.Fatal(err)
			}
			if err := c.Poll(t.Context()); err == nil || !strings.Contains(err.Error(), "certificate") {
				t.Errorf("Poll of a stranger = %v", err)
			}
			if _, err := c.Deliver(t.Context(), answer); err == nil || !strings.Contains(err.Error(), "certificate") {
				t.Errorf("Deliver to a stranger = %v", err)
			}
		})
	}
}
