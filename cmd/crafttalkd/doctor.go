package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"log/slog"
	"net"
	"net/netip"
	"net/url"
	"os"
	"path/filepath"
	"syscall"
	"time"

	"github.com/urfave/cli/v3"

	"crafttalkd/store/keys"
	"crafttalkd/transport/accounts"
	"crafttalkd/transport/front"
)

func doctorCommand() *cli.Command {
	return &cli.Command{
		Name: "doctor", Usage: "look for what is wrong with the installation, or soon will be; takes the flags of serve, also while serving",
		Description: "Each line is ok, look (it works, and you should know) or bad. The exit status is 1 if anything is bad.",
		Flags:       serveFlags(),
		Action: func(ctx context.Context, c *cli.Command) error {
			return (&doctor{config: configOf(c), getenv: os.Getenv, now: time.Now, out: c.Root().Writer}).examine(ctx)
		},
	}
}

// A doctor looks at one installation and says what it finds.
type doctor struct {
	config config
	getenv func(string) string
	now    func() time.Time
	out    io.Writer
	bad    int
}

// examine looks at everything, whatever is found on the way.
func (d *doctor) examine(ctx context.Context) error {
	d.directory()
	d.masterKey()
	d.room()
	d.machine()
	d.way()
	d.certificate()
	d.server(ctx)
	if d.bad > 0 {
		return fmt.Errorf("%d things are bad", d.bad)
	}
	return nil
}

func (d *doctor) ok(what, format string, args ...any) { d.line("ok  ", what, format, args) }

func (d *doctor) look(what, format string, args ...any) { d.line("look", what, format, args) }

func (d *doctor) ill(what, format string, args ...any) {
	d.bad++
	d.line("bad ", what, format, args)
}

func (d *doctor) line(mark, what, format string, args []any) {
	fmt.Fprintf(d.out, "%s %-11s %s\n", mark, what, fmt.Sprintf(format, args...))
}

// directory is whether the data is there and nobody else's.
func (d *doctor) directory() {
	const what = "directory"
	info, err := os.Stat(d.config.data)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		d.look(what, "%s is not there; the first start makes it", d.config.data)
		return
	case err != nil:
		d.ill(what, "%v", err)
		return
	case info.Mode().Perm()&0o077 != 0:
		d.look(what, "others may enter %s (mode %04o): chmod 700 it", d.config.data, info.Mode().Perm())
	}
	var s syscall.Statfs_t
	if err := syscall.Statfs(d.config.data, &s); err != nil {
		d.ill(what, "%v", err)
		return
	}
	if name := shaky[int64(s.Type)]; name != "" {
		d.ill(what, "%s lies on %s, where what was synced may be lost: use a disk of this machine", d.config.data, name)
		return
	}
	d.ok(what, "%s", d.config.data)
}

// shaky are file systems that keep no promise, by their numbers in statfs(2).
var shaky = map[int64]string{0x01021994: "tmpfs", 0x858458f6: "ramfs", 0x6969: "NFS", 0xff534d42: "CIFS", 0xfe534d42: "SMB"}

// masterKey is whether the key is there, and apart from the data.
func (d *doctor) masterKey() {
	const what = "master key"
	given := d.getenv(keys.EnvKey) != "" || d.getenv(keys.EnvFile) != ""
	if _, err := os.Stat(filepath.Join(d.config.data, keys.FileName)); err != nil && !given {
		if _, err := os.Stat(storeDir(d.config.data)); err == nil {
			d.ill(what, "it is missing, and without it the store can't be read: restore %s", filepath.Join(d.config.data, keys.FileName))
			return
		}
		d.look(what, "there is none; the first start makes it")
		return
	}
	if _, err := keys.LoadMaster(d.config.data, false, d.getenv); err != nil {
		d.ill(what, "%v", err)
		return
	}
	if !given {
		d.look(what, "it lies beside the data: whoever copies the directory can read it. Keep a copy elsewhere, or set %s", keys.EnvFile)
		return
	}
	d.ok(what, "it is kept apart from the data")
}

// room is whether the disk has room for some time.
func (d *doctor) room() {
	const what = "room"
	dir := d.config.data
	if _, err := os.Stat(dir); err != nil {
		dir = filepath.Dir(dir)
	}
	var s syscall.Statfs_t
	if err := syscall.Statfs(dir, &s); err != nil {
		d.ill(what, "%v", err)
		return
	}
	free, total := s.Bavail*uint64(s.Bsize), s.Blocks*uint64(s.Bsize)
	reserve := d.config.reserve
	if reserve == 0 {
		reserve = min(1<<30, total/20)
	}
	switch {
	case free < reserve:
		d.ill(what, "%s is free, and below %s nothing new is taken", size(free), size(reserve))
	case free < 4*reserve:
		d.look(what, "%s is free; below %s nothing new is taken", size(free), size(reserve))
	case s.Files > 0 && s.Ffree < 10_000:
		d.look(what, "only %d files can be made", s.Ffree)
	default:
		d.ok(what, "%s is free", size(free))
	}
}

