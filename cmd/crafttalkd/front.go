package main

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"net/url"
	"path/filepath"
	"slices"
	"strconv"
	"time"

	"github.com/urfave/cli/v3"

	"crafttalkd/transport/front"
)

// A frontage is how the server faces the world: its certificates, where it also
// listens without them, and which proxies it believes.
type frontage struct {
	front.Config
	plain   string // where it listens without TLS beside; empty for nowhere
	proxies []string
}

func frontFlags() []cli.Flag {
	return []cli.Flag{
		&cli.StringFlag{Name: "tls-cert", Usage: "`FILE` of the certificate with its chain; read again when it changes",
			Sources: cli.EnvVars("CRAFTTALK_TLS_CERT")},
		&cli.StringFlag{Name: "tls-key", Usage: "`FILE` of its key", Sources: cli.EnvVars("CRAFTTALK_TLS_KEY")},
		&cli.StringSliceFlag{Name: "acme-host", Usage: "`NAME` for which an authority is asked for a certificate; its terms are agreed to",
			Sources: cli.EnvVars("CRAFTTALK_ACME_HOST")},
		&cli.StringFlag{Name: "acme-email", Usage: "`ADDRESS` where the authority may write to", Sources: cli.EnvVars("CRAFTTALK_ACME_EMAIL")},
		&cli.StringFlag{Name: "acme-directory", Usage: "`URL` of another authority than Let's Encrypt", Sources: cli.EnvVars("CRAFTTALK_ACME_DIRECTORY")},
		&cli.StringFlag{Name: "listen-plain", Usage: "`ADDR` to listen on without TLS as well, and lead on to it; an authority may ask there",
			Sources: cli.EnvVars("CRAFTTALK_LISTEN_PLAIN")},
		&cli.StringSliceFlag{Name: "trusted-proxy", Usage: "`NETWORK` or address of a proxy whose X-Forwarded-For is believed",
			Sources: cli.EnvVars("CRAFTTALK_TRUSTED_PROXY")},
	}
}

func frontageOf(c *cli.Command) frontage {
	return frontage{front.Config{CertFile: c.String("tls-cert"), KeyFile: c.String("tls-key"), Hosts: certified(c.StringSlice("acme-host"), c.String("files-url")),
		Email: c.String("acme-email"), Directory: c.String("acme-directory"), Dir: filepath.Join(c.String("data"), "acme")},
		c.String("listen-plain"), c.StringSlice("trusted-proxy")}
}

// A facade is a frontage that has been read.
type facade struct {
	certificates *front.Certificates
	tls          *tls.Config // nil for none
	proxies      front.Proxies
	plain        string
}

func (f frontage) open(log *slog.Logger) (*facade, error) {
	f.Now, f.Log = time.Now, log
	proxies, err := front.ReadProxies(f.proxies)
	if err != nil {
		return nil, fmt.Errorf("trusted proxy: %w", err)
	}
	c, err := front.Open(f.Config)
	if err != nil {
		return nil, err
	}
	out := &facade{c, c.TLS(), proxies, f.plain}
	if out.plain != "" && out.tls == nil {
		return nil, fmt.Errorf("listen-plain is beside TLS, and there is no certificate")
	}
	return out, nil
}

// scheme is that of the server's addresses.
func (f *facade) scheme() string {
	if f.tls != nil {
		return "https"
	}
	return "http"
}

// serve serves on l, with TLS if there is a certificate, until srv is shut down.
func (f *facade) serve(srv *http.Server, l net.Listener) error {
	if f.tls == nil {
		return srv.Serve(l)
	}
	srv.TLSConfig = f.tls
	return srv.ServeTLS(l, "", "")
}

// beside answers without TLS where that was asked for, until ctx is done.
func (f *facade) beside(ctx context.Context, at net.Addr, failed chan<- error) error {
	if f.plain == "" {
		return nil
	}
	l, err := net.Listen("tcp", f.plain)
	if err != nil {
		return fmt.Errorf("listen without TLS: %w", err)
	}
	srv := &http.Server{Handler: f.certificates.Plain(strconv.Itoa(at.(*net.TCPAddr).Port)), ReadHeaderTimeout: 10 * time.Second,
		IdleTimeout: time.Minute, MaxHeaderBytes: 16 << 10}
	go func() {
		if err := srv.Serve(l); !errors.Is(err, http.ErrServerClosed) {
			failed <- err
		}
	}()
	context.AfterFunc(ctx, func() { srv.Close() })
	return nil
}

// certified are the hosts for which an authority is asked: those that are named,
// and with them the one of users' files.
func certified(hosts []string, filesURL string) []string {
	u, err := url.Parse(filesURL)
	if err != nil || u.Hostname() == "" || len(hosts) == 0 || slices.Contains(hosts, u.Hostname()) {
		return hosts
	}
	return append(slices.Clone(hosts), u.Hostname())
}
