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
	"time"

	"github.com/urfave/cli/v3"
)

// A config is what one process is told; everything else is in the directory.
type config struct {
	data    string
	listen  string
	reserve uint64 // free bytes of the disk below which nothing new is taken
	public  string // where the world finds the server; empty for where it listens
	egress  []string
	files   []string // like egress, for files that messages name
	verbose bool
	quiet   bool // log warnings alone
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
	return []cli.Flag{
		dataFlag(),
		&cli.StringFlag{Name: "listen", Value: "127.0.0.1:8080", Usage: "`ADDR` to listen on; port 0 takes any free one",
			Sources: cli.EnvVars("CRAFTTALK_LISTEN")},
		&cli.Uint64Flag{Name: "reserve", Usage: "`BYTES` of the disk that must stay free; 0 is the smaller of 1 GiB and 5 %",
			Sources: cli.EnvVars("CRAFTTALK_RESERVE")},
		&cli.StringSliceFlag{Name: "allow", Usage: "`NETWORK` or host:port of your own that webhooks may reach although it is private",
			Sources: cli.EnvVars("CRAFTTALK_ALLOW")},
		&cli.StringSliceFlag{Name: "allow-files", Usage: "`NETWORK` or host:port of your own that files named in messages may be fetched from",
			Sources: cli.EnvVars("CRAFTTALK_ALLOW_FILES")},
		&cli.StringFlag{Name: "public-url", Usage: "`URL` where the world finds the server, for links to files in webhooks; without it, where it listens",
			Sources: cli.EnvVars("CRAFTTALK_PUBLIC_URL")},
		&cli.StringFlag{Name: "cpu-profile", Usage: "write a CPU profile to `FILE` when stopping", Hidden: true},
		&cli.BoolFlag{Name: "quiet", Usage: "log warnings alone", Sources: cli.EnvVars("CRAFTTALK_QUIET")},
		&cli.BoolFlag{Name: "verbose", Usage: "log more", Sources: cli.EnvVars("CRAFTTALK_VERBOSE")},
	}
}

func configOf(c *cli.Command) config {
	return config{data: c.String("data"), listen: c.String("listen"), reserve: c.Uint64("reserve"),
		public: c.String("public-url"), egress: c.StringSlice("allow"), files: c.StringSlice("allow-files"),
		verbose: c.Bool("verbose"), quiet: c.Bool("quiet")}
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
	bounding, enough := context.WithCancel(ctx)
	defer enough()
	go boundMemory(bounding)
	log := logger(c.level())
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
	n.announce(out, l.Addr())
	return n.run(ctx, l)
}

// run serves HTTP until ctx is done, then stops in order: no new work, then
// everything accepted is finished, then the sockets are closed with a word.
func (n *node) run(ctx context.Context, l net.Listener) error {
	srv := &http.Server{Handler: n.handler, ReadHeaderTimeout: 10 * time.Second, IdleTimeout: 2 * time.Minute,
		MaxHeaderBytes: 64 << 10, ErrorLog: slog.NewLogLogger(n.log.Handler(), slog.LevelDebug)}
	failed := make(chan error, 1)
	go func() { failed <- srv.Serve(l) }()
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
	n.lobby.Stop()
	err := srv.Shutdown(limit)
	return errors.Join(err, n.stop(limit))
}

// announce prints where the server is, and on its first start the one-time
// link that creates the first administrator.
func (n *node) announce(out io.Writer, at net.Addr) {
	base := "http://" + address(at)
	fmt.Fprintf(out, "crafttalkd %s serves %s\n", version, base)
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
