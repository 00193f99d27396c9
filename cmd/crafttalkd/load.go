package main

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"time"

	"github.com/urfave/cli/v3"

	"crafttalkd/cmd/crafttalkd/replay"
	"crafttalkd/cmd/crafttalkd/showroom"
	"crafttalkd/testdata/traffic"
)

func replayCommand() *cli.Command {
	return &cli.Command{
		Name: "replay", Usage: "play recorded dialogs against a server, with operators who answer", ArgsUsage: "[FILE…]",
		Description: "Without files the built-in recordings are played. Give --self for a server of its own, or --to with an administrator's login.",
		Flags: []cli.Flag{
			&cli.StringFlag{Name: "to", Usage: "`URL` of the server"},
			&cli.BoolFlag{Name: "self", Usage: "start a server in a temporary directory for the time of the run"},
			&cli.StringFlag{Name: "login", Value: "admin", Usage: "`LOGIN` of an administrator", Sources: cli.EnvVars("CRAFTTALK_LOGIN")},
			&cli.StringFlag{Name: "password", Usage: "the administrator's", Sources: cli.EnvVars("CRAFTTALK_PASSWORD")},
			&cli.FloatFlag{Name: "speed", Usage: "`N` times as fast as people"},
			&cli.FloatFlag{Name: "rate", Usage: "`N` customers' messages a second; alone it fixes the time of each in advance"},
			&cli.IntFlag{Name: "operators", Value: 20, Usage: "`N` operators"},
			&cli.IntFlag{Name: "customers", Value: 200, Usage: "`N` customers' sockets, with --rate alone"},
			&cli.DurationFlag{Name: "duration", Usage: "stop sending after `D`"},
			&cli.Uint64Flag{Name: "seed", Value: 1, Usage: "of everything that is drawn"},
			&cli.BoolFlag{Name: "resilient", Usage: "bear a server that goes away and comes back"},
			&cli.IntFlag{Name: "idle", Usage: "instead, open `N` idle widgets and report what one costs"},
			&cli.BoolFlag{Name: "json", Usage: "report as one JSON object"},
			&cli.StringFlag{Name: "profile", Usage: "with --self: write a CPU profile of the server to `FILE`"},
		},
		Action: replayAction,
	}
}

func replayAction(ctx context.Context, c *cli.Command) error {
	o := replay.Options{Files: c.Args().Slice(), URL: c.String("to"), Login: c.String("login"), Password: c.String("password"),
		Speed: c.Float("speed"), Rate: c.Float("rate"), Operators: c.Int("operators"), Customers: c.Int("customers"),
		Duration: c.Duration("duration"), Seed: c.Uint64("seed"), Resilient: c.Bool("resilient"), Progress: os.Stderr}
	if (o.URL == "") != c.Bool("self") {
		return errUsage("replay [FILE…] --to URL | --self")
	}
	if c.Bool("self") {
		s, err := startSelf(ctx, anyPort, c.String("profile"))
		if err != nil {
			return err
		}
		defer s.stop()
		o.URL, o.Login, o.Password = s.url, s.login, s.password
	}
	if len(o.Files) == 0 {
		dir, err := recordings()
		if err != nil {
			return err
		}
		defer os.RemoveAll(dir)
		o.Files = []string{dir}
	}
	if n := c.Int("idle"); n > 0 {
		o.Customers = n
		r, err := replay.Idle(ctx, o)
		return errors.Join(err, json.NewEncoder(c.Root().Writer).Encode(r))
	}
	write := replay.Report.WriteText
	if c.Bool("json") {
		write = replay.Report.WriteJSON
	}
	return play(ctx, o, write, c.Root().Writer)
}

// play runs and writes the report. What must never happen is an error.
func play(ctx context.Context, o replay.Options, write func(replay.Report, io.Writer) error, out io.Writer) error {
	r, err := replay.Run(ctx, o)
	err = errors.Join(err, write(r, out))
	if n := r.Faults(); n > 0 {
		err = errors.Join(err, fmt.Errorf("%d messages were lost, doubled or out of order", n))
	}
	return err
}

