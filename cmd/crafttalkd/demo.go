package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"time"

	"github.com/urfave/cli/v3"

	"crafttalkd/cmd/crafttalkd/replay"
	"crafttalkd/cmd/crafttalkd/showroom"
)

// demoTime is how long the demonstration plays recorded conversations.
const demoTime = 40 * time.Second

func demoCommand() *cli.Command {
	return &cli.Command{
		Name:  "demo",
		Usage: "see it work: a center with lines, languages and operators, customers who write, and a desk to sign in at",
		Description: "Starts a server of its own in a temporary directory, plays recorded conversations and reports. Then it serves on until it is " +
			"interrupted: some customers wait for an answer, and logins of an operator, a supervisor and an administrator are printed.",
		Flags: []cli.Flag{
			&cli.StringFlag{Name: "listen", Value: anyPort, Usage: "`ADDR` to serve at; port 0 takes any free one"},
			&cli.DurationFlag{Name: "play", Value: demoTime, Usage: "play recorded conversations for `D`; 0 plays none"},
			&cli.BoolFlag{Name: "once", Usage: "end after the report"},
		},
		Action: func(ctx context.Context, c *cli.Command) error {
			d := demo{out: c.Root().Writer, listen: c.String("listen"), play: c.Duration("play"), once: c.Bool("once")}
			return d.run(ctx)
		},
	}
}

// A demo is a center in a temporary directory.
type demo struct {
	out    io.Writer
	listen string
	play   time.Duration
	once   bool

	self *self
	room *showroom.Showroom
}

func (d *demo) run(ctx context.Context) error {
	fmt.Fprintln(d.out, "Starting a center of its own in a temporary directory…")
	var err error
	if d.self, err = startSelf(ctx, d.listen, ""); err != nil {
		return err
	}
	defer d.self.stop()
	webhook, err := swallow()
	if err != nil {
		return err
	}
	defer webhook.Close()
	if d.room, err = showroom.Open(ctx, d.self.url, d.self.login, d.self.password); err != nil {
		return err
	}
	if err := d.room.Furnish(ctx, "http://"+webhook.Addr); err != nil {
		return err
	}
	if err := d.room.Inform(ctx); err != nil {
		return err
	}
	if d.play > 0 {
		if err := d.traffic(ctx); err != nil {
			return err
		}
	}
	people, waiting, err := d.people(ctx)
	if err != nil || d.once {
		return err
	}
	if err := d.room.Automate(ctx); err != nil {
		return err
	}
	d.invite(people, waiting)
	return d.stay(ctx)
}

// traffic plays recorded conversations and reports what became of them.
func (d *demo) traffic(ctx context.Context) error {
	dir, err := recordings()
	if err != nil {
		return err
	}
	defer os.RemoveAll(dir)
	fmt.Fprintf(d.out, "Watch it live at %s (login %s, password %s).\nA bank, a shop and a telecom operator, in Russian and English; a day's conversations in %v.\n\n",
		d.self.url, d.self.login, d.self.password, d.play)
	err = play(ctx, replay.Options{Files: []string{dir}, URL: d.self.url, Login: d.self.login, Password: d.self.password,
		Speed: 20, Rate: 25, Operators: len(showroom.Staff), Staff: showroom.Staff[:], Duration: d.play, Seed: 1, Progress: os.Stderr}, replay.Report.WriteOutcome, d.out)
	if err != nil {
		return err
	}
	fmt.Fprintln(d.out, "\nNothing was lost, doubled or out of order. Start your own: crafttalkd serve")
	return d.room.Retire(ctx)
}

// people makes those who can sign in, and customers who wait for them. The
// last operator has answered the earlier conversations.
func (d *demo) people(ctx context.Context) (people []showroom.Person, waiting int, err error) {
	if people, err = d.room.Hire(ctx); err != nil {
		return nil, 0, err
	}
	for _, p := range people {
		if p.Position == "operator" {
			waiting, err = d.room.Populate(ctx, p)
			break
		}
	}
	return people, waiting, err
}

// invite tells who can sign in, and where.
func (d *demo) invite(people []showroom.Person, waiting int) {
	fmt.Fprintf(d.out, "\n%d customers wait for an answer. Sign in at %s and go «В сети» (online).\n\n", waiting, d.self.url)
	for _, p := range people {
		fmt.Fprintf(d.out, "  %-13s login %-6s password %s   %s\n", p.Position, p.Login, p.Password, p.Name)
	}
	fmt.Fprintf(d.out, "  %-13s login %-6s password %s\n", "administrator", d.self.login, d.self.password)
	fmt.Fprintln(d.out, "\nThe passwords are of this start alone. End it with Ctrl+C; nothing stays behind.")
}

// stay serves until ctx is done. A server that ends by itself is an error.
func (d *demo) stay(ctx context.Context) error {
	select {
	case <-ctx.Done():
		return nil
	case <-d.self.ended:
		if ctx.Err() != nil {
			return nil
		}
		return errors.New("the server has ended")
	}
}

// swallow takes what operators answer to customers of the channel API.
func swallow() (*http.Server, error) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return nil, err
	}
	s := &http.Server{Addr: l.Addr().String(), ReadHeaderTimeout: 10 * time.Second,
		Handler: http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusNoContent) })}
	go s.Serve(l) // ends with Close
	return s, nil
}
