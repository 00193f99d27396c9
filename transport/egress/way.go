package egress

import (
	"bufio"
	"cmp"
	"context"
	"crypto/tls"
	"crypto/x509"
	"encoding/base64"
	"fmt"
	"net"
	"net/http"
	"net/url"
	"time"

	"code.dny.dev/ssrf"
	"golang.org/x/net/proxy"

	"crafttalkd/actors/refusal"
)

// A Network says how an account reaches its provider, where that is not simply
// over the Internet.
type Network struct {
	Proxy string `json:"proxy"` // http://, https:// or socks5://; a user name may stand in it, a password must not
	CA    string `json:"ca"`    // certificates in PEM that are believed beside the system's
	// Password is the proxy's. It is kept with the secrets.
	Password string `json:"-"`
}

// A Way is how an account calls its provider.
type Way struct {
	Client  *http.Client
	Patient *http.Client // for answers that are long in coming
	// Dial connects for other protocols; the ports of mail are open to it.
	Dial  func(ctx context.Context, network, address string) (net.Conn, error)
	Roots *x509.CertPool // nil for the system's
}

// Close lets go of connections that nobody uses.
func (w Way) Close() {
	w.Client.CloseIdleConnections()
	w.Patient.CloseIdleConnections()
}

// Ways makes the ways of accounts, all through one guard.
type Ways struct{ web, mail *guard }

// mailPorts are those of SMTP, POP3 and IMAP, beside those of the web.
var mailPorts = []uint16{80, 443, 25, 465, 587, 110, 995, 143, 993}

// patientTime is how long an answer may take for which a provider keeps us
// waiting.
const patientTime = 2 * time.Minute

// NewWays makes the ways that the options allow.
func NewWays(o Options) (*Ways, error) {
	web, err := newGuard(o)
	if err != nil {
		return nil, err
	}
	mail := *web
	mail.public = ssrf.New(ssrf.WithPorts(mailPorts...))
	return &Ways{web: web, mail: &mail}, nil
}

// Way returns the way through a network, or a refusal that names the field. The
// proxy itself is judged as every other place is.
func (w *Ways) Way(n Network) (Way, error) {
	t, mail := transport(w.web), w.mail.dial
	via, err := n.proxy()
	if err != nil {
		return Way{}, err
	}
	if via != nil {
		t.Proxy = http.ProxyURL(via)
		if mail, err = through(via, w.web.dial); err != nil {
			return Way{}, err
		}
	}
	roots, err := n.roots()
	if err != nil {
		return Way{}, err
	}
	if roots != nil {
		t.TLSClientConfig.RootCAs = roots
	}
	slow := t.Clone()
	slow.ResponseHeaderTimeout = patientTime
	patient := over(slow)
	patient.Timeout = patientTime
	return Way{Client: over(t), Patient: patient, Dial: mail, Roots: roots}, nil
}

// proxy reads the address of the proxy, nil for none.
func (n Network) proxy() (*url.URL, error) {
	if n.Proxy == "" {
		return nil, nil
	}
	u, err := url.Parse(n.Proxy)
	if err != nil || u.Hostname() == "" || u.Scheme != "http" && u.Scheme != "https" && u.Scheme != "socks5" {
		return nil, refusal.Of("settings.network.proxy", "an address like http://proxy.example:3128 or socks5://proxy.example:1080 is needed")
	}
	if _, set := u.User.Password(); set {
		return nil, refusal.Of("settings.network.proxy", "the password of the proxy belongs to the secrets, as proxy_password")
	}
	if n.Password != "" {
		u.User = url.UserPassword(u.User.Username(), n.Password)
	}
	return u, nil
}

// roots are the system's certificates and those of the account, nil if it has
// none.
func (n Network) roots() (*x509.CertPool, error) {
	if n.CA == "" {
		return nil, nil
	}
	pool, err := x509.SystemCertPool()
	if err != nil {
		return nil, fmt.Errorf("the system's certificates: %w", err)
	}
	if !pool.AppendCertsFromPEM([]byte(n.CA)) {
		return nil, refusal.Of("settings.network.ca", "there is no certificate in PEM here")
	}
	return pool, nil
}

type dial = func(ctx context.Context, network, address string) (net.Conn, error)

// A forward is a dial as package proxy has it.
type forward dial

func (f forward) Dial(network, address string) (net.Conn, error) {
	return f(context.Background(), network, address)
}

func (f forward) DialContext(ctx context.Context, network, address string) (net.Conn, error) {
	return f(ctx, network, address)
}

// through returns a dial over the proxy, which is reached by direct.
func through(via *url.URL, direct dial) (dial, error) {
	if via.Scheme != "socks5" {
		return func(ctx context.Context, network, address string) (net.Conn, error) {
			return tunnel(ctx, via, direct, address)
		}, nil
	}
	var user *proxy.Auth
	if via.User != nil {
		password, _ := via.User.Password()
		user = &proxy.Auth{User: via.User.Username(), Password: password}
	}
	d, err := proxy.SOCKS5("tcp", hostPort(via), user, forward(direct))
	if err != nil {
		return nil, fmt.Errorf("proxy: %w", err)
	}
	return d.(proxy.ContextDialer).DialContext, nil
}

func hostPort(u *url.URL) string {
	usual := map[string]string{"http": "80", "https": "443", "socks5": "1080"}[u.Scheme]
	return net.JoinHostPort(u.Hostname(), cmp.Or(u.Port(), usual))
}

// tunnel asks an HTTP proxy to connect to the address.
func tunnel(ctx context.Context, via *url.URL, direct dial, address string) (net.Conn, error) {
	c, err := direct(ctx, "tcp", hostPort(via))
	if err != nil {
		return nil, err
	}
	if via.Scheme == "https" {
		c = tls.Client(c, &tls.Config{ServerName: via.Hostname()})
	}
	defer context.AfterFunc(ctx, func() { c.Close() })()
	r := &http.Request{Method: http.MethodConnect, URL: &url.URL{Opaque: address}, Host: address, Header: http.Header{}}
	if via.User != nil {
		password, _ := via.User.Password()
		r.Header.Set("Proxy-Authorization", "Basic "+base64.StdEncoding.EncodeToString([]byte(via.User.Username()+":"+password)))
	}
	answer, read, err := ask(c, r)
	if err == nil && answer.StatusCode != http.StatusOK {
		err = fmt.Errorf("the proxy answers %s", answer.Status)
	}
	if err != nil {
		c.Close()
		return nil, err
	}
	return begun{c, read}, nil
}

// begun is a connection whose beginning may have been read together with the
// proxy's answer: a mail server speaks first.
type begun struct {
	net.Conn
	read *bufio.Reader
}

func (b begun) Read(p []byte) (int, error) { return b.read.Read(p) }

func ask(c net.Conn, r *http.Request) (*http.Response, *bufio.Reader, error) {
	if err := r.Write(c); err != nil {
		return nil, nil, err
	}
	read := bufio.NewReader(c)
	answer, err := http.ReadResponse(read, r)
	return answer, read, err
}