// recordings puts the built-in recordings into a temporary directory.
func recordings() (dir string, err error) {
	if dir, err = os.MkdirTemp("", "crafttalk-traffic-"); err != nil {
		return "", err
	}
	return dir, os.CopyFS(dir, traffic.Files)
}

// A self is a server of our own: another process of the same program.
type self struct {
	url, login, password string
	dir                  string
	process              *exec.Cmd
	ended                chan struct{} // closed when the process is gone; nil before it serves
}

// anyPort is the loopback address at a port that is free.
const anyPort = "127.0.0.1:0"

// startSelf starts a server in a temporary directory and creates its first
// administrator by the link that it prints.
func startSelf(ctx context.Context, listen, profile string) (*self, error) {
	dir, err := os.MkdirTemp("", "crafttalk-self-")
	if err != nil {
		return nil, err
	}
	s := &self{dir: dir, login: "admin", password: showroom.NewPassword()}
	if err := s.start(ctx, listen, profile); err != nil {
		s.stop()
		return nil, err
	}
	return s, nil
}

func (s *self) start(ctx context.Context, listen, profile string) error {
	program, err := os.Executable()
	if err != nil {
		return err
	}
	args := []string{"serve", "--data", filepath.Join(s.dir, "data"), "--listen", listen, "--allow", "127.0.0.0/8", "--quiet"}
	if profile != "" {
		args = append(args, "--cpu-profile", profile)
	}
	s.process = exec.CommandContext(ctx, program, args...)
	s.process.Cancel = func() error { return s.process.Process.Signal(syscall.SIGTERM) }
	s.process.Stderr = os.Stderr
	out, err := s.process.StdoutPipe()
	if err != nil {
		return err
	}
	if err := s.process.Start(); err != nil {
		return err
	}
	link, err := readLink(out)
	if err != nil {
		return err
	}
	s.ended = make(chan struct{})
	go s.wait(out)
	s.url = link.Scheme + "://" + link.Host
	return setUp(ctx, s.url, link.Query().Get("code"), s.login, s.password)
}

// wait reads what the server prints until it ends.
func (s *self) wait(out io.Reader) {
	defer close(s.ended)
	io.Copy(io.Discard, out)
	s.process.Wait()
}

// readLink finds the one-time link in what a server prints.
func readLink(out io.Reader) (*url.URL, error) {
	lines := bufio.NewScanner(out)
	for lines.Scan() {
		if _, link, ok := strings.Cut(lines.Text(), "within an hour: "); ok {
			return url.Parse(link)
		}
	}
	return nil, errors.New("the server ended before it printed its link")
}

// setUp creates the first administrator.
func setUp(ctx context.Context, base, code, login, password string) error {
	body, err := json.Marshal(map[string]string{"code": code, "login": login, "password": password, "first_name": "Admin", "last_name": "Admin"})
	if err != nil {
		return err
	}
	r, err := http.NewRequestWithContext(ctx, http.MethodPost, base+"/api/v1/setup", bytes.NewReader(body))
	if err != nil {
		return err
	}
	r.Header.Set("Content-Type", "application/json")
	resp, err := http.DefaultClient.Do(r)
	if err != nil {
		return err
	}
	defer resp.Body.Close()
	if resp.StatusCode/100 != 2 {
		b, err := io.ReadAll(resp.Body)
		return errors.Join(fmt.Errorf("set up: %s: %s", resp.Status, b), err)
	}
	return nil
}

// stop ends the server in order and removes what it kept.
func (s *self) stop() {
	if s.process != nil && s.process.Process != nil {
		s.process.Process.Signal(syscall.SIGTERM)
		late := time.AfterFunc(stopTime, func() { s.process.Process.Kill() })
		if s.ended == nil {
			s.process.Wait()
		} else {
			<-s.ended
		}
		late.Stop()
	}
	os.RemoveAll(s.dir)
}