func size(n uint64) string { return fmt.Sprintf("%.1f GiB", float64(n)/(1<<30)) }

// What sockets and a store of some size ask of a machine.
const (
	fewFiles = 4096
	memory   = 768 << 20
)

// machine is whether the limits of the process let it work, and the clock is true.
func (d *doctor) machine() {
	var files syscall.Rlimit
	if err := syscall.Getrlimit(syscall.RLIMIT_NOFILE, &files); err != nil {
		d.ill("files", "%v", err)
	} else if files.Max < fewFiles {
		d.ill("files", "%d may be open, and each socket is one: set LimitNOFILE=65536", files.Max)
	} else {
		d.ok("files", "%d may be open", files.Max)
	}
	var s syscall.Sysinfo_t
	if err := syscall.Sysinfo(&s); err != nil {
		d.ill("memory", "%v", err)
	} else if total := uint64(s.Totalram) * uint64(s.Unit); total < memory {
		d.look("memory", "the machine has %s; a busy center wants 1 GiB", size(total))
	} else {
		d.ok("memory", "%s", size(total))
	}
	newest := d.newest()
	if ahead := newest.Sub(d.now()); ahead > time.Minute {
		d.ill("clock", "something was written %s from now: the clock has gone back; run chrony or systemd-timesyncd", ahead.Round(time.Second))
		return
	}
	d.ok("clock", "%s", d.now().UTC().Format(time.RFC3339))
}

// newest is when the store was last written to.
func (d *doctor) newest() (at time.Time) {
	entries, err := os.ReadDir(storeDir(d.config.data))
	if err != nil {
		return at // there is no store yet
	}
	for _, e := range entries {
		if info, err := e.Info(); err == nil && info.ModTime().After(at) {
			at = info.ModTime()
		}
	}
	return at
}

// way is how the world reaches the server.
func (d *doctor) way() {
	const what = "way"
	f := d.config.front
	secured := f.CertFile != "" || len(f.Hosts) > 0
	if _, err := front.ReadProxies(f.proxies); err != nil {
		d.ill(what, "trusted proxy: %v", err)
	}
	host, _, err := net.SplitHostPort(d.config.listen)
	if err != nil {
		d.ill(what, "listen: %v", err)
		return
	}
	a, err := netip.ParseAddr(host)
	inside := host == "localhost" || err == nil && a.IsLoopback()
	if _, err := d.config.apart(); err != nil {
		d.ill(what, "%v", err)
	}
	d.virusScanner()
	public, bad := url.Parse(d.config.public)
	switch {
	case bad != nil || d.config.public != "" && (public.Host == "" || public.Scheme != "http" && public.Scheme != "https"):
		d.ill(what, "public-url %q is no address", d.config.public)
	case !inside && !secured && len(f.proxies) > 0:
		d.look(what, "%s is without TLS: nobody but the proxy may reach it", d.config.listen)
	case !inside && !secured:
		d.ill(what, "%s is open to the network without TLS: give it a certificate, or listen on 127.0.0.1 behind a proxy", d.config.listen)
	case d.config.public == "":
		d.look(what, "public-url is not set: messengers can't be told where their webhooks and files are")
	case public.Scheme == "http":
		d.look(what, "public-url is without TLS: most messengers refuse it")
	case inside && !secured && len(f.proxies) == 0:
		d.look(what, "no trusted-proxy is named: behind one, all visitors count as one address, and guesses of one slow down all")
	default:
		d.ok(what, "%s as %s", d.config.listen, d.config.public)
	}
}

// virusScanner is whether the scanner that was named is there.
func (d *doctor) virusScanner() {
	const what = "virus scanner"
	s := d.config.scanner(slog.New(slog.DiscardHandler))
	if s == nil {
		return
	}
	if err := s.Ping(); err != nil {
		d.ill(what, "%s: %v", d.config.clamd, err)
		return
	}
	d.ok(what, "%s", d.config.clamd)
}

// soon is how long before its end a certificate should have been renewed.
const soon = 14 * 24 * time.Hour

