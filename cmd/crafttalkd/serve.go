package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"os"
	"runtime"
	"runtime/pprof"
	"strings"
	"time"

	"github.com/urfave/cli/v3"

	"crafttalkd/transport/front"
)

// A config is what one process is told; everything else is in the directory.
type config struct {
	data      string
	listen    string
	reserve   uint64 // free bytes of the disk below which nothing new is taken
	public    string // where the world finds the server; empty for where it listens
	filesURL  string // the origin of users' files; empty for the server's own
	egress    []string
	files     []string // like egress, for files that messages name
	front     frontage
	clamd     string // the virus scanner; empty for none
	unscanned bool   // files may be opened while the scanner is away
	company   string // makes up no password
	breached  string // a file of lost passwords
	verbose   bool
	quiet     bool // log warnings alone
	json      bool // log a JSON object a line
	window    int  // facts that the journal has at hand; 0 for its own number
}

// stopTime is how long an orderly stop may take.
const stopTime = 30 * time.Second

func serveCommand() *cli.Command {
	return &cli.Command{
		Name:  "serve",
		Usage: "run the server (also without the word)",
		Flags: serveFlags(),
		Action: func(ctx context.Context, c *cli.Command) error {
			if c.Args().Present() {
				return fmt.Errorf("there is no command %q; see crafttalkd help", c.Args().First())
			}
			stop, err := profile(c.String("cpu-profile"))
			if err != nil {
				return err
			}
			defer stop()
			return serve(ctx, configOf(c), c.Root().Writer)
		},
	}
}

func serveFlags() []cli.Flag {
	return append([]cli.Flag{
		dataFlag(),
		&cli.StringFlag{Name: "listen", Value: "127.0.0.1:8080", Usage: "`ADDR` to listen on; port 0 takes any free one",
			Sources: cli.EnvVars("CRAFTTALK_LISTEN")},
		&cli.Uint64Flag{Name: "reserve", Usage: "`BYTES` of the disk that must stay free; 0 is the smaller of 1 GiB and 5 %",
			Sources: cli.EnvVars("CRAFTTALK_RESERVE")},
		&cli.StringSliceFlag{Name: "allow", Usage: "`NETWORK` or host:port of your own that webhooks, agents and sign-in providers may be at although it is private",
			Sources: cli.EnvVars("CRAFTTALK_ALLOW")},
		&cli.StringSliceFlag{Name: "allow-files", Usage: "`NETWORK` or host:port of your own that files named in messages may be fetched from",
			Sources: cli.EnvVars("CRAFTTALK_ALLOW_FILES")},
		&cli.StringFlag{Name: "public-url", Usage: "`URL` where the world finds the server, for links to files in webhooks, passkeys and sign-in providers; without it, where it listens",
			Sources: cli.EnvVars("CRAFTTALK_PUBLIC_URL")},
		&cli.StringFlag{Name: "files-url", Usage: "`URL` of another host of this server that hands out users' files and nothing else; without it, files come from where everything does",
			Sources: cli.EnvVars("CRAFTTALK_FILES_URL")},
		&cli.StringFlag{Name: "clamd", Usage: "`ADDR` of a virus scanner that every file is shown to before it is opened: host:port, or the path of a socket",
			Sources: cli.EnvVars("CRAFTTALK_CLAMD")},
		&cli.BoolFlag{Name: "clamd-optional", Usage: "let files be opened while the virus scanner is away", Sources: cli.EnvVars("CRAFTTALK_CLAMD_OPTIONAL")},
		&cli.StringFlag{Name: "company", Usage: "`NAME` of yours that may not make up a password", Sources: cli.EnvVars("CRAFTTALK_COMPANY")},
		&cli.StringFlag{Name: "breached-passwords", Usage: "`FILE` of passwords that others have lost, as haveibeenpwned.com hands it out by SHA-1, ordered by hash",
			Sources: cli.EnvVars("CRAFTTALK_BREACHED_PASSWORDS")},
		&cli.StringFlag{Name: "cpu-profile", Usage: "write a CPU profile to `FILE` when stopping", Hidden: true},
		&cli.BoolFlag{Name: "quiet", Usage: "log warnings alone", Sources: cli.EnvVars("CRAFTTALK_QUIET")},
		&cli.BoolFlag{Name: "verbose", Usage: "log more", Sources: cli.EnvVars("CRAFTTALK_VERBOSE")},
		&cli.BoolFlag{Name: "log-json", Usage: "log a JSON object a line", Sources: cli.EnvVars("CRAFTTALK_LOG_JSON")},
	}, frontFlags()...)
}