// certificate is whether what browsers are shown is good for a while.
func (d *doctor) certificate() {
	const what = "certificate"
	f := d.config.front
	if f.CertFile == "" && f.KeyFile == "" {
		return // an authority's renew themselves, and a proxy has its own
	}
	f.Now = d.now
	s, err := front.Open(f.Config)
	if err != nil {
		d.ill(what, "%v", err)
		return
	}
	c, err := s.TLS().GetCertificate(nil)
	if err != nil {
		d.ill(what, "%v", err)
		return
	}
	left := c.Leaf.NotAfter.Sub(d.now())
	public, _ := url.Parse(d.config.public)
	apart, _ := url.Parse(d.config.filesURL)
	switch {
	case left <= 0:
		d.ill(what, "it ended %s", c.Leaf.NotAfter.Format(time.DateOnly))
	case d.config.public != "" && public != nil && c.Leaf.VerifyHostname(public.Hostname()) != nil:
		d.ill(what, "it is not for %s", public.Hostname())
	case d.config.filesURL != "" && apart != nil && c.Leaf.VerifyHostname(apart.Hostname()) != nil:
		d.ill(what, "it is not for %s, where files are", apart.Hostname())
	case left < soon:
		d.look(what, "it ends in %d days", int(left/(24*time.Hour)))
	default:
		d.ok(what, "until %s", c.Leaf.NotAfter.Format(time.DateOnly))
	}
}

// A complaint is what a running server knows to be wrong with itself.
type complaint struct {
	What, Says string
	Bad        bool
}

type doctorRequest struct{}
type doctorAnswer struct{ Complaints []complaint }

// server asks the running server, or tries whether one could start.
func (d *doctor) server(ctx context.Context) {
	const what = "server"
	answer, err := command[doctorRequest, doctorAnswer](ctx, d.config.data, "doctor", doctorRequest{})
	switch {
	case errors.Is(err, errNoServer):
		d.store()
		return
	case err != nil:
		d.ill(what, "%v", err)
		return
	}
	d.ok(what, "it runs")
	for _, c := range answer.Complaints {
		if c.Bad {
			d.ill(c.What, "%s", c.Says)
		} else {
			d.look(c.What, "%s", c.Says)
		}
	}
}

// store is whether the data can be opened while nobody serves it.
func (d *doctor) store() {
	if _, err := os.Stat(storeDir(d.config.data)); err != nil {
		d.look("server", "it does not run, and has never run here")
		return
	}
	h, err := openExisting(d.config.data)
	if err == nil {
		err = h.close()
	}
	if err != nil {
		d.ill("store", "%v", err)
		return
	}
	d.look("server", "it does not run; the store can be opened")
}

// late is how late an alarm may ring, and how long a small write may take.
const late = 5 * time.Second

// farBehind is how many facts a reading that keeps up may have before it.
const farBehind = 100_000

// laggards are the readings that are far behind the journal.
func laggards(behind func(tell func(reading string, facts uint64))) (out []complaint) {
	behind(func(reading string, facts uint64) {
		if facts > farBehind {
			out = append(out, complaint{What: "readings",
				Says: fmt.Sprintf("%s has %d facts of the journal to read yet: until then what is made of them is not there, or not whole", reading, facts)})
		}
	})
	return out
}

// complain is what the node knows to be wrong with itself.
func (n *node) complain(ctx context.Context, _ doctorRequest) (doctorAnswer, error) {
	var out doctorAnswer
	say := func(bad bool, what, format string, args ...any) {
		out.Complaints = append(out.Complaints, complaint{what, fmt.Sprintf(format, args...), bad})
	}
	quick, cancel := context.WithTimeout(ctx, late)
	defer cancel()
	if err := n.engine.Ready(quick); err != nil {
		say(true, "ready", "nothing can be written: %v", err)
	}
	if !n.rest.IsSetUp() {
		say(false, "people", "nobody can sign in yet: open the link that the start printed, or run crafttalkd user")
	}
	if o := n.system.Overdue(); o.Late > late {
		say(false, "alarms", "%d are due and late, the first by %s: the machine has too much to do", o.Waiting, o.Late.Round(time.Second))
	}
	out.Complaints = append(out.Complaints, laggards(n.journal.Behind)...)
	for _, c := range n.accounts.Conditions() {
		if c.State == accounts.Broken {
			say(true, "channel", "%s does not work: %s", c.AccountID, c.Error)
		}
	}
	if failed, err := n.failures.List(); err != nil {
		say(true, "errors", "%v", err)
	} else if len(failed) > 0 {
		say(false, "errors", "%d messages could not be processed: see «Мониторинг»", len(failed))
	}
	return out, nil
}