func configOf(c *cli.Command) config {
	return config{data: c.String("data"), listen: c.String("listen"), reserve: c.Uint64("reserve"),
		public: c.String("public-url"), filesURL: c.String("files-url"), clamd: c.String("clamd"), unscanned: c.Bool("clamd-optional"), egress: c.StringSlice("allow"), files: c.StringSlice("allow-files"),
		front: frontageOf(c), company: c.String("company"), breached: c.String("breached-passwords"), json: c.Bool("log-json"), verbose: c.Bool("verbose"), quiet: c.Bool("quiet")}
}

// profile writes a CPU profile until stop is called; an empty name writes none.
func profile(name string) (stop func(), err error) {
	if name == "" {
		return func() {}, nil
	}
	f, err := os.Create(name)
	if err != nil {
		return nil, err
	}
	if err := pprof.StartCPUProfile(f); err != nil {
		return nil, err
	}
	return func() { pprof.StopCPUProfile(); f.Close() }, nil
}

func (c config) level() slog.Level {
	if c.quiet {
		return slog.LevelWarn
	}
	if c.verbose {
		return slog.LevelDebug
	}
	return slog.LevelInfo
}

func (c config) logger() *slog.Logger {
	if c.json {
		return slog.New(slog.NewJSONHandler(os.Stderr, &slog.HandlerOptions{Level: c.level(), ReplaceAttr: plainError}))
	}
	return logger(c.level())
}

func logger(level slog.Level) *slog.Logger {
	return slog.New(slog.NewTextHandler(os.Stderr, &slog.HandlerOptions{Level: level, ReplaceAttr: plainError}))
}

// plainError writes an error as what it says: some libraries' errors would
// otherwise come with pages of their own stack.
func plainError(_ []string, a slog.Attr) slog.Attr {
	if err, ok := a.Value.Any().(error); ok {
		a.Value = slog.StringValue(err.Error())
	}
	return a
}

// serve runs a server until ctx is done, and then stops it in order.
func serve(ctx context.Context, c config, out io.Writer) error {
	defer runtime.KeepAlive(ballast())
	defer boundMemory()()
	log := c.logger()
	f, err := c.front.open(log)
	if err != nil {
		return err
	}
	n, err := openNode(c, log)
	if err != nil {
		return err
	}
	defer n.close()
	l, err := net.Listen("tcp", c.listen)
	if err != nil {
		return fmt.Errorf("listen: %w", err)
	}
	stop, err := n.serveControl()
	if err != nil {
		return err
	}
	defer stop()
	n.announce(out, f.scheme(), l.Addr())
	return n.run(ctx, f, l)
}

// run serves HTTP until ctx is done, then stops in order: no new work, then
// everything accepted is finished, then the sockets are closed with a word.
func (n *node) run(ctx context.Context, f *facade, l net.Listener) error {
	srv := &http.Server{Handler: front.Clients(f.proxies, n.handler), ReadHeaderTimeout: 10 * time.Second, IdleTimeout: 2 * time.Minute,
		MaxHeaderBytes: 64 << 10, ErrorLog: slog.NewLogLogger(n.log.Handler(), slog.LevelDebug)}
	failed := make(chan error, 2)
	go func() { failed <- f.serve(srv, l) }()
	if err := f.beside(ctx, l.Addr(), failed); err != nil {
		return err
	}
	select {
	case err := <-failed:
		return fmt.Errorf("serve: %w", err)
	case <-ctx.Done():
	}
	n.log.Info("stopping")
	limit, cancel := context.WithTimeout(context.WithoutCancel(ctx), stopTime)
	defer cancel()
	n.stopping.Store(true)
	n.desk.Stop()
	n.wall.Stop()
	n.lobby.Stop()
	err := srv.Shutdown(limit)
	return errors.Join(err, n.stop(limit))
}

// announce prints where the server listens, and on its first start the one-time
// link that creates the first administrator, as the world finds it.
func (n *node) announce(out io.Writer, scheme string, at net.Addr) {
	base := scheme + "://" + address(at)
	fmt.Fprintf(out, "crafttalkd %s serves %s\n", version, base)
	if n.config.public != "" {
		base = strings.TrimSuffix(n.config.public, "/")
	}
	if code := n.setupCode(); code != "" {
		fmt.Fprintf(out, "create the first administrator within an hour: %s/setup?code=%s\n", base, code)
	}
}

// address is how to reach what listens, from this machine.
func address(a net.Addr) string { return reach(a.String()) }

// reach is address for what is going to listen.
func reach(listen string) string {
	host, port, err := net.SplitHostPort(listen)
	if err != nil {
		return listen
	}
	if ip := net.ParseIP(host); host == "" || ip != nil && ip.IsUnspecified() {
		host = "127.0.0.1"
	}
	return net.JoinHostPort(host, port)
}
